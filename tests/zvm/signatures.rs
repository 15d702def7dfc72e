//! PQ_VERIFY_DILITHIUM, against signatures of the standard's other implementation.

use fips204::traits::{KeyGen, SerDes, Signer};
use zvm::{Execution, Outcome, Word};

use crate::world::{PLENTY, program, run};

/// Verifies what comes as input: message of 5 bytes, signature, key.
fn verify(input: &[u8], sizes: [usize; 2]) -> Execution {
    let [signature, key] = sizes;
    let text = format!(
        "calldatasize \n push 0 \n push 0 \n calldatacopy
        push {key} \n push {} \n push {signature} \n push 5 \n push 5 \n push 0 \n pq_verify_dilithium
        push 0 \n mstore \n push 32 \n push 0 \n return",
        5 + signature
    );
    run(&program(&text), input, PLENTY)
}

macro_rules! level {
    ($level:ident) => {{
        let (public, secret) = fips204::$level::KG::keygen_from_seed(&[7; 32]);
        let signature = secret.try_sign_with_seed(&[1; 32], b"hello", b"").expect("a signature");
        let (signature, key) = (signature.to_vec(), public.into_bytes().to_vec());
        let sizes = [signature.len(), key.len()];
        let input = [&b"hello"[..], &signature, &key].concat();
        let done = verify(&input, sizes);
        assert_eq!((done.outcome, &done.output[..]), (Outcome::Success, &Word::from(1).0[..]));
        assert!(done.gas_used > 10_000, "the host function's price is paid");
        for at in [0, 5, input.len() - 1] {
            let mut other = input.clone();
            other[at] ^= 1;
            assert_eq!(verify(&other, sizes).output, Word::ZERO.0, "with byte {at} turned");
        }
        // A key of no level, and a signature too short.
        assert_eq!(verify(&input, [sizes[0], sizes[1] - 1]).output, Word::ZERO.0);
        assert_eq!(verify(&input, [sizes[0] - 1, sizes[1]]).output, Word::ZERO.0);
    }};
}

#[test]
fn a_signature_of_any_level_is_verified() {
    level!(ml_dsa_44);
    level!(ml_dsa_65);
    level!(ml_dsa_87);
}
