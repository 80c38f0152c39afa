//! The derive macro of `reduce-core`.
