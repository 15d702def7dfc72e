//! The overlay over the ledger, with its undo log.
//!
//! A read asks the ledger once and is kept, absence included. A write stays here and leaves
//! once, at commit. A checkpoint is the length of the undo log; rolling back takes entries
//! off its end, so checkpoints nest to any depth for nothing. The journal reports what
//! happened (first touch, old value, surcharge); what that costs is the engine's business.

use hashbrown::hash_map::EntryRef;
use hashbrown::{HashMap, HashSet};

use super::entry::{Entry, TransactionNumber};
use super::ledger::{Ledger, ReadContext};
use super::undo::Undo;
use crate::crypto::hash::keccak256;
use crate::error::{Error, Result, Status};
use crate::outcome::Halt;
use crate::types::{Account, Address, Bytes, EngineKind, Log, Word};

/// A place in the undo log to return to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Checkpoint(usize);

/// A value, and what the access to it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access<T> {
    /// The value.
    pub value: T,
    /// The ledger's surcharge that is due now.
    pub surcharge: u64,
    /// Whether this transaction touched it for the first time.
    pub first: bool,
}

impl<T> Access<T> {
    /// The same access, with what is made of its value.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Access<U> {
        let Self { value, surcharge, first } = self;
        Access { value: make(value), surcharge, first }
    }
}

/// The state as one session sees it.
///
/// Contracts choose the keys of these maps, so they are hashed with hashbrown's default hasher,
/// foldhash: fast on short keys, and seeded anew in each process, so that nobody can choose keys
/// that collide. That their order differs too never shows: what leaves is sorted.
pub struct Journal<'l> {
    pub(super) ledger: Box<dyn Ledger + 'l>,
    pub(super) entries: HashMap<Address, Entry>,
    pub(super) undo: Vec<Undo>,
    pub(super) transaction: TransactionNumber,
    /// What is warm in this transaction before its first access.
    pub(super) warm_accounts: HashSet<Address>,
    pub(super) warm_words: HashSet<(Address, Word)>,
    /// Accounts with a mark of this transaction; one that was taken back may still be listed.
    pub(super) touched: Vec<Address>,
    pub(super) destructed: Vec<Address>,
    pub(super) transient: HashMap<(Address, Bytes), Bytes>,
    pub(super) transient_words: HashMap<(Address, Word), Word>,
    pub(super) codes: HashMap<Word, Bytes>,
    pub(super) new_codes: HashSet<Word>,
    block_hashes: HashMap<u64, Option<Word>>,
    pub(super) logs: Vec<Log>,
    pub(super) first_log: usize,
    pub(super) refund: i64,
    pub(super) serial: u64,
}

impl<'l> Journal<'l> {
    /// An empty overlay over a ledger.
    #[must_use]
    pub fn new(ledger: Box<dyn Ledger + 'l>) -> Self {
        Self {
            ledger,
            entries: HashMap::new(),
            undo: Vec::new(),
            transaction: 0,
            warm_accounts: HashSet::new(),
            warm_words: HashSet::new(),
            touched: Vec::new(),
            destructed: Vec::new(),
            transient: HashMap::new(),
            transient_words: HashMap::new(),
            codes: HashMap::new(),
            new_codes: HashSet::new(),
            block_hashes: HashMap::new(),
            logs: Vec::new(),
            first_log: 0,
            refund: 0,
            serial: 1,
        }
    }

    /// Begins a transaction: transient storage, refunds and first touches start afresh. Its
    /// logs are the ones from here on.
    pub fn begin_transaction(&mut self) {
        self.transaction += 1;
        self.warm_accounts.clear();
        self.warm_words.clear();
        self.touched.clear();
        self.destructed.clear();
        self.transient.clear();
        self.transient_words.clear();
        self.refund = 0;
        self.first_log = self.logs.len();
    }

