//! Every peer with the settings that its documents offer against hostile bytes.

use crate::types::{After, Before, Choice, Flag, Keyed, Mode, Numbers, Record, Shared, Text, Tree};
use reduce_core::{Dumper, Expand, Limits, Loader};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Display;

/// A format that can have values of a type.
pub trait Holds<T>: Sized {
    /// The bytes of a value.
    fn dump(value: &T) -> Vec<u8>;

    /// The value of any bytes.
    fn load(bytes: &[u8]) -> Result<T, String>;

    /// Makes lengths around the whole stream fit again, where a format has them: a length that does not fit is found out
    /// before anything else.
    fn reframe(bytes: Vec<u8>) -> Vec<u8> {
        bytes
    }
}

/// Why dumps do not fail.
const PLAIN: &str = "a plain value";

fn text(error: impl Display) -> String {
    error.to_string()
}

/// `reduce-core` in its default settings.
pub struct Reduce;

/// ... with `Limits::strict`.
pub struct Strict;

fn as_deep_as_wanted() -> Dumper {
    Dumper::new().limits(Limits::default().depth(u32::MAX))
}

impl<T: reduce_core::Reduce + for<'de> Expand<'de>> Holds<T> for Reduce {
    fn dump(value: &T) -> Vec<u8> {
        as_deep_as_wanted().to_vec(value).expect(PLAIN)
    }

    fn load(bytes: &[u8]) -> Result<T, String> {
        reduce_core::from_slice(bytes).map_err(text)
    }

    fn reframe(bytes: Vec<u8>) -> Vec<u8> {
        reframed(bytes)
    }
}

impl<T: reduce_core::Reduce + for<'de> Expand<'de>> Holds<T> for Strict {
    fn dump(value: &T) -> Vec<u8> {
        as_deep_as_wanted().to_vec(value).expect(PLAIN)
    }

    fn load(bytes: &[u8]) -> Result<T, String> {
        Loader::new().limits(Limits::strict()).from_slice(bytes).map_err(text)
    }

    fn reframe(bytes: Vec<u8>) -> Vec<u8> {
        reframed(bytes)
    }
}

/// Magic, version, flags; then how many bytes follow, which every other change would belie.
fn reframed(mut bytes: Vec<u8>) -> Vec<u8> {
    const LENGTH: std::ops::Range<usize> = 5..9;
    if let Some(length) = bytes.len().checked_sub(LENGTH.end) {
        bytes[LENGTH].copy_from_slice(&(length as u32).to_le_bytes());
    }
    bytes
}

/// postcard.
pub struct Postcard;

impl<T: Serialize + DeserializeOwned> Holds<T> for Postcard {
    fn dump(value: &T) -> Vec<u8> {
        postcard::to_allocvec(value).expect(PLAIN)
    }

    fn load(bytes: &[u8]) -> Result<T, String> {
        postcard::from_bytes(bytes).map_err(text)
    }
}

/// serde-pickle, which has no limits to set.
pub struct Pickle;

impl<T: Serialize + DeserializeOwned> Holds<T> for Pickle {
    fn dump(value: &T) -> Vec<u8> {
        serde_pickle::to_vec(value, serde_pickle::SerOptions::new()).expect(PLAIN)
    }

    fn load(bytes: &[u8]) -> Result<T, String> {
        serde_pickle::from_slice(bytes, serde_pickle::DeOptions::new()).map_err(text)
    }
}

/// rmp-serde, with fields by name, so that one that is not known is skipped. It has a limit of 1,024 levels.
pub struct MessagePack;

impl<T: Serialize + DeserializeOwned> Holds<T> for MessagePack {
    fn dump(value: &T) -> Vec<u8> {
        rmp_serde::to_vec_named(value).expect(PLAIN)
    }

    fn load(bytes: &[u8]) -> Result<T, String> {
        rmp_serde::from_slice(bytes).map_err(text)
    }
}

/// serde_json. It has a limit of 128 levels.
pub struct Json;

