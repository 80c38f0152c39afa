//! Pseudo-random values, the same in each run and on each platform.

/// A generator of 64 bits of state (a Weyl sequence, mixed): good enough for data, and for nothing else.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Equal seeds give equal values.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    /// Any 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        mixed ^ (mixed >> 32)
    }

    /// Any 32 bits.
    pub fn bits32(&mut self) -> u32 {
        (self.bits() >> 32) as u32
    }

    /// A number from `start` up to below `end`.
    pub fn within(&mut self, start: i64, end: i64) -> i64 {
        let span = end.abs_diff(start);
        let above = (u128::from(self.bits()) * u128::from(span)) >> 64;
        start.wrapping_add(above as i64)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u32) -> u32 {
        ((u64::from(self.bits32()) * u64::from(end)) >> 32) as u32
    }

    /// A length or an index below `end`.
    pub fn index(&mut self, end: usize) -> usize {
        ((u128::from(self.bits()) * end as u128) >> 64) as usize
    }

    /// From 0 up to below 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// From 0 up to below 1.
    pub fn unit32(&mut self) -> f32 {
        (self.bits32() >> 8) as f32 / (1u32 << 24) as f32
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: u32) -> bool {
        self.below(times) == 0
    }

    /// One of them.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.index(from.len())]
    }

    /// A list of at least `least` and at most `most` values.
    pub fn list<T>(
        &mut self,
        least: usize,
        most: usize,
        mut make: impl FnMut(&mut Random) -> T,
    ) -> Vec<T> {
        let length = least + self.index(most - least + 1);
        (0..length).map(|_| make(self)).collect()
    }

    /// A value once in `times`.
    pub fn maybe<T>(&mut self, times: u32, make: impl FnOnce(&mut Random) -> T) -> Option<T> {
        self.once_in(times).then(|| make(self))
    }
}
