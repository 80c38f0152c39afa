//! The runtime of Reduce.
