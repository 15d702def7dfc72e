//! The running contract's words: entries with keys and values of 32 bytes, of which the zero word is
//! absence. The one place where this engine meets the journal's storage.
//!
//! Only HOST or a ledger leaves an entry of another length, and then its last 32 bytes are the word.

use crate::gas::Gas;
use crate::host::guest::Stop;
use crate::host::state::State;
use crate::outcome::Halt;
use crate::types::Word;

/// Bytes that a touched word counts for: its key and its value.
const WORD_BYTES: usize = 64;

/// A word of storage, and whether the transaction touches it for the first time.
pub(super) struct Touched {
    pub(super) value: Word,
    pub(super) first: bool,
}

/// Reads a word. What the ledger asks for it is paid, and it is counted.
pub(super) fn read(state: &mut State<'_>, gas: &mut Gas, key: Word) -> Result<Touched, Stop> {
    let (own, at) = (state.frame().address, state.at(gas.left()));
    let access = state.journal.word_among_bytes(at, &own, &key)?;
    gas.charge(access.surcharge)?;
    count(state, access.first)?;
    Ok(Touched { value: access.value, first: access.first })
}

/// Writes a word that was read.
pub(super) fn write(state: &mut State<'_>, gas: &Gas, key: Word, value: Word) -> Result<(), Stop> {
    let (own, at) = (state.frame().address, state.at(gas.left()));
    Ok(state.journal.set_word_among_bytes(at, &own, &key, value)?)
}

/// Reads a word that ends with the transaction.
pub(super) fn read_transient(state: &State<'_>, key: Word) -> Word {
    let value = state.journal.transient(&state.frame().address, &key.0[..].into());
    value.map_or(Word::ZERO, |value| Word::from_last(&value))
}

/// Writes a word that ends with the transaction.
pub(super) fn write_transient(state: &mut State<'_>, key: Word, value: Word) -> Result<(), Halt> {
    let (own, key) = (state.frame().address, key.0[..].into());
    let first = state.journal.transient(&own, &key).is_none();
    count(state, first)?;
    state.journal.set_transient(&own, &key, value.0[..].into());
    Ok(())
}

fn count(state: &mut State<'_>, first: bool) -> Result<(), Halt> {
    let State { transaction, rules, .. } = state;
    transaction.touch(&rules.limits, first, if first { WORD_BYTES } else { 0 })
}
