//! Words among bytes: nobody can tell which of the two an entry is kept as.
//!
//! Two journals do the same things, made up from a seed. One is asked for words as words; the other has
//! nothing but bytes, of which the words are made here.

use zvm::state::changes::Changes;
use zvm::state::journal::{Access, Checkpoint, Journal};
use zvm::state::memory::MemoryLedger;
use zvm::types::{Account, Address, Bytes, Word};

use crate::story::at;

const OWN: Address = Address([7; 20]);

/// A contract with words, zeros, and values of other lengths under keys of words.
fn journal() -> Journal<'static> {
    let mut ledger = MemoryLedger::new();
    ledger.set_account(OWN, Account { nonce: 1, ..Account::default() });
    ledger.set_storage(OWN, Word::from(1).0, Word::from(10).0);
    ledger.set_storage(OWN, Word::from(2).0, [0; 32]);
    ledger.set_storage(OWN, Word::from(3).0, [5; 33]);
    ledger.set_storage(OWN, Word::from(4).0, *b"short");
    ledger.set_storage(OWN, *b"key", Word::from(1).0);
    let mut journal = Journal::new(Box::new(ledger));
    journal.begin_transaction();
    journal
}

/// Numbers without a pattern (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn key(&mut self) -> Bytes {
        match self.below(8) {
            0 => b"key"[..].into(),
            number => Word::from(number).0.into(),
        }
    }

    fn value(&mut self) -> Option<Bytes> {
        match self.below(5) {
            0 => None,
            1 => Some([0; 32].into()),
            2 => Some([9; 34].into()),
            number => Some(Word::from(number).0.into()),
        }
    }
}

#[derive(Debug, PartialEq)]
enum Seen {
    Word(Access<Word>),
    Bytes(Access<Option<Bytes>>),
    Next(Option<Bytes>),
    Holds(bool),
    Changes(Changes),
    Nothing,
}

fn word_of(bytes: &Bytes) -> Word {
    Word::from_last(bytes)
}

struct Side {
    journal: Journal<'static>,
    checkpoints: Vec<Checkpoint>,
    has_words: bool,
}

impl Side {
    fn new(has_words: bool) -> Self {
        Self { journal: journal(), checkpoints: Vec::new(), has_words }
    }

    fn word(&mut self, key: &Word) -> Access<Word> {
        match self.has_words {
            true => self.journal.word_among_bytes(at(), &OWN, key).unwrap(),
            false => {
                let access = self.journal.storage(at(), &OWN, &key.0).unwrap();
                access.map(|value| value.map_or(Word::ZERO, word_of))
            }
        }
    }

    fn set_word(&mut self, key: &Word, value: Word) {
        match self.has_words {
            true => self.journal.set_word_among_bytes(at(), &OWN, key, value).unwrap(),
            false => {
                let value = (!value.is_zero()).then(|| value.0.into());
                self.journal.set_storage(at(), &OWN, &key.0, value).unwrap();
            }
        }
    }

    /// One thing that code, the session or an embedder does.
    fn act(&mut self, dice: &mut Dice) -> Seen {
        let journal = &mut self.journal;
        match dice.below(100) {
            0..30 => Seen::Word(self.word(&Word::from(dice.below(8)))),
            30..55 => {
                let (key, value) = (Word::from(dice.below(8)), Word::from(dice.below(3)));
                self.set_word(&key, value);
                Seen::Nothing
            }
            55..65 => {
                Seen::Bytes(journal.storage(at(), &OWN, &dice.key()).unwrap().map(|value| value.cloned()))
            }
            65..72 => {
                let (key, value) = (dice.key(), dice.value());
                journal.set_storage(at(), &OWN, &key, value).unwrap();
                Seen::Nothing
            }
            72..78 => Seen::Next(journal.next_key(at(), &OWN, &dice.key()).unwrap()),
            78..80 => Seen::Holds(journal.has_storage(at(), &OWN).unwrap()),
            80..88 => {
                self.checkpoints.push(journal.checkpoint());
                Seen::Nothing
            }
            88..94 => {
                let at = self.checkpoints.pop();
                at.into_iter().for_each(|at| journal.rollback(at));
                Seen::Changes(journal.changes())
            }
            94..96 => {
                let keys = [dice.key(), dice.key()];
                journal.prefetch(at(), &OWN, &keys).unwrap();
                Seen::Nothing
            }
            96..99 => {
                journal.begin_transaction();
                Seen::Changes(journal.changes())
            }
            _ => {
                self.checkpoints.clear();
                journal.commit().unwrap();
                Seen::Nothing
            }
        }
    }
}

#[test]
fn nobody_can_tell_words_among_bytes_from_bytes() {
    for seed in 1..=2_000 {
        let (mut words, mut bytes) = (Side::new(true), Side::new(false));
        let (mut one, mut other) = (Dice(seed * 0x9e37_79b9), Dice(seed * 0x9e37_79b9));
        for step in 0..100 {
            let (seen, should) = (words.act(&mut one), bytes.act(&mut other));
            assert_eq!(seen, should, "seed {seed}, step {step}");
        }
        assert_eq!(words.journal.changes(), bytes.journal.changes(), "seed {seed}");
    }
}

#[test]
fn only_an_access_makes_a_word_among_bytes_warm() {
    let mut journal = journal();
    journal.warm_word(&OWN, &Word::from(1));
    let read =
        |journal: &mut Journal<'_>| journal.word_among_bytes(at(), &OWN, &Word::from(1)).unwrap().first;
    assert!(read(&mut journal), "an access list is the EVM's");
    assert!(!read(&mut journal));
    let access = journal.storage(at(), &OWN, &Word::from(1).0).unwrap();
    assert!(!access.first, "the same entry");
}
