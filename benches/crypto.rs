//! Nanoseconds and gas of each hash and each verification, as a contract has them, beside what the same gas
//! buys of plain WASM in the same run. `make bench-crypto` prints them and writes target/bench/crypto.json.
//!
//! What signatures cost is set to about a unit for a nanosecond. The last column is what that is against plain code.

use std::fmt::Write;
use std::time::Instant;

use fips204::traits::{KeyGen, SerDes, Signer};
use zvm::crypto::hash::keccak256;
use zvm::{Account, Address, Block, Call, Config, MemoryLedger, Outcome, Runtime, Session, Terms};

const DIGEST: [u8; 32] = [7; 32];
/// Where a contract's data begin, and where its answers go.
const DATA: u32 = 65_536;
const ANSWER: u32 = 1_024;
/// Runs of each work.
const RUNS: usize = 5;

/// What a contract does over and over: a host function with these scalars, or plain code.
struct Work {
    name: String,
    import: &'static str,
    /// The body of the loop, in the text format.
    body: String,
    data: Vec<u8>,
    times: u32,
}

/// A figure: nanoseconds and gas of one round.
struct Figure {
    name: String,
    nanoseconds: f64,
    gas: f64,
}

fn main() {
    let mut works = vec![plain()];
    works.extend(hashes());
    works.extend(verifications());
    works.extend(lists());
    let figures: Vec<Figure> = works.iter().map(measure).collect();
    let plain = figures[0].nanoseconds / figures[0].gas;
    println!("{:<34}{:>12}{:>10}{:>10}{:>8}", "", "ns", "gas", "ns/gas", "ratio");
    for Figure { name, nanoseconds, gas } in &figures {
        let each = nanoseconds / gas;
        println!("{name:<34}{nanoseconds:>12.0}{gas:>10.0}{each:>10.2}{:>8.2}", each / plain);
    }
    std::fs::create_dir_all("target/bench").expect("a folder");
    std::fs::write("target/bench/crypto.json", json(&figures, plain)).expect("a file");
}

/// Time for a unit of gas against that of plain code, as the other benchmarks write it.
fn json(figures: &[Figure], plain: f64) -> String {
    let mut out = String::new();
    for Figure { name, nanoseconds, gas } in figures {
        let (each, comma) = (nanoseconds / gas, if out.is_empty() { "" } else { ",\n" });
        write!(
            out,
            "{comma}  {{\"name\": \"{name}\", \"value\": {each:.3}, \"unit\": \"ns/gas\", \"peer\": \"plain wasm\", \
             \"peer_value\": {plain:.3}, \"ratio\": {:.3}, \"ns\": {nanoseconds:.0}, \"gas\": {gas:.0}}}",
            each / plain
        )
        .expect("text");
    }
    format!("[\n{out}\n]\n")
}

/// Plain code: what a hash in WASM would do, arithmetic with loads and stores.
fn plain() -> Work {
    let step = "(i32.store (i32.const 1024) (i32.add (i32.rotl (i32.xor (i32.load (i32.const 1024))
        (local.get $left)) (i32.const 7)) (i32.mul (local.get $left) (i32.const 40503))))";
    let body = step.repeat(16);
    Work { name: "plain wasm, 16 steps".into(), import: "", body, data: Vec::new(), times: 3_000_000 }
}

fn hashes() -> Vec<Work> {
    let mut works = Vec::new();
    for name in ["keccak256", "sha256", "sha3_256", "blake3", "blake2b_256", "ripemd160"] {
        for len in [32, 1024, 65_536] {
            let body = format!("(call $function (i32.const {DATA}) (i32.const {len}) (i32.const {ANSWER}))");
            let times = 200_000_000 / (len + 2000);
            works.push(Work {
                name: format!("{name}, {len} bytes"),
                import: name,
                body,
                data: vec![1; 65_536],
                times,
            });
        }
    }
    works
}

