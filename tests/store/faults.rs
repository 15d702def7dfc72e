//! Disks that fail at the n-th operation, for every n (n113, n114, n116): an error of the
//! embedder's disk, no partial commit, readers live, the next commit heals.

use zvm::error::{Result, Status};
use zvm::state::ledger::Ledger;
use zvm::state::store::{Store, StoreLedger};

use crate::sim::{Disk, Fault, How, Kind};
use crate::story::{State, changes, state, states};

/// No memory for pages: every read and write is one of the disk.
const CACHE: usize = 0;
const EIO: i32 = 5;
const EINTR: i32 = 4;
const ENOSPC: i32 = 28;

/// A store with three commits behind it, opened anew so that nothing is cached, and sessions on
/// its second and third state.
struct Scene {
    disk: Disk,
    store: Store,
    older: StoreLedger,
    reader: StoreLedger,
    states: Vec<State>,
}

impl Scene {
    fn set() -> Self {
        let disk = Disk::empty();
        let store = Store::with_backend(disk.clone(), CACHE).unwrap();
        store.ledger().unwrap().commit(&changes(1)).unwrap();
        store.ledger().unwrap().commit(&changes(2)).unwrap();
        drop(store);
        let store = Store::with_backend(disk.clone(), CACHE).unwrap();
        let older = store.ledger().unwrap();
        store.ledger().unwrap().commit(&changes(3)).unwrap();
        let reader = store.ledger().unwrap();
        Self { disk, store, older, reader, states: states(4) }
    }

    fn commit(&self) -> Result<()> {
        self.store.ledger()?.commit(&changes(4))
    }

    /// Every open session and a new one read what they should. Where reads fail, they may fail to,
    /// and a new session may find the commit that is in doubt.
    fn assert_readers(&mut self, failing: Kind, doing: &str) {
        let strict = failing != Kind::Read;
        let fresh = self.store.ledger().and_then(|mut ledger| state(&mut ledger));
        if strict || fresh.as_ref().ok() != Some(&self.states[4]) {
            answers(fresh, &self.states[3], strict, &format!("{doing}: a new session"));
        }
        answers(state(&mut self.reader), &self.states[3], strict, &format!("{doing}: a session"));
        answers(state(&mut self.older), &self.states[2], strict, &format!("{doing}: an older session"));
    }
}

fn answers(found: Result<State>, expected: &State, strict: bool, who: &str) {
    match found {
        Ok(found) => assert!(found == *expected, "{who} reads another state"),
        Err(error) => {
            assert_eq!(error.status, Status::Host, "{who}: {error}");
            assert!(!strict, "{who} cannot read: {error}");
        }
    }
}

/// Fails the n-th operation of a kind, for every n that a commit reaches; how many those were.
fn fail_every(kind: Kind, how: How, lasting: bool) -> usize {
    for at in 0.. {
        let mut scene = Scene::set();
        let doing = format!("{kind:?} {at} failing with {how:?}, lasting {lasting}");
        scene.disk.arm(Fault { kind, at, how, lasting });
        let first = scene.commit();
        if scene.disk.disarm() == 0 {
            first.unwrap();
            return at;
        }
        let error = first.expect_err(&doing);
        assert_eq!(error.status, Status::Host, "{doing}: {error}");
        if let How::Error(number) = how {
            assert_eq!(error.host_code, number, "{doing}: {error}");
        }
        if lasting {
            scene.disk.arm(Fault { kind, at: 0, how, lasting });
            scene.assert_readers(kind, &doing);
            assert_eq!(scene.commit().expect_err(&doing).status, Status::Host);
            scene.assert_readers(kind, &doing);
            scene.disk.disarm();
        } else {
            scene.assert_readers(kind, &doing);
        }
        heals(scene, &doing);
    }
    unreachable!()
}

/// The fault is gone: the same commit goes through, and is still there after a power loss.
fn heals(mut scene: Scene, doing: &str) {
    scene.commit().unwrap_or_else(|error| panic!("{doing}, then healed: {error}"));
    let found = state(&mut scene.store.ledger().unwrap()).unwrap();
    assert!(found == scene.states[4], "{doing}: the commit is not whole");
    answers(state(&mut scene.reader), &scene.states[3], false, doing);
    answers(state(&mut scene.older), &scene.states[2], false, doing);
    scene.reader.refresh().unwrap();
    assert!(state(&mut scene.reader).unwrap() == scene.states[4], "{doing}: a refreshed session");
    let after_power_loss = Store::with_backend(Disk::holding(scene.disk.durable()), CACHE).unwrap();
    let found = state(&mut after_power_loss.ledger().unwrap()).unwrap();
    assert!(found == scene.states[4], "{doing}: an acknowledged commit is lost with the power");
}

