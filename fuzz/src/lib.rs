//! What the fuzz targets do with the bytes that they get, and what must hold of it. [`oracle`] has what holds for all.
//!
//! Each function here is a target. Each finds what is wrong by a panic.

mod append;
mod frame;
mod kinds;
mod objects;
mod oracle;
mod program;
pub mod seeds;
mod types;
mod versions;

use kinds::{Mode, picked};
use reduce_core::Limits;

pub use append::append;
pub use program::program;
pub use versions::versions;

/// Bytes as streams of many types: the first byte picks the type, the second one says what is put around the rest.
pub fn load(input: &[u8]) {
    hold(types::KINDS, input);
}

/// The same with types that know others by name: trait objects, foreign types, objects that live elsewhere.
pub fn objects(input: &[u8]) {
    hold(objects::KINDS, input);
}

/// Bytes as streams of no type in particular: what a check takes loads as a `Value`, and the other way around.
pub fn check(input: &[u8]) {
    let [options, rest @ ..] = input else { return };
    let stream = match Mode::of(*options) {
        Mode::Whole => rest.to_vec(),
        Mode::Mended | Mode::Data => frame::mended(rest),
    };
    oracle::untyped(&stream, &oracle::loader(), &Limits::strict());
}

/// The bit of the second byte that says that other bytes may follow the stream.
const TAKEN: u8 = 4;

fn hold(kinds: &[kinds::Entry], input: &[u8]) {
    let Some((kind, options, stream)) = picked(kinds, input) else { return };
    if options & TAKEN == 0 { (kind.hold)(&stream) } else { (kind.hold_taken)(&stream) }
}
