//! Types that have changed: streams of the one load as the other, whatever became of them on the way.

use crate::kinds::{Entry, Kind, Mode, kinds};
use crate::oracle::{self, Outcome};
use reduce_core::{BoxError, Record, Reduce, Unknown, Value};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::rc::{Rc, Weak};

/// The first byte picks the pair of types and which of the two wrote the stream, the second one what is put around the rest.
pub fn versions(input: &[u8]) {
    let [pair, options, rest @ ..] = input else { return };
    let pair = &PAIRS[usize::from(*pair) % PAIRS.len()];
    let mode = Mode::of(*options);
    (pair.change)(&pair.from.stream(mode, rest), mode);
}

/// A type, and what it has become.
struct Pair {
    from: &'static Entry,
    change: fn(&[u8], Mode),
}

/// A value that loads as both types loads alike from another stream of it.
fn change<From: Kind, To: Kind>(stream: &[u8], mode: Mode) {
    let changed = oracle::outcome::<To>(stream);
    let Outcome::Dumped(first) = oracle::outcome::<From>(stream) else { return };
    let again = oracle::again::<To>(&first);
    // A stream with other programs may hold more than the first type takes of it.
    if mode == Mode::Data && changed != Outcome::Limit {
        assert_eq!(changed, again, "the same value in two streams");
    }
    if let Outcome::Dumped(changed) = again {
        assert_eq!(oracle::again::<To>(&changed), Outcome::Dumped(changed.clone()));
        oracle::again::<From>(&changed);
    }
}

/// What was, and what is.
macro_rules! pairs {
    ($($from:ident $to:ident)*; $($one:ident $way:ident)*) => {
        static PAIRS: &[Pair] = &[
            $(
                Pair { from: &Entry::of::<old::$from>(), change: change::<old::$from, new::$to> },
                Pair { from: &Entry::of::<new::$to>(), change: change::<new::$to, old::$from> },
            )*
            $(Pair { from: &Entry::of::<old::$one>(), change: change::<old::$one, new::$way> },)*
        ];
    };
}

pairs! {
    Points Points
    Points OpenPoints
    Points Places
    Points TextPoints
    Orders Orders
    Shapes Shapes
    Shapes FewShapes
    Trees Trees
    Trees Branches
    Links Links
    Links Unlinked
    Integers Narrow
    Texts Texts
    Rows Rows
    Maps Maps
    Objects Objects
    Values Values;
    // One way: a list has the order of the stream, a set its own.
    Lists Sets
}

/// The data and the whole stream of a value of each type.
pub fn seeds() -> impl Iterator<Item = Vec<u8>> {
    PAIRS.iter().enumerate().flat_map(|(number, pair)| {
        let seed = move |(mode, bytes): (Mode, Vec<u8>)| {
            [&[number as u8, mode.byte()], &bytes[..]].concat()
        };
        pair.from.seeds().into_iter().map(seed)
    })
}

#[allow(dead_code, reason = "the types are picked by pairs")]
mod old {
    use super::*;

    #[derive(Reduce, Clone)]
    #[reduce(name = "geo.Point")]
    pub struct Point {
        pub x: f64,
        pub y: f64,
    }

    #[derive(Reduce)]
    #[reduce(name = "shop.Line")]
    pub struct Line {
        article: String,
        count: u32,
        price: Option<u64>,
    }

    #[derive(Reduce)]
    #[reduce(name = "shop.Order")]
    pub struct Order {
        id: u64,
        customer: Rc<str>,
        lines: Vec<Line>,
    }

    #[derive(Reduce)]
    #[reduce(name = "geo.Shape")]
    pub enum Shape {
        Empty,
        Circle(f32),
        Segment(i64, i64),
        Label { text: String, at: Point },
    }

    #[derive(Reduce)]
    #[reduce(name = "Tree")]
    pub struct Tree {
        name: String,
        children: Vec<Tree>,
    }

    #[derive(Reduce)]
    #[reduce(name = "app.Node")]
    pub struct Link {
        id: u8,
        known: RefCell<Weak<Link>>,
        #[reduce(state)]
        next: RefCell<Vec<Rc<Link>>>,
    }

    fn links() -> Vec<Rc<Link>> {
        let [a, b] = [7, 8].map(|id| {
            let (known, next) = Default::default();
            Rc::new(Link { id, known, next })
        });
        *b.known.borrow_mut() = Rc::downgrade(&a);
        a.next.borrow_mut().extend([b.clone(), a.clone()]);
        b.next.borrow_mut().push(a.clone());
        vec![a, b]
    }

