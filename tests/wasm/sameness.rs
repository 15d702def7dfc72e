//! Nothing but code, input and state decides: not the surroundings, caches, order or texts (#41 to #45).
//!
//! The corpus is generated programs in the runtimes, with what they did hashed together. #44 in
//! full is `differential`, and `make deep`, which holds the corpus of a build for this very processor
//! to that of the ordinary one.

use std::fs;
use std::process::Command;
use std::thread;

use zvm::crypto::hash::keccak256;
use zvm::{Call, Config, Error, Execution, Outcome, Result, Runtime, Status};

use crate::differential::program::program;
use crate::machine::assemble;
use crate::process::{command, quiet, said, under};
use crate::smith::Random;
use crate::world::{Asked, PLENTY, call, ledger, runtimes, runtimes_with, session};

/// Modules of the corpus.
const CORPUS: u64 = 60;
/// Gas for each call: enough for most, and too little for some.
const GAS: u64 = 100_000;

/// The n-th module of the corpus.
fn module(at: u64) -> Vec<u8> {
    program(&mut Random(1_000_000 + at))
}

/// What of an execution is part of consensus.
fn consensus(came: Result<Execution>) -> String {
    match came {
        Ok(Execution { outcome, gas_used, gas_left, gas_refund, output, created, logs, .. }) => {
            format!("{outcome:?} {gas_used} {gas_left} {gas_refund} {output:?} {created:?} {logs:?}")
        }
        Err(error) => format!("{:?} {}", error.status, error.host_code),
    }
}

/// Everything that calling each entry of a module twice comes to, and what it changed.
fn story(runtime: &Runtime, wasm: &[u8]) -> String {
    let Ok(code) = runtime.load_code(&wasm.into(), None) else { return "refused".to_owned() };
    let mut session = session(runtime, ledger(wasm));
    let mut story = String::new();
    for entry in code.info().entries.iter().flat_map(|entry| [entry, entry]) {
        let came = session.call(&Call { entry: entry.clone(), ..call(&[1, 2, 3], GAS) });
        story += &format!("{entry}: {}\n", consensus(came));
    }
    story + &format!("{:?}", session.changes())
}

/// The corpus in one hash, its modules shared out to threads.
fn digest(runtime: &Runtime, threads: u64) -> String {
    let part = |first: u64| {
        (first..CORPUS)
            .step_by(threads as usize)
            .map(|at| (at, story(runtime, &module(at))))
            .collect::<Vec<_>>()
    };
    let mut stories: Vec<(u64, String)> = thread::scope(|scope| {
        let parts: Vec<_> = (0..threads).map(|first| scope.spawn(move || part(first))).collect();
        parts.into_iter().flat_map(|part| part.join().expect("no panic")).collect()
    });
    stories.sort();
    format!("{:x?}", keccak256(format!("{stories:?}").as_bytes()))
}

/// The corpus in every runtime, which must be one and the same.
fn digest_of_all(threads: u64) -> String {
    let digests: Vec<String> = runtimes().iter().map(|(_, runtime)| digest(runtime, threads)).collect();
    assert!(digests.windows(2).all(|pair| pair[0] == pair[1]), "{digests:?}");
    digests[0].clone()
}

/// Says the digest, in a process of its own.
pub(crate) fn say_digest(threads: usize) {
    println!("child: {}", digest_of_all(threads as u64));
}

#[test]
fn the_corpus_does_things() {
    let [(_, runtime), ..] = &runtimes()[..] else { panic!("no runtime") };
    let stories: String = (0..CORPUS).map(|at| story(runtime, &module(at))).collect();
    for end in ["Success", "Revert", "Halt(OutOfGas)", "Halt(MemoryBounds)"] {
        assert!(stories.matches(end).count() > 1, "{end} is rare");
    }
    assert_eq!(stories.matches("refused").count(), 0);
}

#[test]
fn n041_surroundings_change_nothing() {
    let right = digest_of_all(1);
    let hold = |mut command: Command, what: &str| {
        let output = command.output().expect("a process");
        assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(said(&output), std::slice::from_ref(&right), "{what}");
    };
    for (name, value) in [
        ("RUST_BACKTRACE", "1"),
        ("RUST_BACKTRACE", "full"),
        ("RUST_LOG", "trace"),
        ("LANG", "tr_TR.UTF-8"),
        ("LC_ALL", "de_DE.UTF-8"),
        ("TZ", "Pacific/Chatham"),
    ] {
        let mut command = command("corpus 1");
        command.env(name, value);
        hold(command, &format!("{name}={value}"));
    }
    let mut bare = command("corpus 1");
    for name in ["HOME", "PATH", "USER", "LANG", "TZ"] {
        bare.env_remove(name);
    }
    hold(bare, "without a home");
    hold(command("corpus 16"), "sixteen threads");
    hold(under("exec nice -n 19", "corpus 1"), "last in the queue");
    if cfg!(target_os = "linux") {
        hold(under("exec setarch --addr-no-randomize", "corpus 1"), "at fixed addresses");
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = under("rmdir \"$PWD\" && exec", "corpus 1");
        command.current_dir(folder.path());
        hold(command, "in a folder that is gone");
    }
}

