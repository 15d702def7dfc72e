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

/// Which of Ethereum's rules EVM code runs under: the forks that changed them, in their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum Revision {
    /// The first, July 2015.
    Frontier = 1,
    /// EIP-2, 7.
    Homestead = 2,
    /// EIP-150.
    TangerineWhistle = 3,
    /// EIP-155, 160, 161, 170.
    SpuriousDragon = 4,
    /// EIP-140, 196, 197, 198, 211, 214.
    Byzantium = 5,
    /// EIP-145, 1014, 1052, without the withdrawn EIP-1283 of Constantinople.
    Petersburg = 6,
    /// EIP-152, 1108, 1344, 1884, 2028, 2200.
    Istanbul = 7,
    /// EIP-2565, 2929, 2930.
    Berlin = 8,
    /// EIP-1559, 3198, 3529, 3541.
    London = 9,
    /// EIP-3675, 4399: proof of stake.
    Paris = 10,
    /// EIP-3651, 3855, 3860.
    Shanghai = 11,
    /// EIP-1153, 4844, 5656, 6780, 7516.
    Cancun = 12,
    /// EIP-2537, 2935, 7623, 7702.
    Prague = 13,
    /// EIP-7823, 7825, 7883, 7939, 7951.
    #[default]
    Osaka = 14,
}

impl Revision {
    /// Every revision, from the first on.
    pub const ALL: [Self; 14] = [
        Self::Frontier,
        Self::Homestead,
        Self::TangerineWhistle,
        Self::SpuriousDragon,
        Self::Byzantium,
        Self::Petersburg,
        Self::Istanbul,
        Self::Berlin,
        Self::London,
        Self::Paris,
        Self::Shanghai,
        Self::Cancun,
        Self::Prague,
        Self::Osaka,
    ];

    /// The revision of this number, `None` for any other.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|revision| *revision as u32 == number)
    }

    /// Whether an account that is touched and left empty ends (EIP-161).
    #[must_use]
    pub fn clears_empty(self) -> bool {
        self >= Self::SpuriousDragon
    }
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
    /// Offer pure host functions to EVM code, as precompiled contracts.
    pub evm_host_functions: bool,
    /// Ethereum's rules for EVM code.
    pub revision: Revision,
    /// Whether deploys are scored.
    pub admission: Admission,
    /// The least score a required admission accepts.
    pub least_score: u32,
}
