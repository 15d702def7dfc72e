//! What contracts change: the embedder's [`Ledger`](ledger::Ledger) below, the
//! [`Journal`](journal::Journal) over it, the [`Changes`](changes::Changes) that leave.

pub mod changes;
mod commit;
mod entry;
pub mod journal;
pub mod ledger;
pub mod lives;
pub mod memory;
mod storage;
pub mod store;
mod undo;
pub mod words;
