//! The journal's word slots and the ends of accounts: what a transaction sees, what a rollback
//! takes back, what leaves at commit.

use zvm::state::changes::{Change, Write};
use zvm::state::journal::Journal;
use zvm::state::ledger::Ledger;
use zvm::state::memory::MemoryLedger;
use zvm::types::{Account, Address, Bytes, EngineKind, Word};
use zvm::{Error, Status};

use crate::story::at;

const ALICE: Address = Address([7; 20]);
const BOB: Address = Address([8; 20]);

fn word(number: u64) -> Word {
    Word::from(number)
}

fn account(balance: u64, nonce: u64) -> Account {
    Account { balance: word(balance), nonce, ..Account::default() }
}

/// Alice with the slot 1 = 10 and a byte entry, in her first transaction.
fn journal() -> Journal<'static> {
    let mut ledger = MemoryLedger::new();
    ledger.set_account(ALICE, account(5, 1));
    ledger.set_storage(ALICE, word(1).0, word(10).0);
    ledger.set_storage(ALICE, *b"short", *b"bytes");
    let mut journal = Journal::new(Box::new(ledger));
    journal.begin_transaction();
    journal
}

fn read(journal: &mut Journal<'_>, key: u64) -> (Word, bool) {
    let access = journal.word(at(), &ALICE, &word(key)).unwrap();
    (access.value, access.first)
}

/// Writes Alice's slot; what it was when the transaction began and before, and whether it was cold.
fn write(journal: &mut Journal<'_>, key: u64, value: u64) -> (Word, Word, bool) {
    let access = journal.set_word(at(), &ALICE, &word(key), word(value)).unwrap();
    (access.value.original, access.value.before, access.first)
}

fn writes(journal: &Journal<'_>) -> Vec<(Address, Write)> {
    journal.changes().list.into_iter().map(|Change { account, write }| (account, write)).collect()
}

fn set(key: u64, value: u64) -> (Address, Write) {
    (ALICE, Write::Set { key: word(key).0.into(), value: word(value).0.into() })
}

fn delete(key: u64) -> (Address, Write) {
    (ALICE, Write::Delete { key: word(key).0.into() })
}

#[test]
fn a_slot_is_cold_once_in_each_transaction_and_its_original_is_what_the_transaction_found() {
    let mut journal = journal();
    assert!(journal.is_cold_word(&ALICE, &word(1)));
    assert_eq!(read(&mut journal, 1), (word(10), true));
    assert!(!journal.is_cold_word(&ALICE, &word(1)));
    assert_eq!(read(&mut journal, 1), (word(10), false));
    assert_eq!(write(&mut journal, 1, 11), (word(10), word(10), false));
    assert_eq!(write(&mut journal, 1, 12), (word(10), word(11), false));
    assert_eq!(write(&mut journal, 2, 1), (word(0), word(0), true));
    journal.begin_transaction();
    assert_eq!(write(&mut journal, 1, 13), (word(12), word(12), true));
    assert_eq!(read(&mut journal, 2), (word(1), true));
}

#[test]
fn a_warmed_slot_is_not_cold_until_the_next_transaction() {
    let mut journal = journal();
    journal.warm_word(&ALICE, &word(1));
    assert!(!journal.is_cold_word(&ALICE, &word(1)));
    let checkpoint = journal.checkpoint();
    assert_eq!(read(&mut journal, 1), (word(10), false));
    journal.rollback(checkpoint);
    assert_eq!(write(&mut journal, 1, 1), (word(10), word(10), false));
    journal.begin_transaction();
    assert_eq!(read(&mut journal, 1), (word(1), true));
}

#[test]
fn a_rollback_takes_words_transient_words_warmth_and_refunds_back() {
    let mut journal = journal();
    write(&mut journal, 1, 11);
    journal.set_transient_word(&ALICE, &word(1), word(5));
    journal.add_refund(4800);
    let checkpoint = journal.checkpoint();
    write(&mut journal, 1, 12);
    write(&mut journal, 2, 1);
    journal.set_transient_word(&ALICE, &word(1), word(6));
    journal.set_transient_word(&ALICE, &word(2), word(6));
    journal.add_refund(-4800);
    assert_eq!(journal.refund(), 0);
    journal.rollback(checkpoint);
    assert_eq!(read(&mut journal, 1), (word(11), false));
    assert_eq!(read(&mut journal, 2), (word(0), true));
    assert_eq!(journal.transient_word(&ALICE, &word(1)), word(5));
    assert_eq!(journal.transient_word(&ALICE, &word(2)), word(0));
    assert_eq!(journal.refund(), 4800);
    journal.begin_transaction();
    assert_eq!((journal.transient_word(&ALICE, &word(1)), journal.refund()), (word(0), 0));
}

