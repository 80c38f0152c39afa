//! Dynamic values: any stream without its types, there and back.

#[allow(dead_code)]
mod corpus;

use proptest::prelude::*;
use reduce_core::value::{Entries, OsText};
use reduce_core::{
    Dumper, ErrorKind, Expand, Limits, Loader, Record, Reduce, Value, disassemble, from_slice,
    to_vec,
};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::PathBuf;
use std::rc::{Rc, Weak};

fn shown(bytes: &[u8]) -> String {
    disassemble(bytes).unwrap().to_string()
}

/// Values have their lists in rows.
fn in_columns(name: &str) -> bool {
    name.starts_with("columns")
}

#[test]
fn every_stream_of_the_corpus_is_dumped_again_as_the_same_bytes() {
    for case in corpus::all() {
        let value = Value::from_slice(&case.bytes).unwrap();
        let again = value.to_vec().unwrap();
        if in_columns(case.name) {
            assert!((case.same)(&again), "{}", case.name);
            continue;
        }
        assert_eq!(shown(&again), shown(&case.bytes), "{}: {value}", case.name);
        assert_eq!(again, case.bytes, "{}", case.name);
        // No NaN equals itself.
        assert!(value.clone() == value || case.name.contains("nan"), "{}", case.name);
    }
}

#[test]
fn every_graph_that_was_dumped_is_dumped_again_as_the_same_bytes() {
    for graph in corpus::typed_graphs::all() {
        let value = Value::from_slice(&graph.bytes).unwrap();
        let again = value.to_vec().unwrap();
        assert_eq!(shown(&again), shown(&graph.bytes), "{}: {value:#}", graph.name);
        assert_eq!(again, graph.bytes, "{}", graph.name);
        assert_eq!((graph.again)(&again).unwrap(), (graph.again)(&graph.bytes).unwrap());
        assert_eq!(value.clone(), value, "{}", graph.name);
    }
}

/// Streams that no dump of ours writes, and why their values give others.
const OTHERWISE: [(&str, &str); 5] = [
    ("graph_foreign_and_persistent", "a registered type stands in front of `more`"),
    ("graph_objects_ahead", "an object that nothing owns is not written again"),
    ("value_with_objects_ahead", "an object stands where it is met first"),
    ("buffers", "buffers become part of the value"),
    ("buffers_of_numbers", "buffers become part of the value"),
];

#[test]
fn graphs_put_together_by_hand_are_dumped_again_but_for_what_no_dump_writes() {
    for (name, bytes) in corpus::graphs::streams() {
        let bytes_outside: [&[u8]; 2] = [&[1, 2, 3], &[4, 5]];
        let numbers_outside: [&[u8]; 2] = [&[0; 3 * 8], &[7; 2 * 4]];
        let buffers = match name {
            "buffers" => &bytes_outside[..],
            "buffers_of_numbers" => &numbers_outside[..],
            _ => &[],
        };
        let value =
            Loader::new().buffers(buffers.iter().copied()).value_from_slice(&bytes).unwrap();
        let again = value.to_vec().unwrap();
        let same = again == bytes;
        let otherwise = OTHERWISE.iter().any(|(other, _)| *other == name);
        assert_eq!(same, !otherwise, "{name}: {value}\n{}\n{}", shown(&bytes), shown(&again));
        let other = Value::from_slice(&again).unwrap();
        assert_eq!(other.to_vec().unwrap(), again, "{name}");
    }
}

