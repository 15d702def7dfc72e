//! What 256-bit words do beyond plain arithmetic, as the EVM defines it.

use ruint::aliases::U256;

/// The lowest signed word, -2^255.
const LOWEST: U256 = U256::from_limbs([0, 0, 0, 1 << 63]);

fn is_negative(word: U256) -> bool {
    word.bit(255)
}

/// A word's size without its sign; the lowest is its own.
fn size(word: U256) -> U256 {
    if is_negative(word) { word.wrapping_neg() } else { word }
}

pub(super) fn flag(flag: bool) -> U256 {
    U256::from_limbs([u64::from(flag), 0, 0, 0])
}

pub(super) fn div(a: U256, b: U256) -> U256 {
    a.checked_div(b).unwrap_or_default()
}

pub(super) fn rem(a: U256, b: U256) -> U256 {
    a.checked_rem(b).unwrap_or_default()
}

pub(super) fn sdiv(a: U256, b: U256) -> U256 {
    let quotient = div(size(a), size(b));
    // -2^255 / -1 is 2^255, which is -2^255 again.
    if is_negative(a) == is_negative(b) { quotient } else { quotient.wrapping_neg() }
}

pub(super) fn smod(a: U256, b: U256) -> U256 {
    let rest = rem(size(a), size(b));
    if is_negative(a) { rest.wrapping_neg() } else { rest }
}

pub(super) fn signextend(k: U256, x: U256) -> U256 {
    let Some(byte) = small(k, 31) else { return x };
    let ones = U256::MAX.wrapping_shl(8 * byte + 7);
    if x.bit(8 * byte + 7) { x | ones } else { x & !ones }
}

/// Compares as signed words: turning the highest bit makes their order that of plain ones.
pub(super) fn slt(a: U256, b: U256) -> bool {
    (a ^ LOWEST) < (b ^ LOWEST)
}

pub(super) fn byte(i: U256, x: U256) -> U256 {
    small(i, 32).map_or(U256::ZERO, |i| U256::from(x.byte(31 - i)))
}

pub(super) fn shl(shift: U256, x: U256) -> U256 {
    small(shift, 256).map_or(U256::ZERO, |shift| x.wrapping_shl(shift))
}

pub(super) fn shr(shift: U256, x: U256) -> U256 {
    small(shift, 256).map_or(U256::ZERO, |shift| x.wrapping_shr(shift))
}

pub(super) fn sar(shift: U256, x: U256) -> U256 {
    let gone = if is_negative(x) { U256::MAX } else { U256::ZERO };
    small(shift, 256).map_or(gone, |shift| x.arithmetic_shr(shift))
}

/// A word below a bound, as an index.
fn small(word: U256, bound: u64) -> Option<usize> {
    let [low, rest @ ..] = word.into_limbs();
    (rest == [0; 3] && low < bound).then_some(low as usize)
}
