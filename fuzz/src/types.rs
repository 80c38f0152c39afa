//! Types of the users of the library: one of each kind that loads differ for.

use crate::kinds::kinds;
use reduce_core::{BoxError, Record, Reduce, Unknown, Value};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, VecDeque};
use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;
use std::rc::{Rc, Weak};
use std::sync::{self, Arc, Mutex};
use std::time::Duration;

#[derive(Reduce, Clone, Default)]
pub struct Numbers {
    pub bytes: (u8, i8, bool),
    pub short: (u16, i16, char),
    pub middle: (u32, i32, f32),
    pub long: (u64, i64, f64),
    pub longest: (u128, i128),
}

#[derive(Reduce)]
pub enum Expr {
    Number(i32),
    Add(Box<Expr>, Box<Expr>),
    List(Vec<Expr>),
    Named { name: String, of: Option<Box<Expr>> },
}

#[derive(Reduce)]
pub struct Dir {
    pub name: Rc<str>,
    pub parent: RefCell<Weak<Dir>>,
    pub children: RefCell<Vec<Rc<Dir>>>,
}

fn dirs() -> (Weak<Dir>, Rc<Dir>) {
    let dir = |name: &Rc<str>, parent: &Weak<Dir>| {
        let (name, parent, children) = (name.clone(), parent.clone().into(), RefCell::default());
        Rc::new(Dir { name, parent, children })
    };
    let name = "a".into();
    let root = dir(&name, &Weak::new());
    let child = dir(&name, &Rc::downgrade(&root));
    let first = Rc::downgrade(&child);
    root.children.borrow_mut().extend([child, dir(&"b".into(), &Rc::downgrade(&root))]);
    (first, root)
}

#[derive(Reduce)]
pub struct Link {
    pub id: u8,
    pub known: RefCell<Weak<Link>>,
    #[reduce(state)]
    pub next: RefCell<Vec<Rc<Link>>>,
}

fn links() -> Vec<Rc<Link>> {
    let [a, b, c] = [7, 8, 9].map(|id| {
        let (known, next) = Default::default();
        Rc::new(Link { id, known, next })
    });
    a.next.borrow_mut().extend([b.clone(), a.clone()]);
    b.next.borrow_mut().push(c.clone());
    *c.known.borrow_mut() = Rc::downgrade(&a);
    c.next.borrow_mut().push(a.clone());
    vec![a, b]
}

fn unlink(links: &Vec<Rc<Link>>) {
    let mut left = links.clone();
    while let Some(link) = left.pop() {
        left.append(&mut link.next.borrow_mut());
    }
}

#[derive(Reduce)]
pub struct Locked {
    label: Arc<str>,
    #[reduce(state)]
    others: Vec<sync::Weak<Mutex<Locked>>>,
    #[reduce(state)]
    count: Option<u8>,
}

fn locked() -> Vec<Arc<Mutex<Locked>>> {
    let all: Vec<_> = ["x", "y"]
        .map(|label| {
            let locked = Locked { label: label.into(), others: vec![], count: Some(1) };
            Arc::new(Mutex::new(locked))
        })
        .into();
    for one in &all {
        one.lock().expect("not poisoned").others.extend(all.iter().map(Arc::downgrade));
    }
    all
}

/// With functions of every kind.
#[derive(Reduce, Default)]
#[reduce(validate = Opened::check)]
pub struct Opened {
    path: String,
    tries: u8,
    #[reduce(skip, rebuild = open, from(path))]
    _handle: usize,
    #[reduce(skip, default)]
    _cache: Vec<u8>,
    parts: Vec<Sum>,
}

fn open(path: &str) -> Result<usize, BoxError> {
    if path.contains('\0') { Err("no such file".into()) } else { Ok(path.len()) }
}

impl Opened {
    fn check(&self) -> Result<(), String> {
        if self.tries > self.path.len() as u8 { Err("too many tries".into()) } else { Ok(()) }
    }
}

#[derive(Reduce)]
#[reduce(rebuild = Sum::new)]
pub struct Sum {
    left: u16,
    right: u16,
    #[reduce(skip)]
    _sum: u32,
}

impl Sum {
    fn new(left: u16, right: u16) -> Result<Self, BoxError> {
        if left == 13 {
            return Err("no".into());
        }
        Ok(Sum { left, right, _sum: u32::from(left) + u32::from(right) })
    }
}

#[derive(Reduce)]
#[reduce(name = "app.Note", version = 2, upgrade(0 = titled, 1 = dated))]
pub struct Note {
    text: String,
    #[reduce(default)]
    stars: Option<u16>,
    #[reduce(unknown)]
    more: Unknown,
}

fn titled(record: &mut Record) -> Result<(), BoxError> {
    record.rename("title", "text")?;
    Ok(())
}

fn dated(record: &mut Record) -> Result<(), BoxError> {
    record.remove("date");
    Ok(())
}

#[derive(Reduce)]
#[reduce(name = "app.Event")]
pub enum Event {
    Pressed(u32),
    Moved {
        x: f32,
        #[reduce(default)]
        y: Option<f32>,
    },
    #[reduce(other)]
    Newer(Value),
}

