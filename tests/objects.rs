//! Trait objects: behind them stands what the registry names. A type that it does not know is an error with a reason.

use reduce_core::{Dumper, Error, ErrorKind, Expand, Loader, Reduce, Registry, disassemble};
use std::any::Any;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::rc::{Rc, Weak};
use std::sync::{self, Arc, Mutex, RwLock};

#[reduce_core::object]
trait Shape {
    fn area(&self) -> u32;
}

#[reduce_core::object(name = "app.Named")]
trait Named: Any + Send + Sync {
    fn name(&self) -> String;
}

/// It may stand behind all that follows.
#[derive(Reduce, Debug, Clone, PartialEq)]
#[reduce(
    name = "geo.Circle",
    implements(Shape, Shape + Send, Shape + Send + Sync, Named, Any + Send, Any + Send + Sync)
)]
struct Circle {
    radius: u32,
}

impl Shape for Circle {
    fn area(&self) -> u32 {
        3 * self.radius * self.radius
    }
}

impl Named for Circle {
    fn name(&self) -> String {
        format!("circle {}", self.radius)
    }
}

#[derive(Reduce, Debug, Clone, PartialEq)]
#[reduce(name = "geo.Square", implements(Shape))]
struct Square(u32);

impl Shape for Square {
    fn area(&self) -> u32 {
        self.0 * self.0
    }
}

fn registry() -> Registry {
    let mut registry = Registry::new();
    registry.register::<Circle>().unwrap().register::<Square>().unwrap();
    registry
}

fn dump<T: Reduce>(value: &T) -> Vec<u8> {
    let bytes = Dumper::new().registry(&registry()).to_vec(value).unwrap();
    let shown = disassemble(&bytes).unwrap();
    assert!(shown.error().is_none(), "{shown}");
    bytes
}

fn load<T: for<'de> Expand<'de>>(bytes: &[u8]) -> Result<T, Error> {
    Loader::new().registry(&registry()).from_slice(bytes)
}

fn again<T: Reduce + for<'de> Expand<'de>>(value: &T) -> T {
    load(&dump(value)).unwrap()
}

fn circle(radius: u32) -> Circle {
    Circle { radius }
}

#[test]
fn boxed_trait_objects_of_each_bound() {
    let plain: Box<dyn Shape> = Box::new(circle(1));
    let send: Box<dyn Shape + Send> = Box::new(circle(2));
    let sync: Box<dyn Shape + Send + Sync> = Box::new(circle(3));
    let named: Box<dyn Named> = Box::new(circle(4));
    let (plain, send, sync, named) = again(&(plain, send, sync, named));
    assert_eq!([plain.area(), send.area(), sync.area()], [3, 12, 27]);
    assert_eq!(named.name(), "circle 4");
}

#[test]
fn shared_trait_objects_of_each_bound_and_pointer() {
    let one = Rc::new(circle(1));
    let other = Arc::new(circle(2));
    type All = (
        (Rc<dyn Shape>, Rc<dyn Shape + Send>, Rc<dyn Shape + Send + Sync>, Rc<dyn Named>),
        (Arc<dyn Shape>, Arc<dyn Shape + Send>, Arc<dyn Shape + Send + Sync>, Arc<dyn Named>),
        (Weak<dyn Shape + Send>, sync::Weak<dyn Shape + Send + Sync>),
        (Rc<Circle>, Arc<Circle>),
    );
    let weak = (
        Rc::downgrade(&one) as Weak<dyn Shape + Send>,
        Arc::downgrade(&other) as sync::Weak<dyn Shape + Send + Sync>,
    );
    let all: All = (
        (one.clone(), one.clone(), one.clone(), one.clone()),
        (other.clone(), other.clone(), other.clone(), other.clone()),
        weak,
        (one, other),
    );
    let (rcs, arcs, weak, (one, other)) = again(&all);
    assert_eq!((&*one, &*other), (&circle(1), &circle(2)));
    assert_eq!((Rc::strong_count(&one), Arc::strong_count(&other)), (5, 5));
    let addresses = [
        Rc::as_ptr(&rcs.0).cast::<()>(),
        Rc::as_ptr(&rcs.1).cast(),
        Rc::as_ptr(&rcs.2).cast(),
        Rc::as_ptr(&rcs.3).cast(),
        Rc::as_ptr(&weak.0.upgrade().unwrap()).cast(),
    ];
    assert_eq!(addresses, [Rc::as_ptr(&one).cast(); 5]);
    let addresses = [
        Arc::as_ptr(&arcs.0).cast::<()>(),
        Arc::as_ptr(&arcs.1).cast(),
        Arc::as_ptr(&arcs.2).cast(),
        Arc::as_ptr(&arcs.3).cast(),
        Arc::as_ptr(&weak.1.upgrade().unwrap()).cast(),
    ];
    assert_eq!(addresses, [Arc::as_ptr(&other).cast(); 5]);
    assert_eq!((rcs.0.area(), rcs.3.name(), arcs.2.area()), (3, "circle 1".into(), 12));
}