/// Signature and key for [`DIGEST`], by the algorithm's number.
fn signed() -> Vec<(&'static str, u32, Vec<u8>, Vec<u8>)> {
    use p256::ecdsa::signature::hazmat::PrehashSigner;
    macro_rules! mldsa {
        ($set:ident) => {{
            let (key, secret) = fips204::$set::KG::keygen_from_seed(&[1; 32]);
            let signature = secret.try_sign_with_seed(&[0; 32], &DIGEST, &[]).expect("a signature");
            (signature.to_vec(), key.into_bytes().to_vec())
        }};
    }
    let ed25519 = ed25519_dalek::SigningKey::from_bytes(&[1; 32]);
    let k1 = k256::ecdsa::SigningKey::from_slice(&[1; 32]).expect("a key");
    let r1 = p256::ecdsa::SigningKey::from_slice(&[1; 32]).expect("a key");
    let schnorr = k256::schnorr::SigningKey::from_bytes(&[1; 32]).expect("a key");
    let bls = blst::min_pk::SecretKey::key_gen(&[1; 32], &[]).expect("a key");
    let r1_signature: p256::ecdsa::Signature = r1.sign_prehash(&DIGEST).expect("a signature");
    let (k1_signature, _) = k1.sign_prehash_recoverable(&DIGEST).expect("a signature");
    let domain = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";
    let ((s44, k44), (s65, k65), (s87, k87)) = (mldsa!(ml_dsa_44), mldsa!(ml_dsa_65), mldsa!(ml_dsa_87));
    vec![
        (
            "Ed25519",
            1,
            ed25519_dalek::Signer::sign(&ed25519, &DIGEST).to_bytes().to_vec(),
            ed25519.verifying_key().to_bytes().to_vec(),
        ),
        (
            "ECDSA secp256k1",
            2,
            k1_signature.to_vec(),
            k1.verifying_key().to_encoded_point(true).as_bytes().to_vec(),
        ),
        (
            "ECDSA P-256",
            3,
            r1_signature.to_vec(),
            r1.verifying_key().to_encoded_point(true).as_bytes().to_vec(),
        ),
        (
            "Schnorr",
            4,
            schnorr.sign_raw(&DIGEST, &[0; 32]).expect("a signature").to_bytes().to_vec(),
            schnorr.verifying_key().to_bytes().to_vec(),
        ),
        ("BLS", 5, bls.sign(&DIGEST, domain, &[]).compress().to_vec(), bls.sk_to_pk().compress().to_vec()),
        ("ML-DSA-44", 16, s44, k44),
        ("ML-DSA-65", 17, s65, k65),
        ("ML-DSA-87", 18, s87, k87),
    ]
}

/// Valid signatures and invalid ones, which cost the same and should take no longer.
fn verifications() -> Vec<Work> {
    let mut works = Vec::new();
    for (name, number, signature, key) in signed() {
        for (verdict, bad) in [("valid", false), ("invalid", true)] {
            let (mut signature, at) = (signature.clone(), signature.len() / 2 + 8);
            signature[at] ^= u8::from(bad);
            let data = [&DIGEST[..], &signature, &key].concat();
            let (s, k) = (DATA + 32, DATA + 32 + signature.len() as u32);
            let body = format!(
                "(drop (call $function (i32.const {number}) (i32.const {DATA}) (i32.const 32) (i32.const {s})
                  (i32.const {}) (i32.const {k}) (i32.const {})))",
                signature.len(),
                key.len()
            );
            works.push(Work { name: format!("{name}, {verdict}"), import: "verify", body, data, times: 500 });
        }
    }
    let key = k256::ecdsa::SigningKey::from_slice(&[1; 32]).expect("a key");
    let (signature, id) = key.sign_prehash_recoverable(&DIGEST).expect("a signature");
    let data = [&DIGEST[..], &signature.to_bytes(), &[id.to_byte()]].concat();
    let body =
        format!("(drop (call $function (i32.const {DATA}) (i32.const {}) (i32.const {ANSWER})))", DATA + 32);
    works.push(Work { name: "recover".into(), import: "recover", body, data, times: 500 });
    works
}

