//! What has gone wrong in formats like this one, class by class, and the tests that each class has here.
//!
//! | class | tests |
//! |---|---|
//! | length bomb | `bounds`, and the gates "memory, lengths" and "memory, corpus" of `tests/memory.rs` |
//! | the same over elements without bytes | `bounds::units_without_bytes_are_counted`, "units" in `corpus::large` |
//! | huge memo index | `opcodes`: `back_reference`; the gate "memory, lengths" |
//! | duplication bomb | below; "references to one object" in `corpus::large` |
//! | quadratic work | `tests/linear.rs`; `tables_and_columns_are_paid_for` below |
//! | deep nesting while loading, dropping, printing | `tests/deep.rs`, `tests/depth.rs`, `bounds` |
//! | policy bypass through a name | `tests/registry_errors.rs`: what is not registered is not made |
//! | wrong type in a slot | `graphs::a_back_reference_names_an_object_of_its_own_type`, `tests/stored_alike.rs` |
//! | one shared pointer, two lengths | below |
//! | object under construction, seen from within | `graphs`, `tests/weak.rs`, `tests/state.rs` |
//! | hash flooding, duplicate keys | below |
//! | invalid bool, UTF-8, char, tag | `opcodes`, and every byte x 255 in `variations` |
//! | a load breaks an invariant | `tests/validate.rs` |
//! | plain-old-data casts | no `unsafe` anywhere; bools in rows of fixed width: `tests/fixed_rows.rs`, `variations` |
//! | torn file | `variations`: every prefix; `tests/envelopes.rs` |
//! | panic in the middle of building | `tests/graph_failures.rs` |
//! | effects before a later error | `tests/checked_first.rs` |
//! | 32-bit overflow | lengths are `u64` in the stream and become `usize` by `try_from` alone, which the lints see to |
//! | overlong varints, trailing bytes | `opcodes`, `variations` |

use crate::corpus::large;
use reduce_core::{ErrorKind, Limits, Loader, Reduce, check, disassemble, from_slice, to_vec};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

#[derive(Reduce)]
#[reduce(name = "catalogue.Node")]
struct Shared {
    children: Vec<Rc<Shared>>,
}

/// Each child by itself: the same node as often as there are ways to it.
#[derive(Reduce)]
#[reduce(name = "catalogue.Node")]
struct Copied {
    children: Vec<Copied>,
}

#[derive(Reduce)]
#[reduce(name = "catalogue.Node")]
struct Childless {}

/// Every node is twice the child of the one above: 2^60 ways to the last one.
fn doubled() -> Vec<u8> {
    let mut node = Rc::new(Shared { children: vec![] });
    for _ in 0..60 {
        node = Rc::new(Shared { children: vec![node.clone(), node] });
    }
    to_vec(&*node).unwrap()
}

#[test]
fn objects_that_hold_each_other_twice_are_handles_and_never_copies_without_a_limit() {
    let bytes = doubled();
    assert!(bytes.len() < 400, "{}", bytes.len());
    let mut node = Rc::new(from_slice::<Shared>(&bytes).unwrap());
    let mut levels = 0;
    while let [left, right] = &node.children[..] {
        assert!(Rc::ptr_eq(left, right));
        (node, levels) = (left.clone(), levels + 1);
    }
    assert_eq!(levels, 60);
    assert_eq!(from_slice::<Copied>(&bytes).err().unwrap().kind(), ErrorKind::Limit);
    from_slice::<Childless>(&bytes).unwrap();
    assert_eq!(check(&bytes, &Limits::strict()).unwrap().objects(), 60);
    assert!(disassemble(&bytes).unwrap().error().is_none());

    let load = || Loader::new().value_from_slice(&bytes).unwrap();
    let (value, same) = (load(), load());
    assert!(value == same);
    assert!(value.clone() == value);
    assert!(format!("{value}{value:?}{value:#?}").len() < 1 << 20);
    assert_eq!(value.to_vec().unwrap(), bytes);
    assert_eq!(value.to::<Copied>().err().unwrap().kind(), ErrorKind::Limit);
}