#[test]
fn any_holds_each_registered_type() {
    let boxed: Vec<Box<dyn Any>> = vec![Box::new(circle(1)), Box::new(Square(2))];
    let boxed = again(&boxed);
    assert_eq!(boxed[0].downcast_ref::<Circle>(), Some(&circle(1)));
    assert_eq!(boxed[1].downcast_ref::<Square>(), Some(&Square(2)));

    let send: Box<dyn Any + Send> = Box::new(circle(3));
    let sync: Box<dyn Any + Send + Sync> = Box::new(circle(4));
    let (send, sync) = again(&(send, sync));
    assert_eq!(*send.downcast::<Circle>().unwrap(), circle(3));
    assert_eq!(*sync.downcast::<Circle>().unwrap(), circle(4));

    let (one, two) = (Rc::new(circle(5)), Arc::new(circle(6)));
    type All = (Rc<dyn Any>, Rc<Circle>, Arc<dyn Any + Send + Sync>, Arc<Circle>, Weak<dyn Any>);
    let value: All =
        (one.clone(), one.clone(), two.clone(), two, Rc::downgrade(&one) as Weak<dyn Any>);
    let (any, one, shared, two, weak) = again(&value);
    assert!(Rc::ptr_eq(&any.downcast::<Circle>().unwrap(), &one));
    assert!(Arc::ptr_eq(&shared.downcast::<Circle>().unwrap(), &two));
    assert!(Rc::ptr_eq(&weak.upgrade().unwrap().downcast::<Circle>().unwrap(), &one));
}