#[derive(Reduce, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u8, Option<String>);

type Row = (u16, Option<bool>, Vec<String>, Result<[u8; 2], i32>, BTreeMap<char, f32>);

fn rows() -> Vec<Row> {
    let row = |n: u16| {
        let texts = n.is_multiple_of(4).then(|| format!("n{n}"));
        let choice = if n < 12 { Ok([7, 0]) } else { Err(-i32::from(n)) };
        let map = n.is_multiple_of(8).then_some(('m', f32::from(n)));
        let texts = texts.into_iter().collect();
        (n, (n > 3).then_some(n > 7), texts, choice, map.into_iter().collect())
    };
    (0..16).map(row).collect()
}

fn value() -> Vec<Value> {
    let shared = Value::shared(7u8);
    vec![Value::tuple([shared.clone(), shared]), Value::from("text"), Value::from(vec![1u16, 2])]
}

fn expr() -> Expr {
    let one = || Box::new(Expr::Number(1));
    let named = Expr::Named { name: "n".into(), of: Some(one()) };
    Expr::List(vec![Expr::Add(one(), one()), named, Expr::Named { name: "".into(), of: None }])
}

kinds! { KINDS:
    One: Numbers = Numbers::default();
    Many: Vec<Numbers> = vec![Numbers::default(); 20];
    Integers: Vec<u64> = (0..40).map(|n| n * n + 1000).collect();
    Signed: VecDeque<i128> = (0..20).map(|n| n * -70_000).collect();
    Floats: Vec<[f32; 3]> = vec![[1.5, -0.0, f32::NAN]; 3];
    Doubles: Box<[f64]> = vec![0.5, f64::INFINITY].into();
    Bytes: Vec<u8> = b"\0\x01\x8F\xFF".to_vec();
    Units: (Vec<()>, [(); 3]) = (vec![(); 9], [(); 3]);
    Bools: Vec<Option<bool>> = vec![None, Some(true), Some(false)];
    Chars: Vec<char> = "na\u{EF}ve \u{1F980} and seventeen more".chars().collect();
    Texts: Vec<String> = (0..20).map(|n| format!("text {}", n % 3)).collect();
    Rows: Vec<Row> = rows();
    Lists: Vec<Vec<Vec<i16>>> = vec![vec![vec![1], vec![]], vec![], vec![vec![-2, 3]]];
    Wide: Vec<(u8, [u16; 4], Option<(char, u64)>)> = (0..20)
        .map(|n| (n, [n.into(); 4], (n > 9).then_some(('w', 1 << n))))
        .collect();
    Maps: HashMap<String, Vec<Option<u16>>> =
        HashMap::from([("a".into(), vec![Some(1)]), ("bb".into(), vec![None])]);
    Sets: BTreeMap<(u8, char), BTreeSet<Key>> =
        BTreeMap::from([((1, 'k'), BTreeSet::from([Key(1, None), Key(2, Some("s".into()))]))]);
    Heap: BinaryHeap<Option<u8>> = BinaryHeap::from([None, Some(3), Some(1)]);
    Expressions: Expr = expr();
    Borrowed: (&'de str, &'de [u8], Vec<&'de str>) = ("text", b"bytes", vec!["a", "b"]);
    Lent: Vec<(Cow<'de, str>, Cow<'de, [u8]>)> = vec![("text".into(), b"bytes"[..].into()); 20];
    System: (OsString, PathBuf, Duration, IpAddr) =
        ("os".into(), "a/b".into(), Duration::new(1, 2), IpAddr::from([127, 0, 0, 1]));
    Shared: Vec<Rc<[Rc<str>]>> = {
        let text: Rc<str> = "s".into();
        let list: Rc<[Rc<str>]> = vec![text.clone(), text].into();
        vec![list.clone(), list]
    };
    Pointers: (Arc<u8>, sync::Weak<u8>, Option<Rc<Arc<u8>>>) = {
        let one = Arc::new(7);
        (one.clone(), Arc::downgrade(&one), Some(Rc::new(one)))
    };
    Dirs: (Weak<Dir>, Rc<Dir>) = dirs();
    Links: Vec<Rc<Link>> = links(), unlink;
    Locks: Vec<Arc<Mutex<Locked>>> = locked();
    Rebuilt: Vec<Opened> = vec![Opened {
        path: "p".into(),
        parts: vec![Sum { left: 1, right: 2, _sum: 3 }],
        ..Opened::default()
    }];
    Sums: Vec<Sum> = (0..20).map(|right| Sum { left: 1, right, _sum: 0 }).collect();
    Notes: Vec<Note> = vec![Note { text: "t".into(), stars: Some(5), more: Unknown::new() }];
    Events: Vec<Event> = vec![
        Event::Pressed(1),
        Event::Moved { x: 1.0, y: None },
        Event::Newer(Value::from("later")),
    ];
    Values: Vec<Value> = value();
    Nested: Option<Box<Result<Box<Option<u8>>, Rc<String>>>> =
        Some(Box::new(Err(Rc::new("e".into()))));
}
