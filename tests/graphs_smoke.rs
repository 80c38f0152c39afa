//! smoke
use reduce_core::*;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex};
#[derive(Reduce)]
struct Dir {
    name: String,
    parent: Weak<Dir>,
    kids: RefCell<Vec<Rc<Dir>>>,
}
fn dir(name: &str, parent: &Weak<Dir>, depth: u32) -> Rc<Dir> {
    Rc::new_cyclic(|me| Dir {
        name: name.into(),
        parent: parent.clone(),
        kids: RefCell::new(
            (0..if depth == 0 { 0 } else { 3 })
                .map(|i| dir(&format!("{name}/{i}"), me, depth - 1))
                .collect(),
        ),
    })
}
fn check(d: &Rc<Dir>) -> usize {
    1 + d
        .kids
        .borrow()
        .iter()
        .map(|k| {
            assert!(Rc::ptr_eq(&k.parent.upgrade().unwrap(), d));
            check(k)
        })
        .sum::<usize>()
}
#[derive(Reduce)]
struct A {
    id: u32,
    #[reduce(state)]
    next: Option<Rc<RefCell<A>>>,
}
#[derive(Reduce)]
struct B {
    id: u32,
    #[reduce(state)]
    edges: RefCell<Vec<Rc<B>>>,
}
#[derive(Reduce)]
struct C {
    id: u32,
    #[reduce(state)]
    edges: Mutex<Vec<Arc<C>>>,
}
#[test]
fn trees() {
    let root = dir("r", &Weak::new(), 3);
    let bytes = to_vec(&root).unwrap();
    println!("{}", disassemble(&bytes).unwrap());
    let l: Rc<Dir> = from_slice(&bytes).unwrap();
    assert_eq!(check(&l), 40);
    let kid = root.kids.borrow()[0].clone();
    let bytes = to_vec(&vec![kid, root]).unwrap();
    let l: Vec<Rc<Dir>> = from_slice(&bytes).unwrap();
    assert!(Rc::ptr_eq(&l[0], &l[1].kids.borrow()[0]));
    assert_eq!(check(&l[1]), 40);
    println!(
        "{}",
        disassemble(
            &to_vec(&{
                let r = dir("r", &Weak::new(), 1);
                let k = r.kids.borrow()[1].clone();
                vec![k, r]
            })
            .unwrap()
        )
        .unwrap()
    );
}
#[test]
fn cycles() {
    let a = Rc::new(RefCell::new(A { id: 1, next: None }));
    let b = Rc::new(RefCell::new(A { id: 2, next: Some(a.clone()) }));
    a.borrow_mut().next = Some(b.clone());
    let bytes = to_vec(&a).unwrap();
    println!("{}", disassemble(&bytes).unwrap());
    let l: Rc<RefCell<A>> = from_slice(&bytes).unwrap();
    let n = l.borrow().next.clone().unwrap();
    assert_eq!((l.borrow().id, n.borrow().id), (1, 2));
    assert!(Rc::ptr_eq(n.borrow().next.as_ref().unwrap(), &l));
    for n in [20_000usize, 100_000] {
        let g: Vec<Rc<B>> =
            (0..n).map(|id| Rc::new(B { id: id as u32, edges: RefCell::default() })).collect();
        let mut x = 1u64;
        for (i, b) in g.iter().enumerate() {
            b.edges.borrow_mut().push(g[(i + 1) % n].clone());
            b.edges.borrow_mut().push(b.clone());
            x = x.wrapping_mul(6364136223846793005).wrapping_add(1);
            b.edges.borrow_mut().push(g[(x >> 33) as usize % n].clone());
        }
        let t = std::time::Instant::now();
        let bytes = to_vec(&g[0]).unwrap();
        let d = t.elapsed();
        let l: Rc<B> = from_slice(&bytes).unwrap();
        println!("{n} dump {d:?} load {:?}", t.elapsed() - d);
        let (mut p, mut q) = (g[0].clone(), l.clone());
        let mut all = vec![];
        for _ in 0..n {
            let (e, f) = (p.edges.borrow().clone(), q.edges.borrow().clone());
            assert!(e.iter().map(|x| x.id).eq(f.iter().map(|x| x.id)) && Rc::ptr_eq(&f[1], &q));
            all.push(q.clone());
            (p, q) = (e[0].clone(), f[0].clone());
        }
        assert!(Rc::ptr_eq(&q, &l));
        for b in g.iter().chain(&all) {
            b.edges.borrow_mut().clear()
        }
    }
    let c = Arc::new(C { id: 5, edges: Mutex::default() });
    c.edges.lock().unwrap().push(c.clone());
    let l: Arc<C> = from_slice(&to_vec(&c).unwrap()).unwrap();
    assert!(Arc::ptr_eq(&l, &l.edges.lock().unwrap()[0]));
    assert_eq!(l.id, 5);
}
#[object]
trait Shape {
    fn area(&self) -> u32;
}
#[derive(Reduce)]
#[reduce(name = "geo.Circle", implements(Shape))]
struct Circle {
    r: u32,
}
impl Shape for Circle {
    fn area(&self) -> u32 {
        3 * self.r * self.r
    }
}
#[derive(Reduce)]
#[reduce(name = "geo.Hub", implements(Shape))]
struct Hub {
    id: u32,
    me: Weak<dyn Shape>,
    #[reduce(state)]
    all: RefCell<Vec<Rc<dyn Shape>>>,
}
impl Shape for Hub {
    fn area(&self) -> u32 {
        self.all.borrow().len() as u32
    }
}
#[derive(Reduce)]
struct Scene {
    own: Vec<Box<dyn Shape>>,
    dy: Vec<Rc<dyn Shape>>,
    st: Vec<Rc<Circle>>,
    any: Box<dyn std::any::Any>,
}
#[test]
fn objects() {
    let mut reg = Registry::new();
    reg.register::<Circle>().unwrap().register::<Hub>().unwrap();
    assert!(reg.register::<Circle>().is_err());
    let c = Rc::new(Circle { r: 2 });
    let hub =
        Rc::new_cyclic(|me: &Weak<Hub>| Hub { id: 1, me: me.clone(), all: RefCell::default() });
    hub.all.borrow_mut().extend([hub.clone() as Rc<dyn Shape>, c.clone()]);
    let s = Scene {
        own: vec![Box::new(Circle { r: 7 })],
        dy: vec![c.clone(), hub.clone()],
        st: vec![c.clone()],
        any: Box::new(Circle { r: 9 }),
    };
    let bytes = Dumper::new().registry(&reg).to_vec(&s).unwrap();
    println!("{}", disassemble(&bytes).unwrap());
    let l: Scene = Loader::new().registry(&reg).from_slice(&bytes).unwrap();
    assert_eq!(l.own[0].area(), 147);
    let same = |d: &Rc<dyn Shape>, c: &Rc<Circle>| {
        Rc::ptr_eq(
            &{
                let a: Rc<dyn std::any::Any> = d.clone();
                a
            }
            .downcast::<Circle>()
            .unwrap(),
            c,
        )
    };
    assert!(same(&l.dy[0], &l.st[0]));
    assert_eq!(l.any.downcast_ref::<Circle>().unwrap().r, 9);
    let h = {
        let a: Rc<dyn std::any::Any> = l.dy[1].clone();
        a
    }
    .downcast::<Hub>()
    .ok()
    .unwrap();
    assert_eq!((h.id, h.area(), h.me.upgrade().unwrap().area()), (1, 2, 2));
    assert!(same(&h.all.borrow()[1], &l.st[0]));
    println!("{}", to_vec(&s).err().unwrap());
    println!("{}", from_slice::<Scene>(&bytes).err().unwrap());
}
