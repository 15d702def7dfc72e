//! The store's file: what may be opened, who holds it, and how far it may grow.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::sync::Arc;

use redb::StorageBackend;
use redb::backends::FileBackend;

use crate::error::{Error, Result, Status};
use crate::state::store::disk::Medium;

/// Opens or creates the file at `path` and locks it against every other opener.
///
/// 1. Only a regular file is opened: opening a FIFO or a device can block or have effects.
/// 2. It is checked again once open, for the path may have changed hands in between.
/// 3. The lock is the operating system's and ends with the process, however that ends.
/// 4. A new file's name is made durable, or a power loss could take the file with its commits.
pub(super) fn open(path: &Path) -> Result<Medium> {
    match std::fs::metadata(path) {
        Ok(found) if !found.is_file() => return Err(not_a_file(path)),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(refused(path, &error)),
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let file = options.open(path).map_err(|error| refused(path, &error))?;
    let found = file.metadata().map_err(|error| refused(path, &error))?;
    if !found.is_file() {
        return Err(not_a_file(path));
    }
    lock(path, &file)?;
    if found.len() == 0 {
        sync_name(path, &file).map_err(|error| refused(path, &error))?;
    }
    let backend = FileBackend::new(file)
        .map_err(|error| Error::new(Status::Host, format!("{}: {error}", shown(path))))?;
    Ok(Arc::new(BoundedFile(backend)))
}

fn lock(path: &Path, file: &File) -> Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            Err(Error::new(Status::State, format!("the store {} is in use", shown(path))))
        }
        Err(TryLockError::Error(error)) => Err(refused(path, &error)),
    }
}

#[cfg(unix)]
fn sync_name(path: &Path, file: &File) -> io::Result<()> {
    file.sync_all()?;
    let folder = match path.canonicalize()?.parent() {
        Some(folder) => File::open(folder)?,
        None => return Ok(()),
    };
    match folder.sync_all() {
        // Some file systems cannot sync a folder, and need not.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        result => result,
    }
}

#[cfg(not(unix))]
fn sync_name(_: &Path, file: &File) -> io::Result<()> {
    file.sync_all()
}

fn not_a_file(path: &Path) -> Error {
    Error::new(Status::Argument, format!("{} is not a regular file", shown(path)))
}

fn refused(path: &Path, error: &io::Error) -> Error {
    Error::new(Status::Host, format!("the store {} cannot be opened: {error}", shown(path)))
        .with_host_code(error.raw_os_error().unwrap_or(0))
}

fn shown(path: &Path) -> String {
    format!("{:?}", path.as_os_str())
}

/// A file that fails instead of passing the process's limit on file sizes.
///
/// The operating system answers a write past RLIMIT_FSIZE with SIGXFSZ, whose default is to kill
/// the process. Signals are the embedder's to arrange, so the limit is asked before each write;
/// it may be changed at any time. Asking takes well under a microsecond.
#[derive(Debug)]
struct BoundedFile(FileBackend);

impl StorageBackend for BoundedFile {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        within_limit(len)?;
        self.0.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        within_limit(offset.saturating_add(data.len() as u64))?;
        self.0.write(offset, data)
    }
}

#[cfg(unix)]
fn within_limit(end: u64) -> io::Result<()> {
    use rustix::process::{Resource, getrlimit};

    match getrlimit(Resource::Fsize).current {
        Some(limit) if end > limit => Err(rustix::io::Errno::FBIG.into()),
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn within_limit(_: u64) -> io::Result<()> {
    Ok(())
}
