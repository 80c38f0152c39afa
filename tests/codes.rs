//! Codes in place of the names of registered types: what streams hold, and what happens where the two sides disagree.

#[allow(dead_code)]
mod corpus;

use corpus::stream::{Stream, named, varint};
use reduce_core::{
    Dumper, Error, ErrorKind, Loader, Reduce, Registry, Section, disassemble, opcode,
};
use std::any::Any;
use std::rc::Rc;

#[reduce_core::object]
trait Shape {
    fn sides(&self) -> u32;
}

#[derive(Reduce)]
#[reduce(name = "geo.Square", implements(Shape))]
struct Square {
    side: u8,
}

#[derive(Reduce)]
#[reduce(name = "geo.Polygon", implements(Shape))]
struct Polygon(u32);

#[derive(Reduce)]
struct Pair<T>(T, T);

impl Shape for Square {
    fn sides(&self) -> u32 {
        4
    }
}

impl Shape for Polygon {
    fn sides(&self) -> u32 {
        self.0
    }
}

/// Squares with a code, or without one; polygons without.
fn registry(code: Option<u32>) -> Registry {
    let mut registry = Registry::new();
    registry.register::<Square>().unwrap().register::<Polygon>().unwrap();
    if let Some(code) = code {
        registry.code::<Square>(code).unwrap();
    }
    registry
}

type Shapes = Vec<Rc<dyn Shape>>;

fn shapes() -> Shapes {
    let square: Rc<dyn Shape> = Rc::new(Square { side: 2 });
    vec![square.clone(), Rc::new(Polygon(5)), square, Rc::new(Square { side: 3 })]
}

fn dump(registry: &Registry) -> Vec<u8> {
    Dumper::new().registry(registry).to_vec(&shapes()).unwrap()
}

fn load(bytes: &[u8], registry: &Registry) -> Result<Shapes, Error> {
    Loader::new().registry(registry).from_slice(bytes)
}

fn refused(bytes: &[u8], registry: &Registry) -> Error {
    load(bytes, registry).err().expect("an error")
}

#[test]
fn a_code_stands_in_place_of_the_name() {
    for code in [0, 7, 127, 128, u32::MAX] {
        let registry = registry(Some(code));
        let bytes = dump(&registry);
        let again = load(&bytes, &registry).unwrap();
        let sides: Vec<_> = again.iter().map(|shape| shape.sides()).collect();
        assert_eq!(sides, [4, 5, 4, 4]);
        assert!(Rc::ptr_eq(&again[0], &again[2]));

        let shown = disassemble(&bytes).unwrap();
        assert!(shown.error().is_none(), "{shown}");
        let count = |name| shown.instructions().iter().filter(|line| line.opcode == name).count();
        assert_eq!((count("coded"), count("named")), (1, 1), "{shown}");
        let mut values = shown.instructions().iter().filter(|line| line.section == Section::Data);
        let square = values.find(|line| line.opcode == "dyn").unwrap();
        assert_eq!(square.operand, format!("code {code}, geo.Square"));
    }
    // A name is its length and its bytes.
    let (short, long) = (dump(&registry(Some(7))), dump(&registry(None)));
    assert_eq!(long.len() - short.len(), "geo.Square".len());
}

#[test]
fn identity_holds_between_a_coded_object_and_its_own_type() {
    let registry = registry(Some(9));
    let square = Rc::new(Square { side: 6 });
    let value: (Rc<dyn Any>, Rc<Square>) = (square.clone(), square);
    let bytes = Dumper::new().registry(&registry).to_vec(&value).unwrap();
    let loader = Loader::new().registry(&registry);
    let (any, square): (Rc<dyn Any>, Rc<Square>) = loader.from_slice(&bytes).unwrap();
    assert!(Rc::ptr_eq(&any.downcast::<Square>().unwrap(), &square));
    assert_eq!(square.side, 6);
}

