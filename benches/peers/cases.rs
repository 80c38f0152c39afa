//! The data sets, each with the peers that can store it. Every peer proves that it can before it is measured.

use crate::measure::{Once, Work, timed};
use reduce_benches::data::{
    Lend, floats, graph, log, mesh, message, players, shapes, table, tree, updates,
};
use reduce_benches::peer::{
    Bitcode, Borsh, Fory, ForyFixed, Json, Lender, Memcpy, MessagePack, MessagePackNamed,
    Nanoserde, Peer, Postcard, Reduce, ReduceShapes, ReduceSmall, Rkyv, Savefile, Wincode,
};
use rkyv::util::AlignedVec;
use std::hint::black_box;
use std::rc::Rc;

/// A data set.
pub struct Case {
    pub name: &'static str,
    /// What it consists of, for the tables.
    pub about: &'static str,
    /// Makes it, and shows it to its peers, or to one of them.
    pub contestants: fn(Option<&str>) -> Vec<Contestant>,
}

/// A peer with a data set.
pub struct Contestant {
    pub name: &'static str,
    pub size: usize,
    /// Compressed at zstd's level 3.
    pub zstd: usize,
    pub works: Vec<(Work, Once)>,
}

pub const CASES: &[Case] = &[
    Case { name: "log", about: "10,000 lines of a web server's log", contestants: log },
    Case { name: "mesh", about: "125,000 triangles of twelve `f32`", contestants: mesh },
    Case {
        name: "players",
        about: "500 players of a game, as it saves them",
        contestants: players,
    },
    Case {
        name: "updates",
        about: "1,000 messages of a game, of small numbers",
        contestants: updates,
    },
    Case { name: "message", about: "one message of ten fields", contestants: message },
    Case { name: "floats", about: "1,000,000 `f64` in a list", contestants: floats },
    Case { name: "tree", about: "20,000 nodes, up to 200 levels deep", contestants: tree },
    Case { name: "graph", about: "100,000 shared nodes of three edges", contestants: graph },
    Case { name: "shapes", about: "100,000 boxed trait objects", contestants: shapes },
    Case {
        name: "table",
        about: "100,000 rows, loaded as they were written and by a type that has changed since",
        contestants: table,
    },
];

/// Peers with a value, each by what it can do.
macro_rules! contest {
    ($only:ident, $value:expr, $($how:ident $peer:ty),* $(,)?) => {
        Contest { only: $only, value: Rc::new($value), all: Vec::new() }$(.$how::<$peer>())*.all
    };
}

fn log(only: Option<&str>) -> Vec<Contestant> {
    contest!(
        only, log::Log::sample(), lending Reduce, lending Bitcode, lending Wincode, owning Savefile,
        owning Rkyv, lending Postcard, owning Borsh, owning Nanoserde, lending MessagePack,
        lending Json, owning Fory, owning ForyFixed,
    )
}

fn mesh(only: Option<&str>) -> Vec<Contestant> {
    contest!(
        only, mesh::Mesh::sample(), owning Reduce, owning Bitcode, owning Wincode, owning Savefile,
        owning Rkyv, owning Postcard, owning Borsh, owning Nanoserde, owning MessagePack,
        owning Json, owning Fory, owning ForyFixed,
    )
}

fn players(only: Option<&str>) -> Vec<Contestant> {
    contest!(
        only, players::Players::sample(), lending Reduce, lending Bitcode, lending Wincode,
        owning Savefile, owning Rkyv, lending Postcard, owning Borsh, owning Nanoserde,
        lending MessagePack, lending Json, owning Fory, owning ForyFixed,
    )
}

fn updates(only: Option<&str>) -> Vec<Contestant> {
    contest!(
        only, updates::Updates::sample(), owning Reduce, owning Bitcode, owning Wincode,
        owning Savefile, owning Rkyv, owning Postcard, owning Borsh, owning Nanoserde,
        owning MessagePack, owning Json, owning Fory, owning ForyFixed,
    )
}

fn message(only: Option<&str>) -> Vec<Contestant> {
    contest!(
        only, message::Message::sample(), owning Reduce, owning ReduceSmall, owning Bitcode,
        owning Wincode, owning Savefile, owning Rkyv, owning Postcard, owning Borsh,
        owning Nanoserde, owning MessagePack, owning Json, owning Fory, owning ForyFixed,
    )
}

fn floats(only: Option<&str>) -> Vec<Contestant> {
    contest!(
        only, floats::Floats::sample(), owning Reduce, owning Memcpy, owning Bitcode,
        owning Wincode, owning Savefile, owning Rkyv, owning Postcard, owning Borsh,
        owning Nanoserde, owning MessagePack, owning Json, owning Fory, owning ForyFixed,
    )
}

