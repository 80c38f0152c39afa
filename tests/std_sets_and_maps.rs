//! Sets and maps: equal whatever their kind and order, canonical on demand, without duplicates.

mod round_trip;

use proptest::collection::{btree_map, btree_set};
use proptest::prelude::*;
use reduce_core::{Dumper, ErrorKind, Expand, Limits, Loader};
use round_trip::{check, claim, copied, dump_refusal, refusal, same_bytes, stored_as, varint};
use std::cell::RefCell;
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, LinkedList};
use std::hash::BuildHasherDefault;

/// A hasher other than the default one.
type Fixed = BuildHasherDefault<DefaultHasher>;

proptest! {
    #[test]
    fn sets_come_back_and_share_a_program(elements in btree_set(any::<(i32, String)>(), 0..20)) {
        let hashed: HashSet<_> = elements.iter().cloned().collect();
        let fixed: HashSet<_, Fixed> = elements.iter().cloned().collect();
        check(&elements);
        prop_assert_eq!(&copied(&hashed), &hashed);
        prop_assert_eq!(&copied(&fixed), &fixed);
        prop_assert_eq!(&stored_as::<_, BTreeSet<_>>(&hashed), &elements);
        prop_assert_eq!(&stored_as::<_, HashSet<_>>(&fixed), &hashed);
        let list: Vec<(i32, String)> = stored_as(&elements);
        same_bytes(&list, &elements);
        prop_assert_eq!(&stored_as::<_, HashSet<_, Fixed>>(&list), &fixed);
    }

    #[test]
    fn maps_come_back_and_share_a_program(
        entries in btree_map(any::<String>(), any::<Option<u64>>(), 0..20),
    ) {
        let hashed: HashMap<_, _> = entries.clone().into_iter().collect();
        let fixed: HashMap<_, _, Fixed> = entries.clone().into_iter().collect();
        check(&entries);
        prop_assert_eq!(&copied(&hashed), &hashed);
        prop_assert_eq!(&copied(&fixed), &fixed);
        prop_assert_eq!(&stored_as::<_, BTreeMap<_, _>>(&hashed), &entries);
        prop_assert_eq!(&stored_as::<_, HashMap<_, _, Fixed>>(&entries), &fixed);
    }

    #[test]
    fn canonical_bytes_are_those_of_the_value(
        elements in btree_set(any::<i32>(), 0..20),
        entries in btree_map(any::<(String, i8)>(), any::<bool>(), 0..20),
    ) {
        let dumper = Dumper::new().canonical(true);
        let set_bytes = dumper.to_vec(&elements).unwrap();
        let hashed: HashSet<_> = elements.iter().copied().collect();
        let fixed: HashSet<_, Fixed> = elements.iter().rev().copied().collect();
        prop_assert_eq!(&dumper.to_vec(&hashed).unwrap(), &set_bytes);
        prop_assert_eq!(&dumper.to_vec(&fixed).unwrap(), &set_bytes);
        prop_assert_eq!(reduce_core::from_slice::<BTreeSet<i32>>(&set_bytes).unwrap(), elements);

        let map_bytes = dumper.to_vec(&entries).unwrap();
        let hashed: HashMap<_, _> = entries.clone().into_iter().collect();
        let fixed: HashMap<_, _, Fixed> = entries.clone().into_iter().rev().collect();
        prop_assert_eq!(&dumper.to_vec(&hashed).unwrap(), &map_bytes);
        prop_assert_eq!(&dumper.to_vec(&fixed).unwrap(), &map_bytes);
        prop_assert_eq!(reduce_core::from_slice::<BTreeMap<_, _>>(&map_bytes).unwrap(), entries);
    }
}

#[test]
fn canonical_order_is_that_of_the_encoded_elements() {
    // Zigzag: 0, -1, 1, -2 are 0, 1, 2, 3. In the order of the values the last would come first.
    let set = BTreeSet::from([-2i32, -1, 0, 1]);
    let bytes = Dumper::new().canonical(true).to_vec(&set).unwrap();
    assert_eq!(bytes, reduce_core::to_vec(&[0, -1, 1, -2][..]).unwrap());
    let plain = reduce_core::to_vec(&set).unwrap();
    assert_eq!(plain, reduce_core::to_vec(&[-2, -1, 0, 1][..]).unwrap());
}