impl<T: Serialize + DeserializeOwned> Holds<T> for Json {
    fn dump(value: &T) -> Vec<u8> {
        serde_json::to_vec(value).expect(PLAIN)
    }

    fn load(bytes: &[u8]) -> Result<T, String> {
        serde_json::from_slice(bytes).map_err(text)
    }
}

/// bitcode.
pub struct Bitcode;

impl<T: bitcode::Encode + bitcode::DecodeOwned> Holds<T> for Bitcode {
    fn dump(value: &T) -> Vec<u8> {
        bitcode::encode(value)
    }

    fn load(bytes: &[u8]) -> Result<T, String> {
        bitcode::decode(bytes).map_err(text)
    }
}

/// wincode, with its default limit of 4 MiB for what is reserved ahead.
pub struct Wincode;

impl<T> Holds<T> for Wincode
where
    T: wincode::SchemaWrite<wincode::config::DefaultConfig, Src = T>
        + for<'de> wincode::SchemaRead<'de, wincode::config::DefaultConfig, Dst = T>,
{
    fn dump(value: &T) -> Vec<u8> {
        wincode::serialize(value).expect(PLAIN)
    }

    fn load(bytes: &[u8]) -> Result<T, String> {
        wincode::deserialize_exact(bytes).map_err(text)
    }
}

/// savefile with its schema, and with the feature `size_sanity_checks`, which is off by default: no list or text of more than
/// 1,000,000.
pub struct Savefile;

impl<T: savefile::Serialize + savefile::Deserialize + savefile::WithSchema> Holds<T> for Savefile {
    fn dump(value: &T) -> Vec<u8> {
        savefile::save_to_mem(0, value).expect(PLAIN)
    }

    fn load(bytes: &[u8]) -> Result<T, String> {
        savefile::load_from_mem(bytes, 0).map_err(text)
    }
}

/// borsh.
pub struct Borsh;

impl<T: borsh::BorshSerialize + borsh::BorshDeserialize> Holds<T> for Borsh {
    fn dump(value: &T) -> Vec<u8> {
        borsh::to_vec(value).expect(PLAIN)
    }

    fn load(bytes: &[u8]) -> Result<T, String> {
        borsh::from_slice(bytes).map_err(text)
    }
}

/// nanoserde's binary format.
pub struct Nanoserde;

impl<T: nanoserde::SerBin + nanoserde::DeBin> Holds<T> for Nanoserde {
    fn dump(value: &T) -> Vec<u8> {
        value.serialize_bin()
    }

    fn load(bytes: &[u8]) -> Result<T, String> {
        T::deserialize_bin(bytes).map_err(text)
    }
}

/// rkyv, with what it reads checked, and copied to where it is aligned.
pub struct Rkyv;

type RkyvError = rkyv::rancor::Error;
type RkyvArena<'a> = rkyv::ser::allocator::ArenaHandle<'a>;
type RkyvWriter<'a> =
    rkyv::api::high::HighSerializer<rkyv::util::AlignedVec, RkyvArena<'a>, RkyvError>;

impl<T> Holds<T> for Rkyv
where
    T: for<'a> rkyv::Serialize<RkyvWriter<'a>>,
    T::Archived: for<'a> rkyv::bytecheck::CheckBytes<rkyv::api::high::HighValidator<'a, RkyvError>>
        + rkyv::Deserialize<T, rkyv::api::high::HighDeserializer<RkyvError>>,
{
    fn dump(value: &T) -> Vec<u8> {
        rkyv::to_bytes::<RkyvError>(value).expect(PLAIN).to_vec()
    }

    fn load(bytes: &[u8]) -> Result<T, String> {
        let mut aligned = rkyv::util::AlignedVec::<16>::with_capacity(bytes.len());
        aligned.extend_from_slice(bytes);
        rkyv::from_bytes::<T, RkyvError>(&aligned).map_err(text)
    }
}

/// fory in native mode, with schemas in the bytes: its default limits hold (128 MiB, 8,192 elements that no byte stands for, 5
/// levels of trait objects).
pub struct Fory;

