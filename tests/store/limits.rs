//! Real limits on a real file: the process's file size limit (n117) and a file system that is full
//! (n116). Both need a process of their own.

use std::fs;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;

use zvm::error::Error;
use zvm::state::changes::{Change, Changes, Write};
use zvm::state::ledger::{Ledger, Range};
use zvm::state::store::{Store, StoreLedger};
use zvm::types::Bytes;

use crate::child::{command_after, said, say};
use crate::story::{PEOPLE, at};

const SIGXFSZ: i32 = 25;
const VALUE_BYTES: usize = 64 << 10;

/// Commits one 64 KiB value under its number.
fn commit(ledger: &mut StoreLedger, number: u64) -> Result<(), Error> {
    let key: Bytes = number.to_be_bytes().as_slice().into();
    let value: Bytes = vec![number as u8; VALUE_BYTES].into();
    let list = vec![Change { account: PEOPLE[1], write: Write::Set { key, value } }];
    ledger.commit(&Changes { list, serial: number, ..Changes::default() })
}

/// Whether exactly the values 1 to `last` are there, whole.
fn holds(ledger: &mut StoreLedger, last: u64) -> bool {
    let range = Range { start: &[], end: None, reverse: false, limit: usize::MAX };
    let rows = ledger.scan(at(), &PEOPLE[1], range).unwrap().rows;
    let whole = |(number, (key, value)): (u64, &(Bytes, Bytes))| {
        **key == number.to_be_bytes()
            && value.len() == VALUE_BYTES
            && value.iter().all(|byte| *byte == number as u8)
    };
    rows.len() as u64 == last && (1..).zip(&rows).all(whole)
}

/// Commits values from `first` on until one is refused; the last that went through, and the refusal.
fn fill(ledger: &mut StoreLedger, first: u64) -> (u64, Error) {
    for number in first..first + 1000 {
        if let Err(error) = commit(ledger, number) {
            return (number - 1, error);
        }
    }
    panic!("nothing limits this file");
}

/// Runs into the limit twice (opening the file again may find room for a few more) and reads after
/// each refusal, in the session that was refused and in a new one.
fn fill_twice(store: &Store, ledger: &mut StoreLedger, first: u64) -> (u64, Error) {
    let (last, _) = fill(ledger, first);
    assert!(holds(ledger, last) && holds(&mut store.ledger().unwrap(), last));
    let (last, error) = fill(ledger, last + 1);
    assert!(holds(ledger, last) && holds(&mut store.ledger().unwrap(), last));
    (last, error)
}

/// A child's part: run into the limit and still read.
pub(crate) fn commit_until_refused(path: &Path) {
    let store = Store::open(path).unwrap();
    let mut ledger = store.ledger().unwrap();
    let (last, error) = fill_twice(&store, &mut ledger, 1);
    say(format_args!("{} {} {last}", error.status.name(), error.host_code));
}

/// A child's part: what an ordinary program does at that limit.
pub(crate) fn write_past_the_limit(path: &Path) {
    let mut file = fs::File::create(path).unwrap();
    for _ in 0..1000 {
        file.write_all(&[0; VALUE_BYTES]).unwrap();
    }
}

/// A child's part: fill a small file system, make room, fill that, open again.
pub(crate) fn fill_and_make_room(folder: &Path) {
    let (path, ballast) = (folder.join("ledger.zvm"), folder.join("ballast"));
    fs::write(&ballast, vec![1; 1 << 20]).unwrap();
    let store = Store::open(&path).unwrap();
    let mut ledger = store.ledger().unwrap();
    let (full, error) = fill_twice(&store, &mut ledger, 1);
    say(format_args!("{} {}", error.status.name(), error.host_code));
    fs::remove_file(&ballast).unwrap();
    let (last, _) = fill_twice(&store, &mut ledger, full + 1);
    assert!(full > 0 && last > full, "{full} values, then {last}");
    drop((ledger, store));
    // Full to the brim: what was acknowledged is there, and can be read.
    assert!(holds(&mut Store::open(&path).unwrap().ledger().unwrap(), last));
    say("whole");
}

/// n117: the limit ends a commit with EFBIG, not the process with a signal.
#[test]
fn n117_the_file_size_limit_stops_a_commit_and_not_the_process() {
    let _alone = crate::child::alone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.zvm");
    let limited =
        |task, path: &Path| command_after(&["sh", "-c"], "ulimit -f 8192", task, path).output().unwrap();

    let control = limited("overrun", &folder.path().join("control"));
    assert_eq!(control.status.signal(), Some(SIGXFSZ), "the limit is not in force: {control:?}");

    let output = limited("grow", &path);
    let said = said(&output);
    assert!(output.status.success(), "{output:?}");
    let last: u64 = said[0].strip_prefix("Host 27 ").expect(&said[0]).parse().unwrap();
    let mut ledger = Store::open(&path).unwrap().ledger().unwrap();
    assert!(last > 0 && holds(&mut ledger, last), "all that was acknowledged is there");
    commit(&mut ledger, last + 1).unwrap();
}

/// n116: a real file system of 4 MiB, filled, relieved and filled again.
#[test]
fn n116_a_full_file_system_loses_nothing() {
    let _alone = crate::child::alone();
    let folder = tempfile::tempdir().unwrap();
    let mount = "mount -t tmpfs -o size=4m tmpfs \"$ZVM_STORE_TEST_PLACE\"";
    let shell = ["unshare", "--mount", "--map-root-user", "sh", "-c"];
    match command_after(&shell, mount, "fill", folder.path()).output() {
        Ok(output) if said(&output).is_empty() && !ran(&output) => {
            eprintln!("SKIPPED n116, a full tmpfs: no mount namespace is permitted: {output:?}");
        }
        Ok(output) => {
            assert!(output.status.success(), "{output:?}");
            assert_eq!(said(&output), ["Host 28", "whole"]);
        }
        Err(error) => eprintln!("SKIPPED n116, a full tmpfs: unshare cannot be run: {error}"),
    }
}

/// Whether the child came as far as the test harness.
fn ran(output: &std::process::Output) -> bool {
    String::from_utf8_lossy(&output.stdout).contains("running 1 test")
}