#[test]
fn sets_inside_sets_are_canonical_too() {
    let nested = |order: &[u32]| -> HashMap<u8, HashSet<u32>> {
        HashMap::from([(1, order.iter().copied().collect()), (0, HashSet::new())])
    };
    let dumper = Dumper::new().canonical(true);
    let (a, b) = (nested(&[1, 2, 3, 4, 5]), nested(&[5, 4, 3, 2, 1]));
    assert_eq!(dumper.to_vec(&a).unwrap(), dumper.to_vec(&b).unwrap());
}

#[test]
fn an_element_that_occurs_twice_is_refused() {
    let bytes = reduce_core::to_vec(&vec![("set", vec![7u8, 8, 7])]).unwrap();
    for (kind, path, text) in [
        refusal::<Vec<(&str, BTreeSet<u8>)>>(&bytes),
        refusal::<Vec<(&str, HashSet<u8>)>>(&bytes),
        refusal::<Vec<(&str, HashSet<u8, Fixed>)>>(&bytes),
    ] {
        assert_eq!((kind, path.as_str()), (ErrorKind::InvalidValue, "[0].1[2]"));
        assert!(text.contains("an element occurs twice in a set"), "{text}");
    }
}

#[test]
fn elements_without_bytes_cannot_fill_a_set() {
    let one = claim::<HashSet<()>>(&varint(1 << 1));
    assert_eq!(reduce_core::from_slice::<HashSet<()>>(&one).unwrap().len(), 1);
    let two = claim::<HashSet<()>>(&varint(1000 << 1));
    assert_eq!(refusal::<HashSet<()>>(&two).0, ErrorKind::InvalidValue);
    assert_eq!(refusal::<BTreeSet<()>>(&two).0, ErrorKind::InvalidValue);
}

#[test]
fn a_key_that_occurs_twice_is_refused() {
    let bytes = claim::<BTreeMap<u8, u8>>(&[2 << 1, 5, 1, 5, 2]);
    for (kind, path, _) in [
        refusal::<BTreeMap<u8, u8>>(&bytes),
        refusal::<HashMap<u8, u8>>(&bytes),
        refusal::<HashMap<u8, u8, Fixed>>(&bytes),
    ] {
        assert_eq!((kind, path.as_str()), (ErrorKind::InvalidValue, "[key 1]"));
    }
}

#[test]
fn maps_refuse_claimed_lengths() {
    for length in [1 << 28, 1 << 32, 1 << 60, u64::MAX >> 1] {
        let bytes = claim::<BTreeMap<u8, String>>(&varint(length << 1));
        assert_eq!(refusal::<BTreeMap<u8, String>>(&bytes).0, ErrorKind::Limit);
        assert_eq!(refusal::<HashMap<u8, String>>(&bytes).0, ErrorKind::Limit);
    }
}

#[test]
fn errors_inside_maps_name_the_entry() {
    let cells = BTreeMap::from([("a", RefCell::new(1)), ("b", RefCell::new(2))]);
    let _guard = cells["b"].borrow_mut();
    let (kind, path, _) = dump_refusal(&cells);
    assert_eq!((kind, path.as_str()), (ErrorKind::Unavailable, "[1]"));
}

/// Begins with room for fewer elements than it has.
#[test]
fn what_moves_as_it_grows_is_there_twice_and_nothing_else_is() {
    const COUNT: u64 = 100_000;
    let set: BTreeSet<_> = (0..COUNT).map(|n| (n, n)).collect();
    let bytes = Dumper::new().columns(false).to_vec(&set).unwrap();
    fn takes<T: for<'de> Expand<'de>>(bytes: &[u8], limit: u64) -> bool {
        let loader = Loader::new().limits(Limits::default().bytes(limit as usize));
        match loader.from_slice::<T>(bytes) {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Limit);
                false
            }
        }
    }
    assert!(takes::<BTreeSet<(u64, u64)>>(&bytes, 48 * COUNT));
    assert!(!takes::<BTreeSet<(u64, u64)>>(&bytes, 48 * COUNT - 1));
    assert!(takes::<LinkedList<(u64, u64)>>(&bytes, 32 * COUNT));
    assert!(!takes::<LinkedList<(u64, u64)>>(&bytes, 32 * COUNT - 1));
    let table = (1 << 17) * 17 + 32;
    assert!(takes::<HashSet<(u64, u64)>>(&bytes, table + table / 2));
    assert!(!takes::<HashSet<(u64, u64)>>(&bytes, table + table / 2 - 1));
}
