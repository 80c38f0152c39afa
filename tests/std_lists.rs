//! Lists, sequences, arrays and tuples.

mod round_trip;

use proptest::collection::{vec, vec_deque};
use proptest::prelude::*;
use reduce_core::{Describe, Dumper, ErrorKind, Expand};
use round_trip::{check, claim, copied, dump_refusal, refusal, same_bytes, stored_as, varint};
use std::cell::RefCell;
use std::collections::{BTreeSet, BinaryHeap, HashSet, LinkedList, VecDeque};

proptest! {
    #[test]
    fn sequences_come_back_and_share_a_program(elements in vec(any::<(i32, String)>(), 0..20)) {
        let deque: VecDeque<_> = elements.iter().cloned().collect();
        let linked: LinkedList<_> = elements.iter().cloned().collect();
        let boxed: Box<[_]> = elements.clone().into();
        check(&elements);
        check(&deque);
        check(&linked);
        check(&boxed);
        same_bytes(&elements, &deque);
        same_bytes(&elements, &linked);
        same_bytes(&elements, &boxed);
        same_bytes(&elements, elements.as_slice());
        prop_assert_eq!(&stored_as::<_, VecDeque<(i32, String)>>(&linked), &deque);
        prop_assert_eq!(&stored_as::<_, LinkedList<_>>(&boxed), &linked);
        prop_assert_eq!(&stored_as::<_, Vec<(i32, String)>>(&deque), &elements);
    }

    #[test]
    fn lists_of_bytes_share_a_program(bytes: Vec<u8>) {
        let deque: VecDeque<u8> = bytes.iter().copied().collect();
        let linked: LinkedList<u8> = bytes.iter().copied().collect();
        check(&deque);
        check(&linked);
        same_bytes(&bytes, &deque);
        same_bytes(&bytes, &linked);
        same_bytes(bytes.as_slice(), &bytes.clone().into_boxed_slice());
        let stream = reduce_core::to_vec(&linked).unwrap();
        prop_assert_eq!(reduce_core::from_slice::<&[u8]>(&stream).unwrap(), bytes.as_slice());
    }

    #[test]
    fn a_deque_that_wraps_around_has_the_bytes_of_one_that_does_not(
        front in vec_deque(any::<u16>(), 0..20),
        back in vec_deque(any::<u16>(), 0..20),
    ) {
        let mut wrapped = back.clone();
        front.iter().rev().for_each(|element| wrapped.push_front(*element));
        let straight: Vec<u16> = front.into_iter().chain(back).collect();
        same_bytes(&wrapped, &straight);
        check(&wrapped);
    }

    #[test]
    fn heaps_keep_their_elements(elements in vec(any::<i16>(), 0..30)) {
        let heap: BinaryHeap<i16> = elements.iter().copied().collect();
        prop_assert_eq!(copied(&heap).into_sorted_vec(), heap.clone().into_sorted_vec());
        let from_list: BinaryHeap<i16> = stored_as(&elements);
        prop_assert_eq!(from_list.into_sorted_vec(), heap.into_sorted_vec());
    }

    #[test]
    fn equal_heaps_have_equal_canonical_bytes(elements in vec(any::<(u8, String)>(), 0..20)) {
        let dumper = Dumper::new().canonical(true);
        let heap: BinaryHeap<_> = elements.iter().cloned().collect();
        let reversed: BinaryHeap<_> = elements.iter().rev().cloned().collect();
        let bytes = dumper.to_vec(&heap).unwrap();
        prop_assert_eq!(&dumper.to_vec(&reversed).unwrap(), &bytes);
        let loaded: BinaryHeap<(u8, String)> = reduce_core::from_slice(&bytes).unwrap();
        prop_assert_eq!(loaded.into_sorted_vec(), heap.into_sorted_vec());
    }

    #[test]
    fn arrays_come_back(bytes: [u8; 32], pairs: [(bool, i64); 3]) {
        check(&bytes);
        check(&pairs);
        check(&[[bytes; 2]; 2]);
    }

    #[test]
    fn tuples_come_back(t: (u8, i16, String, Option<char>, (bool,), Vec<u8>)) {
        check(&t);
        check(&(t.clone(), t));
    }
}

