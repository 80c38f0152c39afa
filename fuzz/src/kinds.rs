//! The types that streams are loaded as, and what is asked of each.

use crate::append::Session;
use crate::frame::{Around, mended};
use crate::oracle;
use reduce_core::{Dumper, Expand, Reduce};

/// A type, with a value of it.
pub trait Kind {
    type Of<'de>: Reduce + Expand<'de>;

    /// A dump of the value.
    fn dump(dumper: &Dumper) -> Vec<u8>;

    /// What stands around the data of its streams.
    fn around() -> &'static Around;

    /// Takes cycles of strong pointers apart.
    fn unlink(_: &Self::Of<'_>) {}
}

/// What the targets know of a type.
pub struct Entry {
    /// Holds the oracle to a stream.
    pub hold: fn(&[u8]),
    /// The same for the stream at the front of some bytes.
    pub hold_taken: fn(&[u8]),
    pub dump: fn(&Dumper) -> Vec<u8>,
    pub session: Session,
    around: fn() -> &'static Around,
}

impl Entry {
    pub const fn of<K: Kind>() -> Self {
        Entry {
            hold: oracle::hold::<K>,
            hold_taken: oracle::hold_taken::<K>,
            dump: K::dump,
            session: Session::of::<K>(),
            around: K::around,
        }
    }

    /// The dump of the value, and the data of it.
    pub fn seeds(&self) -> [(Mode, Vec<u8>); 2] {
        let stream = (self.dump)(&oracle::dumper());
        let data = Around::split(&stream).1;
        [(Mode::Mended, stream), (Mode::Data, data)]
    }

    /// The stream that bytes stand for.
    pub fn stream(&self, mode: Mode, bytes: &[u8]) -> Vec<u8> {
        match mode {
            Mode::Whole => bytes.to_vec(),
            Mode::Mended => mended(bytes),
            Mode::Data => (self.around)().around(bytes),
        }
    }
}

/// What bytes stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A stream as it is.
    Whole,
    /// A stream, of whatever length.
    Mended,
    /// The data of a stream of the type.
    Data,
}

impl Mode {
    pub fn of(byte: u8) -> Mode {
        match byte % 4 {
            0 => Mode::Whole,
            1 => Mode::Mended,
            _ => Mode::Data,
        }
    }

    /// A byte that stands for it.
    pub fn byte(self) -> u8 {
        self as u8
    }
}

/// A type that is picked by a byte, the mode, and what is left of an input.
pub fn picked<'k>(kinds: &'k [Entry], input: &[u8]) -> Option<(&'k Entry, u8, Vec<u8>)> {
    let [kind, options, rest @ ..] = input else { return None };
    let entry = &kinds[usize::from(*kind) % kinds.len()];
    Some((entry, *options, entry.stream(Mode::of(*options), rest)))
}

/// A list of types: each a name, the type (which may borrow for `'de`), a value, and what takes its cycles apart.
macro_rules! kinds {
    ($list:ident: $($name:ident: $of:ty = $value:expr $(, $unlink:path)?;)*) => {
        $(
            pub struct $name;

            impl $crate::kinds::Kind for $name {
                type Of<'de> = $of;

                fn dump(dumper: &reduce_core::Dumper) -> Vec<u8> {
                    let value: Self::Of<'_> = $value;
                    let bytes = dumper.to_vec(&value).expect("the value can be dumped");
                    Self::unlink(&value);
                    bytes
                }

                fn around() -> &'static $crate::frame::Around {
                    static AROUND: std::sync::OnceLock<$crate::frame::Around> = std::sync::OnceLock::new();
                    let split = || $crate::frame::Around::split(&Self::dump(&$crate::oracle::dumper())).0;
                    AROUND.get_or_init(split)
                }

                $(fn unlink(value: &Self::Of<'_>) {
                    $unlink(value);
                })?
            }
        )*

        pub static $list: &[$crate::kinds::Entry] = &[$($crate::kinds::Entry::of::<$name>()),*];
    };
}
pub(crate) use kinds;