#[test]
fn trait_objects_lie_in_every_container() {
    #[derive(Reduce)]
    enum Slot {
        Empty,
        Boxed(Box<dyn Shape>),
        Shared { shape: Arc<dyn Shape> },
    }
    #[derive(Reduce)]
    struct All {
        option: Option<Box<dyn Shape>>,
        array: [Rc<dyn Shape>; 2],
        deque: VecDeque<Box<dyn Shape>>,
        map: BTreeMap<String, Box<dyn Shape>>,
        hashed: HashMap<u8, Rc<dyn Shape>>,
        tuple: (u8, Box<dyn Shape>),
        cell: RefCell<Box<dyn Shape>>,
        lock: Mutex<Arc<dyn Shape>>,
        guarded: RwLock<Option<Arc<dyn Shape>>>,
        slice: Box<[Box<dyn Shape>]>,
        slots: Vec<Slot>,
        nested: Rc<Vec<Rc<dyn Shape>>>,
        twice: Box<Box<dyn Shape>>,
    }
    let square = |side| Box::new(Square(side)) as Box<dyn Shape>;
    let (rc, arc): (Rc<dyn Shape>, Arc<dyn Shape>) = (Rc::new(circle(1)), Arc::new(Square(9)));
    let all = again(&All {
        option: Some(square(1)),
        array: [rc.clone(), Rc::new(Square(2))],
        deque: [square(3)].into(),
        map: [("four".to_string(), square(4))].into(),
        hashed: [(5, rc.clone())].into(),
        tuple: (6, square(6)),
        cell: square(7).into(),
        lock: arc.clone().into(),
        guarded: Some(arc.clone()).into(),
        slice: [square(8), Box::new(circle(2))].into(),
        slots: vec![Slot::Empty, Slot::Boxed(square(10)), Slot::Shared { shape: arc }],
        nested: Rc::new(vec![rc.clone(), rc]),
        twice: Box::new(square(11)),
    });
    assert_eq!(all.option.unwrap().area(), 1);
    assert_eq!(all.array[1].area(), 4);
    assert_eq!(all.deque[0].area(), 9);
    assert_eq!(all.map["four"].area(), 16);
    assert_eq!((all.tuple.0, all.tuple.1.area()), (6, 36));
    assert_eq!(all.cell.borrow().area(), 49);
    assert_eq!([all.slice[0].area(), all.slice[1].area()], [64, 12]);
    assert_eq!(all.twice.area(), 121);
    let arc = all.lock.into_inner().unwrap();
    assert_eq!(arc.area(), 81);
    assert!(Arc::ptr_eq(&arc, all.guarded.read().unwrap().as_ref().unwrap()));
    let [Slot::Empty, Slot::Boxed(boxed), Slot::Shared { shape }] = &all.slots[..] else {
        panic!("other slots");
    };
    assert!(boxed.area() == 100 && Arc::ptr_eq(shape, &arc));
    let rc = &all.array[0];
    assert!(
        [&all.hashed[&5], &all.nested[0], &all.nested[1]].iter().all(|other| Rc::ptr_eq(rc, other))
    );
    assert_eq!((rc.area(), Rc::strong_count(rc)), (3, 4));
}

#[test]
fn one_object_behind_two_traits_and_as_what_it_is() {
    let one = Rc::new(circle(7));
    // Whichever is met first.
    type Three = (Rc<dyn Shape>, Rc<dyn Named>, Rc<Circle>);
    let (shape, named, concrete): Three = again(&(one.clone() as _, one.clone() as _, one.clone()));
    assert!(std::ptr::addr_eq(Rc::as_ptr(&shape), Rc::as_ptr(&named)));
    assert!(std::ptr::addr_eq(Rc::as_ptr(&named), Rc::as_ptr(&concrete)));
    type Reversed = (Rc<Circle>, Rc<dyn Named>, Rc<dyn Shape>);
    let (concrete, named, shape): Reversed = again(&(one.clone(), one.clone() as _, one as _));
    assert!(std::ptr::addr_eq(Rc::as_ptr(&shape), Rc::as_ptr(&named)));
    assert!(std::ptr::addr_eq(Rc::as_ptr(&named), Rc::as_ptr(&concrete)));
    assert_eq!(
        (Rc::strong_count(&concrete), shape.area(), named.name().as_str()),
        (3, 147, "circle 7")
    );
}

#[reduce_core::object]
trait Animal: Any {
    fn legs(&self) -> u8;
}

#[reduce_core::object]
trait Pet: Animal {
    fn owner(&self) -> &str;
}

#[derive(Reduce)]
#[reduce(implements(Animal, Pet))]
struct Dog {
    owner: String,
}

impl Animal for Dog {
    fn legs(&self) -> u8 {
        4
    }
}

impl Pet for Dog {
    fn owner(&self) -> &str {
        &self.owner
    }
}

