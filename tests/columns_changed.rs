//! Lists in columns whose types have changed since: what rows give, columns give too, the value or the error and its place.

use reduce_core::{
    Dumper, Error, ErrorKind, Expand, Loader, Record, Reduce, Unknown, Value, disassemble,
    from_slice,
};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Debug;
use std::rc::Rc;

/// Loads the values from rows and from columns.
fn both<Old: Reduce, New>(old: &[Old]) -> Result<Vec<New>, Error>
where
    New: for<'de> Expand<'de> + Debug + PartialEq,
{
    let rows = Dumper::new().columns(false).to_vec(old).unwrap();
    let columns = Dumper::new().to_vec(old).unwrap();
    let shown = disassemble(&columns).unwrap().to_string();
    assert!(shown.contains("columns"), "{shown}");
    let from_rows = from_slice::<Vec<New>>(&rows);
    let from_columns = from_slice::<Vec<New>>(&columns);
    match (from_rows, from_columns) {
        (Ok(rows), Ok(columns)) => {
            assert_eq!(rows, columns);
            Ok(columns)
        }
        (Err(rows), Err(columns)) => {
            assert_eq!(rows.kind(), columns.kind(), "{rows:#}\n{columns:#}");
            assert_eq!(rows.path(), columns.path(), "{rows:#}\n{columns:#}");
            Err(columns)
        }
        (rows, columns) => panic!("{rows:?} of rows, {columns:?} of columns"),
    }
}

fn many<T>(make: impl Fn(u32) -> T) -> Vec<T> {
    (0..40).map(make).collect()
}

/// One type over its life.
macro_rules! versions {
    ($($module:ident { $($item:item)* })*) => {$(
        mod $module {
            use super::*;
            $(
                #[derive(Debug, Clone, PartialEq, Reduce)]
                $item
            )*
        }
    )*};
}

