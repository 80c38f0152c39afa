//! Formats of serde.

use super::{Lender, OWN, PLAIN, Peer};
use crate::data::Lend;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// postcard, into a slice that has room enough, which is its fastest way.
pub struct Postcard(Vec<u8>);

impl<T: Serialize + DeserializeOwned> Peer<T> for Postcard {
    const NAME: &'static str = "postcard";

    fn new() -> Self {
        Postcard(Vec::new())
    }

    fn dump<'a>(&'a mut self, value: &T) -> &'a [u8] {
        if self.0.is_empty() {
            self.0 = postcard::to_allocvec(value).expect(PLAIN);
        }
        postcard::to_slice(value, &mut self.0).expect("as large as before")
    }

    fn load(&mut self, bytes: &[u8]) -> T {
        postcard::from_bytes(bytes).expect(OWN)
    }
}

impl<T> Lender<T> for Postcard
where
    T: Lend + Serialize + DeserializeOwned,
    for<'de> T::View<'de>: Deserialize<'de>,
{
    fn view<'de>(&mut self, bytes: &'de [u8]) -> T::View<'de> {
        postcard::from_bytes(bytes).expect(OWN)
    }
}

/// rmp-serde, with fields by their places.
pub struct MessagePack(Vec<u8>);

impl<T: Serialize + DeserializeOwned> Peer<T> for MessagePack {
    const NAME: &'static str = "rmp-serde";

    fn new() -> Self {
        MessagePack(Vec::new())
    }

    fn dump<'a>(&'a mut self, value: &T) -> &'a [u8] {
        self.0.clear();
        rmp_serde::encode::write(&mut self.0, value).expect(PLAIN);
        &self.0
    }

    fn load(&mut self, bytes: &[u8]) -> T {
        rmp_serde::from_slice(bytes).expect(OWN)
    }
}

impl<T> Lender<T> for MessagePack
where
    T: Lend + Serialize + DeserializeOwned,
    for<'de> T::View<'de>: Deserialize<'de>,
{
    fn view<'de>(&mut self, bytes: &'de [u8]) -> T::View<'de> {
        rmp_serde::from_slice(bytes).expect(OWN)
    }
}

/// serde_json, with floats that come back as they were.
pub struct Json(Vec<u8>);

impl<T: Serialize + DeserializeOwned> Peer<T> for Json {
    const NAME: &'static str = "serde_json";

    fn new() -> Self {
        Json(Vec::new())
    }

    fn dump<'a>(&'a mut self, value: &T) -> &'a [u8] {
        self.0.clear();
        serde_json::to_writer(&mut self.0, value).expect(PLAIN);
        &self.0
    }

    fn load(&mut self, bytes: &[u8]) -> T {
        serde_json::from_slice(bytes).expect(OWN)
    }
}

impl<T> Lender<T> for Json
where
    T: Lend + Serialize + DeserializeOwned,
    for<'de> T::View<'de>: Deserialize<'de>,
{
    fn view<'de>(&mut self, bytes: &'de [u8]) -> T::View<'de> {
        serde_json::from_slice(bytes).expect(OWN)
    }
}

/// rmp-serde, with fields by their names, so that types may change.
pub struct MessagePackNamed(MessagePack);

impl<T: Serialize + DeserializeOwned> Peer<T> for MessagePackNamed {
    const NAME: &'static str = "rmp-serde, named";

    fn new() -> Self {
        MessagePackNamed(MessagePack(Vec::new()))
    }

    fn dump<'a>(&'a mut self, value: &T) -> &'a [u8] {
        let buffer = &mut self.0.0;
        buffer.clear();
        rmp_serde::encode::write_named(buffer, value).expect(PLAIN);
        buffer
    }

    fn load(&mut self, bytes: &[u8]) -> T {
        self.0.load(bytes)
    }
}
