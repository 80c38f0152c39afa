//! The data sets, each with the peers that can store it.

use super::{Contest, Contestant};
use crate::data::{floats, graph, log, mesh, message, players, shapes, table, tree, updates};
#[cfg(feature = "peers")]
use crate::peer::{
    Bitcode, Borsh, Fory, ForyFixed, Json, MessagePack, MessagePackNamed, Nanoserde, Postcard,
    Rkyv, Savefile, Wincode,
};
use crate::peer::{Memcpy, Reduce, ReduceShapes, ReduceSmall};

/// A data set.
pub struct Case {
    /// How the command line and the tables call it.
    pub name: &'static str,
    /// How often a work is done for its instructions to be counted: what is short is done often.
    pub times: usize,
    /// What it consists of, for the tables.
    pub about: &'static str,
    /// Makes it, and shows it to its peers, or to one of them.
    pub contestants: fn(Option<&str>) -> Vec<Contestant>,
}

/// All of them.
pub const CASES: &[Case] = &[
    Case { name: "log", times: 1, about: "10,000 lines of a web server's log", contestants: log },
    Case { name: "mesh", times: 1, about: "125,000 triangles of twelve `f32`", contestants: mesh },
    Case {
        name: "players",
        times: 1,
        about: "500 players of a game, as it saves them",
        contestants: players,
    },
    Case {
        name: "updates",
        times: 1,
        about: "1,000 messages of a game, of small numbers",
        contestants: updates,
    },
    Case { name: "message", times: 256, about: "one message of ten fields", contestants: message },
    Case { name: "floats", times: 1, about: "1,000,000 `f64` in a list", contestants: floats },
    Case {
        name: "tree",
        times: 1,
        about: "20,000 nodes, up to 200 levels deep",
        contestants: tree,
    },
    Case {
        name: "graph",
        times: 1,
        about: "100,000 shared nodes of three edges",
        contestants: graph,
    },
    Case { name: "shapes", times: 1, about: "100,000 boxed trait objects", contestants: shapes },
    Case {
        name: "table",
        times: 1,
        about: "100,000 rows, loaded as they were written and by a type that has changed since",
        contestants: table,
    },
];

/// A value with us and then the peers, each by what it can do.
macro_rules! contest {
    ($only:ident, $value:expr, $($our:ident $us:ty),+; $($how:ident $peer:ty),+ $(,)?) => {{
        let contest = Contest::new($only, $value)$(.$our::<$us>())+;
        #[cfg(feature = "peers")]
        let contest = contest$(.$how::<$peer>())+;
        contest.contestants()
    }};
}

fn log(only: Option<&str>) -> Vec<Contestant> {
    contest!(
        only, log::Log::sample(), lending Reduce; lending Bitcode, lending Wincode, owning Savefile,
        owning Rkyv, lending Postcard, owning Borsh, owning Nanoserde, lending MessagePack,
        lending Json, owning Fory, owning ForyFixed,
    )
}

fn mesh(only: Option<&str>) -> Vec<Contestant> {
    contest!(
        only, mesh::Mesh::sample(), owning Reduce; owning Bitcode, owning Wincode, owning Savefile,
        owning Rkyv, owning Postcard, owning Borsh, owning Nanoserde, owning MessagePack,
        owning Json, owning Fory, owning ForyFixed,
    )
}

fn players(only: Option<&str>) -> Vec<Contestant> {
    contest!(
        only, players::Players::sample(), lending Reduce; lending Bitcode, lending Wincode,
        owning Savefile, owning Rkyv, lending Postcard, owning Borsh, owning Nanoserde,
        lending MessagePack, lending Json, owning Fory, owning ForyFixed,
    )
}

fn updates(only: Option<&str>) -> Vec<Contestant> {
    contest!(
        only, updates::Updates::sample(), owning Reduce; owning Bitcode, owning Wincode,
        owning Savefile, owning Rkyv, owning Postcard, owning Borsh, owning Nanoserde,
        owning MessagePack, owning Json, owning Fory, owning ForyFixed,
    )
}

fn message(only: Option<&str>) -> Vec<Contestant> {
    contest!(
        only, message::Message::sample(), owning Reduce, owning ReduceSmall; owning Bitcode,
        owning Wincode, owning Savefile, owning Rkyv, owning Postcard, owning Borsh,
        owning Nanoserde, owning MessagePack, owning Json, owning Fory, owning ForyFixed,
    )
}

fn floats(only: Option<&str>) -> Vec<Contestant> {
    contest!(
        only, floats::Floats::sample(), owning Reduce, owning Memcpy; owning Bitcode,
        owning Wincode, owning Savefile, owning Rkyv, owning Postcard, owning Borsh,
        owning Nanoserde, owning MessagePack, owning Json, owning Fory, owning ForyFixed,
    )
}

/// Without bitcode, which has no types that hold themselves, and serde_json, which loads no more than 128 levels.
fn tree(only: Option<&str>) -> Vec<Contestant> {
    contest!(
        only, tree::Tree::sample(), owning Reduce; owning Wincode, owning Savefile, owning Rkyv,
        owning Postcard, owning Borsh, owning Nanoserde, owning MessagePack, owning Fory, owning ForyFixed,
    )
}

fn graph(only: Option<&str>) -> Vec<Contestant> {
    contest!(only, graph::Graph::sample(), owning Reduce; owning Fory, owning ForyFixed)
}

fn shapes(only: Option<&str>) -> Vec<Contestant> {
    contest!(only, shapes::Drawing::sample(), owning ReduceShapes; owning Fory, owning ForyFixed)
}

/// Those that can do without a field, and with one too many.
fn table(only: Option<&str>) -> Vec<Contestant> {
    contest!(
        only, table::OldTable::sample(), changing Reduce; changing Fory, changing MessagePackNamed,
        changing Json,
    )
}
