//! The programs whose metering is measured: ordinary Rust, integers only.
//!
//! Each takes how often to repeat itself and a seed that the compiler cannot know, and returns a
//! number that depends on all of its work.

mod collections;
mod hashes;
mod numbers;
mod text;

/// A sequence of numbers that looks random (xorshift, G. Marsaglia 2003).
struct Numbers(u32);

impl Numbers {
    fn from(seed: u32) -> Self {
        Self(seed | 1)
    }

    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }
}
