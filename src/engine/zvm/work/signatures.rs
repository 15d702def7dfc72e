//! PQ_VERIFY_DILITHIUM: ML-DSA (FIPS 204) at the level that the key's length says, through the host
//! function `verify` and for its price.

use super::{Done, Machine, Operands, Region};
use crate::engine::zvm::arithmetic::flag;
use crate::host::table::HostFunction;

/// Bytes of a public key of ML-DSA (FIPS 204, table 2), and the number `verify` knows it by.
const LEVELS: [(usize, u64); 3] = [(1312, 16), (1952, 17), (2592, 18)];

/// What `verify` answers for a signature that is the key's.
const VALID: u64 = 1;

impl Machine<'_, '_> {
    pub(super) fn verify(&mut self, operands: &mut Operands<'_>) -> Done {
        let (message, signature, key) =
            (self.region(operands)?, self.region(operands)?, self.region(operands)?);
        let level = LEVELS.iter().find(|(bytes, _)| *bytes == key.len);
        let valid = match level {
            Some((_, number)) => {
                let raw = |region: Region| [region.start as u64, region.len as u64];
                let regions = [raw(message), raw(signature), raw(key)].concat();
                self.enter(HostFunction::verify, &[&[*number], &regions[..]].concat())? == VALID
            }
            // No key of any.
            None => false,
        };
        operands.push(flag(valid));
        Ok(())
    }
}
