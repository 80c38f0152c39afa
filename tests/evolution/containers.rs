//! Options, lists, maps, arrays, tuples and pointers.

use super::changes;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, LinkedList, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

#[test]
fn options_come_and_go() {
    changes! {
        u8 => Option<u8> { 5 => Ok(Some(5)) }
        u8 => Option<i64> { 5 => Ok(Some(5)) }
        u64 => Option<u8> { 5 => Ok(Some(5)), 256 => Err("256 does not fit in `u8`") }
        Option<u8> => u8 { Some(5) => Ok(5), None => Err("`None` for a value that is no longer an `Option`") }
        Option<u32> => Option<u8> { Some(5) => Ok(Some(5)), None => Ok(None), Some(256) => Err("does not fit") }
        Option<Option<u8>> => Option<u8> { Some(Some(5)) => Ok(Some(5)), Some(None) => Err("`None`"), None => Ok(None) }
        Option<u8> => Option<Option<u8>> { Some(5) => Ok(Some(Some(5))), None => Ok(None) }
        Option<String> => Box<str> { Some("a".into()) => Ok("a".into()) }
        Vec<u8> => Option<Vec<u8>> { vec![1] => Ok(Some(vec![1])) }
    }
}

#[test]
fn lists_are_lists() {
    changes! {
        Vec<u8> => VecDeque<u16> { vec![1, 2] => Ok([1, 2].into()) }
        Vec<u8> => LinkedList<u8> { vec![1, 2] => Ok([1, 2].into()) }
        Vec<u32> => Vec<u8> { vec![1, 255] => Ok(vec![1, 255]), vec![256] => Err("256 does not fit in `u8`") }
        Vec<u8> => Vec<u32> { vec![1, 255] => Ok(vec![1, 255]), vec![] => Ok(vec![]) }
        Vec<u16> => BTreeSet<u8> { vec![2, 1] => Ok([1, 2].into()), vec![1, 1] => Err("an element occurs twice in a set") }
        Vec<u16> => HashSet<u64> { vec![2, 1] => Ok([1, 2].into()), vec![1, 1] => Err("an element occurs twice in a set") }
        BTreeSet<u8> => Vec<i16> { [3, 4].into() => Ok(vec![3, 4]) }
        Vec<u8> => [u16; 2] { vec![1, 2] => Ok([1, 2]), vec![1] => Err("1 elements, for an array of 2") }
        Vec<u8> => [u8; 2] { vec![1, 2] => Ok([1, 2]), vec![] => Err("0 elements, for an array of 2") }
        [u8; 2] => Vec<u8> { [1, 2] => Ok(vec![1, 2]) }
        [u8; 2] => Vec<u64> { [1, 2] => Ok(vec![1, 2]) }
        [u8; 2] => [u16; 2] { [1, 2] => Ok([1, 2]) }
        [u8; 2] => [u8; 3] { [1, 2] => Err("2 elements, for an array of 3") }
        [u8; 2] => (u8, u8) { [1, 2] => Err("which cannot become `tuple<u8, u8>`") }
        Vec<u8> => Box<[u16]> { vec![1] => Ok([1].into()) }
        Vec<u8> => u8 { vec![1] => Err("the stream has `list<u8>`, which cannot become `u8`") }
        u8 => Vec<u8> { 1 => Err("the stream has `u8`, which cannot become `list<u8>`") }
        Vec<Vec<u8>> => Vec<BTreeSet<u64>> { vec![vec![1], vec![]] => Ok(vec![[1].into(), [].into()]) }
    }
}

#[test]
fn maps_are_maps_and_lists_of_pairs() {
    let pairs = || vec![(1u8, 'a'), (2, 'b')];
    changes! {
        BTreeMap<u8, u8> => HashMap<u16, u32> { [(1, 2)].into() => Ok([(1, 2)].into()) }
        BTreeMap<u16, u8> => BTreeMap<u8, u8> { [(1, 2)].into() => Ok([(1, 2)].into()), [(256, 2)].into() => Err("does not fit") }
        Vec<(u8, char)> => BTreeMap<u16, char> { pairs() => Ok([(1, 'a'), (2, 'b')].into()),
                                                 vec![(1, 'a'), (1, 'b')] => Err("a key occurs twice in a map") }
        Vec<(u8, char)> => HashMap<u8, char> { pairs() => Ok([(1, 'a'), (2, 'b')].into()) }
        BTreeMap<u8, char> => Vec<(u8, char)> { pairs().into_iter().collect() => Ok(pairs()) }
        BTreeMap<u8, char> => Vec<(u64, char)> { [(1, 'a')].into() => Ok(vec![(1, 'a')]) }
        BTreeMap<u8, u8> => Vec<u8> { [(1, 2)].into() => Err("which cannot become `list<u8>`") }
        Vec<u8> => BTreeMap<u8, u8> { vec![1] => Err("which cannot become `map<u8, u8>`") }
    }
}

