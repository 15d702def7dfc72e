//! ML-KEM (FIPS 203): agreeing on a secret that a quantum computer does not find.
//!
//! Deterministic: the randomness of an encapsulation is the caller's, who answers for it. On a chain
//! everybody sees both sides, which is why the configuration must ask for these functions.

use fips203::traits::{Decaps, Encaps, SerDes};
use fips203::{ml_kem_512, ml_kem_768, ml_kem_1024};

use super::stack::roomy;
use crate::types::Word;

/// A parameter set of FIPS 203, table 2, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Set {
    /// ML-KEM-512, category 1.
    Kem512 = 32,
    /// ML-KEM-768, category 3.
    Kem768 = 33,
    /// ML-KEM-1024, category 5.
    Kem1024 = 34,
}

impl Set {
    /// Every set, in order of its number.
    pub const ALL: [Self; 3] = [Self::Kem512, Self::Kem768, Self::Kem1024];

    /// The set of this number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|set| *set as u32 == number)
    }

    /// Bytes of an encapsulation key, a decapsulation key and a ciphertext (FIPS 203, table 3).
    #[must_use]
    pub const fn sizes(self) -> (usize, usize, usize) {
        match self {
            Self::Kem512 => (ml_kem_512::EK_LEN, ml_kem_512::DK_LEN, ml_kem_512::CT_LEN),
            Self::Kem768 => (ml_kem_768::EK_LEN, ml_kem_768::DK_LEN, ml_kem_768::CT_LEN),
            Self::Kem1024 => (ml_kem_1024::EK_LEN, ml_kem_1024::DK_LEN, ml_kem_1024::CT_LEN),
        }
    }
}

macro_rules! encapsulated {
    ($set:ident, $key:ident, $seed:ident) => {{
        let key = $set::EncapsKey::try_from_bytes($key.try_into().ok()?).ok()?;
        let (secret, ciphertext) = key.encaps_from_seed($seed);
        Some((ciphertext.into_bytes().to_vec(), Word(secret.into_bytes())))
    }};
}

/// A ciphertext for the key's owner and the secret in it, from the caller's seed (the m of FIPS 203,
/// algorithm 17); `None` for a key that fails the check of section 7.2.
#[must_use]
pub fn encapsulate(set: Set, key: &[u8], seed: &[u8; 32]) -> Option<(Vec<u8>, Word)> {
    roomy(|| match set {
        Set::Kem512 => encapsulated!(ml_kem_512, key, seed),
        Set::Kem768 => encapsulated!(ml_kem_768, key, seed),
        Set::Kem1024 => encapsulated!(ml_kem_1024, key, seed),
    })
}

macro_rules! decapsulated {
    ($set:ident, $key:ident, $ciphertext:ident) => {{
        let key = $set::DecapsKey::try_from_bytes($key.try_into().ok()?).ok()?;
        let ciphertext = $set::CipherText::try_from_bytes($ciphertext.try_into().ok()?).ok()?;
        Some(Word(key.try_decaps(&ciphertext).ok()?.into_bytes()))
    }};
}

/// The secret in a ciphertext; `None` for a key or ciphertext that fails the checks of section 7.3. A
/// ciphertext that was tampered with gives a secret of its own (implicit rejection).
#[must_use]
pub fn decapsulate(set: Set, key: &[u8], ciphertext: &[u8]) -> Option<Word> {
    roomy(|| match set {
        Set::Kem512 => decapsulated!(ml_kem_512, key, ciphertext),
        Set::Kem768 => decapsulated!(ml_kem_768, key, ciphertext),
        Set::Kem1024 => decapsulated!(ml_kem_1024, key, ciphertext),
    })
}