#[test]
fn supertraits_are_traits_of_their_own() {
    let mut registry = Registry::new();
    registry.register::<Dog>().unwrap();
    let dog: Rc<dyn Pet> = Rc::new(Dog { owner: "ann".into() });
    let value: (Rc<dyn Pet>, Rc<dyn Animal>, Box<dyn Pet>) =
        (dog.clone(), dog as Rc<dyn Animal>, Box::new(Dog { owner: "bob".into() }));
    let bytes = Dumper::new().registry(&registry).to_vec(&value).unwrap();
    let loaded: (Rc<dyn Pet>, Rc<dyn Animal>, Box<dyn Pet>) =
        Loader::new().registry(&registry).from_slice(&bytes).unwrap();
    assert_eq!((loaded.0.owner(), loaded.0.legs(), loaded.1.legs()), ("ann", 4, 4));
    assert_eq!(loaded.2.owner(), "bob");
    let upcast: Rc<dyn Animal> = loaded.0.clone();
    assert!(Rc::ptr_eq(&upcast, &loaded.1));
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(implements(Shape))]
struct Scaled<T> {
    by: T,
    of: Vec<T>,
}

impl<T: Copy + Into<u32> + 'static> Shape for Scaled<T> {
    fn area(&self) -> u32 {
        self.of.iter().map(|&of| of.into() * self.by.into()).sum()
    }
}

#[test]
fn each_instance_of_a_generic_type_has_a_name_of_its_own() {
    let mut registry = Registry::new();
    registry.register_as::<Scaled<u8>>("app.Scaled<u8>").unwrap();
    registry.register_as::<Scaled<u16>>("app.Scaled<u16>").unwrap();
    let shapes: Vec<Box<dyn Shape>> = vec![
        Box::new(Scaled { by: 2u8, of: vec![3] }),
        Box::new(Scaled { by: 300u16, of: vec![1, 2] }),
        Box::new(Scaled { by: 4u8, of: vec![] }),
    ];
    let bytes = Dumper::new().registry(&registry).to_vec(&shapes).unwrap();
    let loaded: Vec<Box<dyn Shape>> = Loader::new().registry(&registry).from_slice(&bytes).unwrap();
    assert_eq!(loaded.iter().map(|shape| shape.area()).collect::<Vec<_>>(), [6, 900, 0]);
    // An instance that is not registered is as unknown as any type.
    let other: Box<dyn Shape> = Box::new(Scaled { by: 2u32, of: vec![] });
    let error = Dumper::new().registry(&registry).to_vec(&other).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Registry);
}

/// A type of another crate that implements what the traits of a registry need is registered as any type.
#[test]
fn types_of_other_crates_are_registered_by_a_name() {
    let mut registry = Registry::new();
    registry
        .register_as::<String>("std.String")
        .unwrap()
        .register_as::<Vec<u32>>("std.Vec<u32>")
        .unwrap()
        .register_as::<std::time::Duration>("std.Duration")
        .unwrap();
    assert_eq!(registry.len(), 3);
    let second = std::time::Duration::from_secs(1);
    let values: Vec<Box<dyn Any>> =
        vec![Box::new("text".to_string()), Box::new(vec![1u32, 300]), Box::new(second)];
    let bytes = Dumper::new().registry(&registry).to_vec(&values).unwrap();
    let loaded: Vec<Box<dyn Any>> = Loader::new().registry(&registry).from_slice(&bytes).unwrap();
    assert_eq!(loaded[0].downcast_ref::<String>().unwrap(), "text");
    assert_eq!(loaded[1].downcast_ref::<Vec<u32>>().unwrap(), &[1, 300]);
    assert_eq!(loaded[2].downcast_ref(), Some(&second));
    // They have no name of their own, or one that this crate did not give.
    assert_eq!(
        Registry::new().register::<String>().unwrap_err().to_string(),
        "`alloc::string::String` has no name of its own; give it one with `Registry::register_as`"
    );
}

impl Shape for String {
    fn area(&self) -> u32 {
        self.len() as u32
    }
}

#[test]
fn a_registered_type_is_said_to_implement_a_trait() {
    let mut registry = Registry::new();
    registry.register_as::<String>("text").unwrap().implement::<dyn Shape, String>().unwrap();
    let value: Rc<dyn Shape> = Rc::new("four".to_string());
    let bytes = Dumper::new().registry(&registry).to_vec(&value).unwrap();
    let loaded: Rc<dyn Shape> = Loader::new().registry(&registry).from_slice(&bytes).unwrap();
    assert_eq!(loaded.area(), 4);
}

