//! What the host keeps: accounts, storage, code, and a trace of who asked for what.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use zvm::crypto::hash::keccak256;
use zvm::ffi::tables::{zvm_admit_op, zvm_query_op};

use super::faults::Fault;

/// The callbacks by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asked {
    Get,
    GetMany,
    Scan,
    Commit,
    Account,
    Code,
    BlockHash,
    Admit,
    Query,
    Log,
}

/// An account as the host has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) balance: [u8; 32],
    pub(crate) nonce: u64,
    pub(crate) code_hash: [u8; 32],
    pub(crate) engine: u32,
}

/// The state: everything a commit may change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) accounts: BTreeMap<[u8; 20], Account>,
    pub(crate) storage: BTreeMap<([u8; 20], Vec<u8>), Vec<u8>>,
    pub(crate) codes: BTreeMap<[u8; 32], Vec<u8>>,
    pub(crate) block_hashes: BTreeMap<u64, [u8; 32]>,
}

/// One commit as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Commit {
    pub(crate) changes: Vec<Change>,
    pub(crate) logs: Vec<Log>,
    pub(crate) serial: u64,
}

/// A change of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) kind: u32,
    pub(crate) flags: u32,
    pub(crate) account: [u8; 20],
    pub(crate) key: Vec<u8>,
    pub(crate) value: Vec<u8>,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Log {
    pub(crate) account: [u8; 20],
    pub(crate) topics: Vec<[u8; 32]>,
    pub(crate) data: Vec<u8>,
}

/// What a hook does with its op.
pub(crate) type Hook<T> = Arc<dyn Fn(&mut T) -> i32 + Send + Sync>;

/// Everything behind the host's one lock.
#[derive(Default)]
pub(crate) struct Inside {
    pub(crate) state: State,
    /// Every callback so far, in order.
    pub(crate) trace: Vec<Asked>,
    /// Misbehaves at the callback with this place in the trace.
    pub(crate) fault: Option<(usize, Fault)>,
    pub(crate) commits: Vec<Commit>,
    /// Which of the two ways of answering the host's tables have.
    pub(crate) answers_in_op: bool,
    pub(crate) lines: Vec<String>,
    pub(crate) admit: Option<Hook<zvm_admit_op>>,
    pub(crate) query: Option<Hook<zvm_query_op>>,
    /// Bytes lent to the library, by address: they stay where they are.
    pub(crate) lent: Vec<Vec<u8>>,
}

/// A host. Each table's context is a share of it, given back by `release`.
#[derive(Default)]
pub(crate) struct Host {
    inside: Mutex<Inside>,
    pub(crate) released: AtomicU32,
}

impl Host {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    /// A host with this state.
    pub(crate) fn of(state: State) -> Arc<Self> {
        let host = Self::new();
        host.inside().state = state;
        host
    }

    pub(crate) fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().expect("no callback panics")
    }

    /// Puts a contract in place.
    pub(crate) fn contract(&self, address: [u8; 20], code: &[u8]) {
        let mut inside = self.inside();
        let hash = keccak256(code).0;
        inside.state.codes.insert(hash, code.to_vec());
        let account = inside.state.accounts.entry(address).or_default();
        (account.code_hash, account.nonce) = (hash, 1);
    }

    /// Gives an account a balance.
    pub(crate) fn balance(&self, address: [u8; 20], balance: [u8; 32]) {
        self.inside().state.accounts.entry(address).or_default().balance = balance;
    }

    /// Puts a storage entry in place.
    pub(crate) fn entry(&self, address: [u8; 20], key: &[u8], value: &[u8]) {
        self.inside().state.storage.insert((address, key.to_vec()), value.to_vec());
    }

    /// How many callbacks there were.
    pub(crate) fn asked(&self) -> usize {
        self.inside().trace.len()
    }

    /// How many of them were of this kind.
    pub(crate) fn asked_for(&self, kind: Asked) -> usize {
        self.inside().trace.iter().filter(|asked| **asked == kind).count()
    }

    /// Misbehaves at the n-th callback from now.
    pub(crate) fn arm(&self, nth: usize, fault: Fault) {
        let mut inside = self.inside();
        inside.fault = Some((inside.trace.len() + nth, fault));
    }

    pub(crate) fn disarm(&self) {
        self.inside().fault = None;
    }

    pub(crate) fn releases(&self) -> u32 {
        self.released.load(Ordering::SeqCst)
    }
}

impl State {
    /// Applies a commit, as any host would.
    pub(crate) fn apply(&mut self, changes: &[Change]) {
        use zvm::ffi::tables::{
            ZVM_CHANGE_BALANCE, ZVM_CHANGE_CODE, ZVM_CHANGE_DELETE, ZVM_CHANGE_NONCE, ZVM_CHANGE_SET,
        };
        for Change { kind, flags, account, key, value } in changes {
            let place = (*account, key.clone());
            let entry = || panic!("a change of kind {kind}");
            match *kind {
                ZVM_CHANGE_BALANCE => self.account(account).balance = value[..].try_into().expect("32 bytes"),
                ZVM_CHANGE_NONCE => {
                    self.account(account).nonce = u64::from_be_bytes(value[..].try_into().expect("8 bytes"));
                }
                ZVM_CHANGE_CODE => {
                    let hash: [u8; 32] = key[..].try_into().expect("32 bytes");
                    self.codes.insert(hash, value.clone());
                    (self.account(account).code_hash, self.account(account).engine) = (hash, *flags);
                }
                ZVM_CHANGE_SET => drop(self.storage.insert(place, value.clone())),
                ZVM_CHANGE_DELETE => drop(self.storage.remove(&place)),
                _ => entry(),
            }
        }
    }

    fn account(&mut self, address: &[u8; 20]) -> &mut Account {
        self.accounts.entry(*address).or_default()
    }
}