#[test]
fn short_streams_are_loaded_with_their_programs_at_hand() {
    for case in corpus::all() {
        let mut programs = reduce_core::Programs::new();
        programs.add_stream(&case.bytes).unwrap();
        let value = Loader::new().programs(&programs).value_from_slice(&case.short).unwrap();
        let dumper = Dumper::new().fingerprint(true);
        if in_columns(case.name) {
            assert!((case.same)(&value.to_vec().unwrap()), "{}", case.name);
            continue;
        }
        assert_eq!(value.to_vec().unwrap(), case.bytes, "{}", case.name);
        assert_eq!(dumper.value_to_vec(&value).unwrap(), case.short, "{}", case.name);
        let error = Value::from_slice(&case.short).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownProgram);
    }
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(name = "app.Order")]
struct Order {
    id: u64,
    lines: Vec<Line>,
    state: State,
    path: PathBuf,
    raw: Vec<u8>,
    digest: [u8; 4],
    notes: BTreeMap<String, Option<i16>>,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
struct Line(String, f32);

#[derive(Reduce, Clone, Debug, PartialEq)]
enum State {
    Open,
    Shipped { parcel: u32 },
    Lost(String, bool),
}

fn order() -> Order {
    Order {
        id: 7,
        lines: vec![Line("pear".into(), 1.5)],
        state: State::Shipped { parcel: 12 },
        path: "a/b".into(),
        raw: vec![1, 2],
        digest: [9; 4],
        notes: [("a".to_string(), Some(-1)), ("b".to_string(), None)].into(),
    }
}

#[test]
fn a_derived_type_goes_to_a_value_and_back() {
    fn there_and_back<T>(typed: &T)
    where
        T: Reduce + for<'de> Expand<'de> + PartialEq + Debug,
    {
        let value = Value::of(typed).unwrap();
        assert_eq!(value.to_vec().unwrap(), to_vec(typed).unwrap());
        assert_eq!(value.to::<T>().unwrap(), *typed, "{value}");
    }
    there_and_back(&order());
    there_and_back(&vec![State::Open, State::Lost("x".into(), true)]);
    there_and_back(&Vec::<Order>::new());
    there_and_back(&(None::<Order>, Some(Some(1u8)), [(); 3]));
}

#[test]
fn a_value_dumped_as_a_value_is_not_of_the_type_that_it_holds() {
    let value = Value::of(&order()).unwrap();
    let bytes = to_vec(&value).unwrap();
    assert_eq!(from_slice::<Value>(&bytes).unwrap(), value);
    let error = from_slice::<Order>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    assert!(error.to_string().contains("or dump it with `Value::to_vec`"), "{error}");
}

#[test]
fn a_value_is_shown_on_one_line_and_on_several() {
    let value = Value::of(&order()).unwrap();
    assert_eq!(
        value.to_string(),
        r#"app.Order { id: 7, lines: [Line("pear", 1.5)], state: State::Shipped { parcel: 12 }, path: os "a/b", raw: b"\x01\x02", digest: b"\t\t\t\t", notes: {"a": Some(-1), "b": None} }"#
    );
    let lines = Value::of(&order().lines).unwrap();
    assert_eq!(format!("{lines:#}"), "[\n    Line(\n        \"pear\",\n        1.5,\n    ),\n]");
    let some = Value::from(Some(Value::shared(Value::tuple([Value::Unit]))));
    assert_eq!(format!("{some:#}"), "Some(#1 = (\n    (),\n))");
    assert_eq!(format!("{:?}", Value::from('x')), "'x'");
    let deep = (0..100).fold(Value::Unit, |value, _| Value::tuple([value]));
    let text = deep.to_string();
    assert!(text.starts_with("((((") && text.contains("...") && text.len() < 300, "{text}");
}

#[test]
fn parts_are_found_by_name_by_place_and_by_path() {
    let value = Value::of(&order()).unwrap();
    assert_eq!(value["id"].as_u64(), Some(7));
    assert_eq!(value["id"].as_i128(), Some(7));
    assert_eq!(value["lines"][0][1].as_f64(), Some(1.5));
    assert_eq!(value["state"]["parcel"], Value::U32(12));
    assert_eq!(value["path"].as_str(), Some("a/b"));
    assert_eq!(value["raw"].as_bytes(), Some(&[1, 2][..]));
    assert_eq!(value.at("notes.a").map(Value::unwrapped), Some(&Value::I16(-1)));
    assert_eq!(value.at("lines[0].0").and_then(Value::as_str), Some("pear"));
    assert_eq!(value.at("lines[1]"), None);
    assert_eq!(value.at("nothing.there"), None);
    assert!(value["notes"]["b"].is_none());
    assert_eq!(Value::U64(u64::MAX).as_i64(), None);
    let Value::Enum(state) = &value["state"] else { panic!("{value}") };
    assert_eq!((state.enum_name(), state.name()), ("State", "Shipped"));
}

#[test]
fn what_a_record_holds_is_changed_by_name() {
    let mut value = Value::of(&order()).unwrap();
    let record = value.as_record_mut().unwrap();
    assert_eq!(record.take_as::<u64>("id").unwrap(), 7);
    assert!(!record.contains("id"));
    record.rename("lines", "items").unwrap();
    record.insert("count", 1u16).unwrap();
    record.insert_from("line", &Line("fig".into(), 2.0)).unwrap();
    record.set("raw", "text").unwrap();
    let names: Vec<_> = record.iter().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["items", "state", "path", "raw", "digest", "notes", "count", "line"]);

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "app.Order")]
    struct Changed {
        items: Vec<Line>,
        state: State,
        path: PathBuf,
        raw: String,
        digest: [u8; 4],
        notes: BTreeMap<String, Option<i16>>,
        count: u16,
        line: Line,
    }
    let changed: Changed = value.to().unwrap();
    assert_eq!((changed.items, changed.raw), (order().lines, "text".to_string()));
    assert_eq!((changed.count, changed.line), (1, Line("fig".into(), 2.0)));
    assert_eq!((changed.state, changed.notes), (order().state, order().notes));
}

