//! `reduce-core`.

use super::{Lender, OWN, PLAIN, Peer};
use crate::data::Lend;
use crate::data::shapes::Drawing;
use reduce_core::{Dumper, Expand, Loader};

/// In its default settings: the programs of all types are in the stream.
pub struct Reduce {
    dumper: Dumper,
    loader: Loader,
    buffer: Vec<u8>,
}

impl<T> Peer<T> for Reduce
where
    T: reduce_core::Reduce + for<'de> Expand<'de>,
{
    const NAME: &'static str = "reduce";

    fn new() -> Self {
        Reduce { dumper: Dumper::new(), loader: Loader::new(), buffer: Vec::new() }
    }

    fn dump<'a>(&'a mut self, value: &T) -> &'a [u8] {
        self.buffer.clear();
        self.dumper.append_to(value, &mut self.buffer).expect(PLAIN);
        &self.buffer
    }

    fn load(&mut self, bytes: &[u8]) -> T {
        self.loader.from_slice(bytes).expect(OWN)
    }
}

impl<T> Lender<T> for Reduce
where
    T: Lend + reduce_core::Reduce + for<'de> Expand<'de>,
    for<'de> T::View<'de>: Expand<'de>,
{
    fn view<'de>(&mut self, bytes: &'de [u8]) -> T::View<'de> {
        self.loader.from_slice(bytes).expect(OWN)
    }
}

/// With a fingerprint in place of the programs.
pub struct ReduceSmall(Reduce);

impl<T> Peer<T> for ReduceSmall
where
    T: reduce_core::Reduce + for<'de> Expand<'de>,
{
    const NAME: &'static str = "reduce, fingerprint";

    fn new() -> Self {
        let dumper = Dumper::new().fingerprint(true);
        ReduceSmall(Reduce { dumper, loader: Loader::new(), buffer: Vec::new() })
    }

    fn dump<'a>(&'a mut self, value: &T) -> &'a [u8] {
        self.0.dump(value)
    }

    fn load(&mut self, bytes: &[u8]) -> T {
        self.0.load(bytes)
    }
}

/// With the names of the types behind trait objects.
pub struct ReduceShapes(Reduce);

impl Peer<Drawing> for ReduceShapes {
    const NAME: &'static str = "reduce";

    fn new() -> Self {
        let registry = Drawing::registry();
        ReduceShapes(Reduce {
            dumper: Dumper::new().registry(&registry),
            loader: Loader::new().registry(&registry),
            buffer: Vec::new(),
        })
    }

    fn dump<'a>(&'a mut self, value: &Drawing) -> &'a [u8] {
        self.0.dump(value)
    }

    fn load(&mut self, bytes: &[u8]) -> Drawing {
        self.0.load(bytes)
    }
}