/// What a dump of a value with a registry says, and a load of sound bytes with one.
fn dump_error<T: Reduce>(value: &T, registry: Option<&Registry>) -> String {
    let dumper = Dumper::new();
    let dumper = registry.into_iter().fold(dumper, |dumper, registry| dumper.registry(registry));
    let error = dumper.to_vec(value).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Registry);
    error.to_string()
}

fn load_error<T: for<'de> Expand<'de>>(bytes: &[u8], registry: Option<&Registry>) -> Error {
    let loader = Loader::new();
    let loader = registry.into_iter().fold(loader, |loader, registry| loader.registry(registry));
    loader.from_slice::<T>(bytes).err().unwrap()
}

fn only<T: Reduce + for<'de> Expand<'de> + 'static>() -> Registry {
    let mut registry = Registry::new();
    registry.register::<T>().unwrap();
    registry
}

type Shapes = Vec<Box<dyn Shape>>;

fn shapes() -> Shapes {
    vec![Box::new(circle(1)), Box::new(Square(2))]
}

#[test]
fn a_dump_says_which_type_it_does_not_know() {
    assert_eq!(
        dump_error(&shapes(), Some(&only::<Circle>())),
        "[1]: `objects::Square` stands behind a `dyn Shape` and is not registered; call \
         `registry.register::<objects::Square>()` (at byte 24)"
    );
    let any: Rc<dyn Any> = Rc::new(5u8);
    assert!(dump_error(&any, Some(&registry())).starts_with(
        "the type behind this `dyn Any` is not registered; register every type that stands behind"
    ));
}

#[test]
fn a_dump_without_registered_types_says_so() {
    assert_eq!(
        dump_error(&shapes(), None),
        "[0]: a value of `dyn Shape` stands behind a trait object, but the session has no registry; hand one over with \
         `.registry(&registry)`, or to the process with `Registry::set_global` (at byte 22)"
    );
    assert_eq!(
        dump_error(&shapes(), Some(&Registry::new())),
        "[0]: a value of `dyn Shape` stands behind a trait object, but the registry is empty (at byte 22)"
    );
}

#[test]
fn a_load_of_an_unknown_name_offers_a_near_one() {
    #[derive(Reduce)]
    #[reduce(name = "geo.Cirle")]
    struct Misspelt {
        radius: u32,
    }
    let bytes = dump(&shapes());
    let mut near = only::<Misspelt>();
    near.register::<Square>().unwrap();
    let error = load_error::<Shapes>(&bytes, Some(&near));
    assert_eq!(error.kind(), ErrorKind::Registry);
    assert!(
        error.to_string().starts_with(
            "[0]: no type is registered by the name `geo.Circle`; did you mean `geo.Cirle`? (at byte"
        ),
        "{error}"
    );
    // Nothing near: nothing offered.
    let error = load_error::<Shapes>(&bytes, Some(&only::<Dog>()));
    assert!(
        error
            .to_string()
            .starts_with("[0]: no type is registered by the name `geo.Circle` (at byte"),
        "{error}"
    );
}

#[test]
fn a_load_without_registered_types_says_so() {
    let bytes = dump(&shapes());
    let error = load_error::<Shapes>(&bytes, None);
    assert_eq!(error.kind(), ErrorKind::Registry);
    assert!(
        error.to_string().starts_with(
            "[0]: `geo.Circle` is a registered type, but the session has no registry; hand one over with \
             `.registry(&registry)`, or to the process with `Registry::set_global` (at byte"
        ),
        "{error}"
    );
    let error = load_error::<Shapes>(&bytes, Some(&Registry::new()));
    assert!(
        error.to_string().starts_with(
            "[0]: `geo.Circle` is a registered type, but the registry is empty (at byte"
        ),
        "{error}"
    );
}

