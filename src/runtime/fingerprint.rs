//! One hash over everything a result depends on besides code, input and state.

use crate::crypto::signature::Algorithm;
use crate::engine::wasm::instrument;
use crate::engine::zvm::opcode;
use crate::host::rules::Rules;
use crate::host::table::ROWS;
use crate::types::Word;

/// Grows when a result changes for a reason that no figure below shows.
const CONSENSUS_VERSION: u64 = 1;

pub(super) fn of(rules: &Rules) -> Word {
    // All fields, by name: a new one does not compile until it is hashed.
    let Rules {
        limits,
        schedule,
        deny_floats,
        allow_kem,
        evm_host_functions,
        revision,
        admission,
        least_score,
    } = rules;
    let mut hasher = blake3::Hasher::new_derive_key("zvm 2026 runtime fingerprint");
    let mut figure = |name: &str, value: u64| {
        hasher
            .update(&(name.len() as u64).to_le_bytes())
            .update(name.as_bytes())
            .update(&value.to_le_bytes());
    };
    figure("consensus", CONSENSUS_VERSION);
    figure("instrumentation", instrument::VERSION.into());
    limits.figures().into_iter().for_each(|(name, value)| figure(name, value));
    schedule.figures().into_iter().for_each(|(name, value)| figure(name, value));
    ROWS.iter().for_each(|row| figure(row.name, row.number.into()));
    opcode::ROWS.iter().for_each(|row| figure(row.mnemonic, u64::from(row.byte) << 32 | row.gas));
    // What this build can verify.
    Algorithm::ALL.iter().for_each(|algorithm| figure("algorithm", *algorithm as u64));
    figure("deny_floats", u64::from(*deny_floats));
    figure("allow_kem", u64::from(*allow_kem));
    figure("evm_host_functions", u64::from(*evm_host_functions));
    figure("revision", *revision as u64);
    figure("admission", *admission as u64);
    figure("least_score", u64::from(*least_score));
    Word(*hasher.finalize().as_bytes())
}