#[test]
fn errors_of_a_record_name_the_field_and_near_ones() {
    let mut value = Value::of(&order()).unwrap();
    let record = value.as_record_mut().unwrap();
    let error = record.take("line").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the record `app.Order` has no field `line`; did you mean `lines`?"
    );
    let error = record.take_as::<String>("id").unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::TypeMismatch, "id".to_string()));
    assert!(record.contains("id"));
    let error = record.insert("raw", 1u8).unwrap_err();
    assert!(error.to_string().contains("has a field `raw` already"), "{error}");
    assert!(record.rename("raw", "id").is_err());
    assert!(record.rename("none", "some").unwrap_err().to_string().contains("no field `none`"));
    assert!(Record::new("r").set("a", 1u8).unwrap_err().to_string().ends_with("it has none"));
}

#[test]
fn fields_without_names_go_by_their_positions() {
    let mut value = Value::of(&Line("pear".into(), 1.5)).unwrap();
    let record = value.as_record_mut().unwrap();
    assert_eq!(record.get("1"), Some(&Value::F32(1.5)));
    assert_eq!(record.get("01"), None);
    assert_eq!(record.remove("0").unwrap().as_str(), Some("pear"));
    assert_eq!(value.to_string(), "Line { 1: 1.5 }");
    value.as_record_mut().unwrap().insert("0", 7u8).unwrap();
    assert_eq!(value.to_string(), "Line { 1: 1.5, 0: 7 }");
    assert!(shown(&value.to_vec().unwrap()).contains("1: f32"));
}

#[test]
fn what_fits_takes_the_type_that_was_there() {
    let mut value = Value::of(&order()).unwrap();
    let before = value.to_vec().unwrap();
    let record = value.as_record_mut().unwrap();
    record.set("lines", Value::list::<Value>([])).unwrap();
    let none = Value::map([("b", Value::from(None::<i16>))]);
    record.set("notes", none).unwrap();
    let open = State::Open;
    record.set("state", Value::of(&open).unwrap()).unwrap();
    let after = value.to_vec().unwrap();
    let program = |bytes: &[u8]| bytes[9..9 + usize::from(bytes[9]) + 1].to_vec();
    assert_eq!(program(&after), program(&before));
    let typed: Order = value.to().unwrap();
    assert_eq!(typed.notes, [("b".to_string(), None)].into());
    assert!(typed.lines.is_empty());
}

#[test]
fn a_list_of_different_types_is_an_error_unless_it_is_one_of_values() {
    let mixed = || [Value::from(1u8), Value::from("one")];
    let error = Value::list(mixed()).to_vec().unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::InvalidValue, "[1]".to_string()));
    assert!(error.to_string().contains("Vec<Value>"), "{error}");

    let value = Value::from(mixed().to_vec());
    let again = Value::from_slice(&value.to_vec().unwrap()).unwrap();
    assert_eq!(again, value);
    assert_eq!(again.to::<Vec<Value>>().unwrap(), mixed());
}

#[test]
fn an_error_says_where_in_the_value_it_is() {
    let mut value = Value::of(&order()).unwrap();
    let record = value.as_record_mut().unwrap();
    record.insert("x", Value::tuple([Value::list([Value::from(1u8), Value::Unit])])).unwrap();
    assert_eq!(value.to_vec().unwrap_err().path(), "x[0][1]");
}

#[test]
fn no_more_types_are_dumped_than_a_load_takes() {
    let deep = (0..70_000).fold(Value::Unit, |value, _| Value::tuple([value]));
    assert_eq!(deep.to_vec().unwrap_err().kind(), ErrorKind::Limit);
    assert_eq!(to_vec(&deep).unwrap_err().kind(), ErrorKind::Limit);
    let mut record = Record::new("r");
    record.insert("n".repeat(1025), 1u8).unwrap();
    assert_eq!(Value::from(record).to_vec().unwrap_err().kind(), ErrorKind::Limit);
}