    /// The place to return to.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint(self.undo.len())
    }

    /// Whether the undo log still reaches back to this place.
    #[must_use]
    pub fn holds(&self, checkpoint: Checkpoint) -> bool {
        checkpoint.0 <= self.undo.len()
    }

    /// Takes back everything since the checkpoint.
    pub fn rollback(&mut self, checkpoint: Checkpoint) {
        while self.undo.len() > checkpoint.0 {
            match self.undo.pop().expect("longer than the checkpoint") {
                Undo::Account { address, old } => self.known(&address).current = old,
                Undo::Storage { address, key, old } => {
                    self.known(&address).set(&key, old);
                }
                Undo::Word { address, key, old } => self.known(&address).set_word(&key, old),
                Undo::MakeBytes { address, key, old } => self.known(&address).make_word(key, old),
                Undo::TouchWord { address, key, before } => {
                    self.known(&address).word(&key).surcharge.untouch(before);
                }
                Undo::TransientWord { address, key, old } => {
                    self.transient_words.insert((address, key), old);
                }
                Undo::Marks { address, old } => self.unmark(&address, old),
                Undo::Destroy { address, old } => *self.known(&address) = *old,
                Undo::Touch { address, key: None, before } => {
                    self.known(&address).surcharge.untouch(before);
                }
                Undo::Touch { address, key: Some(key), before } => {
                    self.known(&address).slot(&key).surcharge.untouch(before);
                }
                Undo::Transient { address, key, old: Some(old) } => {
                    self.transient.insert((address, key), old);
                }
                Undo::Transient { address, key, old: None } => {
                    self.transient.remove(&(address, key));
                }
                Undo::Code { hash } => {
                    self.new_codes.remove(&hash);
                    self.codes.remove(&hash);
                }
                Undo::Log => {
                    self.logs.pop();
                }
                Undo::Refund { old } => self.refund = old,
            }
        }
    }

    /// Forgets how to take changes back; no checkpoint taken before may be used again.
    pub fn settle(&mut self) {
        self.undo.clear();
    }

    /// The account, zero in every field where the ledger has none.
    ///
    /// # Errors
    /// The ledger's.
    pub fn account(&mut self, at: ReadContext, address: &Address) -> Result<Access<Account>> {
        let now = self.transaction;
        let entry = self.entry(at, address)?;
        let (value, (surcharge, before)) = (entry.current, entry.surcharge.touch(now));
        if let Some(before) = before {
            self.undo.push(Undo::Touch { address: *address, key: None, before });
        }
        Ok(Access { value, surcharge, first: before.is_some() })
    }

    /// The account's record, read for our own purposes: not a touch of a contract.
    ///
    /// # Errors
    /// The ledger's.
    pub fn record(&mut self, at: ReadContext, address: &Address) -> Result<Account> {
        Ok(self.entry(at, address)?.current)
    }

    /// Replaces the account's record.
    ///
    /// # Errors
    /// The ledger's.
    pub fn set_account(&mut self, at: ReadContext, address: &Address, record: Account) -> Result<()> {
        let entry = self.entry(at, address)?;
        let old = std::mem::replace(&mut entry.current, record);
        self.undo.push(Undo::Account { address: *address, old });
        Ok(())
    }

    /// Changes the account's record.
    ///
    /// # Errors
    /// The ledger's.
    pub fn change_account(
        &mut self,
        at: ReadContext,
        address: &Address,
        change: impl FnOnce(&mut Account),
    ) -> Result<()> {
        let entry = self.entry(at, address)?;
        let old = entry.current;
        change(&mut entry.current);
        self.undo.push(Undo::Account { address: *address, old });
        Ok(())
    }

    /// Moves an amount. The inner result is the contract's failure, and then nothing moved.
    ///
    /// # Errors
    /// The ledger's.
    pub fn transfer(
        &mut self,
        at: ReadContext,
        from: &Address,
        to: &Address,
        amount: Word,
    ) -> Result<std::result::Result<(), Halt>> {
        if amount.is_zero() {
            return Ok(Ok(()));
        }
        let mut payer = self.entry(at, from)?.current;
        let Some(rest) = payer.balance.checked_sub(amount) else {
            return Ok(Err(Halt::InsufficientBalance));
        };
        if from == to {
            return Ok(Ok(()));
        }
        let mut payee = self.entry(at, to)?.current;
        let Some(sum) = payee.balance.checked_add(amount) else {
            return Ok(Err(Halt::BalanceOverflow));
        };
        payer.balance = rest;
        payee.balance = sum;
        self.set_account(at, from, payer)?;
        self.set_account(at, to, payee)?;
        Ok(Ok(()))
    }

    /// The code with this hash, as the session created it or the ledger has it.
    ///
    /// # Errors
    /// The ledger's; [`Status::HostProtocol`] where its bytes do not have the hash.
    pub fn code(&mut self, at: ReadContext, hash: &Word) -> Result<Option<Bytes>> {
        if let Some(code) = self.codes.get(hash) {
            return Ok(Some(code.clone()));
        }
        let Some(code) = self.ledger.code(at, hash)? else { return Ok(None) };
        if keccak256(&code) != *hash {
            return Err(Error::new(
                Status::HostProtocol,
                format!("the ledger's code does not hash to {hash}"),
            ));
        }
        self.codes.insert(*hash, code.clone());
        Ok(Some(code))
    }

    /// Takes the account's code away.
    ///
    /// # Errors
    /// The ledger's.
    pub fn clear_code(&mut self, at: ReadContext, address: &Address) -> Result<()> {
        let record = self.entry(at, address)?.current;
        self.set_account(at, address, Account { code_hash: Word::ZERO, ..record })
    }

    /// Gives the account this code.
    ///
    /// # Errors
    /// The ledger's.
    pub fn set_code(
        &mut self,
        at: ReadContext,
        address: &Address,
        engine: EngineKind,
        hash: Word,
        code: Bytes,
    ) -> Result<()> {
        let mut record = self.entry(at, address)?.current;
        record.code_hash = hash;
        record.engine = Some(engine);
        self.set_account(at, address, record)?;
        if self.new_codes.insert(hash) {
            self.codes.insert(hash, code);
            self.undo.push(Undo::Code { hash });
        }
        Ok(())
    }

    /// The value of a transient entry; gone with the transaction.
    #[must_use]
    pub fn transient(&self, address: &Address, key: &Bytes) -> Option<Bytes> {
        self.transient.get(&(*address, key.clone())).cloned()
    }

    /// Writes a transient entry.
    pub fn set_transient(&mut self, address: &Address, key: &Bytes, value: Bytes) {
        let old = self.transient.insert((*address, key.clone()), value);
        self.undo.push(Undo::Transient { address: *address, key: key.clone(), old });
    }

    /// Emits an event.
    pub fn log(&mut self, log: Log) {
        self.logs.push(log);
        self.undo.push(Undo::Log);
    }

    /// The events of this transaction that stand.
    #[must_use]
    pub fn logs(&self) -> &[Log] {
        &self.logs[self.first_log..]
    }

    /// Adds to the refund of this transaction, or takes from it what was added too early.
    pub fn add_refund(&mut self, amount: i64) {
        self.undo.push(Undo::Refund { old: self.refund });
        self.refund = self.refund.saturating_add(amount);
    }

    /// The refund of this transaction, uncapped.
    #[must_use]
    pub fn refund(&self) -> u64 {
        u64::try_from(self.refund).unwrap_or(0)
    }

    /// The hash of an earlier block.
    ///
    /// # Errors
    /// The ledger's.
    pub fn block_hash(&mut self, at: ReadContext, number: u64) -> Result<Option<Word>> {
        if let Some(known) = self.block_hashes.get(&number) {
            return Ok(*known);
        }
        let hash = self.ledger.block_hash(at, number)?;
        self.block_hashes.insert(number, hash);
        Ok(hash)
    }

    /// Drops every change and every cached read.
    pub fn reset(&mut self) {
        let (transaction, serial) = (self.transaction, self.serial);
        self.entries.clear();
        self.undo.clear();
        self.transient.clear();
        self.transient_words.clear();
        self.touched.clear();
        self.destructed.clear();
        self.codes.clear();
        self.new_codes.clear();
        self.block_hashes.clear();
        self.logs.clear();
        (self.first_log, self.refund) = (0, 0);
        (self.transaction, self.serial) = (transaction, serial);
    }

    pub(super) fn entry(&mut self, at: ReadContext, address: &Address) -> Result<&mut Entry> {
        load(&mut self.entries, self.ledger.as_mut(), at, address)
    }

    pub(super) fn known(&mut self, address: &Address) -> &mut Entry {
        self.entries.get_mut(address).expect("a touched account is kept")
    }
}

/// The account's entry, asked of the ledger the first time.
pub(super) fn load<'e>(
    entries: &'e mut HashMap<Address, Entry>,
    ledger: &mut (dyn Ledger + '_),
    at: ReadContext,
    address: &Address,
) -> Result<&'e mut Entry> {
    match entries.entry_ref(address) {
        EntryRef::Occupied(known) => Ok(known.into_mut()),
        EntryRef::Vacant(place) => {
            let loaded = ledger.account(at, address)?;
            Ok(place.insert_with_key(*address, Entry::loaded(loaded)))
        }
    }
}
