//! Data sets of the benchmarks.
