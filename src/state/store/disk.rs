//! The disk as redb sees it: after the first failed write it stands still.
//!
//! Left to itself, redb answers "previous I/O error" to every reader once a write has failed, and
//! an operating system may forget pages whose sync failed while still showing them. So between
//! redb and the medium there is a disk with three phases:
//!
//! - **live**: everything goes to the medium;
//! - **frozen**: a write, a resize or a sync failed. Nothing reaches the medium any more. What
//!   redb still writes goes to memory and dies with this disk; reads see the medium under it. The
//!   commit under way ends in vain, and whoever asked for it learns so from [`Disk::failure`];
//!   readers notice nothing;
//! - **retired**: a successor has the medium. Reads fail, because the successor may give away
//!   pages that an old snapshot still needs.
//!
//! Before a successor starts, every range written since the last good sync is written again and
//! synced. That is the trial of the medium: while it still fails, the frozen disk stays and readers
//! with it. And it makes what the medium shows what it holds, which commits in two phases would not
//! depend on, as far as we see, but which costs little where it happens so seldom.

use std::io;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::{Mutex, RwLock};
use redb::StorageBackend;

/// What the bytes are on: a file, or a model of one.
pub(super) type Medium = Arc<dyn StorageBackend>;

/// One life of a medium, from opening it to the first failure.
#[derive(Clone, Debug)]
pub(super) struct Disk(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    medium: Medium,
    phase: RwLock<Phase>,
    read_failed: AtomicBool,
    /// Offsets and lengths written since the last good sync, in this life or an earlier one.
    unsynced: Arc<Mutex<Vec<(u64, usize)>>>,
}

#[derive(Debug)]
enum Phase {
    Live,
    Frozen { cause: io::Error, overlay: Overlay },
    Retired,
}

/// What was written to a frozen disk.
#[derive(Debug)]
struct Overlay {
    len: u64,
    patches: Vec<(u64, Box<[u8]>)>,
}

impl Disk {
    pub(super) fn new(medium: Medium) -> Self {
        Self::with_unsynced(medium, Arc::default())
    }

    /// Why the disk is frozen, if it is.
    pub(super) fn failure(&self) -> Option<io::Error> {
        match &*self.0.phase.read() {
            Phase::Frozen { cause, .. } => Some(again(cause)),
            _ => None,
        }
    }

    /// Whether redb still serves reads from here: no read has failed and no successor lives.
    pub(super) fn is_readable(&self) -> bool {
        !self.0.read_failed.load(Ordering::Acquire) && !matches!(*self.0.phase.read(), Phase::Retired)
    }

    /// Ends this life and begins the next.
    ///
    /// 1. Freeze, so that a database that is dropped late writes nothing.
    /// 2. Write what was not synced once more, and sync. Failing so far leaves readers alive.
    /// 3. Retire.
    pub(super) fn successor(&self) -> io::Result<Self> {
        self.freeze(io::Error::other("the store was opened again"));
        self.settle()?;
        *self.0.phase.write() = Phase::Retired;
        Ok(Self::with_unsynced(self.0.medium.clone(), self.0.unsynced.clone()))
    }

    fn with_unsynced(medium: Medium, unsynced: Arc<Mutex<Vec<(u64, usize)>>>) -> Self {
        let phase = RwLock::new(Phase::Live);
        Self(Arc::new(Inner { medium, phase, read_failed: AtomicBool::new(false), unsynced }))
    }

    fn settle(&self) -> io::Result<()> {
        let mut unsynced = self.0.unsynced.lock();
        let end = self.0.medium.len()?;
        let mut bytes = Vec::new();
        for &(offset, len) in unsynced.iter() {
            bytes.resize(len.min(usize::try_from(end.saturating_sub(offset)).unwrap_or(usize::MAX)), 0);
            if !bytes.is_empty() {
                self.0.medium.read(offset, &mut bytes)?;
                self.0.medium.write(offset, &bytes)?;
            }
        }
        self.0.medium.sync_data()?;
        unsynced.clear();
        Ok(())
    }

    /// Freezes a live disk; later causes change nothing.
    fn freeze(&self, cause: io::Error) {
        let mut phase = self.0.phase.write();
        if matches!(*phase, Phase::Live) {
            let len = self.0.medium.len().unwrap_or(0);
            *phase = Phase::Frozen { cause, overlay: Overlay { len, patches: Vec::new() } };
        }
    }

    /// Does `live` on a live medium and, if that fails or the disk is frozen, `frozen` in memory.
    fn change(
        &self,
        live: impl FnOnce(&dyn StorageBackend) -> io::Result<()>,
        frozen: impl FnOnce(&mut Overlay),
    ) -> io::Result<()> {
        if matches!(*self.0.phase.read(), Phase::Live) {
            match live(self.0.medium.deref()) {
                Ok(()) => return Ok(()),
                Err(cause) => self.freeze(cause),
            }
        }
        match &mut *self.0.phase.write() {
            Phase::Frozen { overlay, .. } => frozen(overlay),
            _ => return Err(retired()),
        }
        Ok(())
    }

    fn read_phase(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        match &*self.0.phase.read() {
            Phase::Live => self.0.medium.read(offset, out),
            Phase::Frozen { overlay, .. } => overlay.read(self.0.medium.deref(), offset, out),
            Phase::Retired => Err(retired()),
        }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        match &*self.0.phase.read() {
            Phase::Live => self.0.medium.len(),
            Phase::Frozen { overlay, .. } => Ok(overlay.len),
            Phase::Retired => Err(retired()),
        }
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.read_phase(offset, out).inspect_err(|_| self.0.read_failed.store(true, Ordering::Release))
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.change(|medium| medium.set_len(len), |overlay| overlay.set_len(len))
    }

    fn sync_data(&self) -> io::Result<()> {
        let live = |medium: &dyn StorageBackend| {
            medium.sync_data()?;
            self.0.unsynced.lock().clear();
            Ok(())
        };
        self.change(live, |_| ())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let live = |medium: &dyn StorageBackend| {
            self.0.unsynced.lock().push((offset, data.len()));
            medium.write(offset, data)
        };
        self.change(live, |overlay| overlay.patches.push((offset, data.into())))
    }
}

impl Overlay {
    fn set_len(&mut self, len: u64) {
        // A later growth must show zeros, not what was cut off.
        if let Some(cut) = self.len.checked_sub(len).and_then(|cut| usize::try_from(cut).ok()) {
            self.patches.push((len, vec![0; cut].into()));
        }
        self.len = len;
    }

    fn read(&self, medium: &dyn StorageBackend, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let end = offset.saturating_add(out.len() as u64);
        if end > self.len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let on_medium = medium.len()?.clamp(offset, end) - offset;
        let (below, above) = out.split_at_mut(on_medium as usize);
        if !below.is_empty() {
            medium.read(offset, below)?;
        }
        above.fill(0);
        for (at, patch) in &self.patches {
            let (from, to) = (offset.max(*at), end.min(at + patch.len() as u64));
            if from < to {
                let part = &patch[(from - at) as usize..(to - at) as usize];
                out[(from - offset) as usize..(to - offset) as usize].copy_from_slice(part);
            }
        }
        Ok(())
    }
}

fn retired() -> io::Error {
    io::Error::other("the store was opened again after a failure, which ended this snapshot")
}

/// `io::Error` cannot be cloned; this keeps what it says.
fn again(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}
