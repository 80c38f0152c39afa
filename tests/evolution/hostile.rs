//! Streams whose types were made to cost much, against types of ours that they can be adapted to.

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
const FIRST: u64 = 0x40;

fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn text(text: &str, out: &mut Vec<u8>) {
    varint(text.len() as u64, out);
    out.extend(text.as_bytes());
}

/// A stream of these definitions, whose root is the first one.
fn stream(count: u64, definitions: &[u8], data: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    varint(count, &mut content);
    content.extend(definitions);
    varint(FIRST, &mut content);
    let mut rest = Vec::new();
    varint(content.len() as u64, &mut rest);
    rest.extend(content);
    rest.extend(data);
    let mut stream = vec![0x8f, 0x52, 0x44, 1, 0];
    stream.extend(u32::try_from(rest.len()).unwrap().to_le_bytes());
    stream.extend(rest);
    stream
}

/// So many records of our name, each of which holds others.
fn records(count: u64) -> Vec<u8> {
    let mut out = Vec::new();
    for at in 0..count {
        let place = |of: u64| FIRST + 3 * (of % count);
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