/// A type with all that fory must be told of for it, by the same numbers on both sides.
pub trait Registered {
    /// Gives each type a number.
    fn register(fory: &mut fory::Fory) -> Result<(), fory::Error>;
}

macro_rules! registered {
    ($($root:ty: $($part:ty),*;)*) => {$(
        impl Registered for $root {
            fn register(fory: &mut fory::Fory) -> Result<(), fory::Error> {
                let id = 1;
                fory.register::<$root>(id)?;
                $(
                    let id = id + 1;
                    fory.register::<$part>(id)?;
                )*
                let _ = id;
                Ok(())
            }
        }
    )*};
}

registered! {
    Record: Mode;
    Numbers: ;
    Text: ;
    Flag: ;
    Choice: Mode;
    Keyed: ;
    Tree: ;
    Shared: ;
    After: Tree;
    Before: Tree;
}

impl<T: Registered + fory::Serializer<Target = T>> Holds<T> for Fory {
    fn dump(value: &T) -> Vec<u8> {
        instance::<T>().serialize(value).expect(PLAIN)
    }

    fn load(bytes: &[u8]) -> Result<T, String> {
        instance::<T>().deserialize(bytes).map_err(text)
    }
}

fn instance<T: Registered>() -> fory::Fory {
    let mut fory = fory::Fory::builder().xlang(false).compatible(true).track_ref(true).build();
    T::register(&mut fory).expect("numbers not taken yet");
    fory
}

/// What all peers have.
pub trait Common:
    Holds<Record> + Holds<Numbers> + Holds<Text> + Holds<Flag> + Holds<Choice> + Holds<Keyed>
{
}

impl<P> Common for P where
    P: Holds<Record> + Holds<Numbers> + Holds<Text> + Holds<Flag> + Holds<Choice> + Holds<Keyed>
{
}

/// A limit of levels that the caller can raise.
pub trait Raises: Holds<Tree> {
    /// The value, however deep it is.
    fn load_any_depth(bytes: &[u8]) -> Result<Tree, String>;
}

impl Raises for Reduce {
    fn load_any_depth(bytes: &[u8]) -> Result<Tree, String> {
        let limits = Limits::default().depth(u32::MAX);
        Loader::new().limits(limits).from_slice(bytes).map_err(text)
    }
}

impl Raises for MessagePack {
    fn load_any_depth(bytes: &[u8]) -> Result<Tree, String> {
        let mut deserializer = rmp_serde::Deserializer::from_read_ref(bytes);
        deserializer.set_max_depth(usize::MAX);
        serde::Deserialize::deserialize(&mut deserializer).map_err(text)
    }
}

/// A dump of [`After`], and a load of [`Before`].
pub trait Skips {
    /// The bytes of a value with a field that is not known.
    fn dump(value: &After) -> Vec<u8>;
    /// The value without it.
    fn load(bytes: &[u8]) -> Result<Before, String>;
}

macro_rules! skips {
    ($($peer:ty: $dump:expr, $load:expr;)*) => {$(
        impl Skips for $peer {
            fn dump(value: &After) -> Vec<u8> {
                $dump(value)
            }

            fn load(bytes: &[u8]) -> Result<Before, String> {
                $load(bytes)
            }
        }
    )*};
}

skips! {
    Reduce: <Reduce as Holds<After>>::dump, <Reduce as Holds<Before>>::load;
    Strict: <Strict as Holds<After>>::dump, <Strict as Holds<Before>>::load;
    Fory: <Fory as Holds<After>>::dump, <Fory as Holds<Before>>::load;
    Pickle:
        |value| serde_pickle::to_vec(value, serde_pickle::SerOptions::new()).expect(PLAIN),
        |bytes| serde_pickle::from_slice(bytes, serde_pickle::DeOptions::new()).map_err(text);
    MessagePack:
        |value| rmp_serde::to_vec_named(value).expect(PLAIN),
        |bytes| rmp_serde::from_slice(bytes).map_err(text);
    Json:
        |value| serde_json::to_vec(value).expect(PLAIN),
        |bytes| serde_json::from_slice(bytes).map_err(text);
}
