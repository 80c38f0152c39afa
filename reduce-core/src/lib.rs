#![doc = include_str!("../docs/crate.md")]
#![no_std]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]
#![cfg_attr(not(test), deny(clippy::panic, clippy::cast_possible_truncation))]
#![cfg_attr(not(test), deny(clippy::cast_sign_loss, clippy::cast_possible_wrap))]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

mod adapter;
mod aligned;
#[doc = include_str!("../docs/attributes.md")]
pub mod attributes {}
mod block;
mod canary;
mod check;
mod column;
mod context;
mod describe;
mod disassemble;
mod dispatch;
mod dry_run;
mod envelope;
mod error;
mod expand;
mod handles;
mod header;
mod impls;
mod limits;
mod near_miss;
pub mod opcode;
mod os_text;
mod persistent;
mod pod;
mod program;
mod programs;
mod read;
mod reduce;
mod registry;
mod row;
mod scan;
pub mod schema;
mod sequence;
mod settings;
mod stack;
mod unknown;
#[doc = include_str!("../docs/untrusted.md")]
///
#[cfg_attr(feature = "checksum", doc = "[`checksum`]: crate::checksum")]
#[cfg_attr(not(feature = "checksum"), doc = "[`checksum`]: crate#features")]
#[cfg_attr(feature = "sealed", doc = "[`sealed`]: crate::sealed")]
#[cfg_attr(not(feature = "sealed"), doc = "[`sealed`]: crate#features")]
pub mod untrusted {}
pub mod value;
mod varint;
mod write;

#[doc(hidden)]
pub mod __private;

pub use adapter::{Adapter, Same};
pub use block::Effort;
pub use check::{Report, ReportedCalls, ReportedType, check};
pub use context::Context;
pub use describe::Describe;
pub use disassemble::{Disassembler, Disassembly, Instruction, Section, disassemble};
pub use dispatch::Dispatch;
pub use dry_run::{Call, CallKind, DryRun};
#[cfg(feature = "checksum")]
pub use envelope::checksum;
#[cfg(feature = "sealed")]
pub use envelope::sealed;
pub use error::{BoxError, Error, ErrorKind};
pub use expand::{Expand, Pointee};
pub use limits::Limits;
pub use persistent::{ById, BySessionId, Persistent};
pub use program::{DefFn, Field, Fields, TypeDef, Variant};
pub use programs::Programs;
pub use read::{Load, LoadSession, Loader, Reader};
pub use reduce::Reduce;
/// Writes [`Describe`], [`Reduce`](trait@Reduce) and [`Expand`] for a struct or an enum. Its attributes are explained, with an
/// example of each, in [`attributes`].
///
/// ```
/// use reduce_core::Reduce;
///
/// #[derive(Reduce, Debug, PartialEq)]
/// struct Point {
///     x: i32,
///     y: i32,
/// }
///
/// let bytes = reduce_core::to_vec(&Point { x: 1, y: -1 })?;
/// assert_eq!(reduce_core::from_slice::<Point>(&bytes)?, Point { x: 1, y: -1 });
/// # Ok::<(), reduce_core::Error>(())
/// ```
///
#[cfg(feature = "derive")]
pub use reduce_derive::Reduce;
/// Makes the objects of a trait storable: `Box`, `Rc`, `Arc` and `Weak` of `dyn Trait`, also `+ Send` and `+ Sync`.
///
/// The types behind them say `#[reduce(implements(Trait))]` and are named by a [`Registry`]. [The rules for
/// traits](attributes#object) are explained with the other attributes.
///
/// ```
/// use reduce_core::{Dumper, Loader, Reduce, Registry};
///
/// #[reduce_core::object(name = "app.Task")]
/// trait Task {
///     fn run(&self) -> u32;
/// }
///
/// #[derive(Reduce)]
/// #[reduce(name = "app.Double", implements(Task))]
/// struct Double(u32);
///
/// impl Task for Double {
///     fn run(&self) -> u32 {
///         self.0 * 2
///     }
/// }
///
/// let mut registry = Registry::new();
/// registry.register::<Double>()?;
/// let queue: Vec<Box<dyn Task>> = vec![Box::new(Double(4))];
/// let bytes = Dumper::new().registry(&registry).to_vec(&queue)?;
/// let queue: Vec<Box<dyn Task>> = Loader::new().registry(&registry).from_slice(&bytes)?;
/// assert_eq!(queue[0].run(), 8);
/// # Ok::<(), reduce_core::Error>(())
/// ```
///
#[cfg(feature = "derive")]
pub use reduce_derive::object;
pub use registry::{Object, Registry};
pub use unknown::Unknown;
pub use value::{Record, UnknownObject, Value};
pub use write::{Dump, DumpSession, Dumper, Writer};

use alloc::vec::Vec;

/// Dumps a value with default settings; the counterpart of `pickle.dumps`.
///
/// # Errors
///
/// As [`Dumper::to_vec`].
///
/// ```
/// let bytes = reduce_core::to_vec(&[1u32, 2, 3])?;
/// assert_eq!(reduce_core::from_slice::<[u32; 3]>(&bytes)?, [1, 2, 3]);
/// # Ok::<(), reduce_core::Error>(())
/// ```
pub fn to_vec<T: Reduce + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    write::to_vec_by_default(value)
}

/// Loads a value with default settings; the counterpart of `pickle.loads`.
///
/// # Errors
///
/// As [`Loader::from_slice`].
///
/// ```
/// let bytes = reduce_core::to_vec("borrowed")?;
/// let text: &str = reduce_core::from_slice(&bytes)?;
/// assert!(bytes.as_ptr_range().contains(&text.as_ptr()));
/// # Ok::<(), reduce_core::Error>(())
/// ```
pub fn from_slice<'de, T: Expand<'de>>(bytes: &'de [u8]) -> Result<T, Error> {
    read::value(|value| Loader::load_by_default(bytes, value))
}

/// Dumps a value to a writer with default settings; the counterpart of `pickle.dump`.
///
/// # Errors
///
/// As [`Dumper::to_writer`].
///
/// ```
/// let mut file = Vec::new();
/// reduce_core::to_writer(&mut file, &7u8)?;
/// assert_eq!(reduce_core::from_reader::<u8, _>(file.as_slice())?, 7);
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[cfg(feature = "std")]
pub fn to_writer<W: std::io::Write, T: Reduce + ?Sized>(writer: W, value: &T) -> Result<(), Error> {
    Dumper::new().to_writer(writer, value)
}

/// Reads one stream and loads its value with default settings; the counterpart of `pickle.load`.
///
/// Nothing behind the stream is read: give `&mut reader` to go on with what follows.
///
/// # Errors
///
/// As [`Loader::from_reader`].
///
/// ```
/// let mut file = std::io::Cursor::new(Vec::new());
/// reduce_core::to_writer(&mut file, "one")?;
/// reduce_core::to_writer(&mut file, &2u8)?;
/// file.set_position(0);
/// assert_eq!(reduce_core::from_reader::<String, _>(&mut file)?, "one");
/// assert_eq!(reduce_core::from_reader::<u8, _>(&mut file)?, 2);
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[cfg(feature = "std")]
pub fn from_reader<T, R>(reader: R) -> Result<T, Error>
where
    T: for<'de> Expand<'de>,
    R: std::io::Read,
{
    Loader::new().from_reader(reader)
}