    fn unlink(links: &Vec<Rc<Link>>) {
        let mut left = links.clone();
        while let Some(link) = left.pop() {
            left.append(&mut link.next.borrow_mut());
        }
    }

    fn point() -> Point {
        Point { x: 1.0, y: -2.5 }
    }

    kinds! { KINDS:
        Points: Vec<Point> = vec![point(); 2];
        Orders: Vec<Order> = vec![Order {
            id: 7,
            customer: "ann".into(),
            lines: (0..20)
                .map(|n| Line { article: "tea".into(), count: n, price: (n > 3).then_some(150) })
                .collect(),
        }];
        Shapes: Vec<Shape> = (0..20)
            .map(|n| match n % 4 {
                0 => Shape::Empty,
                1 => Shape::Circle(0.5),
                2 => Shape::Segment(n, -n),
                _ => Shape::Label { text: "l".into(), at: point() },
            })
            .collect();
        Trees: Tree = {
            let leaf = |name: &str| Tree { name: name.into(), children: vec![] };
            Tree { name: "root".into(), children: vec![leaf("a"), leaf("b")] }
        };
        Links: Vec<Rc<Link>> = links(), unlink;
        Integers: Vec<(u32, i64, f32)> = (0..20).map(|n| (n, -5, 1.5)).collect();
        Texts: Vec<String> = (0..20).map(|n| format!("text {}", n % 3)).collect();
        Rows: Vec<(u16, Option<bool>, Vec<u8>, Result<[u8; 2], i32>)> =
            (0..20).map(|n| (n, Some(n > 9), vec![1, 2], if n > 7 { Ok([1, 2]) } else { Err(-1) })).collect();
        Maps: HashMap<String, (u8, Option<u16>)> =
            HashMap::from([("a".into(), (1, None)), ("b".into(), (2, Some(3)))]);
        Lists: Vec<Vec<i16>> = vec![vec![1, 2], vec![], vec![-3]];
        Objects: (Weak<u8>, Vec<Rc<u8>>, Rc<str>) = {
            let one = Rc::new(1);
            (Rc::downgrade(&one), vec![one.clone(), one], "s".into())
        };
        Values: Vec<Option<u32>> = vec![Some(1), None];
    }
}

#[allow(dead_code, reason = "the types are picked by pairs")]
mod new {
    use super::*;

    #[derive(Reduce, Clone)]
    #[reduce(name = "geo.Point")]
    pub struct Point {
        y: f64,
        #[reduce(default)]
        z: Option<u8>,
        x: f64,
    }

    #[derive(Reduce)]
    #[reduce(name = "geo.Point")]
    pub struct OpenPoint {
        x: Option<f64>,
        #[reduce(unknown)]
        more: Unknown,
    }

    #[derive(Reduce)]
    #[reduce(name = "geo.Point", version = 2, upgrade(0 = place, 1 = labelled))]
    pub struct Place {
        at: (f64, f64),
        label: String,
    }

    fn place(record: &mut Record) -> Result<(), BoxError> {
        let at = (record.take_as::<f64>("x")?, record.take_as::<f64>("y")?);
        record.insert_from("at", &at)?;
        Ok(())
    }

    fn labelled(record: &mut Record) -> Result<(), BoxError> {
        record.insert("label", "here")?;
        Ok(())
    }

    #[derive(Reduce)]
    #[reduce(name = "geo.Point")]
    pub struct TextPoint {
        #[reduce(convert = text)]
        x: String,
    }

    fn text(x: f64) -> Result<String, BoxError> {
        if x.is_finite() { Ok(x.to_string()) } else { Err("no place".into()) }
    }

    #[derive(Reduce)]
    #[reduce(name = "shop.Line")]
    pub struct Line {
        price: Option<i32>,
        article: Rc<str>,
    }

    #[derive(Reduce)]
    #[reduce(name = "shop.Order")]
    pub struct Order {
        #[reduce(alias = "lines")]
        items: VecDeque<Line>,
        id: u8,
        #[reduce(default)]
        currency: String,
        customer: Rc<str>,
    }

    #[derive(Reduce)]
    #[reduce(name = "geo.Shape")]
    pub enum Shape {
        Label {
            at: Point,
            text: String,
            #[reduce(default)]
            size: u8,
        },
        Segment(i8, i64),
        #[reduce(other)]
        Other(Value),
    }

