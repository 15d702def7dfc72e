//! n020, n070 to n074: compiled code is made once, kept within bounds, and taken back from outside
//! only as it left.

use std::collections::BTreeSet;
use std::sync::Barrier;

use zvm::Status;
use zvm::crypto::hash::keccak256;
use zvm::ffi::config::{ZVM_COMPILER_CRANELIFT, ZVM_COMPILER_TIERED, ZVM_CONFIG_DENY_FLOATS};
use zvm::ffi::runtime::zvm_stats;
use zvm::ffi::version::{ZVM_FEATURE_CRANELIFT, ZVM_FEATURE_SINGLEPASS, zvm_feature};

use crate::support::contracts::{imports, wat};
use crate::support::structs::{abi_word, call, deploy};
use crate::support::{Code, Host, Runtime, Session, address, refused};

/// A contract that returns a number, with some functions to compile besides.
fn returning(number: u32, functions: usize) -> Vec<u8> {
    let body =
        "(func (param i64) (result i64) (i64.mul (local.get 0) (i64.add (local.get 0) (i64.const 3))))\n";
    wat(&format!(
        "(module {} (memory (export \"memory\") 1) (data (i32.const 0) \"{}\") {}
          (func (export \"call\") (call $set_output (i32.const 0) (i32.const 4))))",
        imports(&["set_output"]),
        number.to_be_bytes().map(|byte| format!("\\{byte:02x}")).concat(),
        body.repeat(functions),
    ))
}

fn stats(runtime: &Runtime) -> zvm_stats {
    runtime.stats()
}

/// What the contract says, put into a ledger under its hash.
fn says(runtime: &Runtime, code: &[u8]) -> Vec<u8> {
    let host = Host::new();
    host.contract(address(2), code);
    let outcome = Session::new(runtime, &host).call(&call(address(2), b"")).expect("an outcome");
    assert_eq!(outcome.kind, 0);
    outcome.data
}

fn hash(code: &Code) -> [u8; 32] {
    code.info().hash.bytes
}

#[test]
fn n020_one_module_loaded_by_sixteen_threads_is_compiled_once() {
    let (runtime, code, together) = (Runtime::new(), returning(7, 2000), Barrier::new(16));
    let loaded: Vec<Code> = std::thread::scope(|scope| {
        let load = || {
            together.wait();
            runtime.load(&code).expect("valid code")
        };
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(load)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    // The bytes all handles show are those of the one compiled code, not sixteen copies.
    let places: BTreeSet<usize> = loaded.iter().map(|code| code.info().code.ptr.addr()).collect();
    assert_eq!(places.len(), 1);
    assert!(loaded.iter().all(|loaded| hash(loaded) == keccak256(&code).0));
    assert_eq!((stats(&runtime).codes, stats(&runtime).compilations), (1, 1));
}

#[test]
fn n020_one_module_deployed_by_sixteen_threads_gives_one_result() {
    let (runtime, code, together) = (Runtime::new(), returning(7, 500), Barrier::new(16));
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let deploy = || {
            let host = Host::new();
            let session = Session::new(&runtime, &host);
            together.wait();
            let outcome = session.deploy(&deploy(&code)).expect("an outcome");
            let said = session.call(&call(outcome.created.expect("a contract"), b"")).expect("an outcome");
            session.commit().expect("a commit");
            (outcome, said, host.inside().commits.clone())
        };
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(deploy)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]));
    let stats = stats(&runtime);
    assert_eq!((stats.codes, stats.deploys, stats.calls, stats.failures), (1, 16, 16, 0));
    assert_eq!(stats.compilations, 1);
}

#[test]
fn n020_bad_code_loaded_by_sixteen_threads_is_refused_by_each_and_kept_by_none() {
    let (runtime, together) = (Runtime::new(), Barrier::new(16));
    let code = wat("(module (func $f) (start $f))");
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                together.wait();
                let failure = runtime.load(&code).expect_err("a refusal");
                assert!((100..200).contains(&failure.status), "{failure:?}");
            });
        }
    });
    assert_eq!(stats(&runtime).codes, 0);
}

