//! The rules of one revision, each fork's through one table.

use revm_context_interface::cfg::GasParams;
use revm_interpreter::instructions::{GasTable, gas_table_spec};
use revm_precompile::{PrecompileSpecId, Precompiles};
use revm_primitives::hardfork::SpecId;

use crate::host::rules::Revision;

/// Bytes of a contract's code (EIP-170).
const CODE_BYTES: usize = 24_576;

/// What a revision says.
pub(super) struct Fork {
    pub(super) spec: SpecId,
    /// Prices that depend on operands or state.
    pub(super) prices: GasParams,
    /// Prices of opcodes as such.
    pub(super) opcodes: GasTable,
    pub(super) precompiles: &'static Precompiles,
    /// Whether host functions are beside them.
    pub(super) host_functions: bool,
}

impl Fork {
    pub(super) fn new(revision: Revision, host_functions: bool) -> Self {
        let spec = spec(revision);
        Self {
            spec,
            prices: GasParams::new_spec(spec),
            opcodes: gas_table_spec(spec),
            precompiles: Precompiles::new(PrecompileSpecId::from_spec_id(spec)),
            host_functions,
        }
    }

    pub(super) fn has(&self, fork: SpecId) -> bool {
        self.spec.is_enabled_in(fork)
    }

    /// The most bytes of code a contract may have, if there is an end to them.
    pub(super) fn code_bytes(&self) -> Option<usize> {
        self.has(SpecId::SPURIOUS_DRAGON).then_some(CODE_BYTES)
    }

    /// The most bytes of initcode (EIP-3860).
    pub(super) fn initcode_bytes(&self) -> usize {
        if self.has(SpecId::SHANGHAI) { 2 * CODE_BYTES } else { usize::MAX }
    }
}

fn spec(revision: Revision) -> SpecId {
    match revision {
        Revision::Frontier => SpecId::FRONTIER,
        Revision::Homestead => SpecId::HOMESTEAD,
        Revision::TangerineWhistle => SpecId::TANGERINE,
        Revision::SpuriousDragon => SpecId::SPURIOUS_DRAGON,
        Revision::Byzantium => SpecId::BYZANTIUM,
        Revision::Petersburg => SpecId::PETERSBURG,
        Revision::Istanbul => SpecId::ISTANBUL,
        Revision::Berlin => SpecId::BERLIN,
        Revision::London => SpecId::LONDON,
        Revision::Paris => SpecId::MERGE,
        Revision::Shanghai => SpecId::SHANGHAI,
        Revision::Cancun => SpecId::CANCUN,
        Revision::Prague => SpecId::PRAGUE,
        Revision::Osaka => SpecId::OSAKA,
    }
}