    #[derive(Reduce)]
    #[reduce(name = "geo.Shape")]
    pub enum FewShape {
        Circle(Option<f64>),
        #[reduce(other)]
        Gone,
    }

    #[derive(Reduce)]
    #[reduce(name = "Tree")]
    pub struct Tree {
        children: VecDeque<Tree>,
        name: String,
        #[reduce(default)]
        size: u8,
    }

    #[derive(Reduce)]
    #[reduce(name = "Tree", version = 1, upgrade(0 = renamed))]
    pub struct Branch {
        twigs: Vec<Branch>,
    }

    fn renamed(record: &mut Record) -> Result<(), BoxError> {
        record.rename("children", "twigs")?;
        Ok(())
    }

    #[derive(Reduce)]
    #[reduce(name = "app.Node")]
    pub struct Link {
        #[reduce(default)]
        label: String,
        id: u64,
        #[reduce(state)]
        next: RefCell<VecDeque<Rc<Link>>>,
        known: RefCell<Weak<Link>>,
        #[reduce(state, default)]
        before: RefCell<Option<Rc<Link>>>,
    }

    fn unlink(links: &VecDeque<Rc<Link>>) {
        let mut left: Vec<_> = links.iter().cloned().collect();
        while let Some(link) = left.pop() {
            left.extend(link.next.take());
            left.extend(link.before.take());
        }
    }

    /// Whatever its states were.
    #[derive(Reduce)]
    #[reduce(name = "app.Node")]
    pub struct Unlink {
        #[reduce(default)]
        id: i32,
    }

    kinds! { KINDS:
        Points: Vec<Point> = vec![Point { x: 1.0, y: 2.0, z: Some(3) }; 2];
        OpenPoints: Vec<OpenPoint> = vec![OpenPoint { x: Some(1.0), more: Unknown::new() }];
        Places: Vec<Place> = vec![Place { at: (1.0, 2.0), label: "l".into() }];
        TextPoints: Vec<TextPoint> = vec![TextPoint { x: "1".into() }];
        Orders: VecDeque<Order> = VecDeque::from([Order {
            items: VecDeque::from([Line { price: Some(1), article: "tea".into() }]),
            id: 7,
            currency: "EUR".into(),
            customer: "ann".into(),
        }]);
        Shapes: Vec<Shape> = vec![
            Shape::Label { at: Point { x: 1.0, y: 2.0, z: None }, text: "t".into(), size: 1 },
            Shape::Segment(1, 2),
            Shape::Other(Value::from(1u8)),
        ];
        FewShapes: VecDeque<FewShape> = VecDeque::from([FewShape::Gone, FewShape::Circle(None)]);
        Trees: Tree = Tree { children: VecDeque::new(), name: "n".into(), size: 1 };
        Branches: Branch = Branch { twigs: vec![Branch { twigs: vec![] }] };
        Links: VecDeque<Rc<Link>> = {
            let (label, next, known, before) = Default::default();
            VecDeque::from([Rc::new(Link { label, id: 1, next, known, before })])
        }, unlink;
        Unlinked: Vec<Rc<Unlink>> = vec![Rc::new(Unlink { id: -1 })];
        Narrow: Vec<(u8, Option<i16>, f64)> = (0..20).map(|n| (n, Some(-5), 1.5)).collect();
        Texts: VecDeque<Option<Rc<str>>> = (0..20).map(|_| Some("t".into())).collect();
        Rows: Vec<(u64, Option<Option<bool>>, VecDeque<u16>, Result<Vec<u8>, i64>)> =
            (0..20).map(|n| (n, Some(None), VecDeque::from([1]), Ok(vec![1, 2]))).collect();
        Maps: BTreeMap<Rc<str>, (u16, Option<u8>)> = BTreeMap::from([("a".into(), (1, Some(2)))]);
        Sets: VecDeque<BTreeSet<i64>> = VecDeque::from([BTreeSet::from([1, 2])]);
        Objects: (Weak<u16>, VecDeque<Option<Rc<u16>>>, String) = {
            let one = Rc::new(1);
            (Rc::downgrade(&one), VecDeque::from([Some(one), None]), "s".into())
        };
        Values: Vec<Value> = vec![Value::from(1u8), Value::from("t")];
    }
}
