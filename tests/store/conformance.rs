//! What every ledger answers: the same checks over memory, the store on a simulated disk and the
//! store in a file.

use std::path::Path;

use zvm::state::changes::{Change, Changes, Write};
use zvm::state::ledger::{Ledger, Page, Range};
use zvm::state::memory::MemoryLedger;
use zvm::state::store::Store;
use zvm::types::{Account, Address, Bytes, EngineKind, Word};

use crate::sim::Disk;
use crate::story::{PEOPLE, at, changes, everything, state, states};

const CACHE: usize = 1 << 20;
const ALICE: Address = Address([7; 20]);
/// The address right behind Alice's, whose entries must never show among hers.
const NEIGHBOUR: Address = {
    let mut bytes = [7; 20];
    bytes[19] = 8;
    Address(bytes)
};

/// Runs a check over every ledger.
fn over_every_ledger(check: impl Fn(&mut dyn Ledger)) {
    check(&mut MemoryLedger::new());
    check(&mut Store::with_backend(Disk::empty(), CACHE).unwrap().ledger().unwrap());
    let folder = tempfile::tempdir().unwrap();
    check(&mut in_file(&folder.path().join("ledger.zvm")).ledger().unwrap());
}

fn in_file(path: &Path) -> Store {
    Store::open(path).unwrap()
}

fn commit(ledger: &mut dyn Ledger, account: Address, writes: impl IntoIterator<Item = Write>) {
    let list = writes.into_iter().map(|write| Change { account, write }).collect();
    ledger.commit(&Changes { list, serial: 1, ..Changes::default() }).unwrap();
}

fn bytes(text: &str) -> Bytes {
    text.as_bytes().into()
}

fn set(key: &str, value: &str) -> Write {
    Write::Set { key: bytes(key), value: bytes(value) }
}

fn keys(page: &Page) -> Vec<&str> {
    page.rows.iter().map(|(key, _)| std::str::from_utf8(key).unwrap()).collect()
}

fn scan(ledger: &mut dyn Ledger, start: &str, end: Option<&str>, reverse: bool, limit: usize) -> Page {
    let range = Range { start: start.as_bytes(), end: end.map(str::as_bytes), reverse, limit };
    ledger.scan(at(), &ALICE, range).unwrap()
}

#[test]
fn an_account_is_absent_until_written_and_each_part_is_written_alone() {
    over_every_ledger(|ledger| {
        assert_eq!(ledger.account(at(), &ALICE).unwrap().value, None);
        commit(ledger, ALICE, [Write::Balance(Word::MAX)]);
        commit(ledger, ALICE, [Write::Nonce(u64::MAX)]);
        let code: Bytes = bytes("\0asm");
        let write = Write::Code { hash: Word::from(9), engine: EngineKind::Zvm, code: code.clone() };
        commit(ledger, ALICE, [write]);
        let expected = Account {
            balance: Word::MAX,
            nonce: u64::MAX,
            code_hash: Word::from(9),
            engine: Some(EngineKind::Zvm),
        };
        let found = ledger.account(at(), &ALICE).unwrap();
        assert_eq!((found.value, found.surcharge), (Some(expected), 0));
        assert_eq!(ledger.account(at(), &NEIGHBOUR).unwrap().value, None);
        assert_eq!(ledger.code(at(), &Word::from(9)).unwrap(), Some(code));
        assert_eq!(ledger.code(at(), &Word::from(8)).unwrap(), None);
    });
}

#[test]
fn an_empty_value_is_a_value_and_an_empty_key_a_key() {
    over_every_ledger(|ledger| {
        assert_eq!(ledger.storage(at(), &ALICE, b"").unwrap().value, None);
        commit(ledger, ALICE, [set("", ""), set("k", "v")]);
        assert_eq!(ledger.storage(at(), &ALICE, b"").unwrap().value, Some(bytes("")));
        assert_eq!(ledger.storage(at(), &ALICE, b"k").unwrap().value, Some(bytes("v")));
        assert_eq!(ledger.storage(at(), &NEIGHBOUR, b"k").unwrap().value, None);
        assert_eq!(keys(&scan(ledger, "", None, false, 9)), ["", "k"]);
    });
}

