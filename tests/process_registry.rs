//! The registry of the process, filled at link time. One test: it is set once in a process.

use reduce_core::{Dumper, ErrorKind, Loader, Reduce, Registry};
use std::rc::Rc;

#[reduce_core::object]
trait Shape {
    fn area(&self) -> u32;
}

#[derive(Reduce)]
#[reduce(name = "collected.Square", implements(Shape))]
struct Square(u32);

impl Shape for Square {
    fn area(&self) -> u32 {
        self.0 * self.0
    }
}

#[derive(Reduce)]
#[reduce(implements(Shape))]
struct Times<T>(T, u32);

impl Shape for Times<Square> {
    fn area(&self) -> u32 {
        self.0.area() * self.1
    }
}

reduce_core::register!(Square, Times<Square> as "collected.Times<Square>");

/// In a module of its own, without a comma.
mod dot {
    #[derive(reduce_core::Reduce)]
    #[reduce(name = "collected.Dot", implements(super::Shape))]
    pub struct Dot;

    impl super::Shape for Dot {
        fn area(&self) -> u32 {
            0
        }
    }

    reduce_core::register!(Dot);
}

#[test]
fn sessions_without_a_registry_use_that_of_the_process() {
    let shapes: Vec<Rc<dyn Shape>> =
        vec![Rc::new(Times(Square(3), 2)), Rc::new(dot::Dot), Rc::new(Square(2))];
    let areas = |shapes: Vec<Rc<dyn Shape>>| -> Vec<u32> {
        shapes.iter().map(|shape| shape.area()).collect()
    };

    // None yet: the error says what to do.
    assert!(Registry::global().is_none());
    let error = reduce_core::to_vec(&shapes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Registry);
    assert!(error.to_string().contains("`Registry::set_global`"), "{error}");

    let mut collected = Registry::collected().unwrap();
    collected.code::<Square>(1).unwrap().code::<dot::Dot>(2).unwrap();
    collected.code::<Times<Square>>(3).unwrap();
    assert_eq!(
        format!("{collected:?}"),
        r#"{"collected.Dot", "collected.Square", "collected.Times<Square>"}"#
    );
    Registry::set_global(collected).unwrap();
    let bytes = reduce_core::to_vec(&shapes).unwrap();
    assert_eq!(areas(reduce_core::from_slice(&bytes).unwrap()), [18, 0, 4]);
    // Codes are those of the process as well.
    let message = Dumper::new().fingerprint(true).to_vec(&shapes).unwrap();
    assert_eq!(areas(reduce_core::from_slice(&message).unwrap()), [18, 0, 4]);
    // Sessions made before take it as well, and threads of their own.
    let on_thread = std::thread::spawn(move || {
        let shapes: Vec<Box<dyn Shape>> = vec![Box::new(Square(5))];
        let bytes = Dumper::new().to_vec(&shapes).unwrap();
        Loader::new().from_slice::<Vec<Box<dyn Shape>>>(&bytes).unwrap()[0].area()
    });
    assert_eq!(on_thread.join().unwrap(), 25);

    // A session's own registry stands in its place, an empty one too.
    let mut other = Registry::new();
    other.register_as::<Square>("other.Square").unwrap();
    let square: Rc<dyn Shape> = Rc::new(Square(4));
    let named_otherwise = Dumper::new().registry(&other).to_vec(&square).unwrap();
    assert_eq!(
        reduce_core::from_slice::<Rc<dyn Shape>>(&named_otherwise).err().unwrap().kind(),
        ErrorKind::Registry
    );
    let loaded: Rc<dyn Shape> =
        Loader::new().registry(&other).from_slice(&named_otherwise).unwrap();
    assert_eq!(loaded.area(), 16);
    let none = Loader::new().registry(&Registry::new());
    assert!(none.from_slice::<Vec<Rc<dyn Shape>>>(&bytes).is_err());

    // The first one stays.
    let error = Registry::set_global(other).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Registry);
    assert!(error.to_string().contains("already"), "{error}");
    assert_eq!(areas(reduce_core::from_slice(&bytes).unwrap()), [18, 0, 4]);
}