#[test]
fn words_leave_among_byte_entries_in_order_and_zero_is_a_deletion() {
    let mut journal = journal();
    write(&mut journal, 1, 0);
    write(&mut journal, 3, 30);
    write(&mut journal, 2, 20);
    write(&mut journal, 4, 40);
    write(&mut journal, 4, 0);
    let key = Bytes::from(*b"short");
    journal.set_storage(at(), &ALICE, &key, None).unwrap();
    let expected = [delete(1), set(2, 20), set(3, 30), (ALICE, Write::Delete { key })];
    assert_eq!(writes(&journal), expected);
    journal.commit().unwrap();
    assert_eq!(writes(&journal), []);
    journal.begin_transaction();
    assert_eq!(write(&mut journal, 2, 21), (word(20), word(20), true));
    assert_eq!(writes(&journal), [set(2, 21)]);
}

#[test]
fn a_ledger_that_holds_no_word_where_a_slot_is_read_breaks_its_rules() {
    let mut ledger = MemoryLedger::new();
    ledger.set_storage(ALICE, word(1).0, *b"short");
    let mut journal = Journal::new(Box::new(ledger));
    let Error { status, .. } = journal.word(at(), &ALICE, &word(1)).unwrap_err();
    assert_eq!(status, Status::HostProtocol);
}

#[test]
fn entries_read_ahead_serve_as_words_where_the_engine_has_words() {
    for engine in [None, Some(EngineKind::Evm), Some(EngineKind::Zvm)] {
        let mut ledger = MemoryLedger::new();
        ledger.set_account(ALICE, Account { engine, ..account(0, 1) });
        ledger.set_storage(ALICE, word(1).0, word(10).0);
        let mut journal = Journal::new(Box::new(ledger));
        journal.begin_transaction();
        journal.prefetch(at(), &ALICE, &[word(1).0.into(), word(2).0.into()]).unwrap();
        // Kept, but not touched: it is cold still.
        assert_eq!(read(&mut journal, 1), (word(10), true), "{engine:?}");
        assert_eq!(write(&mut journal, 2, 1), (word(0), word(0), true), "{engine:?}");
    }
}

#[test]
fn an_account_is_cold_until_it_is_visited_or_warmed() {
    let mut journal = journal();
    journal.warm_account(&BOB);
    assert!(journal.is_cold_account(&ALICE) && !journal.is_cold_account(&BOB));
    let checkpoint = journal.checkpoint();
    assert!(journal.visit(at(), &ALICE).unwrap().cold);
    assert!(!journal.visit(at(), &ALICE).unwrap().cold);
    assert!(!journal.visit(at(), &BOB).unwrap().cold);
    journal.rollback(checkpoint);
    assert!(journal.visit(at(), &ALICE).unwrap().cold);
    assert!(!journal.visit(at(), &BOB).unwrap().cold);
    journal.begin_transaction();
    assert!(journal.visit(at(), &BOB).unwrap().cold);
}

#[test]
fn a_destroyed_account_lives_to_the_end_of_its_transaction_and_then_leaves_with_all_it_had() {
    let mut journal = journal();
    write(&mut journal, 2, 20);
    assert!(journal.note_destructed(at(), &ALICE).unwrap());
    assert!(!journal.note_destructed(at(), &ALICE).unwrap());
    assert_eq!(read(&mut journal, 1), (word(10), true));
    journal.finish(true);
    assert_eq!(writes(&journal), [(ALICE, Write::Destroy)]);
    // Another life at the same address finds nothing of the first.
    journal.begin_transaction();
    assert!(!journal.has_storage(at(), &ALICE).unwrap());
    assert_eq!(read(&mut journal, 1), (word(0), true));
    assert_eq!(journal.storage(at(), &ALICE, b"short").unwrap().value, None);
    assert_eq!(journal.next_key(at(), &ALICE, b"").unwrap(), None);
    journal.set_account(at(), &ALICE, account(5, 0)).unwrap();
    write(&mut journal, 1, 10);
    let expected = [(ALICE, Write::Destroy), (ALICE, Write::Balance(word(5))), set(1, 10)];
    assert_eq!(writes(&journal), expected);
    journal.commit().unwrap();
    journal.begin_transaction();
    assert_eq!(journal.record(at(), &ALICE).unwrap(), account(5, 0));
    assert_eq!((read(&mut journal, 1), read(&mut journal, 2)), ((word(10), true), (word(0), true)));
    assert_eq!(writes(&journal), []);
}