#[test]
fn n042_caches_change_nothing() {
    for ((name, cold), (_, uncached)) in
        runtimes().into_iter().zip(runtimes_with(&Config { cache_bytes: 0, ..Config::default() }))
    {
        let right = digest(&cold, 1);
        assert_eq!(digest(&cold, 1), right, "{name}: a warm cache");
        assert_eq!(digest(&uncached, 1), right, "{name}: no cache");
        cold.trim();
        assert_eq!(digest(&cold, 1), right, "{name}: a trimmed cache");
    }
}

#[test]
fn n042_artefacts_on_a_disk_that_goes_away_change_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, first) in runtimes() {
        let right = digest(&first, 1);
        for at in 0..CORPUS {
            let code = first.load_code(&module(at).into(), None).expect("the corpus is valid");
            fs::write(folder.path().join(format!("{name}-{at}")), code.serialize().expect("an artefact"))
                .expect("it is written");
        }
        let (_, second) =
            runtimes().into_iter().find(|(other, _)| *other == name).expect("the same compiler");
        let mut held = Vec::new();
        for at in 0..CORPUS {
            if at == CORPUS / 2 {
                fs::remove_dir_all(folder.path()).expect("the folder goes");
            }
            // What is gone is compiled when it is called.
            if let Ok(artefact) = fs::read(folder.path().join(format!("{name}-{at}"))) {
                held.push(second.deserialize_code(&artefact).expect("it is whole"));
            }
        }
        assert_eq!(held.len() as u64, CORPUS / 2);
        assert_eq!(digest(&second, 1), right, "{name}");
        fs::create_dir_all(folder.path()).expect("the folder comes back");
    }
}

/// A contract that touches 500 entries, new ones and some again.
fn touching() -> Vec<u8> {
    assemble(
        r#"(module
            (import "zvm" "storage_read" (func $read (param i32 i32 i32 i32) (result i32)))
            (import "zvm" "storage_write" (func $write (param i32 i32 i32 i32)))
            (memory (export "memory") 1)
            (func (export "call") (local i32)
                loop
                    i32.const 0 local.get 0 i32.const 0x9e3779b1 i32.mul i32.store
                    i32.const 0 i32.const 4 i32.const 8 i32.const 8 call $read drop
                    local.get 0 i32.const 3 i32.rem_u i32.eqz if
                        i32.const 0 i32.const 4 i32.const 0 i32.const 4 call $write
                    end
                    local.get 0 i32.const 1 i32.add local.tee 0 i32.const 500 i32.lt_u br_if 0
                end))"#,
    )
}

/// Says in which order the ledger was asked and what was changed.
pub(crate) fn say_order() {
    for (name, runtime) in runtimes() {
        let (ledger, questions) = Asked::of(ledger(&touching()));
        let mut session = session(&runtime, ledger);
        let came = session.call(&call(&[], PLENTY)).expect("no failure");
        assert_eq!(came.outcome, Outcome::Success, "{name}");
        let keys: Vec<Vec<u8>> = questions.borrow().iter().map(|question| question.key.clone()).collect();
        assert_eq!(keys.len(), 500, "{name}");
        let all = format!("{keys:?} {} {:?}", came.gas_used, session.changes().expect("a usable session"));
        println!("child: {:x?}", keccak256(all.as_bytes()));
    }
}

#[test]
fn n043_questions_and_changes_have_one_order_in_twenty_processes() {
    let right = quiet("order");
    assert!(right.windows(2).all(|pair| pair[0] == pair[1]), "every compiler: {right:?}");
    for at in 1..20 {
        assert_eq!(quiet("order"), right, "process {at}");
    }
}

#[test]
fn n045_the_text_of_a_failure_is_only_for_people() {
    for (name, runtime) in runtimes() {
        let ends = ["the disk is gone", "", "\u{1b}[31mno\0\u{202e}", &"x".repeat(100_000)].map(|text| {
            let failure = Error::new(Status::Host, text).with_host_code(-45);
            let mut session = session(&runtime, Asked::failing(ledger(&touching()), failure));
            let failed = session.call(&call(&[], PLENTY)).expect_err("the ledger failed");
            assert!(text.is_empty() || failed.message.contains(text), "{name}: the text arrives");
            let next = session.call(&call(&[], PLENTY)).expect("the ledger answers");
            (failed.status, failed.host_code, next, session.changes().expect("a usable session"))
        });
        assert_eq!(ends[0].0, Status::Host, "{name}");
        assert_eq!(ends[0].1, -45, "{name}");
        assert!(ends.iter().all(|end| *end == ends[0]), "{name}");
    }
}
