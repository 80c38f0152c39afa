//! Formats that write rows, one field after the other, with derives of their own.

use super::{Lender, OWN, PLAIN, Peer};
use crate::data::Lend;

/// wincode, without its limit of 4 MiB for a list, which the larger data sets exceed.
pub struct Wincode(Vec<u8>);

/// Its default settings, but for that limit.
type Unlimited =
    wincode::config::Configuration<true, { wincode::config::PREALLOCATION_SIZE_LIMIT_DISABLED }>;
const UNLIMITED: Unlimited = Unlimited::new();

impl<T> Peer<T> for Wincode
where
    T: wincode::SchemaWrite<Unlimited, Src = T>
        + for<'de> wincode::SchemaRead<'de, Unlimited, Dst = T>,
{
    const NAME: &'static str = "wincode";

    fn new() -> Self {
        Wincode(Vec::new())
    }

    fn dump<'a>(&'a mut self, value: &T) -> &'a [u8] {
        self.0.clear();
        wincode::config::serialize_into(&mut self.0, value, UNLIMITED).expect(PLAIN);
        &self.0
    }

    fn load(&mut self, bytes: &[u8]) -> T {
        wincode::config::deserialize(bytes, UNLIMITED).expect(OWN)
    }
}

/// savefile, without its schema: with it, a small value is mostly schema.
pub struct Savefile(Vec<u8>);

impl<T: savefile::Serialize + savefile::Deserialize> Peer<T> for Savefile {
    const NAME: &'static str = "savefile";

    fn new() -> Self {
        Savefile(Vec::new())
    }

    fn dump<'a>(&'a mut self, value: &T) -> &'a [u8] {
        self.0.clear();
        savefile::save_noschema(&mut self.0, 0, value).expect(PLAIN);
        &self.0
    }

    fn load(&mut self, mut bytes: &[u8]) -> T {
        savefile::load_noschema(&mut bytes, 0).expect(OWN)
    }
}

/// borsh.
pub struct Borsh(Vec<u8>);

impl<T: borsh::BorshSerialize + borsh::BorshDeserialize> Peer<T> for Borsh {
    const NAME: &'static str = "borsh";

    fn new() -> Self {
        Borsh(Vec::new())
    }

    fn dump<'a>(&'a mut self, value: &T) -> &'a [u8] {
        self.0.clear();
        value.serialize(&mut self.0).expect(PLAIN);
        &self.0
    }

    fn load(&mut self, bytes: &[u8]) -> T {
        borsh::from_slice(bytes).expect(OWN)
    }
}

/// nanoserde's binary format.
pub struct Nanoserde(Vec<u8>);

impl<T: nanoserde::SerBin + nanoserde::DeBin> Peer<T> for Nanoserde {
    const NAME: &'static str = "nanoserde";

    fn new() -> Self {
        Nanoserde(Vec::new())
    }

    fn dump<'a>(&'a mut self, value: &T) -> &'a [u8] {
        self.0.clear();
        value.ser_bin(&mut self.0);
        &self.0
    }

    fn load(&mut self, bytes: &[u8]) -> T {
        T::deserialize_bin(bytes).expect(OWN)
    }
}

/// rkyv, with what it reads checked.
pub struct Rkyv(rkyv::util::AlignedVec);

type RkyvError = rkyv::rancor::Error;
type RkyvArena<'a> = rkyv::ser::allocator::ArenaHandle<'a>;
type RkyvWriter<'a> =
    rkyv::api::high::HighSerializer<rkyv::util::AlignedVec, RkyvArena<'a>, RkyvError>;

impl<T> Peer<T> for Rkyv
where
    T: for<'a> rkyv::Serialize<RkyvWriter<'a>>,
    T::Archived: for<'a> rkyv::bytecheck::CheckBytes<rkyv::api::high::HighValidator<'a, RkyvError>>
        + rkyv::Deserialize<T, rkyv::api::high::HighDeserializer<RkyvError>>,
{
    const NAME: &'static str = "rkyv";

    fn new() -> Self {
        Rkyv(rkyv::util::AlignedVec::new())
    }

    fn dump<'a>(&'a mut self, value: &T) -> &'a [u8] {
        let mut buffer = std::mem::take(&mut self.0);
        buffer.clear();
        self.0 = rkyv::api::high::to_bytes_in::<_, RkyvError>(value, buffer).expect(PLAIN);
        &self.0
    }

    fn load(&mut self, bytes: &[u8]) -> T {
        rkyv::from_bytes::<T, RkyvError>(bytes).expect(OWN)
    }
}

impl<T> Lender<T> for Wincode
where
    T: Lend,
    Self: Peer<T>,
    for<'de> T::View<'de>: wincode::SchemaRead<'de, Unlimited, Dst = T::View<'de>>,
{
    fn view<'de>(&mut self, bytes: &'de [u8]) -> T::View<'de> {
        wincode::config::deserialize(bytes, UNLIMITED).expect(OWN)
    }
}
