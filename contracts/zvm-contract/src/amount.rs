use crate::Word;

/// An amount of 256 bits. Arithmetic is checked: there is none that wraps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount {
    high: u128,
    low: u128,
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self { high: 0, low: 0 };

    /// The amount of these 32 bytes, big-endian.
    #[must_use]
    pub fn from_bytes(bytes: &Word) -> Self {
        let [mut high, mut low] = [[0; 16]; 2];
        high.copy_from_slice(&bytes[..16]);
        low.copy_from_slice(&bytes[16..]);
        Self { high: u128::from_be_bytes(high), low: u128::from_be_bytes(low) }
    }

    /// As 32 bytes, big-endian.
    #[must_use]
    pub fn to_bytes(self) -> Word {
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(&self.high.to_be_bytes());
        bytes[16..].copy_from_slice(&self.low.to_be_bytes());
        bytes
    }

    /// The sum, or `None` where it does not fit.
    #[must_use]
    pub fn checked_add(self, term: Self) -> Option<Self> {
        let (low, carry) = self.low.overflowing_add(term.low);
        let high = self.high.checked_add(term.high)?.checked_add(u128::from(carry))?;
        Some(Self { high, low })
    }

    /// The difference, or `None` where `term` is the larger.
    #[must_use]
    pub fn checked_sub(self, term: Self) -> Option<Self> {
        let (low, borrow) = self.low.overflowing_sub(term.low);
        let high = self.high.checked_sub(term.high)?.checked_sub(u128::from(borrow))?;
        Some(Self { high, low })
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }
}

impl From<u128> for Amount {
    fn from(low: u128) -> Self {
        Self { high: 0, low }
    }
}

#[cfg(test)]
mod tests {
    use super::Amount;

    const MAX: Amount = Amount { high: u128::MAX, low: u128::MAX };

    #[test]
    fn a_sum_carries_between_the_halves() {
        let sum = Amount::from(u128::MAX).checked_add(Amount::from(2));
        assert_eq!(sum, Some(Amount { high: 1, low: 1 }));
        assert_eq!(sum.and_then(|sum| sum.checked_sub(Amount::from(2))), Some(Amount::from(u128::MAX)));
    }

    #[test]
    fn nothing_wraps() {
        assert_eq!(MAX.checked_add(Amount::from(1)), None);
        assert_eq!(MAX.checked_add(Amount::ZERO), Some(MAX));
        assert_eq!(Amount { high: u128::MAX, low: 0 }.checked_add(Amount { high: 1, low: 0 }), None);
        assert_eq!(Amount::ZERO.checked_sub(Amount::from(1)), None);
        assert_eq!(Amount { high: 1, low: 0 }.checked_sub(Amount { high: 1, low: 1 }), None);
        assert_eq!(MAX.checked_sub(MAX), Some(Amount::ZERO));
    }

    #[test]
    fn bytes_are_big_endian() {
        let mut bytes = [0; 32];
        bytes[31] = 7;
        assert_eq!(Amount::from_bytes(&bytes), Amount::from(7));
        bytes[15] = 1;
        assert_eq!(Amount::from_bytes(&bytes), Amount { high: 1, low: 7 });
        assert_eq!(Amount::from_bytes(&bytes).to_bytes(), bytes);
    }

    #[test]
    fn the_order_is_that_of_the_numbers() {
        assert!(Amount { high: 1, low: 0 } > Amount::from(u128::MAX));
        assert!(Amount::from(2) > Amount::from(1));
    }
}