/// BLS aggregates of sixteen and of sixty-four keys, and ML-KEM.
fn lists() -> Vec<Work> {
    use fips203::traits::{Encaps, KeyGen, SerDes};
    let secret = blst::min_pk::SecretKey::key_gen(&[1; 32], &[]).expect("a key");
    let key = secret.sk_to_pk().compress();
    let mut works = Vec::new();
    for (count, same, times) in [(16, 1, 100), (64, 1, 50), (16, 0, 30), (64, 0, 10)] {
        // A signature that is not of these messages takes as long.
        let data =
            [DIGEST.repeat(64), secret.sign(&DIGEST, b"bench", &[]).compress().to_vec(), key.repeat(64)];
        let (s, k) = (DATA + 2_048, DATA + 2_144);
        let body = format!(
            "(drop (call $function (i32.const 5) (i32.const {DATA}) (i32.const {s}) (i32.const {k})
              (i32.const {count}) (i32.const {same})))"
        );
        let kind = if same == 1 { "one message" } else { "each its own" };
        let name = format!("BLS aggregate of {count}, {kind}");
        works.push(Work { name, import: "verify_aggregate", body, data: data.concat(), times });
    }
    macro_rules! kem {
        ($number:literal, $set:ident, $name:literal) => {{
            let (public, secret) = fips203::$set::KG::keygen_from_seed([1; 32], [2; 32]);
            let (_, ciphertext) = public.encaps_from_seed(&[3; 32]);
            let (public, secret, ciphertext) =
                (public.into_bytes(), secret.into_bytes(), ciphertext.into_bytes());
            let body = format!(
                "(drop (call $function (i32.const {}) (i32.const {}) (i32.const {}) (i32.const {DATA})
                  (i32.const {ANSWER}) (i32.const 4096) (i32.const 8192)))",
                $number,
                DATA + 32,
                public.len(),
            );
            let (name, data) = (concat!($name, ", encapsulate").into(), [&[3; 32][..], &public].concat());
            works.push(Work { name, import: "kem_encapsulate", body, data, times: 500 });
            let body = format!(
                "(drop (call $function (i32.const {}) (i32.const {DATA}) (i32.const {}) (i32.const {})
                  (i32.const {}) (i32.const {ANSWER})))",
                $number,
                secret.len(),
                DATA + secret.len() as u32,
                ciphertext.len(),
            );
            let (name, data) = (concat!($name, ", decapsulate").into(), [&secret[..], &ciphertext].concat());
            works.push(Work { name, import: "kem_decapsulate", body, data, times: 500 });
        }};
    }
    kem!(32, ml_kem_512, "ML-KEM-512");
    kem!(33, ml_kem_768, "ML-KEM-768");
    kem!(34, ml_kem_1024, "ML-KEM-1024");
    works
}

/// The mean of some long runs: the system counts a thread's time in ticks.
fn measure(work: &Work) -> Figure {
    let code = wat::parse_str(contract(work)).expect("a module");
    let (code_hash, place) = (keccak256(&code), Address([9; 20]));
    let mut ledger = MemoryLedger::new();
    ledger.set_code(code_hash, code);
    ledger.set_account(place, Account { code_hash, ..Account::default() });
    let mut config = Config::default();
    config.rules.allow_kem = true;
    let runtime = Runtime::new(config).expect("a runtime");
    let mut session = runtime.session(&mut ledger, Block::default());
    // The first call compiles the contract.
    run(&mut session, place, 1);
    let (idle_gas, idle) = run(&mut session, place, 1);
    let runs: Vec<(u64, u64)> = (0..RUNS).map(|_| run(&mut session, place, 1 + work.times)).collect();
    let rounds = f64::from(work.times);
    let mean = runs.iter().map(|(_, time)| time.saturating_sub(idle)).sum::<u64>() as f64 / RUNS as f64;
    Figure {
        name: work.name.clone(),
        nanoseconds: mean / rounds,
        gas: (runs[0].0 - idle_gas) as f64 / rounds,
    }
}

/// Gas and nanoseconds of a call that works so many times.
fn run(session: &mut Session<'_>, target: Address, times: u32) -> (u64, u64) {
    let terms = Terms { gas_limit: 1 << 49, ..Terms::default() };
    let call = Call { target, input: times.to_le_bytes().to_vec(), terms, ..Call::default() };
    let (begin, cpu) = (Instant::now(), on_cpu());
    let done = session.query(&call).expect("a kind ledger");
    let nanoseconds = match (cpu, on_cpu()) {
        (Some(before), Some(after)) => after - before,
        _ => begin.elapsed().as_nanos() as u64,
    };
    assert_eq!(done.outcome, Outcome::Success);
    (done.gas_used, nanoseconds)
}

/// Nanoseconds this thread was on a processor, where the system says so: a busy machine takes the rest away.
fn on_cpu() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}

fn contract(work: &Work) -> String {
    let Work { import, body, data, .. } = work;
    let text: String = data.iter().map(|byte| format!("\\{byte:02x}")).collect();
    let function = match zvm::host::table::HostFunction::by_name(import) {
        None => String::new(),
        Some(function) => {
            let (row, result) =
                (function.row(), function.row().returns.scalar().map_or("", |_| " (result i32)"));
            let params = " i32".repeat(row.scalars.len());
            format!("(import \"zvm\" \"{import}\" (func $function (param{params}){result}))")
        }
    };
    format!(
        "(module {function}
          (import \"zvm\" \"input_copy\" (func $input_copy (param i32 i32 i32)))
          (memory (export \"memory\") 4 4) (data (i32.const {DATA}) \"{text}\")
          (func (export \"call\") (local $left i32)
            (call $input_copy (i32.const 0) (i32.const 0) (i32.const 4))
            (local.set $left (i32.load (i32.const 0)))
            (loop $again
              {body}
              (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))"
    )
}
