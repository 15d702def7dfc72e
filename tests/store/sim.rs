//! A disk that remembers every operation, fails on request and can lose power.
//!
//! Three images: what reads show, what would survive a power loss, and between them the
//! operations not yet synced. A failed sync behaves as it does on Linux: what was to be written is
//! marked clean, so it stays visible and no later sync makes it durable. (The length is in the file
//! system's own journal, and is not forgotten so.)

use std::io;
use std::sync::{Arc, Mutex};

use redb::StorageBackend;

#[derive(Clone, Debug)]
pub(crate) enum Op {
    Write(u64, Vec<u8>),
    SetLen(u64),
    Sync,
    /// Put in by the test: the commit of this number is about to begin.
    Begin(usize),
    /// Put in by the test: it was acknowledged.
    Acknowledged(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Read,
    Write,
    Sync,
}

/// How an operation fails.
#[derive(Clone, Copy, Debug)]
pub(crate) enum How {
    /// With this error number; nothing is done.
    Error(i32),
    /// A write puts half of its bytes in place first.
    Short,
}

/// The operation that fails: the `at`-th of its kind from now, from 0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    pub kind: Kind,
    pub at: usize,
    pub how: How,
    /// So does every later one of the kind.
    pub lasting: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Disk(Arc<Mutex<Platter>>);

#[derive(Debug, Default)]
struct Platter {
    visible: Vec<u8>,
    durable: Vec<u8>,
    dirty: Vec<Op>,
    log: Vec<Op>,
    fault: Option<Fault>,
    fired: usize,
}

impl Disk {
    pub(crate) fn empty() -> Self {
        Self::holding(Vec::new())
    }

    pub(crate) fn holding(image: Vec<u8>) -> Self {
        let platter = Platter { visible: image.clone(), durable: image, ..Platter::default() };
        Self(Arc::new(Mutex::new(platter)))
    }

    /// Notes a mark in the log.
    pub(crate) fn mark(&self, mark: Op) {
        self.platter().log.push(mark);
    }

    /// Everything that happened, in order.
    pub(crate) fn log(&self) -> Vec<Op> {
        self.platter().log.clone()
    }

    /// What a power loss now would leave at the least.
    pub(crate) fn durable(&self) -> Vec<u8> {
        self.platter().durable.clone()
    }

    pub(crate) fn arm(&self, fault: Fault) {
        let mut platter = self.platter();
        platter.fault = Some(fault);
        platter.fired = 0;
    }

    /// Ends all faults; how often one struck.
    pub(crate) fn disarm(&self) -> usize {
        let mut platter = self.platter();
        platter.fault = None;
        platter.fired
    }

    fn platter(&self) -> std::sync::MutexGuard<'_, Platter> {
        self.0.lock().unwrap()
    }
}

impl Platter {
    /// How this operation is to fail, if it is.
    fn strike(&mut self, kind: Kind) -> Option<How> {
        let fault = self.fault.as_mut().filter(|fault| fault.kind == kind)?;
        if fault.at > 0 {
            fault.at -= 1;
            return None;
        }
        if !fault.lasting && self.fired > 0 {
            return None;
        }
        self.fired += 1;
        Some(fault.how)
    }

    fn change(&mut self, op: Op) {
        apply(&mut self.visible, &op);
        self.dirty.push(op.clone());
        self.log.push(op);
    }
}

impl How {
    fn error(self) -> io::Error {
        match self {
            Self::Error(number) => io::Error::from_raw_os_error(number),
            Self::Short => io::ErrorKind::WriteZero.into(),
        }
    }
}

/// Does an operation to an image. A write past the end, which only a lost resize can cause, is cut.
pub(crate) fn apply(image: &mut Vec<u8>, op: &Op) {
    match op {
        Op::Write(offset, data) => {
            let from = (*offset as usize).min(image.len());
            let to = (*offset as usize + data.len()).min(image.len());
            image[from..to].copy_from_slice(&data[..to - from]);
        }
        Op::SetLen(len) => image.resize(*len as usize, 0),
        Op::Sync | Op::Begin(_) | Op::Acknowledged(_) => {}
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.platter().visible.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut platter = self.platter();
        if let Some(how) = platter.strike(Kind::Read) {
            return Err(how.error());
        }
        let from = offset as usize;
        let found = platter.visible.get(from..from + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(found);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut platter = self.platter();
        if let Some(how) = platter.strike(Kind::Write) {
            return Err(how.error());
        }
        platter.change(Op::SetLen(len));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut platter = self.platter();
        if let Some(how) = platter.strike(Kind::Sync) {
            platter.dirty.retain(|op| matches!(op, Op::SetLen(_)));
            return Err(how.error());
        }
        let dirty = std::mem::take(&mut platter.dirty);
        dirty.iter().for_each(|op| apply(&mut platter.durable, op));
        platter.log.push(Op::Sync);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut platter = self.platter();
        assert!(offset as usize + data.len() <= platter.visible.len(), "redb grows a file by set_len");
        match platter.strike(Kind::Write) {
            None => platter.change(Op::Write(offset, data.to_vec())),
            Some(How::Short) => {
                platter.change(Op::Write(offset, data[..data.len() / 2].to_vec()));
                return Err(How::Short.error());
            }
            Some(how) => return Err(how.error()),
        }
        Ok(())
    }
}
