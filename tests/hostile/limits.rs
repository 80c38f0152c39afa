//! Every limit, by every way that bytes are read: what reaches it passes, what goes beyond it is an error that names it.

use crate::corpus::stream::{Stream, varint};
use reduce_core::{
    Dumper, Error, ErrorKind, Expand, Limits, Loader, Programs, Reduce, opcode, to_vec,
};
use std::collections::VecDeque;
use std::rc::Rc;

#[derive(Reduce)]
#[reduce(name = "Limited")]
struct Limited {
    id: u8,
    rest: Vec<Vec<Rc<String>>>,
}

/// Adapted.
#[derive(Reduce)]
#[reduce(name = "Limited")]
struct Wider {
    id: u16,
    rest: VecDeque<Vec<Rc<String>>>,
}

/// As [`Wider`], of values that are shared no more.
#[derive(Reduce)]
#[reduce(name = "Limited")]
struct Unshared {
    id: u16,
    rest: Vec<Vec<String>>,
}

/// The rest is passed over.
#[derive(Reduce)]
#[reduce(name = "Limited")]
struct Shorter {
    id: u8,
}

/// Three objects, four elements, three levels, four definitions, and a longest name of seven bytes.
fn limited() -> Limited {
    let text = |text: &str| Rc::new(String::from(text));
    Limited { id: 7, rest: vec![vec![text("a"), text("bc"), text("def")]] }
}

type Way = (&'static str, fn(&Loader, &[u8]) -> Result<(), Error>);

fn load<T: for<'de> Expand<'de>>(loader: &Loader, bytes: &[u8]) -> Result<(), Error> {
    loader.from_slice::<T>(bytes).map(drop)
}

const NATIVE: Way = ("its type", load::<Limited>);
const OTHERS: [Way; 6] = [
    ("its type, checked first", |loader, bytes| {
        loader.clone().check_first(true).from_slice::<Limited>(bytes).map(drop)
    }),
    ("a changed type", load::<Wider>),
    ("a type of values that are not shared", load::<Unshared>),
    ("passed over", load::<Shorter>),
    ("a `Value`", |loader, bytes| loader.value_from_slice(bytes).map(drop)),
    ("checked", |loader, bytes| loader.check(bytes).map(drop)),
];

/// With a limit that the value just reaches, and with one that it does not: the error says how much that allows.
fn holds(
    ways: &[Way],
    bytes: &[u8],
    (method, limit): (&str, &str),
    (enough, short): (Limits, Limits),
) {
    let mut programs = Programs::new();
    programs.add::<Limited>().unwrap();
    for (way, read) in ways {
        let loader = Loader::new().programs(&programs);
        if let Err(error) = read(&loader.clone().limits(enough), bytes) {
            panic!("{way}: {error}");
        }
        let error = read(&loader.limits(short), bytes).expect_err(way);
        assert_eq!(error.kind(), ErrorKind::Limit, "{way}: {error}");
        let says = format!(" than the limit of {limit} allows; `Limits::{method}` raises it");
        assert!(error.to_string().contains(&says), "{way}: {error}");
    }
}

fn all_ways() -> Vec<Way> {
    [&[NATIVE][..], &OTHERS].concat()
}

#[test]
fn elements() {
    let limit = |elements| Limits::default().elements(elements);
    let bytes = to_vec(&limited()).unwrap();
    holds(&all_ways(), &bytes, ("elements", "3"), (limit(4), limit(3)));
}

#[test]
fn depth() {
    let limit = |levels| Limits::default().depth(levels);
    let bytes = to_vec(&limited()).unwrap();
    holds(&[NATIVE, OTHERS[0], OTHERS[1]], &bytes, ("depth", "2 levels"), (limit(3), limit(2)));
    // Without the pointers.
    holds(&[OTHERS[2]], &bytes, ("depth", "1 level"), (limit(3), limit(1)));
    holds(&OTHERS[3..], &bytes, ("depth", "2 levels"), (limit(3), limit(2)));
}

#[test]
fn objects() {
    let limit = |objects| Limits::default().objects(objects);
    let bytes = to_vec(&limited()).unwrap();
    holds(&all_ways(), &bytes, ("objects", "2"), (limit(3), limit(2)));
}

#[test]
fn objects_of_a_session_count_together() {
    let mut dumps = Dumper::new().session();
    let messages = [dumps.to_vec(&limited()).unwrap(), dumps.to_vec(&limited()).unwrap()];
    for (objects, loads) in [(6, true), (5, false)] {
        let limits = Limits::default().objects(objects);
        let mut session = Loader::new().limits(limits).session();
        session.from_slice::<Limited>(&messages[0]).unwrap();
        let second = session.from_slice::<Limited>(&messages[1]);
        assert_eq!(second.is_ok(), loads);
        if let Err(error) = second {
            assert!(
                error.to_string().contains("the limit of 5 allows; `Limits::objects` raises it"),
                "{error}"
            );
        }
    }
}

#[test]
fn bytes() {
    let limit = |bytes| Limits::default().bytes(bytes);
    let bytes = to_vec(&limited()).unwrap();
    let making = [NATIVE, OTHERS[0], OTHERS[1], OTHERS[2], OTHERS[4]];
    holds(&making, &bytes, ("bytes", "10 bytes"), (limit(20_000), limit(10)));
    // What is walked over has 64 KiB in any case, and objects take from them.
    let objects = 10_000u64;
    let data = [&varint(objects << 1)[..], &[opcode::NEW, 0].repeat(objects as usize)].concat();
    let parts: [&[u8]; 2] = [&[opcode::SHARED, opcode::U8], &[opcode::LIST, 0x40]];
    let many = Stream::new(&parts, 0x41, &data).bytes();
    holds(&OTHERS[5..], &many, ("bytes", "10 bytes"), (limit(2 << 20), limit(10)));
}

#[test]
fn definitions() {
    let limit = |definitions| Limits::default().definitions(definitions);
    let bytes = to_vec(&limited()).unwrap();
    // What is natively read is of the program's own definitions.
    holds(&OTHERS[1..], &bytes, ("definitions", "3"), (limit(4), limit(3)));
    let short = Dumper::new().fingerprint(true).to_vec(&limited()).unwrap();
    holds(&OTHERS[1..], &short, ("definitions", "3"), (limit(4), limit(3)));
}

#[test]
fn name_length() {
    let limit = |bytes| Limits::default().name_length(bytes);
    let bytes = to_vec(&limited()).unwrap();
    holds(&OTHERS[1..], &bytes, ("name_length", "6 bytes"), (limit(7), limit(6)));
    // More than the default, where that is asked for.
    let name = "n".repeat(2000);
    let record = [&[opcode::RECORD][..], &varint(2000), name.as_bytes(), &[0, 0]].concat();
    let bytes = Stream::new(&[&record], 0x40, &[]).bytes();
    holds(&OTHERS[5..], &bytes, ("name_length", "1024 bytes"), (limit(2000), Limits::default()));
}
