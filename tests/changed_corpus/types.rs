//! What the types of the corpus may have become: fields and variants that came, went, moved and changed.

#![allow(dead_code)]

use bytemuck::{Pod, Zeroable};
use reduce_core::{BoxError, Record, Reduce, Unknown, Value};
use std::any::Any;
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::{Rc, Weak};
use std::sync::{self, Arc, Mutex};

#[derive(Reduce)]
#[reduce(name = "geo.Point")]
pub struct Point {
    y: f32,
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
    at: (f64, f32),
    label: String,
}

fn place(record: &mut Record) -> Result<(), BoxError> {
    let at = (record.take_as::<f64>("x")?, record.take_as::<f64>("y")? as f32);
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
pub struct Marker {
    #[reduce(default)]
    added: u8,
}

#[derive(Reduce)]
pub struct Metres(i64, #[reduce(default)] Option<String>);

#[derive(Reduce)]
pub struct Pair<T, U = T> {
    b: T,
    #[reduce(alias = "a")]
    first: Box<U>,
}

#[derive(Reduce)]
pub struct Checked {
    length: u16,
    path: Rc<str>,
    #[reduce(skip, rebuild = opened, from(path))]
    open: usize,
}

fn opened(path: &Rc<str>) -> Result<usize, BoxError> {
    if path.is_empty() { Err("no path".into()) } else { Ok(path.len()) }
}

#[derive(Reduce)]
#[reduce(name = "shop.Order")]
pub struct Order {
    #[reduce(alias = "lines")]
    items: VecDeque<Line>,
    id: u8,
    #[reduce(default)]
    currency: String,
}

#[derive(Reduce)]
#[reduce(name = "shop.Line")]
pub struct Line {
    price: Option<i32>,
    article: Rc<str>,
}

#[derive(Reduce)]
#[reduce(name = "geo.Shape")]
pub enum Shape {
    Label {
        at: Place,
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
pub enum FewShapes {
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
pub struct Chain {
    next: Option<Rc<Chain>>,
    value: u16,
}

#[derive(Reduce)]
#[reduce(name = "math.Expr")]
pub enum Expr {
    #[reduce(alias = "Sum")]
    Plus(VecDeque<Term>),
    Number(i64),
}

#[derive(Reduce)]
#[reduce(name = "math.Term")]
pub struct Term {
    of: Rc<Expr>,
    #[reduce(default)]
    note: Option<String>,
    factor: i8,
}

#[derive(Reduce)]
#[reduce(transparent)]
pub struct Nest(Option<Vec<Nest>>);

#[derive(Reduce)]
#[reduce(name = "app.Note")]
pub struct Note {
    #[reduce(default)]
    stars: Option<u16>,
    #[reduce(unknown)]
    more: Unknown,
}

#[derive(Reduce)]
#[reduce(name = "app.Note")]
pub struct StarsOnly {
    #[reduce(default)]
    stars: u8,
    text: Value,
}

#[derive(Reduce)]
#[reduce(name = "app.Event")]
pub enum Event {
    Swiped { to: u32 },
    Pressed(u8),
    Closed,
}

#[derive(Reduce)]
#[reduce(name = "app.Event")]
pub enum OpenEvent {
    #[reduce(other)]
    Newer(Value),
    Closed,
}

#[derive(Reduce)]
#[reduce(name = "app.Signal")]
pub struct Signal {
    counts: VecDeque<u64>,
    samples: Vec<f64>,
}

#[derive(Reduce)]
#[reduce(name = "app.Node")]
pub struct Named {
    me: Weak<Named>,
    #[reduce(default)]
    age: u8,
    name: Option<String>,
}

#[derive(Reduce)]
#[reduce(name = "app.Node")]
pub struct Link {
    #[reduce(default)]
    label: String,
    id: u64,
    #[reduce(state)]
    next: RefCell<Option<Rc<Link>>>,
    #[reduce(state, default)]
    before: RefCell<Option<Rc<Link>>>,
}

/// Whatever its states were.
#[derive(Reduce)]
#[reduce(name = "app.Node")]
pub struct Unlinked {
    #[reduce(default)]
    id: i32,
}

#[derive(Reduce)]
#[reduce(name = "app.Node")]
pub struct Nested {
    #[reduce(default)]
    added: u8,
    me: RefCell<Weak<Nested>>,
    #[reduce(state)]
    next: RefCell<Option<Rc<Nested>>>,
}

#[derive(Reduce)]
#[reduce(name = "app.Node")]
pub struct InPlace {
    #[reduce(state)]
    next: Option<u32>,
    id: u16,
}

#[derive(Reduce)]
#[reduce(name = "fs.Dir")]
pub struct Dir {
    children: RefCell<VecDeque<Rc<Dir>>>,
    #[reduce(default)]
    size: u64,
    parent: Weak<Dir>,
}

/// Its children are no objects of their own any more.
#[derive(Reduce)]
#[reduce(name = "fs.Dir")]
pub struct Folder {
    name: Rc<str>,
    children: Vec<Folder>,
}

#[derive(Reduce)]
#[reduce(name = "app.Locked")]
pub struct Locked {
    #[reduce(state)]
    others: VecDeque<sync::Weak<Mutex<Locked>>>,
    #[reduce(state, default)]
    count: u8,
}

#[reduce_core::object(name = "geo.Shape")]
pub trait Drawn: Any {}

#[derive(Reduce)]
#[reduce(name = "geo.Circle", implements(Drawn))]
pub struct Circle {
    #[reduce(default)]
    colour: u8,
    radius: u32,
}

#[derive(Reduce)]
#[reduce(name = "geo.Square", implements(Drawn))]
pub struct Square {
    #[reduce(unknown)]
    more: Unknown,
}

#[derive(Reduce)]
#[reduce(name = "geo.Group", implements(Drawn))]
pub struct Group {
    own: Option<Rc<dyn Drawn>>,
    this: Weak<dyn Drawn>,
    #[reduce(state)]
    shapes: RefCell<VecDeque<Rc<dyn Drawn>>>,
}

impl Drawn for Circle {}
impl Drawn for Square {}
impl Drawn for Group {}

pub type Scene = (VecDeque<Rc<dyn Drawn>>, Rc<Circle>, Rc<dyn Any>);
pub type HandMadeScene = (Vec<Rc<dyn Drawn>>, Rc<Circle>, Box<dyn Drawn>);
pub type Locks = VecDeque<Arc<Mutex<Locked>>>;
pub type Maps = BTreeMap<(u16, u8), Vec<(bool, ())>>;

/// As other records, with wider numbers.
#[derive(Reduce)]
#[reduce(name = "sim.Particle")]
pub struct Particle {
    id: u64,
    place: VecDeque<f64>,
    charge: f32,
    #[reduce(default)]
    mass: f32,
}

/// As in memory, with fields that moved.
#[derive(Reduce, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
#[reduce(name = "sim.Particle", pod)]
pub struct RawParticle {
    flags: [u16; 2],
    id: u32,
    #[reduce(default)]
    mass: f32,
    place: [f32; 3],
}

#[derive(Reduce)]
#[reduce(name = "sim.Numbers")]
pub struct Numbers {
    particle: RawParticle,
    widest: Option<u128>,
    wide: Vec<u64>,
    wide_signed: i8,
    narrow: u32,
}