#[test]
fn an_end_is_taken_back_with_the_frame_or_with_the_savepoint() {
    let mut journal = journal();
    write(&mut journal, 2, 20);
    let savepoint = journal.checkpoint();
    journal.note_destructed(at(), &ALICE).unwrap();
    journal.rollback(savepoint);
    journal.finish(true);
    assert_eq!(writes(&journal), [set(2, 20)]);
    journal.begin_transaction();
    journal.note_destructed(at(), &ALICE).unwrap();
    journal.finish(true);
    assert_eq!(writes(&journal), [(ALICE, Write::Destroy)]);
    journal.rollback(savepoint);
    assert_eq!(writes(&journal), [set(2, 20)]);
    assert_eq!(journal.record(at(), &ALICE).unwrap(), account(5, 1));
}

#[test]
fn what_began_and_ended_in_one_session_never_leaves() {
    let mut journal = journal();
    journal.set_account(at(), &BOB, account(1, 1)).unwrap();
    journal.note_created(at(), &BOB).unwrap();
    assert!(journal.is_created(&BOB) && !journal.is_created(&ALICE));
    journal.set_word(at(), &BOB, &word(1), word(1)).unwrap();
    journal.note_destructed(at(), &BOB).unwrap();
    journal.finish(true);
    assert_eq!(writes(&journal), []);
    journal.begin_transaction();
    assert!(!journal.is_created(&BOB));
}

#[test]
fn touched_and_empty_ends_or_comes_to_be_as_eip_161_holds_or_not() {
    // Before it, what is touched is there, if with nothing.
    let mut before = journal();
    assert!(!before.visit(at(), &BOB).unwrap().present);
    before.touch(at(), &BOB).unwrap();
    assert!(before.visit(at(), &BOB).unwrap().present);
    before.finish(false);
    assert_eq!(writes(&before), [(BOB, Write::Balance(Word::ZERO))]);
    before.commit().unwrap();
    assert_eq!(writes(&before), []);

    // With it, an empty account ends where it is touched, and none comes to be.
    let mut ledger = MemoryLedger::new();
    ledger.set_account(ALICE, account(0, 0));
    let mut after = Journal::new(Box::new(ledger));
    for address in [ALICE, BOB] {
        after.begin_transaction();
        let checkpoint = after.checkpoint();
        after.touch(at(), &address).unwrap();
        after.rollback(checkpoint);
        after.finish(true);
        assert_eq!(writes(&after), []);
    }
    after.begin_transaction();
    after.touch(at(), &ALICE).unwrap();
    after.touch(at(), &BOB).unwrap();
    after.finish(true);
    assert_eq!(writes(&after), [(ALICE, Write::Destroy)]);
}

#[test]
fn storage_without_code_or_nonce_is_found_in_the_ledger() {
    let mut ledger = MemoryLedger::new();
    ledger.set_account(ALICE, account(0, 0));
    ledger.set_account(BOB, account(1, 0));
    ledger.set_storage(ALICE, word(1).0, word(10).0);
    let mut journal = Journal::new(Box::new(ledger));
    assert!(journal.has_storage(at(), &ALICE).unwrap());
    assert!(!journal.has_storage(at(), &BOB).unwrap());
}

#[test]
fn code_that_is_taken_away_leaves_as_a_zero_hash() {
    let mut ledger = MemoryLedger::new();
    let (hash, code) = (word(9), Bytes::from(*b"code"));
    ledger.set_account(ALICE, Account { code_hash: hash, engine: Some(EngineKind::Evm), ..account(0, 1) });
    ledger.set_code(hash, code);
    let mut journal = Journal::new(Box::new(ledger));
    journal.clear_code(at(), &ALICE).unwrap();
    let none = Write::Code { hash: Word::ZERO, engine: EngineKind::Evm, code: Bytes::default() };
    assert_eq!(writes(&journal), [(ALICE, none.clone())]);
    let mut ledger = MemoryLedger::new();
    ledger.commit(&journal.changes()).unwrap();
    assert_eq!(ledger.account_at(&ALICE), Some(Account::default()));
}
