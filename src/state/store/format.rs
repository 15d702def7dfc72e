//! What is in the file: five tables, and how their rows are written.
//!
//! | Table | Key | Value |
//! |---|---|---|
//! | accounts | address, 20 bytes | balance 32, nonce 8, code hash 32, engine 1 (0 is none) |
//! | code | keccak256 of the code | the code |
//! | storage | address, then the entry's key | the entry's value |
//! | blocks | number | hash, 32 bytes |
//! | meta | name | `magic`, `version` (u32), `serial` (u64): the number of commits |
//!
//! Numbers are big-endian. One account's storage is one range of keys, in order of its own keys.

use std::ops::Bound;

use redb::{Database, ReadableDatabase, TableDefinition, WriteTransaction};

use crate::error::{Error, Result, Status};
use crate::state::ledger::Range;
use crate::types::{Account, Address, EngineKind, Word};

/// Raised when a row is written in another way or a table changes its meaning.
pub(super) const VERSION: u32 = 1;
const MAGIC: &[u8] = b"zvm ledger";
const ACCOUNT_BYTES: usize = 32 + 8 + 32 + 1;

/// What the database answers, before it becomes an error of ours.
pub(super) type DbResult<T> = std::result::Result<T, redb::Error>;
pub(super) type AccountRow = [u8; ACCOUNT_BYTES];

pub(super) const ACCOUNTS: TableDefinition<&[u8; 20], &AccountRow> = TableDefinition::new("accounts");
pub(super) const CODE: TableDefinition<&[u8; 32], &[u8]> = TableDefinition::new("code");
pub(super) const STORAGE: TableDefinition<&[u8], &[u8]> = TableDefinition::new("storage");
pub(super) const BLOCKS: TableDefinition<u64, &[u8; 32]> = TableDefinition::new("blocks");
pub(super) const META: TableDefinition<&str, &[u8]> = TableDefinition::new("meta");

/// Whether the database holds nothing at all, neither ours nor anybody's.
pub(super) fn is_blank(db: &Database) -> DbResult<bool> {
    let read = db.begin_read()?;
    Ok(read.list_tables()?.count() + read.list_multimap_tables()?.count() == 0)
}

/// Makes a blank database a store.
pub(super) fn establish(write: &WriteTransaction) -> DbResult<()> {
    write.open_table(ACCOUNTS)?;
    write.open_table(CODE)?;
    write.open_table(STORAGE)?;
    write.open_table(BLOCKS)?;
    let mut meta = write.open_table(META)?;
    meta.insert("magic", MAGIC)?;
    meta.insert("version", VERSION.to_be_bytes().as_slice())?;
    Ok(())
}

/// Whether the database is a store that this version reads.
///
/// # Errors
/// [`Status::Argument`] if it is another program's, [`Status::Unsupported`] if a later version of
/// this library wrote it, [`Status::Host`] if it cannot be read.
pub(super) fn check(db: &Database) -> Result<()> {
    let rows = meta_rows(db).map_err(|error| match error {
        redb::Error::TableDoesNotExist(_)
        | redb::Error::TableTypeMismatch { .. }
        | redb::Error::TableIsMultimap(_)
        | redb::Error::TypeDefinitionChanged { .. } => foreign(),
        error => fault("the store cannot be read", error),
    })?;
    match rows {
        (Some(magic), Some(VERSION)) if magic == MAGIC => Ok(()),
        (Some(magic), Some(version)) if magic == MAGIC => Err(Error::new(
            Status::Unsupported,
            format!("the store has format {version}, this library reads format {VERSION}"),
        )),
        _ => Err(foreign()),
    }
}

fn meta_rows(db: &Database) -> DbResult<(Option<Vec<u8>>, Option<u32>)> {
    let meta = db.begin_read()?.open_table(META)?;
    let magic = meta.get("magic")?.map(|row| row.value().to_vec());
    let version = meta.get("version")?.and_then(|row| row.value().try_into().ok().map(u32::from_be_bytes));
    Ok((magic, version))
}

fn foreign() -> Error {
    Error::new(Status::Argument, "the file is a database, but not a zvm store")
}

pub(super) fn encode_account(account: &Account) -> AccountRow {
    let mut row = [0; ACCOUNT_BYTES];
    row[..32].copy_from_slice(&account.balance.0);
    row[32..40].copy_from_slice(&account.nonce.to_be_bytes());
    row[40..72].copy_from_slice(&account.code_hash.0);
    row[72] = account.engine.map_or(0, |engine| engine as u8);
    row
}

pub(super) fn decode_account(row: &AccountRow) -> DbResult<Account> {
    let engine = EngineKind::from_number(u32::from(row[72]));
    if engine.is_none() && row[72] != 0 {
        return Err(redb::Error::Corrupted(format!("an account has the unknown engine {}", row[72])));
    }
    let (mut balance, mut nonce, mut code_hash) = (Word::ZERO, [0; 8], Word::ZERO);
    balance.0.copy_from_slice(&row[..32]);
    nonce.copy_from_slice(&row[32..40]);
    code_hash.0.copy_from_slice(&row[40..72]);
    Ok(Account { balance, nonce: u64::from_be_bytes(nonce), code_hash, engine })
}

pub(super) fn storage_key(account: &Address, key: &[u8]) -> Vec<u8> {
    [&account.0, key].concat()
}

/// Where a range of keys begins and ends.
type KeyBounds = (Bound<Vec<u8>>, Bound<Vec<u8>>);

/// The keys of one account's storage that a range covers; `None` where it covers none.
pub(super) fn storage_range(account: &Address, range: &Range<'_>) -> Option<KeyBounds> {
    if range.end.is_some_and(|end| end <= range.start) {
        return None;
    }
    let end = match range.end {
        Some(end) => Bound::Excluded(storage_key(account, end)),
        None => after(account),
    };
    Some((Bound::Included(storage_key(account, range.start)), end))
}

/// Every key of one account's storage.
pub(super) fn whole_storage(account: &Address) -> KeyBounds {
    (Bound::Included(account.0.to_vec()), after(account))
}

fn after(account: &Address) -> Bound<Vec<u8>> {
    successor(account).map_or(Bound::Unbounded, |next| Bound::Excluded(next.0.to_vec()))
}

/// The next address, `None` after the last.
fn successor(account: &Address) -> Option<Address> {
    let last = account.0.iter().rposition(|byte| *byte != 0xff)?;
    let mut next = *account;
    next.0[last] += 1;
    next.0[last + 1..].fill(0);
    Some(next)
}

/// An error of the database as ours: the embedder's disk failed, not the contract.
pub(super) fn fault(what: &str, error: impl Into<redb::Error>) -> Error {
    let error = error.into();
    let code = match &error {
        redb::Error::Io(cause) => cause.raw_os_error().unwrap_or(0),
        _ => 0,
    };
    Error::new(Status::Host, format!("{what}: {error}")).with_host_code(code)
}
