//! ML-DSA (FIPS 204), pure, with a context of up to 255 bytes: signatures that a quantum computer
//! does not forge.

use fips204::traits::{SerDes, Verifier};
use fips204::{ml_dsa_44, ml_dsa_65, ml_dsa_87};

use super::signature::Verdict;
use super::stack::roomy;

/// A parameter set of FIPS 204, table 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// ML-DSA-44, category 2.
    Dsa44,
    /// ML-DSA-65, category 3.
    Dsa65,
    /// ML-DSA-87, category 5.
    Dsa87,
}

impl Set {
    /// Bytes of a key and of a signature (FIPS 204, table 2).
    #[must_use]
    pub const fn sizes(self) -> (usize, usize) {
        match self {
            Self::Dsa44 => (ml_dsa_44::PK_LEN, ml_dsa_44::SIG_LEN),
            Self::Dsa65 => (ml_dsa_65::PK_LEN, ml_dsa_65::SIG_LEN),
            Self::Dsa87 => (ml_dsa_87::PK_LEN, ml_dsa_87::SIG_LEN),
        }
    }
}

macro_rules! verified {
    ($set:ident, $message:ident, $signature:ident, $key:ident, $context:ident) => {{
        let Ok(key) = <[u8; $set::PK_LEN]>::try_from($key) else { return Verdict::MalformedKey };
        let Ok(key) = $set::PublicKey::try_from_bytes(key) else { return Verdict::MalformedKey };
        let Ok(signature) = <[u8; $set::SIG_LEN]>::try_from($signature) else { return Verdict::Invalid };
        Verdict::from(key.verify($message, &signature, $context))
    }};
}

/// Whether the signature of the message under the context is the key's.
#[must_use]
pub fn verify(set: Set, message: &[u8], signature: &[u8], key: &[u8], context: &[u8]) -> Verdict {
    roomy(|| match set {
        Set::Dsa44 => verified!(ml_dsa_44, message, signature, key, context),
        Set::Dsa65 => verified!(ml_dsa_65, message, signature, key, context),
        Set::Dsa87 => verified!(ml_dsa_87, message, signature, key, context),
    })
}