versions! {
    old {
        #[reduce(name = "c.Row")]
        pub struct Row {
            pub id: u32,
            pub name: String,
            pub gone: Vec<String>,
            pub kind: Kind,
            pub parts: Vec<Part>,
            pub maybe: Option<u16>,
            pub pairs: BTreeMap<String, u8>,
            pub bytes: Vec<u8>,
            pub fixed: [i16; 2],
            pub point: (f32, bool, char),
        }
        #[reduce(name = "c.Part")]
        pub struct Part { pub count: u8, pub label: String }
        #[reduce(name = "c.Kind")]
        pub enum Kind { Plain, Sized(u8), Named { name: String, size: u16 } }
    }
    moved {
        #[reduce(name = "c.Row")]
        pub struct Row {
            pub point: (f32, bool, char),
            #[reduce(default = seven)]
            pub added: u64,
            pub parts: VecDeque<Part>,
            #[reduce(alias = "name")]
            pub title: Box<str>,
            pub id: u64,
            pub maybe: Option<u32>,
            pub kind: Kind,
            pub pairs: BTreeMap<String, u8>,
            pub bytes: Vec<u8>,
            pub fixed: [i16; 2],
        }
        #[reduce(name = "c.Part")]
        pub struct Part { pub label: Option<String>, pub count: i32 }
        #[reduce(name = "c.Kind")]
        pub enum Kind { Plain, Sized(u64), Named { size: u16, name: String }, Added { text: String } }
    }
    turned {
        #[reduce(name = "c.Row")]
        pub struct Row {
            pub id: Rc<Option<u64>>,
            pub kind: Kind,
            pub parts: Vec<Part>,
            pub pairs: Vec<(String, u16)>,
            pub bytes: VecDeque<u32>,
            pub fixed: BTreeSet<i64>,
            pub point: (f64, bool, char),
            pub name: Value,
            #[reduce(default)]
            pub maybe: u16,
            pub rest: Cell<bool>,
        }
        #[reduce(name = "c.Part")]
        pub struct Part {
            #[reduce(convert = doubled)]
            pub count: String,
            #[reduce(unknown)]
            pub rest: Unknown,
        }
        #[reduce(name = "c.Kind")]
        pub enum Kind { Named { name: String }, Plain, #[reduce(other)] Other(Value) }
    }
}

fn seven() -> u64 {
    7
}

fn doubled(count: u8) -> String {
    (count * 2).to_string()
}

fn row(n: u32) -> old::Row {
    old::Row {
        id: n * 1000,
        name: format!("name {n}"),
        gone: vec![n.to_string(); n as usize % 3],
        kind: match n % 3 {
            0 => old::Kind::Plain,
            1 => old::Kind::Sized(n as u8),
            _ => old::Kind::Named { name: "big".into(), size: 600 },
        },
        parts: (0..n as u8 % 4).map(|count| old::Part { count, label: "part".into() }).collect(),
        maybe: n.is_multiple_of(2).then_some(n as u16),
        pairs: (0..n as u8 % 3).map(|n| (format!("key {n}"), n)).collect(),
        bytes: vec![n as u8; n as usize % 5],
        fixed: [n as i16, -(n as i16) - 1],
        point: (n as f32 / 2.0, n.is_multiple_of(5), 'x'),
    }
}

#[test]
fn fields_that_came_went_moved_and_widened_are_found_in_columns() {
    let rows = both::<_, moved::Row>(&many(row)).unwrap();
    assert_eq!(rows.len(), 40);
    assert_eq!((rows[5].id, &*rows[5].title, rows[5].added), (5000, "name 5", 7));
    assert_eq!(rows[7].parts[2], moved::Part { label: Some("part".into()), count: 2 });
    assert_eq!(rows[8].kind, moved::Kind::Named { size: 600, name: "big".into() });
    assert_eq!(rows[8].maybe, Some(8));
}

/// The old row, with a field that only the new one asks for.
#[derive(Reduce)]
#[reduce(name = "c.Row")]
struct WithRest {
    id: u32,
    name: String,
    kind: old::Kind,
    parts: Vec<old::Part>,
    maybe: Option<u16>,
    pairs: BTreeMap<String, u8>,
    bytes: Vec<u8>,
    fixed: [i16; 2],
    point: (f32, bool, char),
    rest: bool,
}

fn with_rest(n: u32) -> WithRest {
    let old::Row { id, name, kind, parts, maybe, pairs, bytes, fixed, point, .. } = row(n);
    WithRest { id, name, kind, parts, maybe, pairs, bytes, fixed, point, rest: n % 2 == 1 }
}

#[test]
fn what_became_something_else_is_read_value_by_value() {
    let rows = both::<_, turned::Row>(&many(with_rest)).unwrap();
    let row = &rows[11];
    assert_eq!(*row.id, Some(11_000));
    assert_eq!(row.name, Value::from("name 11"));
    assert_eq!((row.maybe, rows[12].maybe), (0, 12));
    assert_eq!(row.pairs, [("key 0".to_string(), 0), ("key 1".to_string(), 1)]);
    assert_eq!(row.bytes, [11]);
    assert_eq!(row.fixed, BTreeSet::from([11, -12]));
    assert_eq!(row.point, (5.5, false, 'x'));
    assert!(row.rest.get());
    assert_eq!(row.kind, turned::Kind::Named { name: "big".into() });
    let turned::Kind::Other(kind) = &rows[10].kind else { panic!("{:?}", rows[10].kind) };
    assert_eq!(kind.to::<old::Kind>().unwrap(), old::Kind::Sized(10));
    assert_eq!(row.parts.len(), 3);
    assert_eq!(row.parts[2].count, "4");
    assert_eq!(row.parts[2].rest.get("label"), Some(&Value::from("part")));
}

#[test]
fn a_value_that_does_not_fit_is_named_by_its_row() {
    let error = both::<_, (u8, u8)>(&many(|n| (n * 7, n as u8))).unwrap_err();
    assert_eq!(error.path(), "[37].0");
    assert!(error.to_string().contains("259 does not fit in `u8`"), "{error}");
    let error = both::<_, (u8, Option<u8>)>(&many(|n| (n as i8 - 3, Some(n)))[..]).unwrap_err();
    assert_eq!(error.path(), "[0].0");
    assert_eq!(error.kind(), ErrorKind::InvalidValue);
    let error = both::<_, (u32, u32)>(&many(|n| (n, (n != 30).then_some(n)))).unwrap_err();
    assert_eq!(error.path(), "[30].1");
    let held = both::<_, (u32, u32)>(&many(|n| (n, Some(n + 1)))).unwrap();
    assert_eq!(held[39], (39, 40));
}

#[test]
fn numbers_of_every_width_become_those_of_every_other() {
    macro_rules! all {
        ($($from:ident)*) => {$(all!(@ $from, u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);)*};
        (@ $from:ident, $($to:ident)*) => {$(
            let rows = both::<_, ($to, bool)>(&many(|n| (n as $from + 50, n % 2 == 0))).unwrap();
            assert_eq!(rows[20], (70 as $to, true));
            let most = both::<($from, bool), ($to, bool)>(&many(|n| ($from::MAX - n as $from, true)));
            assert_eq!(most.is_ok(), $from::MAX as u128 <= $to::MAX as u128);
            let least = both::<($from, bool), ($to, bool)>(&many(|_| ($from::MIN, true)));
            assert_eq!(least.is_ok(), $from::MIN as i128 >= $to::MIN as i128);
        )*};
    }
    all!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
}

#[test]
fn a_field_that_the_stream_lacks_is_an_error_in_columns_too() {
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "c.Row")]
    struct Lacking {
        id: u32,
        lost: Option<u8>,
    }
    let error = both::<_, Lacking>(&many(row)).unwrap_err();
    assert_eq!(error.path(), "[0]");
    assert!(error.to_string().contains("the stream has no field `lost`"), "{error}");
}

