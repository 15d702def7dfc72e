//! What a runtime is made of.

use crate::host::rules::Rules;
use crate::types::Word;

/// A runtime's configuration. The default is what most chains want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Protocol parameters: equal on every node.
    pub rules: Rules,
    /// The secret that seals serialised code. Not a protocol parameter; each machine its own.
    pub artefact_key: Word,
    /// Bytes of compiled code kept ready, about.
    pub cache_bytes: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self { rules: Rules::default(), artefact_key: Word::ZERO, cache_bytes: 256 << 20 }
    }
}
