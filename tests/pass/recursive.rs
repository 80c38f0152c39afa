//! Types that hold themselves, by themselves and through each other, generic ones too.
use reduce_core::{Reduce, from_slice, to_vec};
use std::collections::BTreeMap;

#[derive(Reduce, Debug, PartialEq)]
struct List {
    value: u32,
    next: Option<Box<List>>,
}

#[derive(Reduce, Debug, PartialEq)]
struct Tree<T> {
    value: T,
    children: Vec<Tree<T>>,
}

#[derive(Reduce, Debug, PartialEq)]
struct Folder {
    name: String,
    entries: BTreeMap<String, Entry>,
}

#[derive(Reduce, Debug, PartialEq)]
enum Entry {
    File(Vec<u8>),
    Folder(Folder),
    Link { to: Box<Entry> },
}

fn main() {
    let list = List { value: 1, next: Some(Box::new(List { value: 2, next: None })) };
    assert_eq!(from_slice::<List>(&to_vec(&list).unwrap()).unwrap(), list);

    let leaf = |value: &str| Tree { value: value.to_string(), children: vec![] };
    let tree = Tree { value: "root".to_string(), children: vec![leaf("a"), leaf("b")] };
    assert_eq!(from_slice::<Tree<String>>(&to_vec(&tree).unwrap()).unwrap(), tree);

    let folder = Folder {
        name: "outer".into(),
        entries: BTreeMap::from([
            ("a".into(), Entry::File(vec![1, 2])),
            ("b".into(), Entry::Folder(Folder { name: "inner".into(), entries: BTreeMap::new() })),
            ("c".into(), Entry::Link { to: Box::new(Entry::File(vec![])) }),
        ]),
    };
    assert_eq!(from_slice::<Folder>(&to_vec(&folder).unwrap()).unwrap(), folder);
}