/// Without bitcode, which has no types that hold themselves.
fn tree(only: Option<&str>) -> Vec<Contestant> {
    contest!(
        only, tree::Tree::sample(), owning Reduce, owning Wincode, owning Savefile, owning Rkyv,
        owning Postcard, owning Borsh, owning Nanoserde, owning MessagePack, owning Json,
        owning Fory, owning ForyFixed,
    )
}

fn graph(only: Option<&str>) -> Vec<Contestant> {
    contest!(only, graph::Graph::sample(), owning Reduce, owning Fory, owning ForyFixed)
}

fn shapes(only: Option<&str>) -> Vec<Contestant> {
    contest!(only, shapes::Drawing::sample(), owning ReduceShapes, owning Fory, owning ForyFixed)
}

/// Those that can do without a field, and with one too many.
fn table(only: Option<&str>) -> Vec<Contestant> {
    contest!(
        only, table::OldTable::sample(), changing Reduce, changing Fory, changing MessagePackNamed,
        changing Json,
    )
}

/// Peers that have proved themselves.
struct Contest<'a, T> {
    only: Option<&'a str>,
    value: Rc<T>,
    all: Vec<Contestant>,
}

impl<T: PartialEq + 'static> Contest<'_, T> {
    /// A peer dumps and loads the value.
    fn owning<P: Peer<T> + 'static>(mut self) -> Self {
        if self.takes(P::NAME) {
            self.enter::<P>();
        }
        self
    }

    /// ... and loads it with borrowed texts.
    fn lending<P: Lender<T> + 'static>(mut self) -> Self
    where
        T: Lend,
    {
        if self.takes(P::NAME) {
            let bytes = self.enter::<P>();
            let mut peer = P::new();
            assert!(self.value.is(&peer.view(&bytes)), "{} lends another value", P::NAME);
            let view: Once = Box::new(move |times| {
                let mut made = Vec::with_capacity(times);
                timed(|| (0..times).for_each(|_| made.push(peer.view(black_box(&bytes)))))
            });
            self.work(Work::View, view);
        }
        self
    }

    fn takes(&self, name: &str) -> bool {
        self.only.is_none_or(|only| only == name)
    }

    /// The peer's bytes of the value.
    fn enter<P: Peer<T> + 'static>(&mut self) -> Rc<AlignedVec> {
        let mut dumping = P::new();
        let mut bytes = AlignedVec::<16>::new();
        bytes.extend_from_slice(dumping.dump(&self.value));
        assert!(dumping.dump(&self.value) == &*bytes, "{} dumps other bytes", P::NAME);
        let bytes = Rc::new(bytes);
        let mut loading = P::new();
        assert!(loading.load(&bytes) == *self.value, "{} loads another value", P::NAME);

        let value = self.value.clone();
        let dump: Once = Box::new(move |times| {
            timed(|| {
                (0..times).for_each(|_| {
                    black_box(dumping.dump(black_box(&value)));
                })
            })
        });
        let loaded = bytes.clone();
        let load: Once = Box::new(move |times| {
            let mut made = Vec::with_capacity(times);
            timed(|| (0..times).for_each(|_| made.push(loading.load(black_box(&loaded)))))
        });
        let zstd = zstd::bulk::compress(&bytes, 3).expect("memory enough").len();
        let works = vec![(Work::Dump, dump), (Work::Load, load)];
        self.all.push(Contestant { name: P::NAME, size: bytes.len(), zstd, works });
        bytes
    }

    /// Something more that the peer entered last can do.
    fn work(&mut self, work: Work, once: Once) {
        if let Some(last) = self.all.last_mut() {
            last.works.push((work, once));
        }
    }
}

impl Contest<'_, table::OldTable> {
    /// ... and loads it as a type that has changed.
    fn changing<P: Peer<table::OldTable> + Peer<table::Table> + 'static>(mut self) -> Self {
        if self.takes(<P as Peer<table::OldTable>>::NAME) {
            let bytes = self.enter::<P>();
            let mut peer = <P as Peer<table::Table>>::new();
            let now: table::Table = peer.load(&bytes);
            assert!(now == self.value.now(), "{} adapts wrongly", <P as Peer<table::Table>>::NAME);
            let changed: Once = Box::new(move |times| {
                let mut made: Vec<table::Table> = Vec::with_capacity(times);
                timed(|| (0..times).for_each(|_| made.push(peer.load(black_box(&bytes)))))
            });
            self.work(Work::Changed, changed);
        }
        self
    }
}
