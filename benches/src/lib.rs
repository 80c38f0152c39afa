//! What the benchmarks measure: data sets made from a seed ([`data`]), every peer behind one trait ([`peer`]), and both
//! together, proved and ready ([`contest`]). Without the feature `peers` we are alone.

pub mod contest;
pub mod data;
pub mod peer;
mod random;

pub use random::Random;