#[test]
fn several_entries_answer_in_the_order_asked() {
    over_every_ledger(|ledger| {
        commit(ledger, ALICE, [set("a", "1"), set("b", "2")]);
        let asked = [bytes("b"), bytes("missing"), bytes("a")];
        let found = ledger.storage_many(at(), &ALICE, &asked).unwrap();
        let found: Vec<_> = found.into_iter().map(|loaded| loaded.value).collect();
        assert_eq!(found, [Some(bytes("2")), None, Some(bytes("1"))]);
    });
}

#[test]
fn a_commit_applies_its_writes_in_order() {
    over_every_ledger(|ledger| {
        commit(ledger, ALICE, [set("a", "1"), set("b", "1")]);
        let gone = Write::Delete { key: bytes("b") };
        let never = Write::Delete { key: bytes("never there") };
        commit(ledger, ALICE, [set("a", "2"), set("a", "3"), gone.clone(), never, gone, set("c", "1")]);
        let page = scan(ledger, "", None, false, 9);
        assert_eq!(page.rows, [(bytes("a"), bytes("3")), (bytes("c"), bytes("1"))]);
    });
}

#[test]
fn an_account_goes_with_all_its_storage_and_may_begin_again() {
    over_every_ledger(|ledger| {
        let code = Write::Code { hash: Word::from(9), engine: EngineKind::Evm, code: bytes("code") };
        let life = [Write::Balance(Word::from(1)), Write::Nonce(1), code, set("", "1"), set("a", "1")];
        commit(ledger, ALICE, life);
        commit(ledger, NEIGHBOUR, [set("", "x"), Write::Nonce(1)]);
        commit(ledger, ALICE, [Write::Destroy]);
        assert_eq!(ledger.account(at(), &ALICE).unwrap().value, None);
        assert!(scan(ledger, "", None, false, 9).rows.is_empty());
        commit(ledger, ALICE, [Write::Destroy, Write::Nonce(2), set("b", "2")]);
        let again = Account { nonce: 2, ..Account::default() };
        assert_eq!(ledger.account(at(), &ALICE).unwrap().value, Some(again));
        assert_eq!(keys(&scan(ledger, "", None, false, 9)), ["b"]);
        assert_eq!(ledger.storage(at(), &NEIGHBOUR, b"").unwrap().value, Some(bytes("x")));
    });
}

#[test]
fn code_of_a_zero_hash_is_none() {
    over_every_ledger(|ledger| {
        let code = |hash, code| Write::Code { hash, engine: EngineKind::Evm, code: bytes(code) };
        commit(ledger, ALICE, [code(Word::from(9), "code")]);
        commit(ledger, ALICE, [code(Word::ZERO, "")]);
        assert_eq!(ledger.account(at(), &ALICE).unwrap().value, Some(Account::default()));
        assert_eq!(ledger.code(at(), &Word::ZERO).unwrap(), None);
    });
}

#[test]
fn a_scan_keeps_its_bounds_in_both_directions() {
    over_every_ledger(|ledger| {
        commit(ledger, NEIGHBOUR, [set("", "x"), set("b", "x")]);
        commit(ledger, ALICE, ["a", "ab", "b", "c", "d"].map(|key| set(key, key)));
        let cases: [(&str, Option<&str>, &[&str]); 9] = [
            ("", None, &["a", "ab", "b", "c", "d"]),
            ("a", Some("b"), &["a", "ab"]),
            ("aa", Some("bb"), &["ab", "b"]),
            ("d", None, &["d"]),
            ("e", None, &[]),
            ("", Some(""), &[]),
            ("b", Some("b"), &[]),
            ("c", Some("a"), &[]),
            ("c", Some("z"), &["c", "d"]),
        ];
        for (start, end, expected) in cases {
            let forward = scan(ledger, start, end, false, 9);
            assert_eq!((keys(&forward), forward.done), (expected.to_vec(), true), "{start}..{end:?}");
            let mut backward = scan(ledger, start, end, true, 9);
            backward.rows.reverse();
            assert_eq!(backward, forward, "{start}..{end:?} backwards");
        }
    });
}