#[test]
fn tuples_have_as_many_parts() {
    changes! {
        (u8, u8) => (u16, i8) { (1, 2) => Ok((1, 2)), (1, 200) => Err("200 does not fit in `i8`") }
        (u8, String) => (Option<u8>, Box<str>) { (1, "a".into()) => Ok((Some(1), "a".into())) }
        (u8, u8) => (u8, u8, u8) { (1, 2) => Err("which cannot become `tuple<u8, u8, u8>`") }
        (u8, u8) => (u8,) { (1, 2) => Err("which cannot become `tuple<u8>`") }
        (u8,) => u8 { (1,) => Err("which cannot become `u8`") }
    }
}

#[test]
fn pointers_are_what_they_point_to() {
    changes! {
        u8 => Box<u16> { 5 => Ok(Box::new(5)) }
        Box<u16> => u8 { Box::new(5) => Ok(5) }
        u8 => Rc<u8> { 5 => Ok(Rc::new(5)) }
        u8 => Arc<u64> { 5 => Ok(Arc::new(5)) }
        Rc<u8> => u8 { Rc::new(5) => Ok(5) }
        Rc<u16> => u8 { Rc::new(5) => Ok(5), Rc::new(256) => Err("does not fit") }
        Rc<u8> => Arc<u64> { Rc::new(5) => Ok(Arc::new(5)) }
        Rc<u8> => Rc<Option<u8>> { Rc::new(5) => Ok(Rc::new(Some(5))) }
        Rc<Option<u8>> => Option<u8> { Rc::new(Some(5)) => Ok(Some(5)), Rc::new(None) => Ok(None) }
        Option<u8> => Rc<Option<u8>> { Some(5) => Ok(Rc::new(Some(5))), None => Ok(Rc::new(None)) }
        Option<Rc<u8>> => Rc<u8> { Some(Rc::new(5)) => Ok(Rc::new(5)), None => Err("`None`") }
        Rc<str> => String { "a".into() => Ok("a".to_string()) }
        String => Arc<str> { "a".to_string() => Ok("a".into()) }
        Vec<Rc<u8>> => Vec<u8> { { let one = Rc::new(5); vec![one.clone(), one] } => Ok(vec![5, 5]) }
        Rc<Rc<u8>> => u8 { Rc::new(Rc::new(5)) => Ok(5) }
        Rc<Rc<Option<u8>>> => Option<u8> {
            Rc::new(Rc::new(Some(5))) => Ok(Some(5)), Rc::new(Rc::new(None)) => Ok(None)
        }
        Rc<Rc<Option<u8>>> => Rc<Option<u8>> {
            Rc::new(Rc::new(Some(5))) => Ok(Rc::new(Some(5))), Rc::new(Rc::new(None)) => Ok(Rc::new(None))
        }
        Option<u8> => Rc<Rc<Option<u8>>> {
            Some(5) => Ok(Rc::new(Rc::new(Some(5)))), None => Ok(Rc::new(Rc::new(None)))
        }
        Rc<Option<u8>> => Rc<Rc<Option<u8>>> {
            Rc::new(Some(5)) => Ok(Rc::new(Rc::new(Some(5)))), Rc::new(None) => Ok(Rc::new(Rc::new(None)))
        }
        Rc<Rc<Rc<Option<u8>>>> => Option<u8> {
            Rc::new(Rc::new(Rc::new(None))) => Ok(None)
        }
        Rc<Rc<Option<u8>>> => u8 {
            Rc::new(Rc::new(Some(5))) => Ok(5)
        }
        Rc<u8> => Rc<Rc<u8>> { Rc::new(5) => Ok(Rc::new(Rc::new(5))) }
        std::cell::RefCell<u8> => std::cell::Cell<u16> { 5.into() => Ok(5.into()) }
        Option<u16> => std::cell::OnceCell<u8> { Some(5) => Ok(5.into()) }
    }
}