#[test]
fn earlier_versions_are_upgraded_in_columns() {
    #[derive(Reduce)]
    #[reduce(name = "c.Person")]
    struct First {
        name: String,
        age: u8,
        extra: u16,
    }
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "c.Person", version = 1, upgrade(0 = split))]
    struct Person {
        first: String,
        last: String,
        age: u32,
    }
    fn split(record: &mut Record) -> Result<(), Error> {
        let name: String = record.take_as("name")?;
        let (first, last) = name.split_once(' ').unwrap_or((&name, ""));
        record.insert("first", Value::from(first))?;
        record.insert("last", Value::from(last))?;
        record.remove("extra");
        Ok(())
    }
    let old = many(|n| First { name: format!("ann {n}"), age: n as u8, extra: 1 });
    let people = both::<_, Person>(&old).unwrap();
    assert_eq!(people[9], Person { first: "ann".into(), last: "9".into(), age: 9 });
}

#[test]
fn an_enum_that_has_got_more_variants_is_read_from_columns() {
    #[derive(Reduce)]
    #[reduce(name = "c.E")]
    enum Before {
        A(u8),
        B,
    }
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "c.E")]
    enum After {
        A(u8),
        B,
        C(String),
        D { x: u8 },
    }
    let before = many(|n| if n % 2 == 0 { Before::A(n as u8) } else { Before::B });
    let after = both::<_, After>(&before).unwrap();
    assert_eq!((&after[4], &after[5]), (&After::A(4), &After::B));
    // Below lists, options and maps that have not changed.
    let deep = many(|n| (n, vec![Some(BTreeMap::from([(n, Before::A(n as u8))]))]));
    let deep = both::<_, (u32, Vec<Option<BTreeMap<u32, After>>>)>(&deep).unwrap();
    assert_eq!(deep[3].1[0].as_ref().unwrap()[&3], After::A(3));
}

#[test]
fn maps_lists_of_pairs_and_what_an_enum_held_are_one_another_in_columns() {
    let pairs = many(|n| (n, vec![(n as u8, "a".to_string()), (n as u8 + 1, "b".to_string())]));
    let maps = both::<_, (u32, BTreeMap<u8, String>)>(&pairs).unwrap();
    assert_eq!(maps[2].1[&3], "b");
    let back = both::<_, (u64, Vec<(u8, String)>)>(&maps).unwrap();
    assert_eq!(back[2].1[1], (3, "b".to_string()));
    // The list itself is the map.
    let entries = Dumper::new().to_vec(&many(|n| (n, n.to_string()))).unwrap();
    let map: BTreeMap<u64, String> = from_slice(&entries).unwrap();
    assert_eq!(map[&17], "17");

    #[derive(Debug, Clone, PartialEq, Reduce)]
    #[reduce(name = "c.Held")]
    struct Held {
        x: u8,
        y: String,
    }
    #[derive(Debug, Clone, PartialEq, Reduce)]
    #[reduce(name = "c.Either")]
    enum Either {
        None,
        Held(Held),
    }
    let held = many(|n| (n, Held { x: n as u8, y: "y".into() }));
    let either = both::<_, (u32, Either)>(&held).unwrap();
    assert_eq!(either[8].1, Either::Held(Held { x: 8, y: "y".into() }));
    let again = both::<_, (u32, Held)>(&either).unwrap();
    assert_eq!(again, held);
    let mixed = many(|n| (n, if n == 33 { Either::None } else { either[n as usize].1.clone() }));
    let error = both::<_, (u32, Held)>(&mixed).unwrap_err();
    assert_eq!(error.path(), "[33].1");
}

