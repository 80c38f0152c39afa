//! Sound streams of object graphs, put together by hand: what the format says, whatever a dump writes.

use super::stream::{Stream, named, record};
use reduce_core::opcode::*;

/// The first place of a table.
const FIRST: u8 = 0x40;

/// Streams by name.
pub fn streams() -> Vec<(&'static str, Vec<u8>)> {
    let streams = [
        ("graph_weak_to_itself", weak_to_itself()),
        ("graph_cycle_through_state", cycle_through_state()),
        ("graph_weak_before_its_owner", weak_before_its_owner()),
        ("graph_trait_objects", trait_objects()),
        ("graph_foreign_and_persistent", foreign_and_persistent()),
        ("graph_objects_ahead", objects_ahead()),
        ("graph_states_within_states", states_within_states()),
        ("graph_state_in_place", state_in_place()),
        ("buffers", buffers()),
        ("value_of_any_type", value_of_any_type()),
        ("value_with_states", value_with_states()),
        ("value_with_objects_ahead", value_with_objects_ahead()),
        ("buffers_of_numbers", buffers_of_numbers()),
    ];
    streams.into_iter().map(|(name, stream)| (name, stream.bytes())).collect()
}

/// What a value of any type begins with.
fn head(of: u8, ahead: u8) -> Vec<u8> {
    super::stream::varint(u64::from(of) << 1 | u64::from(ahead))
}

/// A number, a record, and text, each with its type in front.
fn value_of_any_type() -> Stream {
    let point = record("geo.Point", &[("x", U8), ("y", U8)], &[]);
    let data = [
        &[3 << 1][..],
        &head(U8, 0),
        &[7],
        &head(FIRST + 1, 0),
        &[1, 2],
        &head(STR, 0),
        &[2, b'h', b'i'],
    ];
    Stream::new(&[&[LIST, VALUE]], u64::from(FIRST), &data.concat()).more(&[&point])
}

/// A shared object, and a value with an object of its own that holds itself.
fn value_with_states() -> Stream {
    let definitions: [&[u8]; 2] = [&[SHARED, U8], &[TUPLE, 3, FIRST, VALUE, FIRST]];
    let node = record("app.Node", &[("id", U8)], &[("next", FIRST + 4)]);
    let more: [&[u8]; 3] = [&node, &[SHARED, FIRST + 2], &[OPTION, FIRST + 3]];
    let value = [&head(FIRST + 3, 0)[..], &[NEW_STATEFUL, 7, STATES, 1, BACK_REFERENCE, 0]];
    let data = [&[NEW, 5][..], &value.concat(), &[BACK_REFERENCE, 0]].concat();
    Stream::new(&definitions, u64::from(FIRST) + 1, &data).more(&more)
}

/// A value in front of which one of its objects stands.
fn value_with_objects_ahead() -> Stream {
    let more: [&[u8]; 3] = [&[WEAK, U8], &[SHARED, U8], &[TUPLE, 2, FIRST + 1, FIRST + 2]];
    let ahead = [1, FIRST + 2, NEW, 6];
    let value = [&head(FIRST + 3, 1)[..], &ahead, &[BACK_REFERENCE, 0, BACK_REFERENCE, 0]].concat();
    let data = [&[1 << 1][..], &value].concat();
    Stream::new(&[&[LIST, VALUE]], u64::from(FIRST), &data).more(&more)
}

/// An object with a name and a weak reference to itself.
fn weak_to_itself() -> Stream {
    let node = record("app.Node", &[("name", STR), ("me", FIRST + 1)], &[]);
    let definitions: [&[u8]; 3] = [&node, &[WEAK, FIRST], &[SHARED, FIRST]];
    let data = [&[NEW_CYCLIC, 3][..], b"ann", &[BACK_REFERENCE, 0]].concat();
    Stream::new(&definitions, u64::from(FIRST) + 2, &data)
}

/// Two objects that hold each other through their state.
fn cycle_through_state() -> Stream {
    let node = record("app.Node", &[("id", U8)], &[("next", FIRST + 2)]);
    let definitions: [&[u8]; 4] =
        [&node, &[SHARED, FIRST], &[OPTION, FIRST + 1], &[LIST, FIRST + 1]];
    let objects = [2 << 1, NEW_STATEFUL, 7, NEW_STATEFUL, 8];
    let states = [STATES, 1, BACK_REFERENCE, 1, 1, BACK_REFERENCE, 0];
    Stream::new(&definitions, u64::from(FIRST) + 3, &[&objects[..], &states].concat())
}