/// Numbers that look random and are the same on every run.
fn scattered(seed: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(seed), |last| {
        let mut next = last ^ (last << 13);
        next ^= next >> 7;
        Some(next ^ (next << 17))
    })
}

#[test]
fn n070_a_damaged_artefact_is_never_loaded() {
    let (runtime, other) = (Runtime::new(), Runtime::new());
    let artefact = runtime.load(&returning(7, 10)).expect("valid code").serialize();
    let refuse = |bytes: &[u8], what: &str| {
        let failure = other.deserialize(bytes).expect_err(what);
        assert_eq!(failure.status, Status::Artefact as i32, "{what}: {failure:?}");
    };
    let places = scattered(0x5eed).map(|number| (number as usize % artefact.len(), (number >> 40) as u8 | 1));
    for (place, flip) in places.take(500).chain((0..artefact.len().min(300)).map(|place| (place, 1))) {
        let mut damaged = artefact.clone();
        damaged[place] ^= flip;
        refuse(&damaged, &format!("byte {place} flipped by {flip:#x}"));
    }
    for cut in scattered(0xc07).map(|number| number as usize % artefact.len()).take(100).chain(0..4) {
        refuse(&artefact[..cut], &format!("cut to {cut} bytes"));
        refuse(&artefact[cut + 1..], &format!("without its first {}", cut + 1));
    }
    refuse(b"", "nothing");
    refuse(&vec![0; artefact.len()], "zeros");
    refuse(&[&artefact[..], b"x"].concat(), "one byte more");
    refuse(&[&artefact[..], &artefact[..]].concat(), "twice");
    assert_eq!(stats(&other).codes, 0, "nothing of it was kept");
    assert_eq!(hash(&other.deserialize(&artefact).expect("as it left")), keccak256(&returning(7, 10)).0);
}

#[test]
fn n071_other_files_are_never_mapped() {
    let runtime = Runtime::new();
    let program = std::fs::read(std::env::current_exe().expect("this binary")).expect("readable");
    for bytes in [
        &program[..],
        &program[..4096],
        b"ZVMA",
        b"\0asm\x01\0\0\0",
        &[b"ZVMA".as_slice(), &program[..100_000]].concat(),
    ] {
        refused(runtime.deserialize(bytes), Status::Artefact);
    }
}

#[test]
fn n073_an_artefact_belongs_to_one_key_and_one_configuration() {
    let code = returning(7, 3);
    let artefact = Runtime::new().load(&code).expect("valid code").serialize();
    let same = Runtime::with(&[], |config| config.cache_bytes = 1);
    assert_eq!(hash(&same.deserialize(&artefact).expect("the same configuration")), keccak256(&code).0);
    let mut others = vec![
        Runtime::with(&[], |config| config.artefact_key = abi_word(1)),
        Runtime::with(&[], |config| config.flags = ZVM_CONFIG_DENY_FLOATS),
        Runtime::with(&[], |config| config.admission = 1),
        Runtime::with(&[("limit.key_bytes", 255)], |_| ()),
        Runtime::with(&[("limit.stack_words", 1024)], |_| ()),
        Runtime::with(&[("gas.context", 3)], |_| ()),
        Runtime::with(&[("gas.instruction", 2)], |_| ()),
    ];
    if zvm_feature(ZVM_FEATURE_SINGLEPASS) > 0 && zvm_feature(ZVM_FEATURE_CRANELIFT) > 0 {
        for compiler in [ZVM_COMPILER_CRANELIFT, ZVM_COMPILER_TIERED] {
            others.push(Runtime::with(&[], |config| {
                (config.compiler, config.compile_threads) = (compiler, 1);
            }));
        }
    }
    for (nth, other) in others.iter().enumerate() {
        let failure = other.deserialize(&artefact).expect_err("another configuration");
        assert_eq!(failure.status, Status::Artefact as i32, "runtime {nth}: {failure:?}");
        assert_eq!(stats(other).codes, 0);
        // What was sealed there is refused here.
        let theirs = other.load(&code).expect("valid code").serialize();
        refused(same.deserialize(&theirs), Status::Artefact);
    }
}

