//! Key encapsulation.

use fips203::traits::{Encaps, KeyGen, SerDes};

use crate::Group;
use crate::measure::Argument::{Number, Out, Pointer, Region, Room};
use crate::measure::Work;

pub(crate) fn groups() -> Vec<Group> {
    macro_rules! groups {
        ($number:literal, $set:ident, $name:literal) => {{
            let (public, secret) = fips203::$set::KG::keygen_from_seed([1; 32], [2; 32]);
            let (_, ciphertext) = public.encaps_from_seed(&[3; 32]);
            let (public, secret, ciphertext) = (
                public.into_bytes().to_vec(),
                secret.into_bytes().to_vec(),
                ciphertext.into_bytes().to_vec(),
            );
            let encapsulate = |key: &[u8]| {
                Work::Host(
                    "kem_encapsulate",
                    vec![Number($number), Region(key.to_vec()), Pointer(vec![3; 32]), Room],
                )
            };
            let decapsulate = |key: &[u8], ciphertext: &[u8]| {
                let regions = [Region(key.to_vec()), Region(ciphertext.to_vec())];
                Work::Host("kem_decapsulate", [&[Number($number)][..], &regions, &[Out]].concat())
            };
            let filled = |bytes: &[u8], with: u8| vec![with; bytes.len()];
            [
                Group::new(concat!($name, " encapsulation"), "valid", encapsulate(&public))
                    .with("key of zeros", encapsulate(&filled(&public, 0)))
                    .with("key of ones", encapsulate(&filled(&public, 0xff)))
                    .with("longest key", encapsulate(&[0; 8192])),
                Group::new(concat!($name, " decapsulation"), "valid", decapsulate(&secret, &ciphertext))
                    .with("ciphertext of zeros", decapsulate(&secret, &filled(&ciphertext, 0)))
                    .with("ciphertext of ones", decapsulate(&secret, &filled(&ciphertext, 0xff)))
                    .with("key of zeros", decapsulate(&filled(&secret, 0), &ciphertext))
                    .with("key of ones", decapsulate(&filled(&secret, 0xff), &ciphertext))
                    .with("longest key and ciphertext", decapsulate(&[0; 8192], &[0; 8192])),
            ]
        }};
    }
    [
        groups!(32, ml_kem_512, "ML-KEM-512"),
        groups!(33, ml_kem_768, "ML-KEM-768"),
        groups!(34, ml_kem_1024, "ML-KEM-1024"),
    ]
    .into_iter()
    .flatten()
    .collect()
}