#[test]
fn a_load_into_a_trait_that_the_type_is_not_registered_for_is_an_error() {
    /// A circle that has not been said to be a shape.
    #[derive(Reduce, Debug)]
    #[reduce(name = "geo.Circle")]
    struct Bare {
        radius: u32,
    }
    impl Shape for Bare {
        fn area(&self) -> u32 {
            self.radius
        }
    }
    let mut bare = only::<Bare>();
    bare.register::<Square>().unwrap();
    let expected = "is not registered as an implementation of `dyn objects::Shape`; add \
                    `implements(objects::Shape)` to its `#[reduce(...)]`, or call \
                    `registry.implement::<dyn objects::Shape,";
    for bytes in [
        dump(&(Box::new(circle(1)) as Box<dyn Shape>)),
        dump(&(Rc::new(circle(1)) as Rc<dyn Shape>)),
        dump(&(Arc::new(circle(1)) as Arc<dyn Shape>)),
    ] {
        let errors = [
            load_error::<Box<dyn Shape>>(&bytes, Some(&bare)),
            load_error::<Rc<dyn Shape>>(&bytes, Some(&bare)),
            load_error::<Arc<dyn Shape>>(&bytes, Some(&bare)),
        ];
        // One of them is the type of the stream, or two where both are shared.
        let fitting: Vec<_> = errors.iter().filter(|e| e.kind() == ErrorKind::Registry).collect();
        assert!(!fitting.is_empty());
        for error in fitting {
            assert!(error.to_string().contains(expected), "{error}");
            assert!(error.to_string().contains("::Bare` is not registered"), "{error}");
        }
    }
    // Said at run time, it is one.
    bare.implement::<dyn Shape, Bare>().unwrap();
    let loader = Loader::new().registry(&bare);
    let shape: Box<dyn Shape> =
        loader.from_slice(&dump(&(Box::new(circle(6)) as Box<dyn Shape>))).unwrap();
    assert_eq!(shape.area(), 6);
}

#[test]
fn a_registered_type_whose_program_has_changed_is_adapted() {
    #[derive(Reduce)]
    #[reduce(name = "geo.Circle", implements(Shape))]
    struct Changed {
        #[reduce(default)]
        name: String,
        radius: u64,
    }
    impl Shape for Changed {
        fn area(&self) -> u32 {
            assert_eq!(self.name, "");
            self.radius as u32
        }
    }
    let mut changed = only::<Changed>();
    changed.register::<Square>().unwrap();
    let loaded: Shapes = Loader::new().registry(&changed).from_slice(&dump(&shapes())).unwrap();
    assert_eq!(loaded[0].area(), 1);
    assert_eq!(loaded[1].area(), Square(2).area());
}

#[test]
fn a_registered_type_that_cannot_be_adapted_is_an_error() {
    #[derive(Reduce)]
    #[reduce(name = "geo.Circle", implements(Shape))]
    struct Changed {
        radius: String,
    }
    impl Shape for Changed {
        fn area(&self) -> u32 {
            self.radius.len() as u32
        }
    }
    let mut changed = only::<Changed>();
    changed.register::<Square>().unwrap();
    let error = load_error::<Shapes>(&dump(&shapes()), Some(&changed));
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    assert_eq!(error.path(), "[0].radius");
    let text = error.to_string();
    assert!(text.contains("the stream has `u32`, which cannot become `str`"), "{text}");
}

#[test]
fn a_dangling_weak_trait_object_needs_an_implementation() {
    let gone: Weak<dyn Shape> = Rc::downgrade(&Rc::new(circle(1))) as Weak<dyn Shape>;
    let bytes = dump(&gone);
    assert!(load::<Weak<dyn Shape>>(&bytes).unwrap().upgrade().is_none());
    let error = load_error::<Weak<dyn Shape>>(&bytes, None);
    assert_eq!(error.kind(), ErrorKind::Registry);
    assert!(
        error.to_string().starts_with(
            "a dangling `Weak<dyn objects::Shape>` is made from a registered implementation of `dyn objects::Shape`, \
             and there is none (at byte"
        ),
        "{error}"
    );
}

