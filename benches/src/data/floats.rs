//! 1,000,000 numbers in a list.

use crate::Random;

records! {
    /// What an instrument measured.
    pub struct Floats {
        /// Any numbers.
        pub samples: Vec<f64>,
    }
}

const SAMPLES: usize = 1_000_000;

impl Floats {
    /// The numbers that are measured.
    #[must_use]
    pub fn sample() -> Self {
        let mut random = Random::new(6);
        Floats { samples: (0..SAMPLES).map(|_| random.unit()).collect() }
    }
}

impl crate::peer::Plain for Floats {
    type Number = f64;

    fn numbers(&self) -> &[f64] {
        &self.samples
    }

    fn of(samples: Vec<f64>) -> Self {
        Floats { samples }
    }
}
