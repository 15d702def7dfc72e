//! The protocol parameters a session runs under.

use crate::gas::Schedule;
use crate::limits::Limits;

/// What the embedder's analysis decides at a deploy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u32)]
pub enum Admission {
    /// Nobody is asked.
    #[default]
    Off = 0,
    /// The hook is asked, its score reported, and nothing refused.
    Advisory = 1,
    /// The hook must accept, with at least the least score.
    Required = 2,
}

/// Everything that decides a result besides code, input and state. In the fingerprint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Sizes and counts.
    pub limits: Limits,
    /// Prices.
    pub schedule: Schedule,
    /// Refuse code that uses floats at all.
    pub deny_floats: bool,
    /// Offer ML-KEM to contracts.
    pub allow_kem: bool,
    /// Whether deploys are scored.
    pub admission: Admission,
    /// The least score a required admission accepts.
    pub least_score: u32,
}