#[test]
fn one_object_behind_pointers_of_two_lengths_is_as_long_as_each_says() {
    let array = Rc::new([1u16, 2, 3]);
    let slice: Rc<[u16]> = array.clone();
    let text: Rc<str> = "ab".into();
    let bytes: Rc<[u8]> = text.clone().into();
    let value = (slice.clone(), array, slice, (text, bytes));
    type All = (Rc<[u16]>, Rc<[u16; 3]>, Rc<[u16]>, (Rc<str>, Rc<[u8]>));
    let loaded: All = from_slice(&to_vec(&value).unwrap()).unwrap();
    assert_eq!(loaded, value);
    assert!(Rc::ptr_eq(&loaded.0, &loaded.2));
    // Objects without size may lie at one address, and are different ones.
    let units = (Rc::new(()), Rc::<[u8]>::from([]), Rc::<[u16]>::from([]));
    let loaded: (Rc<()>, Rc<[u8]>, Rc<[u16]>) = from_slice(&to_vec(&units).unwrap()).unwrap();
    assert_eq!(loaded, units);
}

#[test]
fn keys_that_occur_twice_are_errors_in_every_map_and_set() {
    let pairs = |keys: [u8; 3]| to_vec(&BTreeMap::from(keys.map(|key| (key, key)))).unwrap();
    let mut bytes = pairs([1, 2, 3]);
    let end = bytes.len() - 2;
    bytes[end - 1] = 1;
    for error in [
        from_slice::<BTreeMap<u8, u8>>(&bytes).err(),
        from_slice::<HashMap<u8, u8>>(&bytes).err(),
        from_slice::<BTreeMap<u64, Option<u8>>>(&bytes).err(),
    ] {
        assert_eq!(error.unwrap().kind(), ErrorKind::InvalidValue);
    }
    let list = to_vec(&vec![7u8, 8, 7]).unwrap();
    assert_eq!(from_slice::<BTreeSet<u8>>(&list).err().unwrap().kind(), ErrorKind::InvalidValue);
    // A map that is asked for by default hashes with keys of its own in every process; what is ours is ordered.
    let hasher = |_: &HashMap<u8, u8>| ();
    hasher(&from_slice::<HashMap<u8, u8>>(&pairs([1, 2, 3])).unwrap());
}

/// Twelve, 144 and 1,728 columns.
type Twelve<T> = (T, T, T, T, T, T, T, T, T, T, T, T);
type Wide<T> = Option<Twelve<Twelve<Twelve<T>>>>;

#[derive(Reduce)]
#[reduce(name = "catalogue.Lists")]
struct Lists<T> {
    lists: Vec<Vec<Wide<T>>>,
}

#[derive(Reduce)]
#[reduce(name = "catalogue.Lists")]
struct NoLists {}

#[test]
fn columns_that_have_no_rows_are_paid_for() {
    // Short lists of what has 1,885 columns, none of which has a row.
    let bytes = large::wide_columns("catalogue.Lists", 1000);
    let few = large::wide_columns("catalogue.Lists", 100);
    assert_eq!(from_slice::<Lists<u16>>(&few).unwrap().lists.len(), 100);
    assert_eq!(from_slice::<Lists<u32>>(&few).unwrap().lists.len(), 100);
    // There are steps for each element that is allowed: here for a million values of any kind, and no more.
    let limits = Limits::default().elements(100_000);
    let loader = Loader::new().limits(limits);
    let refused = [
        loader.from_slice::<Lists<u16>>(&bytes).err(),
        loader.from_slice::<Lists<u32>>(&bytes).err(),
        loader.value_from_slice(&bytes).err(),
        check(&bytes, &limits).err(),
    ];
    for (way, error) in refused.into_iter().enumerate() {
        let error = error.unwrap_or_else(|| panic!("way {way} takes it"));
        assert_eq!(error.kind(), ErrorKind::Limit, "{error}");
    }
    // Blocks are passed over, and so are their columns with them.
    from_slice::<NoLists>(&few).unwrap();
}
