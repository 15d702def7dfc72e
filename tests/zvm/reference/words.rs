//! Words of 256 bits, reckoned by hand: the highest byte first.

pub(crate) type W = [u8; 32];

pub(crate) const ZERO: W = [0; 32];
pub(crate) const ONE: W = number(1);

pub(crate) const fn number(value: u64) -> W {
    let (mut word, bytes) = ([0; 32], value.to_be_bytes());
    let mut at = 0;
    while at < 8 {
        word[24 + at] = bytes[at];
        at += 1;
    }
    word
}

/// The word as a number, if it has at most 64 bits.
pub(crate) fn small(word: W) -> Option<u64> {
    let low = u64::from_be_bytes(word[24..].try_into().expect("8 bytes"));
    (word[..24] == [0; 24]).then_some(low)
}

pub(crate) fn flag(flag: bool) -> W {
    number(u64::from(flag))
}

/// The word in four digits of 64 bits, the lowest first.
type Digits = [u64; 4];

fn digits(word: W) -> Digits {
    std::array::from_fn(|at| u64::from_be_bytes(word[24 - 8 * at..32 - 8 * at].try_into().expect("8 bytes")))
}

fn word(digits: Digits) -> W {
    let mut word = ZERO;
    for (at, digit) in digits.into_iter().enumerate() {
        word[24 - 8 * at..32 - 8 * at].copy_from_slice(&digit.to_be_bytes());
    }
    word
}

/// Bit `at`, 0 being the lowest.
fn bit(word: W, at: usize) -> bool {
    word[31 - at / 8] >> (at % 8) & 1 == 1
}

fn with_bit(mut word: W, at: usize) -> W {
    word[31 - at / 8] |= 1 << (at % 8);
    word
}

pub(crate) fn not(word: W) -> W {
    word.map(|byte| !byte)
}

pub(crate) fn zip(a: W, b: W, make: impl Fn(u8, u8) -> u8) -> W {
    std::array::from_fn(|at| make(a[at], b[at]))
}

/// The sum, and whether it passed 2^256.
fn carrying_add(a: W, b: W) -> (W, bool) {
    let (a, b, mut carry) = (digits(a), digits(b), 0);
    let sum = std::array::from_fn(|at| {
        let digit = u128::from(a[at]) + u128::from(b[at]) + carry;
        carry = digit >> 64;
        digit as u64
    });
    (word(sum), carry == 1)
}

pub(crate) fn add(a: W, b: W) -> W {
    carrying_add(a, b).0
}

pub(crate) fn neg(a: W) -> W {
    add(not(a), ONE)
}

pub(crate) fn sub(a: W, b: W) -> W {
    add(a, neg(b))
}

pub(crate) fn shl(word: W, by: usize) -> W {
    (by..256).filter(|at| bit(word, at - by)).fold(ZERO, with_bit)
}

pub(crate) fn shr(word: W, by: usize) -> W {
    (by..256).filter(|at| bit(word, *at)).fold(ZERO, |shifted, at| with_bit(shifted, at - by))
}

pub(crate) fn sar(word: W, by: usize) -> W {
    let sign = if negative(word) { not(shr(not(ZERO), by)) } else { ZERO };
    zip(shr(word, by), sign, |a, b| a | b)
}

/// As at school.
pub(crate) fn mul(a: W, b: W) -> W {
    let mut product = [0; 4];
    for (left, a) in digits(a).into_iter().enumerate() {
        let mut carry = 0;
        for (right, b) in digits(b).into_iter().enumerate().take(4 - left) {
            let digit = u128::from(a) * u128::from(b) + u128::from(product[left + right]) + carry;
            (product[left + right], carry) = (digit as u64, digit >> 64);
        }
    }
    word(product)
}

/// Quotient and rest, by long division in base 2; zeros where the divisor is zero.
pub(crate) fn div_rem(a: W, b: W) -> (W, W) {
    if b == ZERO {
        return (ZERO, ZERO);
    }
    let (mut quotient, mut rest) = (ZERO, ZERO);
    for at in (0..256).rev() {
        let (doubled, over) = carrying_add(rest, rest);
        rest = if bit(a, at) { with_bit(doubled, 0) } else { doubled };
        if over || rest >= b {
            rest = sub(rest, b);
            quotient = with_bit(quotient, at);
        }
    }
    (quotient, rest)
}

fn negative(word: W) -> bool {
    bit(word, 255)
}

fn size(word: W) -> W {
    if negative(word) { neg(word) } else { word }
}

pub(crate) fn sdiv(a: W, b: W) -> W {
    let quotient = div_rem(size(a), size(b)).0;
    if negative(a) != negative(b) { neg(quotient) } else { quotient }
}

pub(crate) fn smod(a: W, b: W) -> W {
    let rest = div_rem(size(a), size(b)).1;
    if negative(a) { neg(rest) } else { rest }
}

pub(crate) fn addmod(a: W, b: W, n: W) -> W {
    if n == ZERO {
        return ZERO;
    }
    let (sum, over) = carrying_add(div_rem(a, n).1, div_rem(b, n).1);
    if over || sum >= n { sub(sum, n) } else { sum }
}

/// Doubling and adding.
pub(crate) fn mulmod(a: W, b: W, n: W) -> W {
    if n == ZERO {
        return ZERO;
    }
    let a = div_rem(a, n).1;
    // Of two rests.
    let sum = |a, b| {
        let (sum, over) = carrying_add(a, b);
        if over || sum >= n { sub(sum, n) } else { sum }
    };
    (0..256).rev().fold(ZERO, |product, at| {
        let doubled = sum(product, product);
        if bit(b, at) { sum(doubled, a) } else { doubled }
    })
}

/// Squaring and multiplying.
pub(crate) fn exp(base: W, exponent: W) -> W {
    (0..256).rev().skip_while(|at| !bit(exponent, *at)).fold(ONE, |power, at| {
        let squared = mul(power, power);
        if bit(exponent, at) { mul(squared, base) } else { squared }
    })
}

pub(crate) fn signextend(k: W, x: W) -> W {
    match small(k) {
        Some(byte) if byte < 31 => {
            let bits = 8 * (31 - byte as usize);
            sar(shl(x, bits), bits)
        }
        _ => x,
    }
}

pub(crate) fn less_signed(a: W, b: W) -> bool {
    match (negative(a), negative(b)) {
        (true, false) => true,
        (false, true) => false,
        _ => a < b,
    }
}
