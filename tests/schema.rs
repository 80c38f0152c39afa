//! Programs as text.

#[allow(dead_code)]
mod corpus;

use reduce_core::schema::Schema;
use reduce_core::{Describe, Reduce};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet, VecDeque};
use std::path::PathBuf;
use std::rc::{Rc, Weak};

#[track_caller]
fn parsed(text: &str) -> Schema {
    text.parse().unwrap_or_else(|error| panic!("{error} in\n{text}"))
}

/// The text of one type, which is the same when it is read and written again.
fn text<T: Describe + ?Sized>() -> String {
    let schema = Schema::new().of::<T>();
    let text = schema.to_string();
    let again = parsed(&text);
    assert_eq!(again, schema);
    assert_eq!(again.to_string(), text);
    text
}

#[derive(Reduce)]
#[reduce(name = "shop.Status")]
enum Status {
    Open,
    Paid(u32, String),
    Sent { parcel: Option<Rc<Line>> },
}

#[derive(Reduce)]
#[reduce(name = "shop.Line")]
struct Line {
    #[reduce(rename = "state")]
    condition: char,
    r#list: [f32; 3],
}

#[reduce_core::object(name = "shop.Rule")]
trait Rule {}

#[derive(Reduce)]
#[reduce(name = "shop order")]
struct Order {
    status: Status,
    #[reduce(rename = "the \"total\"")]
    total: u128,
    rules: Vec<Box<dyn Rule>>,
    next: Weak<Order>,
    #[reduce(state)]
    last: RefCell<Option<Rc<Order>>>,
}

#[test]
fn programs_are_written_as_declarations_sorted_by_name() {
    let expected = r#"root "shop order"

struct "shop order" {
    status: shop.Status,
    "the \"total\"": u128,
    rules: list<dyn shop.Rule>,
    next: weak<"shop order">,
    state last: option<shared<"shop order">>,
}

struct shop.Line {
    "state": char,
    list: array<f32; 3>,
}

enum shop.Status {
    Open,
    Paid (
        0: u32,
        1: str,
    ),
    Sent {
        parcel: option<shared<shop.Line>>,
    },
}
"#;
    assert_eq!(text::<Order>(), expected);
}

#[test]
fn roots_go_by_their_names_or_by_their_types() {
    let schema = Schema::new().of::<Vec<Line>>().named::<Line>("a line").of::<Line>();
    assert_eq!(schema.names().collect::<Vec<_>>(), ["a line", "list<shop.Line>", "shop.Line"]);
    let lines: Vec<_> = { schema.to_string() }.lines().take(4).map(String::from).collect();
    let roots = ["root shop.Line as \"a line\"", "root list<shop.Line>", "root shop.Line", ""];
    assert_eq!(lines, roots);
    assert_eq!(parsed(&schema.to_string()), schema);
}

#[derive(Reduce)]
#[reduce(name = "Pair")]
struct Pair<T> {
    a: T,
    b: T,
}

#[derive(Reduce)]
#[reduce(name = "Pairs")]
struct Pairs {
    words: Pair<String>,
    numbers: Pair<u8>,
    again: Pair<Box<str>>,
}

#[test]
fn types_of_one_name_are_told_apart_and_equal_ones_are_one() {
    let expected = "root Pairs

struct Pair {
    a: u8,
    b: u8,
}

struct Pair#2 {
    a: str,
    b: str,
}

struct Pairs {
    words: Pair#2,
    numbers: Pair,
    again: Pair#2,
}
";
    assert_eq!(text::<Pairs>(), expected);
    let either_way = [
        Schema::new().named::<Pair<u8>>("x").named::<Pair<String>>("y"),
        Schema::new().named::<Pair<String>>("y").named::<Pair<u8>>("x"),
    ];
    assert_eq!(either_way[0], either_way[1]);
    assert_eq!(either_way[0].to_string().lines().next(), Some("root Pair as x"));
}

#[test]
fn types_without_a_name_that_hold_themselves_get_one() {
    assert_eq!(text::<corpus::Nest>(), "root _\n\ntype _ = list<_>\n");
}

#[test]
fn every_type_of_the_corpus_is_read_back() {
    let texts = [
        text::<corpus::Order>(),
        text::<corpus::Tree>(),
        text::<corpus::Expr>(),
        text::<corpus::Chain>(),
        text::<corpus::Shape>(),
        text::<corpus::typed_graphs::Link>(),
        text::<(u8, i128, f64, (), PathBuf)>(),
        text::<BTreeMap<(u8, char), VecDeque<bool>>>(),
        text::<Box<dyn std::any::Any>>(),
    ];
    for text in &texts {
        // A set of the lines, so that a type that is missing shows.
        let named: HashSet<_> = text.lines().filter(|line| line.starts_with("root ")).collect();
        assert_eq!(named.len(), 1, "{text}");
    }
    assert!(texts[2].contains("struct math.Term {") && texts[2].contains("enum math.Expr {"));
    assert_eq!(texts[6], "root tuple<u8, i128, f64, unit, os_str>\n");
    assert_eq!(texts[7], "root map<tuple<u8, char>, list<bool>>\n");
}

#[test]
fn attributes_are_written_and_read() {
    let text = "root App

#[version = 3, upgraded_from = 1, deny_newer, deny_unknown]
struct App {
    #[alias = hostname, alias = \"the host\", default, convert(u32, option<str>)]
    host: str,
}
";
    assert_eq!(parsed(text).to_string(), text);
    let text = "root App

enum App {
    #[alias = Off]
    Stopped,
    #[other]
    Else (
        0: u8,
    ),
}
";
    assert_eq!(parsed(text).to_string(), text);
}

#[test]
fn text_as_people_write_it_is_read_too() {
    let short = parsed("struct B(0: u8) root A // the end\nstruct A { b : B, c: list < B > }");
    let long = "root A\n\nstruct A {\n    b: B,\n    c: list<B>,\n}\n\nstruct B (\n    0: u8,\n)\n";
    assert_eq!(short.to_string(), long);
    // What no root reaches is left out.
    assert_eq!(parsed("struct B root u8").to_string(), "root u8\n");
}

#[test]
fn errors_of_the_text_name_the_line() {
    let deep = ["root ", &"list<".repeat(200)].concat();
    let errors = [
        ("root A", "line 1: `A` is declared nowhere"),
        ("\nroot u8\nroot u8", "line 3: the root `u8` is there twice"),
        ("struct A\n\nstruct A", "line 3: `A` is declared twice"),
        ("struct A {\n a: u8,\n a: u8 }", "line 3: the field `a` is there twice"),
        ("enum A {\n a,\n a }", "line 3: the variant `a` is there twice"),
        ("struct A {\n a u8 }", "line 2: expected `:`, found `u8`"),
        ("struct A { a: \n", "line 2: expected a type, found the end"),
        (
            "class A",
            "line 1: expected `root`, `registered`, `struct`, `enum` or `type`, found `class`",
        ),
        ("#[other] struct A", "line 1: an attribute stands where it means nothing"),
        ("#[near] struct A", "line 1: unknown attribute `near`"),
        ("#[version = x] struct A", "line 1: expected a number, found `x`"),
        ("root \"A", "line 1: a quoted name has no end"),
        ("root \"\\q\"", "line 1: an unknown escape in a quoted name"),
        ("/root", "line 1: a single `/`"),
        ("root array<u8; 4", "line 1: expected `>`, found the end"),
        (&deep, "line 1: types nest too deep"),
    ];
    for (text, expected) in errors {
        let error = text.parse::<Schema>().unwrap_err();
        assert_eq!(error.to_string(), expected, "{text}");
    }
}