#[test]
fn cells_pointers_and_sets_are_made_of_plain_columns() {
    type New = (Cell<u32>, RefCell<String>, OnceCell<u8>, Rc<u8>, Box<[u8]>);
    let old = many(|n| (n, n.to_string(), Some(n as u8), n as u8, vec![n as u8; 3]));
    let new = both::<_, New>(&old).unwrap();
    assert_eq!(new[6].0.get(), 6);
    assert_eq!((&*new[6].1.borrow(), new[6].2.get(), *new[6].3), (&"6".to_string(), Some(&6), 6));
    assert_eq!(*new[6].4, [6, 6, 6]);
    // The program is the same: nothing is planned.
    let new = both::<_, (u32, String, OnceCell<u8>)>(&many(|n| (n, n.to_string(), Some(n as u8))));
    assert_eq!(new.unwrap()[6].2.get(), Some(&6));
}

#[test]
fn text_is_borrowed_from_the_columns_of_what_has_changed() {
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "c.Row")]
    struct Borrowed<'a> {
        name: &'a str,
        id: u64,
    }
    let bytes = Dumper::new().to_vec(&many(row)).unwrap();
    let rows: Vec<Borrowed<'_>> = from_slice(&bytes).unwrap();
    assert_eq!(rows[30], Borrowed { name: "name 30", id: 30_000 });
    let range = bytes.as_ptr_range();
    assert!(range.contains(&rows[30].name.as_ptr()));
}

