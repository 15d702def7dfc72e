//! What `Store::open` meets in the wild: files of others, damaged files, things that are no files.

use std::fs;
use std::path::Path;
use std::process::Command;

use redb::{Database, ReadableDatabase, TableDefinition};
use zvm::error::{Error, Status};
use zvm::state::ledger::Ledger;
use zvm::state::store::Store;

use crate::child::{command, command_after, said, say};
use crate::story::{changes, state, states};

/// A child's part: open, and say how that went.
pub(crate) fn open_and_say(path: &Path) {
    match Store::open(path) {
        Ok(_) => say("open"),
        Err(error) => say(format_args!("{} {} {}", error.status.name(), error.host_code, error.message)),
    }
}

fn refusal(path: &Path) -> Error {
    Store::open(path).expect_err("the store opened")
}

fn assert_refused(path: &Path, status: Status, cause: &str) {
    let error = refusal(path);
    assert_eq!(error.status, status, "{error}");
    assert!(error.message.contains(cause), "{error}");
}

#[test]
fn a_second_opener_is_told_that_the_store_is_in_use() {
    let _alone = crate::child::alone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.zvm");
    let store = Store::open(&path).unwrap();
    assert_refused(&path, Status::State, "is in use");
    let other_process = said(&command("open", &path).output().unwrap());
    assert!(other_process[0].starts_with("State 0 ") && other_process[0].contains("is in use"));

    let ledger = store.ledger().unwrap();
    drop(store);
    assert_refused(&path, Status::State, "is in use");
    drop(ledger);
    assert_eq!(said(&command("open", &path).output().unwrap()), ["open"]);
    Store::open(&path).unwrap();
}

#[test]
fn a_file_of_another_program_is_refused_and_left_as_it_was() {
    let _alone = crate::child::alone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theirs");
    let mut zeros_and_text = vec![0; 2 << 20];
    zeros_and_text[1 << 20..(1 << 20) + 5].copy_from_slice(b"hello");
    let files: [&[u8]; 5] =
        [b"x", b"SQLite format 3\0", &[0xff; 5000], &zeros_and_text, b"redb\x1a\x0a\xa9\x0d\x0b and more"];
    for file in files {
        fs::write(&path, file).unwrap();
        assert_refused(&path, Status::Argument, "not a zvm store");
        assert_eq!(fs::read(&path).unwrap(), file);
    }
}

#[test]
fn a_database_of_another_program_is_refused_and_keeps_its_rows() {
    let _alone = crate::child::alone();
    const THEIRS: TableDefinition<&str, u64> = TableDefinition::new("meta");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theirs.redb");
    let db = Database::create(&path).unwrap();
    let write = db.begin_write().unwrap();
    write.open_table(THEIRS).unwrap().insert("answer", 42).unwrap();
    write.commit().unwrap();
    drop(db);
    assert_refused(&path, Status::Argument, "not a zvm store");
    let db = Database::open(&path).unwrap();
    let read = db.begin_read().unwrap();
    assert_eq!(read.list_tables().unwrap().count(), 1);
    assert_eq!(read.open_table(THEIRS).unwrap().get("answer").unwrap().unwrap().value(), 42);
}

#[test]
fn a_store_of_a_later_version_is_refused_by_its_number() {
    let _alone = crate::child::alone();
    const META: TableDefinition<&str, &[u8]> = TableDefinition::new("meta");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.zvm");
    drop(Store::open(&path).unwrap());
    let db = Database::open(&path).unwrap();
    let write = db.begin_write().unwrap();
    write.open_table(META).unwrap().insert("version", 2u32.to_be_bytes().as_slice()).unwrap();
    write.commit().unwrap();
    drop(db);
    assert_refused(&path, Status::Unsupported, "format 2");
}

#[test]
fn an_empty_file_becomes_a_store() {
    let _alone = crate::child::alone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.zvm");
    fs::write(&path, b"").unwrap();
    Store::open(&path).unwrap().ledger().unwrap().commit(&changes(1)).unwrap();
    assert!(state(&mut Store::open(&path).unwrap().ledger().unwrap()).unwrap() == states(1)[1]);
}

