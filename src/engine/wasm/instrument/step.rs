//! One operator of the original, as every part of the rewriting sees it.

use wasmparser::Operator;

use crate::engine::wasm::validate::operators::Entry;

/// One operator of the original.
pub(super) struct Step<'a> {
    pub(super) operator: Operator<'a>,
    /// What the table of operators says of it.
    pub(super) entry: Entry,
    /// It as it stands in the module.
    pub(super) bytes: &'a [u8],
}