#[test]
fn each_instance_of_a_generic_type_may_have_a_code() {
    let mut registry = Registry::new();
    registry.register_as::<Pair<u8>>("app.Pair<u8>").unwrap();
    registry.register_as::<Pair<char>>("app.Pair<char>").unwrap();
    registry.code::<Pair<u8>>(1).unwrap().code::<Pair<char>>(2).unwrap();
    let values: Vec<Box<dyn Any>> = vec![Box::new(Pair('a', 'b')), Box::new(Pair(1u8, 2))];
    let bytes = Dumper::new().registry(&registry).to_vec(&values).unwrap();
    let loader = Loader::new().registry(&registry);
    let again: Vec<Box<dyn Any>> = loader.from_slice(&bytes).unwrap();
    assert_eq!(again[0].downcast_ref::<Pair<char>>().unwrap().1, 'b');
    assert_eq!(again[1].downcast_ref::<Pair<u8>>().unwrap().1, 2);
}

#[test]
fn streams_with_names_load_where_there_is_a_code_by_now() {
    assert_eq!(load(&dump(&registry(None)), &registry(Some(7))).unwrap().len(), 4);
}

#[test]
fn an_unknown_code_is_an_error_that_says_what_it_stands_for() {
    let bytes = dump(&registry(Some(7)));
    let says = |registry: &Registry, text: &str| {
        let error = refused(&bytes, registry);
        assert_eq!(error.kind(), ErrorKind::Registry);
        assert_eq!(error.path(), "[0]");
        assert!(error.to_string().contains(text), "{error}");
    };
    let unknown = "no type is registered with the code 7, which is `geo.Square` in the stream";
    says(
        &registry(None),
        &format!("{unknown}; `geo.Square` is registered here without a code (at"),
    );
    says(&registry(Some(8)), &format!("{unknown}; `geo.Square` has the code 8 here (at"));
    let mut others = Registry::new();
    others.register::<Polygon>().unwrap();
    says(&others, &format!("{unknown} (at"));
    says(
        &Registry::new(),
        "the code 7 (`geo.Square`) stands behind a trait object, but the registry is empty",
    );
    let error = Loader::new().from_slice::<Shapes>(&bytes).err().unwrap();
    assert!(error.to_string().contains("the session has no registry"), "{error}");
}

#[test]
fn a_code_of_another_type_is_a_mismatch() {
    let mut other = Registry::new();
    other.register::<Square>().unwrap().register::<Polygon>().unwrap();
    other.code::<Polygon>(7).unwrap();
    let error = refused(&dump(&registry(Some(7))), &other);
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::TypeMismatch, "[0]"));
    let says = "the code 7 is given to `codes::Polygon` here, whose program is not the one of `geo.Square`";
    assert!(error.to_string().contains(says), "{error}");
}

#[test]
fn codes_beyond_32_bits_are_unknown() {
    let any = named(opcode::DYN, "Any", &[]);
    for code in [1 << 32, u64::MAX] {
        let coded = [&[opcode::CODED][..], &varint(code), &[opcode::U8]].concat();
        let bytes = Stream::new(&[&any], 0x40, &[0x41, 5]).more(&[&coded]).bytes();
        let error = Loader::new()
            .registry(&registry(Some(0)))
            .from_slice::<Box<dyn Any>>(&bytes)
            .err()
            .unwrap();
        assert_eq!(error.kind(), ErrorKind::Registry);
        let says = format!("no type is registered with the code {code}, which is `u8`");
        assert!(error.to_string().contains(&says), "{error}");
    }
}

#[test]
fn a_code_is_given_once_to_one_registered_type() {
    let mut registry = registry(Some(7));
    let mut says = |result: fn(&mut Registry) -> Result<&mut Registry, Error>, text: &str| {
        let error = result(&mut registry).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Registry, text));
    };
    says(|registry| registry.code::<Polygon>(7), "the code 7 is given already, to `codes::Square`");
    says(|registry| registry.code::<Square>(7), "the code 7 is given already, to `codes::Square`");
    says(|registry| registry.code::<Square>(8), "`codes::Square` has a code already, 7");
    says(
        |registry| registry.code::<Pair<u8>>(9),
        "`codes::Pair<u8>` is not registered: it needs a name before a code",
    );
    // What failed left nothing behind.
    registry.code::<Polygon>(8).unwrap();
    let frozen = registry.clone();
    let error = registry.code::<Polygon>(10).unwrap_err();
    assert!(error.to_string().contains("in use"), "{error}");
    assert_eq!(load(&dump(&frozen), &frozen).unwrap().len(), 4);
}