#[test]
fn the_longest_tuple_comes_back() {
    // Beyond 12 elements tuples lack `PartialEq`.
    let t = (1u8, 2u8, 3u8, 4u8, 5u8, 6u8, 7u8, 8u8, 9u8, 10u8, 11u8, 12u8, 13u8, 14u8, 15u8, "p");
    let bytes = reduce_core::to_vec(&t).unwrap();
    type Sixteen<'a> = (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, &'a str);
    let u: Sixteen<'_> = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!((u.0, u.14, u.15), (1, 15, "p"));
    assert_eq!(reduce_core::to_vec(&u).unwrap(), bytes);
}

#[test]
fn an_error_in_a_deque_counts_the_elements_of_both_halves() {
    let mut deque: VecDeque<RefCell<u8>> = VecDeque::with_capacity(8);
    deque.extend((0..4).map(RefCell::new));
    deque.push_front(RefCell::new(9));
    assert!(!deque.as_slices().1.is_empty(), "the deque does not wrap around");
    for n in 0..5 {
        let guard = deque[n].borrow_mut();
        assert_eq!(dump_refusal(&deque).1, format!("[{n}]"));
        drop(guard);
    }
}

#[test]
fn an_error_in_a_list_names_the_element() {
    let bytes = claim::<Vec<bool>>(&[3 << 1, 1, 0, 7]);
    assert_eq!(refusal::<Vec<bool>>(&bytes).1, "[2]");
    assert_eq!(refusal::<VecDeque<bool>>(&bytes).1, "[2]");
    assert_eq!(refusal::<LinkedList<bool>>(&bytes).1, "[2]");
    assert_eq!(refusal::<BinaryHeap<bool>>(&bytes).1, "[2]");
    assert_eq!(refusal::<Box<[bool]>>(&bytes).1, "[2]");
}

/// Claims lengths that no memory holds.
fn refuses_claimed_lengths<T: for<'de> Expand<'de> + Describe>() {
    for length in [1 << 28, 1 << 31, 1 << 32, 1 << 60, u64::MAX >> 1] {
        let bytes = claim::<T>(&varint(length << 1));
        assert_eq!(refusal::<T>(&bytes).0, ErrorKind::Limit, "length {length}");
    }
    // Within the limit on elements: the bytes are not there.
    let bytes = claim::<T>(&varint(1000 << 1));
    assert_eq!(refusal::<T>(&bytes).0, ErrorKind::UnexpectedEnd);
}

#[test]
fn claimed_lengths_are_refused_before_anything_is_allocated() {
    refuses_claimed_lengths::<Vec<u8>>();
    refuses_claimed_lengths::<Vec<[u64; 100]>>();
    refuses_claimed_lengths::<Box<[u32]>>();
    refuses_claimed_lengths::<VecDeque<u8>>();
    refuses_claimed_lengths::<VecDeque<String>>();
    refuses_claimed_lengths::<LinkedList<u8>>();
    refuses_claimed_lengths::<BinaryHeap<u64>>();
    refuses_claimed_lengths::<BTreeSet<u8>>();
    refuses_claimed_lengths::<HashSet<u8>>();
    refuses_claimed_lengths::<HashSet<[u64; 100]>>();
}

#[test]
fn elements_without_bytes_count_towards_the_limit() {
    let few = claim::<Vec<()>>(&varint(1000 << 1));
    assert_eq!(reduce_core::from_slice::<Vec<()>>(&few).unwrap().len(), 1000);
    assert_eq!(reduce_core::from_slice::<VecDeque<()>>(&few).unwrap().len(), 1000);
    assert_eq!(reduce_core::from_slice::<LinkedList<()>>(&few).unwrap().len(), 1000);
    assert_eq!(reduce_core::from_slice::<BinaryHeap<()>>(&few).unwrap().len(), 1000);
    for length in [1 << 30, 1 << 60, u64::MAX >> 1] {
        let many = claim::<Vec<()>>(&varint(length << 1));
        for (kind, _, text) in [
            refusal::<Vec<()>>(&many),
            refusal::<VecDeque<()>>(&many),
            refusal::<LinkedList<()>>(&many),
            refusal::<BinaryHeap<()>>(&many),
            refusal::<BTreeSet<()>>(&many),
        ] {
            assert_eq!(kind, ErrorKind::Limit);
            assert!(text.contains("Limits::elements"), "{text}");
        }
    }
}
