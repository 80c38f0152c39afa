//! What a registry says of a mistake: which type, which trait, and what to write.

use reduce_core::{Dumper, ErrorKind, Loader, Reduce, Registry};
use std::any::Any;
use std::rc::{Rc, Weak};

#[reduce_core::object(name = "geo.Shape")]
trait Shape {
    fn area(&self) -> f64;
}

#[derive(Reduce)]
#[reduce(name = "geo.Ball", implements(Shape))]
struct Ball(f64);

#[derive(Reduce)]
#[reduce(name = "geo.Block")]
struct Block(f64);

impl Shape for Ball {
    fn area(&self) -> f64 {
        self.0
    }
}

impl Shape for Block {
    fn area(&self) -> f64 {
        self.0
    }
}

fn shapes() -> Vec<Rc<dyn Shape>> {
    vec![Rc::new(Ball(1.0)), Rc::new(Block(2.0))]
}

#[test]
fn a_type_that_is_not_registered_is_named_with_the_call_that_registers_it() {
    let mut registry = Registry::new();
    registry.register::<Ball>().unwrap();
    let error = Dumper::new().registry(&registry).to_vec(&shapes()).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Registry, "[1]"));
    assert!(
        error.to_string().starts_with(
            "[1]: `registry_errors::Block` stands behind a `dyn geo.Shape` and is not registered; \
             call `registry.register::<registry_errors::Block>()`"
        ),
        "{error}"
    );
    // `Any` does not know what it is.
    let any: Box<dyn Any> = Box::new(Block(1.0));
    let error = Dumper::new().registry(&registry).to_vec(&any).unwrap_err();
    assert!(error.to_string().starts_with("the type behind this `dyn Any`"), "{error}");
}

#[test]
fn a_trait_that_a_type_was_not_registered_for_is_named_with_the_attribute() {
    let mut registry = Registry::new();
    registry.register::<Ball>().unwrap().register::<Block>().unwrap();
    let mut full = Registry::over(&registry);
    full.implement::<dyn Shape, Block>()
        .unwrap()
        .implement::<dyn Shape + Send + Sync, Ball>()
        .unwrap();
    let bytes = Dumper::new().registry(&full).to_vec(&shapes()).unwrap();
    let loader = Loader::new().registry(&registry);
    let errors = [
        Dumper::new().registry(&registry).to_vec(&shapes()).unwrap_err(),
        loader.from_slice::<Vec<Rc<dyn Shape>>>(&bytes).err().unwrap(),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Registry);
        assert!(
            error.to_string().starts_with(
                "[1]: `registry_errors::Block` is not registered as an implementation of \
                 `dyn registry_errors::Shape`; add `implements(registry_errors::Shape)` to its `#[reduce(...)]`, or call \
                 `registry.implement::<dyn registry_errors::Shape, registry_errors::Block>()`"
            ),
            "{error}"
        );
    }
    assert_eq!(shapes()[1].area(), 2.0);

    // The marker traits are part of the type.
    let sent: Box<dyn Shape + Send + Sync> = Box::new(Ball(1.0));
    let bytes = Dumper::new().registry(&full).to_vec(&sent).unwrap();
    let denied = Dumper::new().registry(&registry).to_vec(&sent).unwrap_err();
    let error = loader.from_slice::<Box<dyn Shape + Send + Sync>>(&bytes).err().unwrap();
    assert!(denied.to_string().contains("implements(registry_errors::Shape + Send + Sync)"));
    assert!(
        error.to_string().contains("add `implements(registry_errors::Shape + Send + Sync)`"),
        "{error}"
    );
}

#[test]
fn a_reference_through_a_trait_object_to_what_was_written_before_is_checked_too() {
    let mut registry = Registry::new();
    registry.register::<Ball>().unwrap().register::<Block>().unwrap();
    let dumper = Dumper::new().registry(&registry);
    let (ball, block) = (Rc::new(Ball(1.0)), Rc::new(Block(2.0)));
    assert!(dumper.to_vec(&(ball.clone(), ball.clone() as Rc<dyn Shape>)).is_ok());
    let error = dumper.to_vec(&(block.clone(), block.clone() as Rc<dyn Shape>)).unwrap_err();
    assert!(error.to_string().contains("add `implements(registry_errors::Shape)`"), "{error}");
    let weak: Weak<dyn Shape> = Rc::<Block>::downgrade(&block);
    let error = dumper.to_vec(&(block, weak)).unwrap_err();
    assert!(error.to_string().contains("add `implements(registry_errors::Shape)`"), "{error}");
}