#[derive(Reduce, Debug, PartialEq)]
struct Event {
    name: String,
    details: Value,
    more: Vec<Value>,
}

#[test]
fn a_value_is_a_field_of_a_derived_type() {
    let details = Value::of(&order()).unwrap();
    let more = vec![details.clone(), Value::from(5u8), Value::from(vec![1u16, 2]), Value::Unit];
    let event = Event { name: "sale".into(), details, more };
    let bytes = to_vec(&event).unwrap();
    let again: Event = from_slice(&bytes).unwrap();
    assert_eq!(again, event);
    assert_eq!(to_vec(&again).unwrap(), bytes);
    assert_eq!(again.details.to::<Order>().unwrap(), order());
    let text = shown(&bytes);
    assert_eq!(text.matches("enum    #").count(), 1, "{text}");
    assert_eq!(text.matches("app.Order, 7 fields").count(), 1, "{text}");

    // As a dynamic value, and its parts from a stream of another type.
    let value = Value::from_slice(&bytes).unwrap();
    assert_eq!(value["details"], event.details);
    assert_eq!(value.to_vec().unwrap(), bytes);
    assert_eq!(value.to::<Event>().unwrap(), event);
    assert_eq!(from_slice::<Value>(&to_vec(&value).unwrap()).unwrap(), value);
}