#[test]
fn names_and_types_are_registered_once() {
    #[derive(Reduce)]
    #[reduce(name = "geo.Circle")]
    struct Other;
    let mut registry = registry();
    assert_eq!(
        registry.register::<Other>().unwrap_err().to_string(),
        "the name `geo.Circle` is registered already, for `objects::Circle`"
    );
    let error = registry.register_as::<Circle>("geo.Ring").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Registry);
    assert_eq!(error.to_string(), "`objects::Circle` is registered already, as `geo.Circle`");
    // What was refused has left nothing behind.
    assert_eq!(registry.len(), 2);
    assert_eq!(format!("{registry:?}"), "{\"geo.Circle\", \"geo.Square\"}");
    registry.register_as::<Other>("geo.Ring").unwrap();
    assert_eq!(registry.len(), 3);
}

#[test]
fn a_registry_in_use_is_frozen() {
    let mut registry = registry();
    assert!(!registry.is_empty() && Registry::new().is_empty());
    let expected = "the registry is in use, and frozen: register all types before it is handed to a `Dumper` or \
                    `Loader` or cloned";
    let dumper = Dumper::new().registry(&registry);
    let error = registry.register::<Dog>().unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Registry, expected));
    assert_eq!(registry.implement::<dyn Shape, String>().unwrap_err().to_string(), expected);
    drop(dumper);
    let loader = Loader::new().registry(&registry);
    assert_eq!(registry.register::<Dog>().unwrap_err().to_string(), expected);
    drop(loader);
    registry.register::<Dog>().unwrap();
    assert_eq!(registry.len(), 3);
}

#[test]
fn trait_objects_hold_trait_objects() {
    #[derive(Reduce)]
    #[reduce(implements(Shape))]
    struct Group(Vec<Box<dyn Shape>>, Option<Rc<dyn Shape>>);
    impl Shape for Group {
        fn area(&self) -> u32 {
            let own: u32 = self.0.iter().map(|shape| shape.area()).sum();
            own + self.1.as_ref().map_or(0, |shape| shape.area())
        }
    }
    let mut registry = registry();
    registry.register::<Group>().unwrap();
    let shared: Rc<dyn Shape> = Rc::new(Square(10));
    let inner =
        Group(vec![Box::new(circle(1)), Box::new(Group(vec![], None))], Some(shared.clone()));
    let outer: (Box<dyn Shape>, Rc<dyn Shape>) =
        (Box::new(Group(vec![Box::new(inner), Box::new(Square(2))], Some(shared.clone()))), shared);
    let bytes = Dumper::new().registry(&registry).to_vec(&outer).unwrap();
    assert!(disassemble(&bytes).unwrap().error().is_none());
    let (group, shared): (Box<dyn Shape>, Rc<dyn Shape>) =
        Loader::new().registry(&registry).from_slice(&bytes).unwrap();
    assert_eq!((group.area(), shared.area(), Rc::strong_count(&shared)), (207, 100, 3));
}

#[test]
fn the_same_value_gives_the_same_bytes_whatever_order_types_are_registered_in() {
    let mut other = Registry::new();
    other.register::<Square>().unwrap().register::<Circle>().unwrap();
    assert_eq!(Dumper::new().registry(&other).to_vec(&shapes()).unwrap(), dump(&shapes()));
}

#[test]
fn the_types_behind_trait_objects_are_checked_before_anything_is_made() {
    // A stream that ends too early says so, not that a type is unknown.
    let bytes = dump(&shapes());
    for cut in 0..bytes.len() {
        let error = load_error::<Shapes>(&bytes[..cut], Some(&registry()));
        assert_eq!(error.kind(), ErrorKind::UnexpectedEnd, "{cut}");
    }
}
