//! Changes as C reads them.

use super::tables::{
    ZVM_CHANGE_BALANCE, ZVM_CHANGE_CODE, ZVM_CHANGE_DELETE, ZVM_CHANGE_DESTROY, ZVM_CHANGE_NONCE,
    ZVM_CHANGE_SET, zvm_change,
};
use super::types::{LogViews, first, zvm_bytes, zvm_log};
use crate::error::{Error, Result, Status};
use crate::state::changes::{Change, Changes, Write};
use crate::types::{EngineKind, Word};

/// Changes and the views into them; the views hold while this value lives.
pub(super) struct ChangeViews {
    views: Vec<zvm_change>,
    logs: LogViews,
    // Complete before the first view points into it, so that it does not move.
    _nonces: Vec<[u8; 8]>,
    _changes: Changes,
}

impl ChangeViews {
    pub(super) fn new(mut changes: Changes) -> Self {
        let logs = LogViews::new(std::mem::take(&mut changes.logs));
        let nonces: Vec<[u8; 8]> = changes.list.iter().filter_map(nonce).collect();
        let mut left = nonces.iter();
        let views = changes.list.iter().map(|change| view(change, &mut left)).collect();
        Self { views, logs, _nonces: nonces, _changes: changes }
    }

    pub(super) fn changes(&self) -> (*const zvm_change, usize) {
        (first(&self.views), self.views.len())
    }

    pub(super) fn logs(&self) -> (*const zvm_log, usize) {
        (first(&self.logs.logs), self.logs.logs.len())
    }
}

fn nonce(change: &Change) -> Option<[u8; 8]> {
    match change.write {
        Write::Nonce(nonce) => Some(nonce.to_be_bytes()),
        _ => None,
    }
}

/// The view of a change; `nonces` has the digits of those that are nonces, in the same order.
fn view<'a>(change: &Change, nonces: &mut impl Iterator<Item = &'a [u8; 8]>) -> zvm_change {
    let (kind, flags, key, value) = match &change.write {
        Write::Destroy => (ZVM_CHANGE_DESTROY, 0, zvm_bytes::EMPTY, zvm_bytes::EMPTY),
        Write::Balance(balance) => (ZVM_CHANGE_BALANCE, 0, zvm_bytes::EMPTY, zvm_bytes::of(&balance.0)),
        Write::Nonce(_) => {
            let digits = nonces.next().map_or(zvm_bytes::EMPTY, |digits| zvm_bytes::of(digits));
            (ZVM_CHANGE_NONCE, 0, zvm_bytes::EMPTY, digits)
        }
        Write::Code { hash, engine, code } => {
            (ZVM_CHANGE_CODE, *engine as u32, zvm_bytes::of(&hash.0), zvm_bytes::of(code))
        }
        Write::Set { key, value } => (ZVM_CHANGE_SET, 0, zvm_bytes::of(key), zvm_bytes::of(value)),
        Write::Delete { key } => (ZVM_CHANGE_DELETE, 0, zvm_bytes::of(key), zvm_bytes::EMPTY),
    };
    zvm_change { kind, flags, account: (&change.account).into(), reserved: 0, key, value }
}

/// A change a caller hands in.
///
/// # Safety
/// The views in it can be read.
pub(super) unsafe fn decode(change: &zvm_change) -> Result<Change> {
    // SAFETY: the caller's promise.
    let (key, value) =
        unsafe { (change.key.read("a change's key")?, change.value.read("a change's value")?) };
    let odd =
        |what: &str| Error::new(Status::Argument, format!("a change of kind {} has {what}", change.kind));
    let write = match change.kind {
        ZVM_CHANGE_DESTROY => Write::Destroy,
        ZVM_CHANGE_BALANCE => {
            Write::Balance(Word(value.try_into().map_err(|_| odd("no 32 bytes of value"))?))
        }
        ZVM_CHANGE_NONCE => {
            Write::Nonce(u64::from_be_bytes(value.try_into().map_err(|_| odd("no 8 bytes of value"))?))
        }
        ZVM_CHANGE_CODE => Write::Code {
            hash: Word(key.try_into().map_err(|_| odd("no 32 bytes of key"))?),
            engine: EngineKind::from_number(change.flags).ok_or_else(|| odd("an unknown engine"))?,
            code: value.into(),
        },
        ZVM_CHANGE_SET => Write::Set { key: key.into(), value: value.into() },
        ZVM_CHANGE_DELETE => Write::Delete { key: key.into() },
        kind => {
            return Err(Error::new(Status::Unsupported, format!("changes of kind {kind} cannot be applied")));
        }
    };
    Ok(Change { account: change.account.into(), write })
}