/// A store that lost its end is refused, or, where the end was not in use, complete.
#[test]
fn a_truncated_store_is_refused_and_never_shows_another_state() {
    let _alone = crate::child::alone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.zvm");
    let mut ledger = Store::open(&path).unwrap().ledger().unwrap();
    (1..=3).for_each(|number| ledger.commit(&changes(number)).unwrap());
    drop(ledger);
    let whole = fs::read(&path).unwrap();
    let expected = states(3);
    let mut refused = 0;
    let lengths =
        [1, 9, 320, 511, 512, 4095, 4096, 4097].into_iter().chain((8192..whole.len()).step_by(20_011));
    for len in lengths {
        fs::write(&path, &whole[..len]).unwrap();
        match Store::open(&path).and_then(|store| state(&mut store.ledger()?)) {
            Ok(found) => assert!(found == expected[3], "cut to {len} bytes"),
            Err(error) => {
                assert!(matches!(error.status, Status::Host | Status::Argument), "cut to {len}: {error}");
                refused += 1;
            }
        }
    }
    assert!(refused > 8);
}

#[test]
fn a_path_that_is_no_file_is_refused_at_once() {
    let _alone = crate::child::alone();
    let folder = tempfile::tempdir().unwrap();
    assert_refused(folder.path(), Status::Argument, "not a regular file");
    assert_refused(Path::new("/dev/zero"), Status::Argument, "not a regular file");
    let fifo = folder.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    assert_refused(&fifo, Status::Argument, "not a regular file");
    let error = refusal(&folder.path().join("no such folder/ledger.zvm"));
    assert_eq!((error.status, error.host_code), (Status::Host, 2), "{error}");
    assert_eq!(refusal(Path::new("")).status, Status::Host);
}

/// A folder nobody may write to, root included: a read-only file system in a mount namespace.
#[test]
fn a_read_only_folder_is_refused_with_the_systems_reason() {
    let _alone = crate::child::alone();
    let folder = tempfile::tempdir().unwrap();
    let mount = "mount -t tmpfs -o ro tmpfs \"$ZVM_STORE_TEST_PLACE_FOLDER\"";
    let mut child = command_after(
        &["unshare", "--mount", "--map-root-user", "sh", "-c"],
        mount,
        "open",
        &folder.path().join("ledger.zvm"),
    );
    let output = child.env("ZVM_STORE_TEST_PLACE_FOLDER", folder.path()).output();
    match output {
        Ok(output) if output.status.success() => {
            let said = said(&output);
            assert!(said[0].starts_with("Host 30 "), "{said:?}");
        }
        other => eprintln!("SKIPPED: a read-only folder, for no mount namespace is permitted: {other:?}"),
    }
}

/// The file is deleted under an open store: sessions go on; what they commit goes with the file.
#[test]
fn a_deleted_file_does_not_disturb_the_open_store() {
    let _alone = crate::child::alone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.zvm");
    let store = Store::open(&path).unwrap();
    fs::remove_file(&path).unwrap();
    store.ledger().unwrap().commit(&changes(1)).unwrap();
    assert!(state(&mut store.ledger().unwrap()).unwrap() == states(1)[1]);
}

/// A copy of the file made while the store is open has no lock and opens to its last commit.
#[test]
fn a_copy_of_an_idle_open_store_is_complete() {
    let _alone = crate::child::alone();
    let folder = tempfile::tempdir().unwrap();
    let [path, copy] = ["ledger.zvm", "copy.zvm"].map(|name| folder.path().join(name));
    let store = Store::open(&path).unwrap();
    store.ledger().unwrap().commit(&changes(1)).unwrap();
    fs::copy(&path, &copy).unwrap();
    assert!(state(&mut Store::open(&copy).unwrap().ledger().unwrap()).unwrap() == states(1)[1]);
}
