//! BLS on BLS12-381, against the pairing of zkcrypto's bls12_381: one signature, and aggregates.

use bls12_381::hash_to_curve::{ExpandMsgXmd, HashToCurve};
use bls12_381::{G1Affine, G1Projective, G2Affine, G2Prepared, G2Projective, Gt, multi_miller_loop};
use blst::min_pk::{AggregateSignature, SecretKey, Signature};
use k256::sha2::Sha256;
use zvm::crypto::bls;
use zvm::crypto::signature::{Algorithm, Verdict};

use super::{Numbers, Sample, compare, rounds, told};

const DOMAIN: &[u8] = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

#[test]
fn bls_against_bls12_381() {
    compare(Algorithm::Bls, signed, |it| {
        points(&[&it.key]).is_some_and(|keys| paired(&[&it.message], &it.signature, &keys))
    });
}

fn signed(numbers: &mut Numbers) -> Sample {
    let secret = SecretKey::key_gen(&numbers.bytes::<32>(), &[]).expect("32 bytes");
    let message = numbers.bytes::<40>().to_vec();
    let signature = secret.sign(&message, DOMAIN, &[]).compress().to_vec();
    Sample { message, signature, key: secret.sk_to_pk().compress().to_vec() }
}

/// Some signatures of one message, or each of its own where some may be alike.
struct Several {
    same: bool,
    messages: Vec<[u8; 32]>,
    keys: Vec<[u8; 48]>,
    signatures: Vec<Signature>,
}

impl Several {
    fn signed(numbers: &mut Numbers) -> Self {
        let (count, same) = (1 + numbers.below(4), numbers.below(2) == 0);
        let texts: [[u8; 32]; 3] = [(); 3].map(|()| numbers.bytes());
        let mut made = Self { same, messages: Vec::new(), keys: Vec::new(), signatures: Vec::new() };
        for _ in 0..count {
            let secret = SecretKey::key_gen(&numbers.bytes::<32>(), &[]).expect("32 bytes");
            let message = texts[if same { 0 } else { numbers.below(3) }];
            made.signatures.push(secret.sign(&message, DOMAIN, &[]));
            made.messages.push(message);
            made.keys.push(secret.sk_to_pk().compress());
        }
        made
    }

    /// Their aggregate, after a change to what it is of or to its bytes.
    fn aggregate(&mut self, numbers: &mut Numbers) -> [u8; 96] {
        match numbers.below(8) {
            0 => drop(self.signatures.pop()),
            1 => self.keys.rotate_left(1),
            2 => self.messages.rotate_left(1),
            3 => self.cancel(),
            _ => {}
        }
        let parts: Vec<_> = self.signatures.iter().collect();
        let mut aggregate = AggregateSignature::aggregate(&parts, false)
            .map_or_else(|_| infinity(), |aggregate| aggregate.to_signature().compress());
        match numbers.below(12) {
            0 => numbers.mutate(&mut aggregate),
            1 => aggregate[0] ^= SIGN,
            2 => aggregate = infinity(),
            _ => {}
        }
        aggregate
    }

    /// Two keys whose sum is nothing, for one message.
    fn cancel(&mut self) {
        let last = self.keys.len() - 1;
        self.keys[last] = self.keys[0];
        self.keys[last][0] ^= SIGN;
        self.messages[last] = self.messages[0];
    }

    fn ours(&self, signature: &[u8]) -> bool {
        let (messages, keys) = (views(&self.messages), views(&self.keys));
        let verdict = match self.same {
            true => bls::verify_same_message(messages[0], signature, &keys),
            false => bls::verify_aggregate(&messages, signature, &keys),
        };
        verdict == Verdict::Valid
    }

    fn theirs(&self, signature: &[u8]) -> bool {
        let (messages, keys) = (views(&self.messages), views(&self.keys));
        let Some(points) = points(&keys) else { return false };
        match self.same {
            true => {
                let sum: G1Affine = points.iter().map(G1Projective::from).sum::<G1Projective>().into();
                !bool::from(sum.is_identity()) && paired(&messages[..1], signature, &[sum])
            }
            false => paired(&messages, signature, &points),
        }
    }
}

#[test]
fn bls_aggregates_against_bls12_381() {
    let mut numbers = Numbers(73);
    let (mut valid, mut invalid) = (0, 0);
    while valid + invalid < rounds() {
        let mut several = Several::signed(&mut numbers);
        let aggregate = several.aggregate(&mut numbers);
        let ours = several.ours(&aggregate);
        let Several { same, messages, keys, .. } = &several;
        let what = format!("same {same}: {messages:02x?}, {aggregate:02x?}, {keys:02x?}");
        assert_eq!(ours, several.theirs(&aggregate), "{what}");
        *(if ours { &mut valid } else { &mut invalid }) += 1;
    }
    told("aggregates of BLS", valid, invalid);
}

/// The sign of y in a compressed point.
const SIGN: u8 = 0x20;

fn infinity() -> [u8; 96] {
    let mut point = [0; 96];
    point[0] = 0xc0;
    point
}

fn views<const N: usize>(list: &[[u8; N]]) -> Vec<&[u8]> {
    list.iter().map(|it| &it[..]).collect()
}

/// The keys, if all are points of the subgroup and none is infinity.
fn points(keys: &[&[u8]]) -> Option<Vec<G1Affine>> {
    let point = |key: &&[u8]| {
        let point = G1Affine::from_compressed((*key).try_into().ok()?).into_option()?;
        (!bool::from(point.is_identity())).then_some(point)
    };
    keys.iter().map(point).collect()
}

/// Whether the product of all pairings, that of the signature turned around, is one.
fn paired(messages: &[&[u8]], signature: &[u8], keys: &[G1Affine]) -> bool {
    let signature = signature.try_into().ok().and_then(|it| G2Affine::from_compressed(it).into_option());
    let Some(signature) = signature.filter(|it| !bool::from(it.is_identity())) else { return false };
    let hashed = messages.iter().map(|message| {
        let point = <G2Projective as HashToCurve<ExpandMsgXmd<Sha256>>>::hash_to_curve([*message], DOMAIN);
        G2Prepared::from(G2Affine::from(point))
    });
    let mut terms: Vec<_> = keys.iter().copied().zip(hashed).collect();
    terms.push((-G1Affine::generator(), G2Prepared::from(signature)));
    let terms: Vec<_> = terms.iter().map(|(left, right)| (left, right)).collect();
    multi_miller_loop(&terms).final_exponentiation() == Gt::identity()
}
