//! Streams whose types were made to cost much, against types of ours that they can be adapted to.

use reduce::varint;
use reduce_core::{Error, ErrorKind, Expand, Limits, Loader, Reduce};

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "h.Tree")]
struct Tree {
    #[reduce(default)]
    value: Option<u64>,
    #[reduce(default)]
    left: Option<Box<Tree>>,
    #[reduce(default)]
    list: Vec<Tree>,
}

const RECORD: u8 = 0x40;
const LIST: u8 = 0x42;
const OPTION: u8 = 0x44;
const SHARED: u8 = 0x47;
const NEW: u8 = 0x21;
const STOP: u8 = 0x2e;
/// The first place of the table.
const FIRST: u128 = 0x40;

fn text(text: &str, out: &mut Vec<u8>) {
    varint(text.len() as u128, out);
    out.extend(text.as_bytes());
}

/// A stream of these definitions, whose root is the first one.
fn stream(count: u128, definitions: &[u8], data: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    varint(count, &mut content);
    content.extend(definitions);
    varint(FIRST, &mut content);
    let mut rest = Vec::new();
    varint(content.len() as u128, &mut rest);
    rest.extend(content);
    rest.extend(data);
    let mut stream = vec![0x8f, 0x52, 0x44, 1, 0];
    stream.extend(u32::try_from(rest.len()).unwrap().to_le_bytes());
    stream.extend(rest);
    stream
}

/// So many records of our name, each of which holds others.
fn records(count: u128) -> Vec<u8> {
    let mut out = Vec::new();
    for at in 0..count {
        let place = |of: u128| FIRST + 3 * (of % count);
        out.push(RECORD);
        text("h.Tree", &mut out);
        varint(0, &mut out);
        varint(3 << 2 | 1, &mut out);
        for (name, of) in
            [("list", place(at) + 2), ("left", place(at) + 1), ("gone", place(at) + 1)]
        {
            text(name, &mut out);
            varint(of, &mut out);
        }
        out.push(OPTION);
        varint(place(at + 1), &mut out);
        out.push(LIST);
        varint(place(at * 7 + 3), &mut out);
    }
    // A list of none, and no others; then `stop`.
    stream(3 * count, &out, &[0, 0, 0, STOP])
}

fn load<T: for<'de> Expand<'de>>(bytes: &[u8], limits: Limits) -> Result<T, Error> {
    Loader::new().limits(limits).from_slice(bytes)
}

#[test]
fn as_many_types_as_a_table_may_have_are_planned_within_the_limits() {
    let empty = Tree { value: None, left: None, list: Vec::new() };
    let bytes = records(20_000);
    assert_eq!(load::<Tree>(&bytes, Limits::default()).unwrap(), empty);
    let error = load::<Tree>(&bytes, Limits::default().bytes(1 << 20)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    assert!(error.to_string().contains("`Limits::bytes` raises it"), "{error}");
    assert_eq!(load::<Tree>(&records(1), Limits::default().bytes(1 << 14)).unwrap(), empty);
}

#[test]
fn options_and_objects_that_hold_themselves_end() {
    for data in [vec![1; 5000], vec![0], vec![1, 0], vec![NEW; 5000], vec![]] {
        let mut data = data;
        data.push(STOP);
        for code in [OPTION, SHARED, LIST] {
            let bytes = stream(1, &[code, 0x40], &data);
            assert!(load::<u8>(&bytes, Limits::default()).is_err());
            assert!(load::<Tree>(&bytes, Limits::default()).is_err());
            assert!(load::<Box<Tree>>(&bytes, Limits::default().depth(20_000)).is_err());
            let _ = load::<Option<Option<u8>>>(&bytes, Limits::default());
            let _ = load::<std::rc::Rc<Option<u8>>>(&bytes, Limits::default());
            let _ = load::<Vec<std::rc::Rc<u8>>>(&bytes, Limits::default());
        }
    }
}

/// A type that is an option of itself, to which anything can be adapted over and over.
#[derive(Reduce, Debug)]
#[reduce(transparent)]
struct Onion(Option<Box<Onion>>);

#[test]
fn a_type_of_ours_that_holds_itself_without_bytes_ends() {
    let bytes = reduce_core::to_vec(&7u8).unwrap();
    let error = load::<Onion>(&bytes, Limits::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
}

#[test]
fn a_big_object_that_many_refer_to_and_nothing_shares_is_paid_for_each_time() {
    use std::rc::Rc;
    /// Reads nothing of it that is kept: no memory is what bounds the time.
    #[derive(Reduce, Debug)]
    #[reduce(name = "h.Big")]
    struct New {}
    #[derive(Reduce)]
    #[reduce(name = "h.Big")]
    struct Old {
        text: String,
    }
    let big = Rc::new(Old { text: "x".repeat(1 << 20) });
    let bytes = reduce_core::to_vec(&vec![big; 200_000]).unwrap();
    let error = load::<Vec<New>>(&bytes, Limits::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    // What is borrowed takes no memory either.
    let big = Rc::new("x".repeat(1 << 20));
    let bytes = reduce_core::to_vec(&vec![big; 200_000]).unwrap();
    let error = reduce_core::from_slice::<Vec<&str>>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
}

/// A chain whose fields have changed places: each level is gone through before it is come back to.
mod chain {
    use super::*;

    #[derive(Reduce)]
    #[reduce(name = "h.Chain")]
    pub struct Old {
        pub next: Option<Box<Old>>,
        pub text: String,
    }

    #[derive(Reduce)]
    #[reduce(name = "h.Chain")]
    pub struct New {
        pub text: String,
        pub next: Option<Box<New>>,
    }

    impl Drop for New {
        fn drop(&mut self) {
            let mut next = self.next.take();
            while let Some(mut one) = next {
                next = one.next.take();
            }
        }
    }

    pub fn bytes(levels: usize, text: &str) -> Vec<u8> {
        // From the inside out, as the stream has them.
        let mut data = vec![1; levels - 1];
        data.push(0);
        for _ in 0..levels {
            super::text(text, &mut data);
        }
        data.push(STOP);
        let mut table = vec![RECORD];
        super::text("h.Chain", &mut table);
        table.extend([0, 2 << 2 | 1]);
        super::text("next", &mut table);
        table.push(0x41);
        super::text("text", &mut table);
        table.extend([0x10, OPTION, 0x40]);
        stream(2, &table, &data)
    }
}

#[test]
fn levels_that_are_gone_through_again_and_again_are_paid_for() {
    let same = reduce_core::to_vec(&chain::Old {
        next: Some(Box::new(chain::Old { next: None, text: "ab".into() })),
        text: "ab".into(),
    });
    assert_eq!(chain::bytes(2, "ab"), same.unwrap());
    let loads = |bytes: &[u8]| load::<chain::New>(bytes, Limits::default().depth(2_000_000));
    let mut new = loads(&chain::bytes(200, "ab")).unwrap();
    let mut levels = 1;
    while let Some(next) = new.next.take() {
        (new, levels) = (*next, levels + 1);
        assert_eq!(new.text, "ab");
    }
    assert_eq!(levels, 200);
    // Not as many times as there are levels.
    let error = loads(&chain::bytes(100_000, "ab")).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let limits = Limits::default().elements(1000);
    let error = load::<chain::New>(&chain::bytes(200, &"x".repeat(100_000)), limits);
    assert_eq!(error.err().unwrap().kind(), ErrorKind::Limit);
}