#[test]
fn n074_an_artefact_answers_for_its_own_code_alone() {
    let (one, two) = (returning(1, 3), returning(2, 3));
    let (first, second) = {
        let runtime = Runtime::new();
        (runtime.load(&one).expect("code").serialize(), runtime.load(&two).expect("code").serialize())
    };
    let runtime = Runtime::new();
    // Put where the second was expected, the first says what it is.
    let swapped = runtime.deserialize(&first).expect("a whole artefact");
    assert_eq!(hash(&swapped), keccak256(&one).0);
    assert_eq!(says(&runtime, &two), 2u32.to_be_bytes());
    assert_eq!(says(&runtime, &one), 1u32.to_be_bytes());
    // The head of one on the body of the other is nobody's.
    for cut in [40, 68, 76, 76 + one.len(), first.len() - 32] {
        refused(runtime.deserialize(&[&first[..cut], &second[cut..]].concat()), Status::Artefact);
    }
    drop(swapped);
    assert_eq!(says(&runtime, &two), 2u32.to_be_bytes());
}

#[test]
fn a_small_cache_drops_the_longest_unused_and_nothing_in_use() {
    let codes: Vec<Vec<u8>> = (0..40).map(|number| returning(number, 50)).collect();
    let one = Runtime::new();
    let each = one.load(&codes[0]).map(|_code| stats(&one).code_bytes).expect("valid code");
    let runtime = Runtime::with(&[], |config| config.cache_bytes = 5 * each);
    let held = runtime.load(&codes[0]).expect("valid code");
    for code in &codes {
        drop(runtime.load(code).expect("valid code"));
        assert!(stats(&runtime).code_bytes <= 5 * each + each / 2, "{:?}", stats(&runtime).code_bytes);
    }
    assert_eq!(hash(&held), keccak256(&codes[0]).0);
    assert!(!held.serialize().is_empty(), "evicted, and still whole for whoever holds it");
    for (number, code) in codes.iter().enumerate() {
        assert_eq!(says(&runtime, code), (number as u32).to_be_bytes());
    }
    // Smaller than any code: the one that is wanted stays for as long as it is wanted.
    let tiny = Runtime::with(&[], |config| config.cache_bytes = 1);
    for (number, code) in codes.iter().enumerate() {
        assert_eq!(says(&tiny, code), (number as u32).to_be_bytes());
        assert_eq!(stats(&tiny).codes, 1);
    }
}

#[test]
fn trimming_drops_what_nobody_holds() {
    let runtime = Runtime::new();
    let held = runtime.load(&returning(1, 3)).expect("valid code");
    drop(runtime.load(&returning(2, 3)).expect("valid code"));
    assert_eq!(stats(&runtime).codes, 2);
    runtime.trim();
    assert_eq!(stats(&runtime).codes, 1);
    drop(held);
    runtime.trim();
    assert_eq!((stats(&runtime).codes, stats(&runtime).code_bytes), (0, 0));
    assert_eq!(says(&runtime, &returning(1, 3)), 1u32.to_be_bytes());
}

#[test]
fn a_cache_under_pressure_from_all_sides_stays_whole() {
    let codes: Vec<Vec<u8>> = (0..12).map(|number| returning(number, 5)).collect();
    let one = Runtime::new();
    let each = one.load(&codes[0]).map(|_code| stats(&one).code_bytes).expect("valid code");
    let runtime = Runtime::with(&[], |config| config.cache_bytes = 3 * each);
    std::thread::scope(|scope| {
        for seed in 1..9 {
            let (runtime, codes) = (&runtime, &codes);
            scope.spawn(move || {
                for number in scattered(seed * 0x9e37).map(|number| number as usize % codes.len()).take(120) {
                    match number {
                        11 => runtime.trim(),
                        number if seed % 2 == 0 => drop(runtime.load(&codes[number]).expect("valid code")),
                        number => assert_eq!(says(runtime, &codes[number]), (number as u32).to_be_bytes()),
                    }
                }
            });
        }
    });
    assert!(stats(&runtime).code_bytes <= 4 * each);
    runtime.trim();
    assert_eq!(stats(&runtime).codes, 0);
}
