//! Which loads check the whole stream first, behind trait objects: those of a stream that names a registered type with
//! functions of the user's.

use reduce_core::{
    Describe, Dumper, Error, Expand, Loader, Reader, Reduce, Registry, TypeDef, Writer,
};
use std::any::Any;
use std::cell::Cell;

thread_local!(static EXPANDED: Cell<u32> = const { Cell::new(0) });

/// Counts its loads. It touches nothing else, and does not say that it rebuilds.
struct Plain(u8);

impl Describe for Plain {
    fn def() -> &'static TypeDef {
        u8::def()
    }
}

impl Reduce for Plain {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.0.reduce(w)
    }
}

impl<'de> Expand<'de> for Plain {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        EXPANDED.set(EXPANDED.get() + 1);
        u8::expand(r).map(Plain)
    }
}

#[derive(Reduce)]
struct Rebuilt {
    id: u8,
    #[reduce(skip, rebuild = double)]
    twice: u16,
}

fn double(id: u8) -> u16 {
    u16::from(id) * 2
}

/// It rebuilds nothing itself.
#[derive(Reduce)]
struct Holder(Vec<Box<dyn Any>>);

/// Of another crate.
struct Foreign(u8);

fn registry() -> Registry {
    let mut registry = Registry::new();
    registry.register_as::<u8>("byte").unwrap().register::<Rebuilt>().unwrap();
    registry.register::<Holder>().unwrap();
    registry.reducer("foreign", |foreign: &Foreign| foreign.0, Foreign).unwrap();
    registry.code::<Rebuilt>(7).unwrap();
    registry
}

type Value = (Plain, Box<dyn Any>, bool);

/// Whether anything is made of a stream whose last byte is malformed.
fn is_begun(object: Box<dyn Any>, fingerprint: bool) -> bool {
    let registry = registry();
    let dumper = Dumper::new().registry(&registry).fingerprint(fingerprint);
    let mut bytes = dumper.to_vec::<Value>(&(Plain(1), object, true)).unwrap();
    let at = bytes.len() - if fingerprint { 1 } else { 2 };
    let loader = Loader::new().registry(&registry);
    let (_, object, end) = loader.from_slice::<Value>(&bytes).unwrap();
    assert!(end && object.downcast_ref::<Rebuilt>().is_none_or(|rebuilt| rebuilt.twice == 2));
    EXPANDED.set(0);
    bytes[at] = 7;
    let error = loader.from_slice::<Value>(&bytes).err().unwrap();
    assert!(error.to_string().contains("a bool is neither 0 nor 1"), "{error}");
    EXPANDED.get() > 0
}

#[test]
fn a_registered_type_that_rebuilds_has_the_stream_checked_first() {
    assert!(!is_begun(Box::new(Rebuilt { id: 1, twice: 2 }), false));
    assert!(!is_begun(Box::new(Rebuilt { id: 1, twice: 2 }), true), "by its code");
    assert!(!is_begun(Box::new(Foreign(1)), false), "the functions of a dispatch table");
    assert!(
        !is_begun(Box::new(Holder(vec![Box::new(1u8), Box::new(Foreign(1))])), false),
        "inside"
    );
}

#[test]
fn other_types_behind_trait_objects_are_read_at_once() {
    assert!(is_begun(Box::new(1u8), false));
    assert!(is_begun(Box::new(Holder(vec![Box::new(1u8)])), false));
}

#[test]
fn a_type_that_the_registry_lacks_is_an_error_where_the_stream_names_it() {
    let bytes = Dumper::new().registry(&registry());
    let bytes = bytes.to_vec::<Value>(&(Plain(1), Box::new(Foreign(1)), true)).unwrap();
    let mut bytes_only = Registry::new();
    bytes_only.register_as::<u8>("byte").unwrap();
    let error = Loader::new().registry(&bytes_only).from_slice::<Value>(&bytes).err().unwrap();
    assert!(
        error.to_string().starts_with("1: no type is registered by the name `foreign`"),
        "{error}"
    );
}

#[test]
fn the_caller_may_decide_what_is_checked_first() {
    thread_local!(static RUN: Cell<u32> = const { Cell::new(0) });

    #[derive(Reduce)]
    struct Counted {
        id: u8,
        #[reduce(skip, rebuild = count)]
        run: u32,
    }

    fn count(id: u8) -> u32 {
        RUN.set(RUN.get() + 1);
        id.into()
    }

    let bytes = reduce_core::to_vec(&Counted { id: 5, run: 0 }).unwrap();
    assert_eq!(reduce_core::from_slice::<Counted>(&bytes).unwrap().run, 5);
    let mut torn = reduce_core::to_vec(&(Counted { id: 1, run: 0 }, "text")).unwrap();
    let place = torn.len() - 2;
    torn[place] = 0xFF;
    for (loader, run) in [
        (Loader::new(), 0),
        (Loader::new().check_first(true), 0),
        (Loader::new().check_first(false), 1),
    ] {
        RUN.set(0);
        assert!(loader.from_slice::<(Counted, String)>(&torn).is_err());
        assert_eq!(RUN.get(), run);
    }

    // Nor are types checked that run nothing, unless it is asked for.
    let mut torn = reduce_core::to_vec(&(Plain(1), "text")).unwrap();
    let place = torn.len() - 2;
    torn[place] = 0xFF;
    for (loader, made) in [(Loader::new(), 1), (Loader::new().check_first(true), 0)] {
        EXPANDED.set(0);
        assert!(loader.from_slice::<(Plain, String)>(&torn).is_err());
        assert_eq!(EXPANDED.get(), made);
    }
}