/// An object that a weak reference meets first, then its owner; a weak reference to nothing.
fn weak_before_its_owner() -> Stream {
    let definitions: [&[u8]; 3] =
        [&[WEAK, STR], &[SHARED, STR], &[TUPLE, 3, FIRST, FIRST + 1, FIRST]];
    let data = [&[NEW, 2][..], b"hi", &[BACK_REFERENCE, 0, DANGLING]].concat();
    Stream::new(&definitions, u64::from(FIRST) + 2, &data)
}

/// Trait objects, one of which is also met as what it is; the registered types follow the programs.
fn trait_objects() -> Stream {
    let circle = record("geo.Circle", &[("radius", U8)], &[]);
    let square = record("geo.Square", &[("side", U8)], &[]);
    let definitions: [&[u8]; 6] = [
        &named(DYN, "geo.Shape", &[]),
        &[SHARED, FIRST],
        &[LIST, FIRST + 1],
        &circle,
        &[SHARED, FIRST + 3],
        &[TUPLE, 3, FIRST + 2, FIRST + 4, FIRST],
    ];
    let more: [&[u8]; 3] =
        [&named(NAMED, "geo.Circle", &[FIRST + 3]), &square, &[CODED, 7, FIRST + 7]];
    let (circle, square) = (FIRST + 6, FIRST + 8);
    let list = [3 << 1, NEW, circle, 5, NEW, square, 6, BACK_REFERENCE, 0];
    let others = [BACK_REFERENCE, 0, square, 9];
    Stream::new(&definitions, u64::from(FIRST) + 5, &[&list[..], &others].concat()).more(&more)
}

/// A value of a foreign type, and an object that is stored as its id.
fn foreign_and_persistent() -> Stream {
    let definitions: [&[u8]; 4] = [
        &[DISPATCH],
        &[PERSISTENT, U64],
        &[TUPLE, 2, FIRST, FIRST + 1],
        &named(NAMED, "url", &[STR]),
    ];
    let data = [&[FIRST + 3, 4][..], b"a://", &[42]].concat();
    Stream::new(&definitions, u64::from(FIRST) + 2, &data)
}

/// Two objects in front of a root that refers to both.
fn objects_ahead() -> Stream {
    let definitions: [&[u8]; 3] = [&[SHARED, U8], &[WEAK, U8], &[TUPLE, 2, FIRST, FIRST + 1]];
    let data = [BACK_REFERENCE, 1, BACK_REFERENCE, 0];
    Stream::new(&definitions, u64::from(FIRST) + 2, &data)
        .ahead(&[&[FIRST, NEW, 5], &[FIRST, NEW, 6]])
}

/// An object whose state holds another one with a state, which refers back weakly.
fn states_within_states() -> Stream {
    let node = record("app.Node", &[("me", FIRST + 1)], &[("next", FIRST + 3)]);
    let definitions: [&[u8]; 4] = [&node, &[WEAK, FIRST], &[SHARED, FIRST], &[OPTION, FIRST + 2]];
    let root = [NEW_CYCLIC_STATEFUL, BACK_REFERENCE, 0];
    let first = [STATES, 1, NEW_STATEFUL, DANGLING];
    let second = [1, BACK_REFERENCE, 0];
    Stream::new(&definitions, u64::from(FIRST) + 2, &[&root[..], &first, &second].concat())
}

/// A record with a state that is no object of its own: the state follows the kept fields.
fn state_in_place() -> Stream {
    let node = record("app.Node", &[("id", U8)], &[("next", FIRST + 1)]);
    Stream::new(&[&node, &[OPTION, U8]], u64::from(FIRST), &[7, 1, 8])
}

/// Two lists of bytes outside of the stream, around one inside of it.
fn buffers() -> Stream {
    let definitions: [&[u8]; 2] = [&[LIST, U8], &[LIST, FIRST]];
    let data = [3 << 1, 3 << 1 | 1, BUFFER, 0, 1 << 1, 7, 2 << 1 | 1, BUFFER, 1];
    Stream::new(&definitions, u64::from(FIRST) + 1, &data)
}

/// Numbers of fixed and of variable length outside of the stream, and the latter inside of it too.
fn buffers_of_numbers() -> Stream {
    let fields = [("samples", FIRST + 1), ("counts", FIRST + 2), ("short", FIRST + 2)];
    let signal = record("app.Signal", &fields, &[]);
    let definitions: [&[u8]; 3] = [&signal, &[LIST, F64], &[LIST, U32]];
    let data = [3 << 1 | 1, BUFFER, 0, 2 << 1 | 1, BUFFER, 1, 1 << 1, 0xAC, 0x02];
    Stream::new(&definitions, u64::from(FIRST), &data)
}
