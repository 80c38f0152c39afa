//! Envelopes around streams: what is checked before a single byte of a stream is read.
//!
//! `seal` holds off those who do not have the key; `checksum` finds rot. `frame` is what both look like.

#[cfg(feature = "checksum")]
pub mod checksum;
mod frame;
#[cfg(feature = "sealed")]
pub mod sealed;

pub(crate) use frame::begins_as_envelope;
