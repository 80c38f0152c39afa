//! Values whose streams several tests go through: golden bytes, hostile variations of them.

pub mod columns;
pub mod every;
pub mod graphs;
pub mod kept;
pub mod large;
pub mod pod;
pub mod stream;
pub mod typed_graphs;
mod types;

use reduce_core::{
    Disassembler, Dumper, Error, Expand, Limits, Loader, Programs, Reduce, Registry, to_vec,
};
use std::any::Any;
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::rc::{Rc, Weak};
use std::sync::Arc;
pub use types::*;

thread_local! {
    static LIMITS: Cell<Limits> = Cell::new(Limits::default());
}

/// What all types of the corpus are loaded by.
pub fn loader() -> Loader {
    Loader::new().limits(LIMITS.get())
}

/// Does something under limits of its own.
pub fn under<T>(limits: Limits, run: impl FnOnce() -> T) -> T {
    let before = LIMITS.replace(limits);
    let done = run();
    LIMITS.set(before);
    done
}

/// A value and its stream.
pub struct Case {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    /// The same value with a fingerprint in place of the programs.
    pub short: Vec<u8>,
    /// Loads a value of the same type and dumps it again.
    pub again: Again,
    /// The same for a type whose loads check the whole stream first.
    pub checked: Again,
    /// A record that holds the value, and then a number.
    pub within: Vec<u8>,
    /// The same of the record.
    pub within_again: Again,
    /// Whether the bytes load to the value that was dumped.
    pub same: Same,
}

/// Bytes to bytes, by way of a value.
pub type Again = fn(&[u8]) -> Result<Vec<u8>, Error>;
/// A comparison with a value.
type Same = Box<dyn Fn(&[u8]) -> bool>;

fn again<T: Reduce + for<'de> Expand<'de>>(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    loader().from_slice::<T>(bytes).and_then(|value| to_vec(&value))
}