#[test]
fn n113_a_commit_fails_cleanly_at_every_read() {
    assert!(fail_every(Kind::Read, How::Error(EIO), false) > 3);
    fail_every(Kind::Read, How::Error(EIO), true);
    fail_every(Kind::Read, How::Error(EINTR), false);
}

#[test]
fn n114_a_commit_fails_cleanly_at_every_write() {
    assert!(fail_every(Kind::Write, How::Error(EIO), false) > 10);
    fail_every(Kind::Write, How::Short, false);
}

/// A failed sync leaves what it was to write visible and not durable; the commit after it must
/// not build on that.
#[test]
fn n114_a_commit_fails_cleanly_at_every_sync() {
    assert_eq!(fail_every(Kind::Sync, How::Error(EIO), false), 2, "a commit of two phases syncs twice");
    fail_every(Kind::Sync, How::Error(EIO), true);
}

/// n116 by injection: the disk stays full, reads go on, and room makes commits possible again.
#[test]
fn n116_a_full_disk_stops_commits_and_nothing_else() {
    fail_every(Kind::Write, How::Error(ENOSPC), true);
}

/// n113: a session's read fails once; it says so, and goes on where it was.
#[test]
fn n113_a_session_survives_a_failing_read_at_every_place() {
    for at in 0.. {
        let mut scene = Scene::set();
        scene.disk.arm(Fault { kind: Kind::Read, at, how: How::Error(EIO), lasting: false });
        let found = state(&mut scene.reader);
        if scene.disk.disarm() == 0 {
            assert!(at > 3, "nothing was read from the disk");
            return;
        }
        answers(found, &scene.states[3], true, "a session whose read failed once");
        scene.assert_readers(Kind::Read, "after a failed read");
        heals(scene, "after a failed read");
    }
}

/// n114: once the file was opened again, its pages are given away without regard to older snapshots.
/// Their sessions are told so, rather than shown what is in those pages now.
#[test]
fn n114_a_snapshot_of_before_the_failure_ends_and_never_shows_anything_else() {
    let mut scene = Scene::set();
    let [mut untouched, mut read_before] = [scene.reader.clone(), scene.older.clone()];
    assert!(state(&mut read_before).unwrap() == scene.states[2]);
    scene.disk.arm(Fault { kind: Kind::Write, at: 5, how: How::Error(EIO), lasting: false });
    scene.commit().unwrap_err();
    scene.disk.disarm();
    for number in 4..30 {
        scene.store.ledger().unwrap().commit(&changes(number)).unwrap();
        for session in [&mut untouched, &mut read_before, &mut scene.reader, &mut scene.older] {
            let error = state(session).expect_err("a snapshot outlived its pages");
            assert!(error.status == Status::Host && error.message.contains("make a new session"), "{error}");
        }
    }
    untouched.refresh().unwrap();
    assert!(state(&mut untouched).unwrap() == states(29)[29]);
}

/// n114: the same changes twice, as after a doubtful failure.
#[test]
fn n114_a_commit_taken_twice_is_taken_once() {
    let scene = Scene::set();
    scene.commit().unwrap();
    scene.commit().unwrap();
    assert!(state(&mut scene.store.ledger().unwrap()).unwrap() == scene.states[4]);
}

/// n113: opening fails at the n-th operation, for every n; afterwards the store opens as it was.
#[test]
fn n113_opening_fails_cleanly_at_every_operation() {
    let scene = Scene::set();
    let (image, expected) = (scene.disk.durable(), scene.states[3].clone());
    drop(scene);
    for kind in [Kind::Read, Kind::Write, Kind::Sync] {
        for at in 0.. {
            let disk = Disk::holding(image.clone());
            disk.arm(Fault { kind, at, how: How::Error(EIO), lasting: true });
            let opened =
                Store::with_backend(disk.clone(), CACHE).and_then(|store| state(&mut store.ledger()?));
            let fired = disk.disarm();
            answers(opened, &expected, fired == 0, &format!("{kind:?} {at} failing while opening"));
            let store = Store::with_backend(disk, CACHE).unwrap();
            assert!(state(&mut store.ledger().unwrap()).unwrap() == expected);
            if fired == 0 {
                break;
            }
        }
    }
}