#[test]
fn a_list_in_columns_that_nobody_wants_is_stepped_over() {
    #[derive(Reduce)]
    #[reduce(name = "c.File")]
    struct Before {
        gone: Vec<old::Row>,
        rows: Vec<old::Row>,
        gone_too: Option<Vec<Vec<(u8, String)>>>,
        last: u8,
    }
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "c.File")]
    struct After {
        last: u64,
        rows: Vec<moved::Row>,
    }
    let inner = vec![vec![(1u8, "a".to_string()); 20]; 20];
    let file = Before { gone: many(row), rows: many(row), gone_too: Some(inner), last: 9 };
    let bytes = Dumper::new().to_vec(&file).unwrap();
    let rows = Dumper::new().columns(false).to_vec(&file).unwrap();
    assert!(bytes.len() < rows.len());
    let after: After = from_slice(&bytes).unwrap();
    assert_eq!(after, from_slice::<After>(&rows).unwrap());
    assert_eq!((after.last, after.rows.len()), (9, 40));
    for length in 0..bytes.len() {
        assert!(from_slice::<After>(&bytes[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn values_without_types_are_those_of_rows() {
    let (columns, rows) = (many(row), many(row));
    let columns = Dumper::new().to_vec(&columns).unwrap();
    let rows = Dumper::new().columns(false).to_vec(&rows).unwrap();
    let (a, b) = (Value::from_slice(&columns).unwrap(), Value::from_slice(&rows).unwrap());
    assert_eq!(a, b);
    assert_eq!(a.to::<Vec<old::Row>>().unwrap(), many(row));
}

#[test]
fn bytes_that_are_wrong_are_errors_or_other_values() {
    let bytes = Dumper::new().to_vec(&many(row)).unwrap();
    for at in 0..bytes.len() {
        for bit in [0, 2, 5, 7] {
            let mut wrong = bytes.clone();
            wrong[at] ^= 1 << bit;
            let moved = from_slice::<Vec<moved::Row>>(&wrong);
            if let Err(error) = &moved {
                assert_ne!(error.to_string(), "");
            }
            let _ = from_slice::<Vec<turned::Row>>(&wrong);
            let _ = Value::from_slice(&wrong);
            let _ = disassemble(&wrong).map(|shown| shown.to_string());
        }
    }
    for length in 0..bytes.len() {
        assert!(from_slice::<Vec<moved::Row>>(&bytes[..length]).is_err());
        assert!(Value::from_slice(&bytes[..length]).is_err());
    }
}

#[test]
fn columns_take_from_the_limits_before_they_are_there() {
    use reduce_core::Limits;
    let bytes = Dumper::new().to_vec(&vec![(1u64, 2u64, "same".to_string()); 100_000]).unwrap();
    assert!(bytes.len() < 1000, "{}", bytes.len());
    let few = Loader::new().limits(Limits::default().elements(99_999));
    let error = few.from_slice::<Vec<(u32, u32, String)>>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let little = Loader::new().limits(Limits::default().bytes(1_000_000));
    let error = little.from_slice::<Vec<(u32, u32, String)>>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let error = few.value_from_slice(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
}

#[test]
fn disassemblies_show_the_blocks_of_a_list_by_their_columns() {
    let bytes = Dumper::new().to_vec(&many(row)).unwrap();
    let shown = disassemble(&bytes).unwrap();
    assert!(shown.error().is_none(), "{shown}");
    insta::assert_snapshot!(shown.to_string());
}

/// The stream of a value with other data behind its programs: the value is one that takes a byte there.
fn with_data<T: Reduce>(value: &T, data: &[u8]) -> Vec<u8> {
    let mut bytes = Dumper::new().to_vec(value).unwrap();
    bytes.truncate(bytes.len() - 2);
    bytes.extend(data);
    bytes.push(0x2e);
    let length = u32::try_from(bytes.len() - 9).unwrap();
    bytes[5..9].copy_from_slice(&length.to_le_bytes());
    bytes
}

/// Loads, values and disassemblies agree on what is wrong.
fn refused<T: for<'de> Expand<'de> + Debug>(bytes: &[u8], kind: ErrorKind, message: &str) {
    let loaded = from_slice::<T>(bytes).unwrap_err();
    let value = Value::from_slice(bytes).unwrap_err();
    let shown = disassemble(bytes).unwrap();
    for error in [&loaded, &value, shown.error().unwrap()] {
        assert_eq!(error.kind(), kind, "{error:#}");
        assert!(error.to_string().contains(message), "{error:#}");
    }
}

#[test]
fn what_cannot_lie_in_columns_is_malformed_there() {
    #[derive(Debug, Reduce)]
    #[reduce(name = "c.Tree")]
    #[allow(dead_code)]
    struct Tree {
        below: Vec<Tree>,
    }
    let message = "cannot lie in columns";
    let shared = with_data(&Vec::<Rc<u8>>::new(), &[3, 0x30, 2, 0, 1]);
    refused::<Vec<Rc<u8>>>(&shared, ErrorKind::Malformed, message);
    refused::<Vec<u8>>(&shared, ErrorKind::Malformed, message);
    let tree = with_data(&Vec::<Tree>::new(), &[3, 0x30, 2, 0, 1]);
    refused::<Vec<Tree>>(&tree, ErrorKind::Malformed, message);
}

#[test]
fn a_list_in_columns_has_the_bytes_that_it_says() {
    let pairs = |data: &[u8]| with_data(&Vec::<(u8, u8)>::new(), data);
    let sound = pairs(&[5, 0x30, 4, 0, 1, 0, 2]);
    assert_eq!(from_slice::<Vec<(u8, u8)>>(&sound).unwrap(), [(1, 2); 2]);
    assert_eq!(from_slice::<Vec<(u64, u8)>>(&sound).unwrap(), [(1, 2); 2]);
    let (ends, left) = ("the bytes end", "left over behind the columns");
    for (data, kind, message) in [
        (&[5, 0x30, 5, 0, 1, 0, 2, 9][..], ErrorKind::Malformed, left),
        (&[5, 0x30, 3, 0, 1, 0, 2], ErrorKind::UnexpectedEnd, ends),
        (&[5, 0x30, 9, 0, 1, 0, 2], ErrorKind::UnexpectedEnd, ends),
    ] {
        refused::<Vec<(u8, u8)>>(&pairs(data), kind, message);
        refused::<Vec<(u64, u8)>>(&pairs(data), kind, message);
        refused::<BTreeMap<u8, u8>>(&pairs(data), kind, message);
        refused::<Vec<(Rc<u8>, u8)>>(&pairs(data), kind, message);
        // The same, where nobody wants it.
        #[derive(Debug, Reduce)]
        #[reduce(name = "c.F")]
        struct Before {
            gone: Vec<(u8, u8)>,
        }
        #[derive(Debug, Reduce)]
        #[reduce(name = "c.F")]
        struct After {}
        let file = with_data(&Before { gone: Vec::new() }, data);
        refused::<After>(&file, kind, message);
    }
}