#[test]
fn a_page_says_whether_more_follows() {
    over_every_ledger(|ledger| {
        commit(ledger, ALICE, ["a", "b", "c"].map(|key| set(key, key)));
        for (reverse, order) in [(false, ["a", "b", "c"]), (true, ["c", "b", "a"])] {
            for limit in 1..=4 {
                let page = scan(ledger, "", None, reverse, limit);
                let expected = &order[..limit.min(3)];
                assert_eq!((keys(&page), page.done), (expected.to_vec(), limit >= 3));
            }
        }
        assert!(scan(ledger, "a", Some("c"), false, 2).done, "what is behind the end does not count");
    });
}

/// Keys that are prefixes of each other, of every byte, at the accounts where a range that ends
/// one too early or too late would show.
#[test]
fn pages_over_every_account_meet_every_entry_once() {
    over_every_ledger(|ledger| {
        for account in PEOPLE {
            commit(
                ledger,
                account,
                (0..=255u8).map(|byte| Write::Set {
                    key: vec![byte; 1 + usize::from(byte % 3)].into(),
                    value: account.0.as_slice().into(),
                }),
            );
        }
        for account in PEOPLE {
            let whole = ledger.scan(at(), &account, everything()).unwrap();
            assert_eq!((whole.rows.len(), whole.done), (256, true));
            assert!(whole.rows.iter().all(|(_, value)| **value == account.0));
            let (mut paged, mut start) = (Vec::new(), Vec::new());
            loop {
                let range = Range { start: &start, end: None, reverse: false, limit: 7 };
                let page = ledger.scan(at(), &account, range).unwrap();
                paged.extend(page.rows);
                if page.done {
                    break;
                }
                start = [&paged.last().unwrap().0[..], &[0]].concat();
            }
            assert_eq!(paged, whole.rows);
        }
    });
}

#[test]
fn every_ledger_tells_the_same_story() {
    let expected = states(20);
    over_every_ledger(|ledger| {
        for number in 1..=20 {
            ledger.commit(&changes(number)).unwrap();
            assert!(state(ledger).unwrap() == expected[number as usize], "after commit {number}");
        }
    });
}

#[test]
fn what_was_set_up_in_memory_is_read_through_the_ledger() {
    let mut ledger = MemoryLedger::new();
    let account = Account { nonce: 3, ..Account::default() };
    ledger.set_account(ALICE, account);
    ledger.set_code(Word::from(4), bytes("code"));
    ledger.set_storage(ALICE, bytes("k"), bytes("v"));
    ledger.set_block_hash(5, Word::from(6));
    assert_eq!(ledger.account(at(), &ALICE).unwrap().value, Some(account));
    assert_eq!(ledger.code(at(), &Word::from(4)).unwrap(), Some(bytes("code")));
    assert_eq!(ledger.storage(at(), &ALICE, b"k").unwrap().value, Some(bytes("v")));
    assert_eq!(ledger.block_hash(at(), 5).unwrap(), Some(Word::from(6)));
    assert_eq!(ledger.block_hash(at(), 4).unwrap(), None);
    assert_eq!(ledger.accounts().collect::<Vec<_>>(), [(&ALICE, &account)]);
    assert_eq!(ledger.entries(&ALICE).collect::<Vec<_>>(), [(&bytes("k"), &bytes("v"))]);
}

#[test]
fn a_session_of_the_store_sees_its_own_commits_and_no_others() {
    let store = Store::with_backend(Disk::empty(), CACHE).unwrap();
    let [mut mine, mut other] = [store.ledger().unwrap(), store.ledger().unwrap()];
    commit(&mut other, ALICE, [set("a", "other"), set("b", "other")]);
    assert_eq!(keys(&scan(&mut mine, "", None, false, 9)), [""; 0]);
    commit(&mut mine, ALICE, [set("a", "mine")]);
    let rows = scan(&mut mine, "", None, false, 9).rows;
    assert_eq!(rows, [(bytes("a"), bytes("mine")), (bytes("b"), bytes("other"))], "the last commit wins");
    assert_eq!(other.storage(at(), &ALICE, b"a").unwrap().value, Some(bytes("other")));
    other.refresh().unwrap();
    assert_eq!(other.storage(at(), &ALICE, b"a").unwrap().value, Some(bytes("mine")));
}

