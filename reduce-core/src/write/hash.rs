//! The hash of the memo: addresses and type ids are spread by one multiplication a word. Whoever dumps chooses neither.

use core::hash::Hasher;

#[derive(Clone, Copy, Default)]
pub(crate) struct Spread(u64);

/// The fraction of the golden ratio, odd: its bits are spread evenly.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        // The low bits of a product depend on few bits; the table takes the low ones.
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(GOLDEN);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
}
