//! fory in native mode: objects of shared identity, trait objects, and types that change.

use super::{OWN, PLAIN, Peer};
use crate::data::{floats, graph, log, mesh, message, players, shapes, table, tree, updates};
use fory::Serializer;

/// A data set whose types fory can be told of.
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
    log::Log: log::Line, log::Address;
    mesh::Mesh: mesh::Triangle, mesh::Point;
    players::Players: players::Player, players::Mode, players::Item, players::Abilities, players::Vehicle,
        players::Entity, players::RecipeBook;
    updates::Updates: updates::Update, updates::Contact, updates::Kind, updates::Guidance, updates::Transform,
        updates::Terrain;
    message::Message: ;
    floats::Floats: ;
    tree::Tree: ;
    graph::Graph: graph::Node;
    shapes::Drawing: shapes::Circle, shapes::Rectangle, shapes::Polygon;
    table::OldTable: table::OldRow;
    table::Table: table::Row;
}

/// With the schema in the bytes, so that types may change: its default.
pub struct Fory(fory::Fory, Vec<u8>);

impl<T: Registered + Serializer<Target = T>> Peer<T> for Fory {
    const NAME: &'static str = "fory";

    fn new() -> Self {
        Fory(instance::<T>(true), Vec::new())
    }

    fn dump<'a>(&'a mut self, value: &T) -> &'a [u8] {
        self.1.clear();
        self.0.serialize_to(&mut self.1, value).expect(PLAIN);
        &self.1
    }

    fn load(&mut self, bytes: &[u8]) -> T {
        self.0.deserialize(bytes).expect(OWN)
    }
}

/// Without, which is its fastest way.
pub struct ForyFixed(Fory);

impl<T: Registered + Serializer<Target = T>> Peer<T> for ForyFixed {
    const NAME: &'static str = "fory, fixed";

    fn new() -> Self {
        ForyFixed(Fory(instance::<T>(false), Vec::new()))
    }

    fn dump<'a>(&'a mut self, value: &T) -> &'a [u8] {
        self.0.dump(value)
    }

    fn load(&mut self, bytes: &[u8]) -> T {
        self.0.load(bytes)
    }
}

fn instance<T: Registered>(compatible: bool) -> fory::Fory {
    let mut fory =
        fory::Fory::builder().xlang(false).compatible(compatible).track_ref(true).build();
    T::register(&mut fory).expect("numbers not taken yet");
    fory
}