/// n118: entries come and go before, at and after the place a scan has reached.
#[test]
fn n118_pages_of_one_session_ignore_what_others_commit_between_them() {
    let store = Store::with_backend(Disk::empty(), CACHE).unwrap();
    commit(&mut store.ledger().unwrap(), ALICE, ["b", "d", "f"].map(|key| set(key, "old")));
    let mut session = store.ledger().unwrap();
    assert_eq!(keys(&scan(&mut session, "", None, false, 1)), ["b"]);
    let gone = |key| Write::Delete { key: bytes(key) };
    let writes = [set("a", "new"), gone("b"), set("c", "new"), gone("d"), set("f", "new"), set("g", "new")];
    commit(&mut store.ledger().unwrap(), ALICE, writes);
    for round in 0..50 {
        commit(&mut store.ledger().unwrap(), ALICE, [set("filler", &"x".repeat(round * 100))]);
    }
    let rest = scan(&mut session, "b\0", None, false, 9);
    assert_eq!(rest.rows, [(bytes("d"), bytes("old")), (bytes("f"), bytes("old"))]);
}

/// n118: a thousand sessions hold a thousand states, each its own.
#[test]
fn n118_a_thousand_sessions_hold_their_states() {
    let store = Store::with_backend(Disk::empty(), CACHE).unwrap();
    let mut sessions = Vec::new();
    for number in 0..1000u64 {
        let mut ledger = store.ledger().unwrap();
        commit(&mut ledger, ALICE, [Write::Nonce(number)]);
        sessions.push(ledger);
    }
    for (number, session) in (0..).zip(&mut sessions) {
        assert_eq!(session.account(at(), &ALICE).unwrap().value.unwrap().nonce, number);
    }
}

#[test]
fn block_hashes_of_the_store_are_known_to_later_sessions() {
    let store = Store::with_backend(Disk::empty(), CACHE).unwrap();
    let mut earlier = store.ledger().unwrap();
    store.set_block_hash(7, Word::from(70)).unwrap();
    assert_eq!(earlier.block_hash(at(), 7).unwrap(), None);
    let mut later = store.ledger().unwrap();
    assert_eq!(later.block_hash(at(), 7).unwrap(), Some(Word::from(70)));
    assert_eq!(later.block_hash(at(), 8).unwrap(), None);
}

#[test]
fn the_store_is_there_again_after_it_was_closed() {
    let _alone = crate::child::alone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.zvm");
    let expected = states(5);
    for number in 1..=5 {
        let store = in_file(&path);
        let mut ledger = store.ledger().unwrap();
        assert!(state(&mut ledger).unwrap() == expected[number as usize - 1]);
        ledger.commit(&changes(number)).unwrap();
    }
    assert!(state(&mut in_file(&path).ledger().unwrap()).unwrap() == expected[5]);
}

/// Writers from many threads are served one by one; no commit is lost.
#[test]
fn threads_share_a_store() {
    let store = Store::with_backend(Disk::empty(), CACHE).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..8u8 {
            let store = store.clone();
            scope.spawn(move || {
                let mut ledger = store.ledger().unwrap();
                for number in 0..10u8 {
                    let key: Bytes = [thread, number].into();
                    commit(&mut ledger, ALICE, [Write::Set { key: key.clone(), value: key.clone() }]);
                    assert_eq!(ledger.storage(at(), &ALICE, &key).unwrap().value, Some(key));
                }
            });
        }
    });
    assert_eq!(store.ledger().unwrap().scan(at(), &ALICE, everything()).unwrap().rows.len(), 80);
}