#[test]
fn primitive_values_need_no_definitions() {
    let event = Event { name: "n".into(), details: Value::from("x"), more: vec![Value::from(1u8)] };
    let bytes = Dumper::new().fingerprint(true).to_vec(&event).unwrap();
    assert_eq!(from_slice::<Event>(&bytes).unwrap(), event);
    let list = Event { details: Value::from(vec![1u16]), ..event };
    let error = Dumper::new().fingerprint(true).to_vec(&list).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[test]
fn shared_objects_keep_their_identity_within_a_value() {
    let shared = Value::shared("ann");
    let pair = Value::tuple([shared.clone(), shared.clone()]);
    let event = Event { name: "n".into(), details: pair.clone(), more: vec![pair, shared] };
    let bytes = to_vec(&event).unwrap();
    let event: Event = from_slice(&bytes).unwrap();
    let (Value::Shared(a), Value::Shared(b)) = (&event.details[0], &event.details[1]) else {
        panic!("{:?}", event.details)
    };
    assert!(a.is_same(b));
    assert_eq!(event.details.to_string(), r##"(#1 = "ann", #1)"##);
    let Value::Shared(other) = &event.more[0][0] else { panic!() };
    assert!(!a.is_same(other) && a.get().as_str() == other.get().as_str());
    let (x, y): (Rc<str>, Rc<str>) = event.details.to().unwrap();
    assert!(Rc::ptr_eq(&x, &y));
}

#[derive(Reduce)]
struct Node {
    name: String,
    parent: Weak<Node>,
    #[reduce(state)]
    next: RefCell<Option<Rc<Node>>>,
}

/// Two that hold each other, the second one a weak child of the first.
fn ring() -> Rc<Node> {
    let node = |name: &str, parent: &Weak<Node>| {
        Rc::new(Node { name: name.into(), parent: parent.clone(), next: RefCell::default() })
    };
    let a = node("a", &Weak::new());
    let b = node("b", &Rc::downgrade(&a));
    *a.next.borrow_mut() = Some(b.clone());
    *b.next.borrow_mut() = Some(a.clone());
    b
}

#[test]
fn a_field_holds_cycles_of_objects() {
    let details = Value::of(&ring()).unwrap();
    let event =
        Event { name: "ring".into(), details: details.clone(), more: vec![details.clone()] };
    let bytes = to_vec(&event).unwrap();
    let again: Event = from_slice(&bytes).unwrap();
    assert_eq!(again, event);
    assert_eq!(again.details.to_vec().unwrap(), details.to_vec().unwrap());
    assert!(shown(&bytes).contains("states"), "{}", shown(&bytes));
    let b: Rc<Node> = again.more[0].to().unwrap();
    let a = b.next.borrow().clone().unwrap();
    assert!(Rc::ptr_eq(&b.parent.upgrade().unwrap(), &a));
    assert_eq!((a.name.as_str(), b.name.as_str()), ("a", "b"));
    assert!(Rc::ptr_eq(a.next.borrow().as_ref().unwrap(), &b));
    // A cycle of strong pointers is the user's to take apart.
    a.next.take();
}

#[test]
fn a_part_of_a_graph_stands_by_itself() {
    let value = Value::of(&ring()).unwrap();
    let Value::Shared(b) = &value else { panic!() };
    let record = b.get().as_record().unwrap().clone();
    drop(value);
    let Some(Value::Optional(next)) = record.get("next") else { panic!("{record}") };
    let Some(Value::Shared(a)) = next.get() else { panic!("{record}") };
    assert_eq!(a.get()["name"].as_str(), Some("a"));
    assert_eq!(
        record.to_string(),
        r##"Node { name: "b", parent: weak #1, next: Some(#1 = Node { name: "a", parent: weak none, next: Some(#2 = Node { name: "b", parent: weak #1, next: Some(#1) }) }) }"##
    );
}

#[test]
fn values_that_nest_deeper_than_the_stack_are_no_trouble() {
    const LEVELS: usize = 200_000;
    let mut value = Value::Unit;
    for level in 0..LEVELS {
        value = match level % 4 {
            0 => Value::tuple([value]),
            1 => Value::shared(value),
            2 => Value::from(vec![value]),
            _ => Value::map([(1u8, value)]),
        };
    }
    let copy = value.clone();
    assert_eq!(copy, value);
    assert!(copy.to_string().contains("..."));
    drop(copy);
    drop(value);

    let mut options = Value::from(None::<u8>);
    for _ in 0..2_000 {
        options = Value::tuple([options]);
    }
    let bytes = options.to_vec().unwrap();
    assert_eq!(Value::from_slice(&bytes).unwrap(), options);

    #[derive(Reduce)]
    struct Chain(Option<Box<Chain>>);
    let chain = (0..5_000).fold(Chain(None), |chain, _| Chain(Some(Box::new(chain))));
    let dumper = Dumper::new().limits(Limits::default().depth(10_000));
    let bytes = dumper.to_vec(&chain).unwrap();
    let value = Value::from_slice(&bytes).unwrap();
    assert_eq!(value.to_vec().unwrap(), bytes);
}

#[test]
fn the_limits_hold() {
    let bytes = to_vec(&vec![(); 10_000_000]).unwrap();
    assert_eq!(Value::from_slice(&bytes).unwrap_err().kind(), ErrorKind::Limit);
    let bytes = Dumper::new().columns(false).to_vec(&vec!["0123456789"; 100]).unwrap();
    let small = Loader::new().limits(Limits::default().bytes(2000));
    assert_eq!(small.value_from_slice(&bytes).unwrap_err().kind(), ErrorKind::Limit);
    let flat = Loader::new().limits(Limits::default().depth(1));
    let nested = to_vec(&vec![vec!["x"]]).unwrap();
    assert_eq!(flat.value_from_slice(&nested).unwrap_err().kind(), ErrorKind::Limit);
    // Values in values count too.
    let values = (0..5).fold(Value::Unit, |value, _| Value::from(vec![value]));
    let bytes = to_vec(&values).unwrap();
    let loader = Loader::new().limits(Limits::default().depth(9));
    assert_eq!(loader.from_slice::<Value>(&bytes).unwrap_err().kind(), ErrorKind::Limit);
    assert!(from_slice::<Value>(&bytes).is_ok());
}

#[test]
fn maps_and_options_are_changed_in_place() {
    let mut value = Value::of(&BTreeMap::from([("a", 1u8)])).unwrap();
    let Value::Map(entries) = &mut value else { panic!() };
    assert_eq!(entries.insert("a", 2u8), Some(Value::U8(1)));
    assert_eq!(entries.insert("b", 3u8), None);
    assert_eq!(
        value.to::<BTreeMap<String, u8>>().unwrap(),
        [("a".into(), 2), ("b".into(), 3)].into()
    );
    let mut some = Value::from(Some(1u8));
    let Value::Optional(option) = &mut some else { panic!() };
    assert_eq!(option.replace(None), Some(Value::U8(1)));
    assert_eq!(some.to::<Option<u8>>().unwrap(), None);
    assert!(Entries::from_iter([]).is_empty());
}

/// Loads bytes of any kind: what is loaded is dumped, and loaded again as the same.
fn survives(bytes: &[u8]) {
    let loader = Loader::new();
    let sound = disassemble(bytes).is_ok_and(|shown| shown.error().is_none());
    match loader.value_from_slice(bytes) {
        Ok(value) => {
            assert!(sound, "{value} from {bytes:02x?}");
            let _ = (value.to_string().len(), format!("{value:#}").len());
            if let Ok(again) = value.to_vec() {
                let other = Value::from_slice(&again).unwrap();
                assert_eq!(other.to_vec().unwrap(), again, "{value}");
            }
        }
        Err(error) => {
            let of_session = matches!(
                error.kind(),
                ErrorKind::Limit
                    | ErrorKind::Buffers
                    | ErrorKind::UnknownProgram
                    | ErrorKind::TrailingBytes
            );
            assert!(!sound || of_session, "{error} from {bytes:02x?}");
        }
    }
}

fn streams() -> Vec<Vec<u8>> {
    let event = Event {
        name: "e".into(),
        details: Value::of(&ring()).unwrap(),
        more: vec![Value::from(vec![Value::shared(1u8), Value::from("x")])],
    };
    let mut all = vec![to_vec(&event).unwrap()];
    all.extend(corpus::all().into_iter().map(|case| case.bytes));
    all.extend(corpus::graphs::streams().into_iter().map(|(_, bytes)| bytes));
    all.extend(corpus::typed_graphs::all().into_iter().map(|graph| graph.bytes));
    all
}

#[test]
fn every_byte_of_every_stream_may_be_another_one() {
    for bytes in streams() {
        for place in 0..bytes.len() {
            for other in [0, 0x34, 0x41, 0xFF, bytes[place] ^ 1] {
                let mut changed = bytes.clone();
                changed[place] = other;
                survives(&changed);
            }
            survives(&bytes[..place]);
        }
    }
}

#[test]
fn every_byte_of_a_field_may_be_another_one() {
    let bytes = streams().swap_remove(0);
    for place in 0..bytes.len() {
        for other in 0..=u8::MAX {
            let mut changed = bytes.clone();
            changed[place] = other;
            let _ = from_slice::<Event>(&changed);
        }
    }
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Unit),
        any::<bool>().prop_map(Value::from),
        any::<char>().prop_map(Value::from),
        any::<u8>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i128>().prop_map(Value::from),
        any::<i16>().prop_map(Value::from),
        (-1e9..1e9f64).prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        ".{0,8}".prop_map(|text| Value::OsText(OsText::Text(text))),
        prop::collection::vec(any::<u8>(), 0..9).prop_map(Value::from),
        prop::collection::vec(any::<u32>(), 0..5).prop_map(Value::from),
        any::<Option<i32>>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        let some = prop::collection::vec(inner.clone(), 0..5);
        prop_oneof![
            some.clone().prop_map(Value::from),
            some.clone().prop_map(Value::tuple),
            inner.clone().prop_map(|value| Value::from(Some(value))),
            inner.clone().prop_map(Value::shared),
            inner.clone().prop_map(|value| {
                let shared = Value::shared(value);
                let Value::Shared(object) = &shared else { unreachable!() };
                Value::tuple([object.downgrade(), shared.clone(), shared])
            }),
            (inner.clone(), 0usize..4).prop_map(|(value, count)| Value::list(vec![value; count])),
            some.clone().prop_map(|values| {
                Value::from(
                    values
                        .into_iter()
                        .enumerate()
                        .map(|(n, value)| (n.to_string(), value))
                        .collect::<BTreeMap<_, _>>(),
                )
            }),
            some.prop_map(|values| {
                let mut record = Record::new("r.Record");
                for (n, value) in values.into_iter().enumerate() {
                    record.insert(format!("f{n}"), value).unwrap();
                }
                Value::from(record)
            }),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_of_any_shape_goes_there_and_back(value in values()) {
        let bytes = value.to_vec().unwrap();
        let again = Value::from_slice(&bytes).unwrap();
        prop_assert_eq!(&again, &value);
        prop_assert_eq!(&again.clone(), &value);
        prop_assert_eq!(again.to_vec().unwrap(), bytes.clone());
        // Objects are the same within one value only: from here on, the same ones.
        prop_assert_eq!(Value::from_slice(&bytes).unwrap().to_string(), again.to_string());
        let field = to_vec(&vec![&value, &value]).unwrap();
        let fields = from_slice::<Vec<Value>>(&field).unwrap();
        prop_assert_eq!(&fields, &vec![value.clone(), value]);
        prop_assert_eq!(to_vec(&fields).unwrap(), field.clone());
        prop_assert_eq!(Value::from_slice(&field).unwrap().to_vec().unwrap(), field);
    }

    #[test]
    fn no_bytes_are_too_hostile(
        stream in prop::sample::select(streams()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = stream;
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        survives(&bytes);
    }
}