fn case<T>(name: &'static str, value: T) -> Case
where
    T: Reduce + for<'de> Expand<'de> + PartialEq + Debug + 'static,
{
    Case {
        name,
        bytes: to_vec(&value).unwrap(),
        short: Dumper::new().fingerprint(true).to_vec(&value).unwrap(),
        again: again::<T>,
        checked: again::<Rebuilt<T>>,
        within: to_vec(&Within { value: &value, end: END }).unwrap(),
        within_again: again::<Within<T>>,
        same: Box::new(move |bytes| loader().from_slice::<T>(bytes).unwrap() == value),
    }
}

/// Floats by their bits: no `NaN` equals itself.
fn bits<T, B>(name: &'static str, value: T, bits: fn(T) -> B) -> Case
where
    T: Reduce + for<'de> Expand<'de> + Copy + 'static,
    B: PartialEq + 'static,
{
    Case {
        name,
        bytes: to_vec(&value).unwrap(),
        short: Dumper::new().fingerprint(true).to_vec(&value).unwrap(),
        again: again::<T>,
        checked: again::<Rebuilt<T>>,
        within: to_vec(&Within { value, end: END }).unwrap(),
        within_again: again::<Within<T>>,
        same: Box::new(move |bytes| bits(loader().from_slice::<T>(bytes).unwrap()) == bits(value)),
    }
}

#[derive(Reduce)]
struct Within<T> {
    value: T,
    end: u8,
}

/// As `Within`, when the value has gone: it is passed over.
#[derive(Reduce)]
#[reduce(name = "Within")]
struct Without {
    end: u8,
}

/// What stands behind a value in a record.
const END: u8 = 0x5A;

/// Passes over the value in a record.
pub fn pass_over(bytes: &[u8]) -> Result<(), Error> {
    loader().from_slice::<Without>(bytes).map(drop)
}

fn numbers() -> Vec<Case> {
    vec![
        case("unit", ()),
        case("bool", true),
        case("char", '\u{1F980}'),
        case("u8", 255u8),
        case("u16", u16::MAX),
        case("u32", 300u32),
        case("u64_largest", u64::MAX),
        case("usize_is_u64", 128usize),
        case("u128_largest", u128::MAX),
        case("i8", -1i8),
        case("i16", i16::MIN),
        case("i32", -300i32),
        case("i64_smallest", i64::MIN),
        case("isize_is_i64", 64isize),
        case("i128_smallest", i128::MIN),
        case("f32", 1.5f32),
        case("f64", -0.1f64),
        bits("f32_signalling_nan", f32::from_bits(0x7FA0_0001), f32::to_bits),
        bits("f64_negative_zero", -0.0f64, f64::to_bits),
    ]
}

fn containers() -> Vec<Case> {
    vec![
        case("string_empty", String::new()),
        case("string", String::from("na\u{EF}ve \u{1F980}")),
        case("string_with_control_characters", String::from("\u{1B}[2J\u{202E}\n\0")),
        case("string_long", "reduce ".repeat(20)),
        case("boxed_str", Box::<str>::from("boxed")),
        case("bytes", vec![0u8, 1, 0x8F, 255]),
        case("bytes_empty", Vec::<u8>::new()),
        case("bytes_long", (0..=255u8).collect::<Vec<_>>()),
        case("list", vec![1u32, 300, 70_000]),
        case("list_of_strings", vec![String::from("a"), String::new()]),
        case("list_of_lists", vec![vec![1i16], vec![], vec![-2, 3]]),
        case("list_of_units", vec![(), (), ()]),
        case("columns", columns()),
        case("columns_of_one", (0..20u64).map(|n| n * n + 1000).collect::<Vec<_>>()),
        case("columns_of_texts", (0..20).map(|n| format!("text {}", n % 3)).collect::<Vec<_>>()),
        case("boxed_slice", vec![true, false].into_boxed_slice()),
        case("array", [-1i32, 0, 1]),
        case("array_of_bytes", *b"\x00\xFFab"),
        case("array_empty", [0u64; 0]),
        case("tuple", (1u8, String::from("two"), 3.0f64)),
        case("tuple_of_tuples", ((1u8, 2u8), (3u8, 4u8))),
        case("option_none", None::<u32>),
        case("option_some", Some(7u32)),
        case("option_of_option", vec![None, Some(None), Some(Some(1u8))]),
        case("boxed", Box::new(Box::new(5u16))),
        case("map", BTreeMap::from([(String::from("a"), 1u32), (String::from("b"), 2)])),
        case("map_empty", BTreeMap::<u8, u8>::new()),
        case("map_hashed", HashMap::from([(7i32, vec!['x'])])),
        case("map_of_maps", BTreeMap::from([((1u8, 2u8), BTreeMap::from([(false, ())]))])),
        canonical_map(),
    ]
}

/// Records that lie in a stream as in memory.
fn in_memory() -> Vec<Case> {
    let row = |n: u8| (format!("row {n}"), pod::particle(n), vec![pod::particle(n); 2]);
    vec![
        case("pod", pod::particle(1)),
        case("pod_numbers", pod::numbers()),
        case("pod_array", [pod::particle(1), pod::particle(2)]),
        case("pod_list", (0..3).map(pod::particle).collect::<Vec<_>>()),
        case("columns_of_pod", (0..16).map(row).collect::<Vec<_>>()),
    ]
}

/// A row of all kinds of columns.
type Mixed = (u16, Option<bool>, Vec<String>, Result<[u8; 2], i32>, BTreeMap<char, f32>);

fn columns() -> Vec<Mixed> {
    let row = |n: u16| {
        let texts = n.is_multiple_of(4).then(|| format!("n{n}"));
        let choice = if n < 12 { Ok([7, 0]) } else { Err(-i32::from(n)) };
        let map = n.is_multiple_of(8).then_some(('m', f32::from(n)));
        (
            n,
            (n > 3).then_some(n > 7),
            texts.into_iter().collect(),
            choice,
            map.into_iter().collect(),
        )
    };
    (0..16).map(row).collect()
}

/// Sorted by encoded key: by length first, since that is what a string begins with.
fn canonical_map() -> Case {
    let value = HashMap::from([
        (String::from("bb"), 2u8),
        (String::from("a"), 1),
        (String::from("ccc"), 3),
    ]);
    let dumper = Dumper::new().canonical(true);
    Case {
        bytes: dumper.to_vec(&value).unwrap(),
        within: dumper.to_vec(&Within { value: &value, end: END }).unwrap(),
        short: dumper.fingerprint(true).to_vec(&value).unwrap(),
        again: canonical_again::<HashMap<String, u8>>,
        checked: canonical_again::<Rebuilt<HashMap<String, u8>>>,
        within_again: canonical_again::<Within<HashMap<String, u8>>>,
        ..case("map_canonical", value)
    }
}

fn canonical_again<T: Reduce + for<'de> Expand<'de>>(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let value: T = loader().from_slice(bytes)?;
    Dumper::new().canonical(true).to_vec(&value)
}

fn records() -> Vec<Case> {
    vec![
        case("record", Point { x: 1.0, y: -2.5 }),
        case("record_of_unit", Marker),
        case("record_of_tuple", Metres(12)),
        case("record_generic_twice", (Pair { a: 1u8, b: 2u8 }, Pair { a: 'a', b: 'b' })),
        case("record_with_functions", Checked { path: "db".into(), length: 2 }),
        case(
            "record_nested",
            Order {
                id: 7,
                customer: "ann".into(),
                lines: vec![
                    Line { article: "pear".into(), count: 3, price: Some(150) },
                    Line { article: "fig".into(), count: 1, price: None },
                ],
            },
        ),
        case("enum_of_unit_variants", vec![Shape::Empty, Shape::Empty]),
        case(
            "enum_of_all_kinds",
            vec![
                Shape::Empty,
                Shape::Circle(2.0),
                Shape::Segment(1, -1),
                Shape::Label { text: "hi".into(), at: Point { x: 0.0, y: 1.0 } },
            ],
        ),
        case(
            "recursive_through_list",
            Tree { name: "root".into(), children: vec![Tree::leaf("a"), Tree::leaf("b")] },
        ),
        case("recursive_through_option", Chain::of(&[1, 2, 3])),
        case(
            "mutually_recursive",
            Expr::Sum(vec![
                Term { factor: 2, of: Box::new(Expr::Number(5)) },
                Term { factor: -1, of: Box::new(Expr::Sum(vec![])) },
            ]),
        ),
        case("recursive_unnamed", Nest(vec![Nest(vec![]), Nest(vec![Nest(vec![])])])),
    ]
}

fn shared() -> Vec<Case> {
    let (text, point) = (Rc::<str>::from("shared"), Arc::new(Point { x: 1.0, y: 2.0 }));
    let inner = Rc::new(5u8);
    vec![
        case("shared_once", Rc::new(1u8)),
        case("shared_twice", (text.clone(), text)),
        case("shared_record", vec![point.clone(), Arc::new(Point { x: 0.0, y: 0.0 }), point]),
        case("shared_in_shared", (Rc::new(inner.clone()), inner.clone(), Rc::new(inner))),
        case("shared_list", vec![Rc::<[u32]>::from([1, 2]), Rc::from([])]),
    ]
}

/// Every case.
pub fn all() -> Vec<Case> {
    [numbers(), containers(), records(), in_memory(), shared()].into_iter().flatten().collect()
}

/// The streams of some cases with a fingerprint in place of the programs.
pub fn short() -> Vec<(&'static str, Vec<u8>)> {
    let cases = all().into_iter().filter_map(|case| {
        let name = match case.name {
            "record" => "short_record",
            "shared_twice" => "short_shared",
            "bytes_long" => "short_with_a_long_length",
            _ => return None,
        };
        Some((name, case.short))
    });
    let owner = Rc::new(String::from("ann"));
    let early = (Rc::downgrade(&owner), owner);
    let early = Dumper::new().fingerprint(true).to_vec(&early).unwrap();
    cases
        .chain([("short_with_a_weak_in_front", early), ("short_with_codes", short_with_codes())])
        .collect()
}

/// Trait objects whose types go by codes.
fn short_with_codes() -> Vec<u8> {
    let mut registry = Registry::new();
    registry.register::<Point>().unwrap().code::<Point>(7).unwrap();
    registry.register_as::<u8>("u8").unwrap().code::<u8>(300).unwrap();
    let point = Point { x: 1.0, y: 2.0 };
    let values: Vec<Box<dyn Any>> = vec![Box::new(point), Box::new(5u8), Box::new(6u8)];
    Dumper::new().registry(&registry).fingerprint(true).to_vec(&values).unwrap()
}

/// Knows the programs of all cases.
pub fn disassembler() -> Disassembler {
    let mut programs = Programs::new();
    for case in all() {
        programs.add_stream(&case.bytes).unwrap();
    }
    programs.add::<(Weak<String>, Rc<String>)>().unwrap();
    programs.add::<Vec<Box<dyn Any>>>().unwrap();
    Disassembler::new().programs(&programs)
}

/// The messages of sessions, one behind the other.
pub fn sessions() -> Vec<(&'static str, Vec<u8>)> {
    let ann = Rc::<str>::from("Ann");
    let mut orders = Dumper::new().session();
    let mut session = orders.to_vec(&(ann.clone(), 12u32)).unwrap();
    orders.append_to(&(ann.clone(), 7u32), &mut session).unwrap();

    let mut registry = Registry::new();
    registry.register::<Point>().unwrap().register_as::<u8>("u8").unwrap();
    let point: Rc<dyn Any> = Rc::new(Point { x: 1.0, y: 2.0 });
    let mut values = Dumper::new().registry(&registry).session();
    let mut types = values.to_vec(&point).unwrap();
    values.append_to(&vec![point, Rc::new(5u8)], &mut types).unwrap();
    values.clear_memo();
    values.append_to(&ann, &mut types).unwrap();

    let late = Rc::new(String::from("bob"));
    let mut weak = Dumper::new().session();
    let mut ahead = weak.to_vec(&ann).unwrap();
    weak.append_to(&(Rc::downgrade(&late), late, ann), &mut ahead).unwrap();
    vec![
        ("session", session),
        ("session_with_types_in_more", types),
        ("session_with_a_weak_in_front", ahead),
    ]
}
