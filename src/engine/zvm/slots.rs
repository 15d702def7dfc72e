//! The running contract's words: entries with keys and values of 32 bytes, of which the zero word is
//! absence. The one place where this engine meets the journal's storage.

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
    let access = state.journal.storage(at, &own, &key.0)?;
    let (surcharge, first) = (access.surcharge, access.first);
    let value = access.value.map_or(Word::ZERO, |value| word(value));
    gas.charge(surcharge)?;
    count(state, first)?;
    Ok(Touched { value, first })
}

/// Writes a word that was read.
pub(super) fn write(state: &mut State<'_>, gas: &Gas, key: Word, value: Word) -> Result<(), Stop> {
    let (own, at) = (state.frame().address, state.at(gas.left()));
    let value = (!value.is_zero()).then(|| value.0[..].into());
    Ok(state.journal.set_storage(at, &own, &key.0, value)?)
}

/// Reads a word that ends with the transaction.
pub(super) fn read_transient(state: &State<'_>, key: Word) -> Word {
    let value = state.journal.transient(&state.frame().address, &key.0[..].into());
    value.map_or(Word::ZERO, |value| word(&value))
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

/// An entry as a word. Only HOST or a ledger leaves one of another length, and then its last 32 bytes are
/// it.
fn word(value: &[u8]) -> Word {
    let last = &value[value.len().saturating_sub(32)..];
    let mut word = Word::ZERO;
    word.0[32 - last.len()..].copy_from_slice(last);
    word
}
