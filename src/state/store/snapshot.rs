//! One database over one life of the disk, and the states it has been in.

use std::io;
use std::sync::Arc;

use redb::{
    Database, DatabaseError, ReadOnlyTable, ReadableDatabase, StorageBackend, StorageError, WriteTransaction,
};

use crate::error::{Error, Result, Status};
use crate::state::ledger::{Page, Range};
use crate::state::store::disk::Disk;
use crate::state::store::format::{
    self, ACCOUNTS, AccountRow, BLOCKS, CODE, DbResult, META, STORAGE, decode_account, fault, storage_key,
    storage_range,
};
use crate::types::{Account, Address, Bytes, Word};

/// Bytes redb's file header takes at the beginning of the file, its 9 bytes of magic included.
const HEADER_BYTES: usize = 320;

/// A database over one life of the disk.
pub(super) struct Generation {
    db: Database,
    pub(super) disk: Disk,
}

/// The state after one commit, as long as anybody looks at it.
pub(super) struct Snapshot {
    accounts: ReadOnlyTable<&'static [u8; 20], &'static AccountRow>,
    code: ReadOnlyTable<&'static [u8; 32], &'static [u8]>,
    storage: ReadOnlyTable<&'static [u8], &'static [u8]>,
    blocks: ReadOnlyTable<u64, &'static [u8; 32]>,
    /// How many commits led here.
    pub(super) serial: u64,
    // Behind the tables: they are closed before their database.
    pub(super) generation: Arc<Generation>,
}

impl Generation {
    /// Opens what is on the disk, recovers it where a crash left it unfinished, and makes a blank
    /// one a store.
    pub(super) fn open(disk: Disk, cache_bytes: usize) -> Result<Arc<Self>> {
        clear_unfinished_creation(&disk).map_err(|error| fault("the store cannot be read", error))?;
        let db = Database::builder()
            .set_cache_size(cache_bytes)
            .create_with_backend(disk.clone())
            .map_err(cannot_open)?;
        let generation = Arc::new(Self { db, disk });
        if format::is_blank(&generation.db).map_err(|error| fault("the store cannot be read", error))? {
            generation.write(format::establish)?;
        }
        format::check(&generation.db)?;
        Ok(generation)
    }

    /// One durable transaction, whole or not at all.
    pub(super) fn write(&self, apply: impl FnOnce(&WriteTransaction) -> DbResult<()>) -> Result<()> {
        let failed = |error: redb::Error| fault("the store cannot be written", error);
        let mut write = self.db.begin_write().map_err(|error| failed(error.into()))?;
        write.set_quick_repair(true);
        apply(&write).map_err(failed)?;
        write.commit().map_err(|error| failed(error.into()))?;
        self.disk.failure().map_or(Ok(()), |cause| Err(failed(cause.into())))
    }
}

impl Snapshot {
    /// The state the database is in.
    pub(super) fn latest(generation: &Arc<Generation>) -> Result<Arc<Self>> {
        Self::take(generation).map(Arc::new).map_err(|error| fault("the store cannot be read", error))
    }

    fn take(generation: &Arc<Generation>) -> DbResult<Self> {
        let read = generation.db.begin_read()?;
        let serial = match read.open_table(META)?.get("serial")? {
            Some(row) => {
                let row = row.value().try_into();
                u64::from_be_bytes(row.map_err(|_| redb::Error::Corrupted("the serial is not a u64".into()))?)
            }
            None => 0,
        };
        Ok(Self {
            accounts: read.open_table(ACCOUNTS)?,
            code: read.open_table(CODE)?,
            storage: read.open_table(STORAGE)?,
            blocks: read.open_table(BLOCKS)?,
            serial,
            generation: generation.clone(),
        })
    }

    pub(super) fn account(&self, address: &Address) -> DbResult<Option<Account>> {
        self.accounts.get(&address.0)?.map(|row| decode_account(row.value())).transpose()
    }

    pub(super) fn code(&self, hash: &Word) -> DbResult<Option<Bytes>> {
        Ok(self.code.get(&hash.0)?.map(|row| row.value().into()))
    }

    pub(super) fn storage(&self, account: &Address, key: &[u8]) -> DbResult<Option<Bytes>> {
        Ok(self.storage.get(storage_key(account, key).as_slice())?.map(|row| row.value().into()))
    }

    pub(super) fn block_hash(&self, number: u64) -> DbResult<Option<Word>> {
        Ok(self.blocks.get(number)?.map(|row| Word(*row.value())))
    }

    pub(super) fn scan(&self, account: &Address, range: &Range<'_>) -> DbResult<Page> {
        let mut page = Page { rows: Vec::new(), done: true };
        let Some((start, end)) = storage_range(account, range) else {
            return Ok(page);
        };
        let bounds = (start.as_ref().map(Vec::as_slice), end.as_ref().map(Vec::as_slice));
        let mut entries = self.storage.range::<&[u8]>(bounds)?;
        let mut step = || if range.reverse { entries.next_back() } else { entries.next() };
        while let Some(entry) = step() {
            let (key, value) = entry?;
            if page.rows.len() == range.limit {
                page.done = false;
                break;
            }
            page.rows.push((key.value()[account.0.len()..].into(), value.value().into()));
        }
        Ok(page)
    }
}

/// Empties a file whose creation was cut short, before redb had put its magic in place: it holds
/// nothing of anybody's, only a part of redb's first header in an otherwise zero file. Any other
/// file without the magic is left to redb, which refuses it.
fn clear_unfinished_creation(disk: &Disk) -> io::Result<()> {
    const MAGIC_BYTES: usize = 9;
    let len = disk.len()?;
    let mut block = vec![0; HEADER_BYTES.min(usize::try_from(len).unwrap_or(usize::MAX))];
    disk.read(0, &mut block)?;
    if len == 0 || block.iter().take(MAGIC_BYTES).any(|byte| *byte != 0) {
        return Ok(());
    }
    let mut offset = block.len() as u64;
    while offset < len {
        block.resize(usize::try_from(len - offset).map_or(64 << 10, |rest| rest.min(64 << 10)), 0);
        disk.read(offset, &mut block)?;
        if block.iter().any(|byte| *byte != 0) {
            return Ok(());
        }
        offset += block.len() as u64;
    }
    disk.set_len(0)
}

fn cannot_open(error: DatabaseError) -> Error {
    match error {
        DatabaseError::Storage(StorageError::Io(cause)) if cause.kind() == io::ErrorKind::InvalidData => {
            Error::new(Status::Argument, format!("the file is not a zvm store: {cause}"))
        }
        DatabaseError::UpgradeRequired(_) => Error::new(Status::Unsupported, error.to_string()),
        error => fault("the store cannot be opened", error),
    }
}
