//! Codes in place of the names of registered types: what streams hold, and what happens where the two sides disagree.

#[allow(dead_code)]
mod corpus;

use corpus::stream::{Stream, named, varint};
use reduce_core::{
    Disassembler, Dumper, Error, ErrorKind, Loader, Programs, Reduce, Registry, Section,
    disassemble, opcode,
};
use std::any::Any;
use std::rc::{Rc, Weak};

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
        "the code 7 (`geo.Square`) stands for a registered type, but the registry is empty",
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

/// Polygons without a code, or with one.
fn coded(polygon: Option<u32>) -> Registry {
    let mut registry = registry(Some(7));
    if let Some(code) = polygon {
        registry.code::<Polygon>(code).unwrap();
    }
    registry
}

fn message(registry: &Registry) -> Result<Vec<u8>, Error> {
    Dumper::new().registry(registry).fingerprint(true).to_vec(&shapes())
}

/// Where the codes of a message of less than 128 bytes stand.
const CODES: usize = 10;

#[test]
fn messages_with_fingerprints_take_types_that_have_codes() {
    let registry = coded(Some(300));
    let bytes = message(&registry).unwrap();
    // Two codes, of one byte and of two, each with a fingerprint.
    assert_eq!((bytes[0], bytes[CODES], bytes[CODES + 1]), (0xB5, 2, 7));
    assert_eq!(bytes[CODES + 10..][..2], [0xAC, 0x02]);
    let mut alone = Programs::new();
    alone.add::<Square>().unwrap();
    let shown = format!("{alone:?}");
    let fingerprint = u64::from_le_bytes(bytes[CODES + 2..][..8].try_into().unwrap());
    assert_eq!(shown, format!("{{\"{fingerprint:016x}\"}}"));

    let again = load(&bytes, &registry).unwrap();
    let sides: Vec<_> = again.iter().map(|shape| shape.sides()).collect();
    assert_eq!(sides, [4, 5, 4, 4]);
    assert!(Rc::ptr_eq(&again[0], &again[2]));

    let error = message(&coded(None)).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Unavailable, "[1]"));
}

#[test]
fn identity_holds_in_a_message_where_two_programs_define_one_type() {
    let registry = coded(None);
    let square = Rc::new(Square { side: 6 });
    let dumper = Dumper::new().registry(&registry).fingerprint(true);
    let loader = Loader::new().registry(&registry);

    let value: (Rc<dyn Any>, Rc<Square>, Weak<Square>) =
        (square.clone(), square.clone(), Rc::downgrade(&square));
    let bytes = dumper.to_vec(&value).unwrap();
    let (any, again, weak): (Rc<dyn Any>, Rc<Square>, Weak<Square>) =
        loader.from_slice(&bytes).unwrap();
    assert!(Rc::ptr_eq(&any.downcast::<Square>().unwrap(), &again));
    assert!(Rc::ptr_eq(&weak.upgrade().unwrap(), &again));

    // The other way round: where the weak pointer stands, by its own type.
    type Value = (Weak<Square>, Rc<Square>, Rc<dyn Any>, Box<dyn Any>);
    let another = Box::new(Square { side: 7 });
    let value: Value = (Rc::downgrade(&square), square.clone(), square, another);
    let bytes = dumper.to_vec(&value).unwrap();
    assert_eq!(bytes[0], 0xB5);
    let (weak, again, any, another): Value = loader.from_slice(&bytes).unwrap();
    assert!(Rc::ptr_eq(&weak.upgrade().unwrap(), &again));
    assert!(Rc::ptr_eq(&any.downcast::<Square>().unwrap(), &again));
    assert_eq!(another.downcast::<Square>().unwrap().side, 7);
}

#[derive(Reduce)]
#[reduce(name = "app.Owner")]
struct Owner {
    of: Rc<u8>,
}

#[test]
fn an_object_whose_pointer_only_a_coded_type_has_is_written_where_a_weak_one_stands() {
    let mut registry = Registry::new();
    registry.register::<Owner>().unwrap().code::<Owner>(1).unwrap();
    let of = Rc::new(3u8);
    type Value = (Weak<u8>, Box<dyn Any>);
    let value: Value = (Rc::downgrade(&of), Box::new(Owner { of }));
    for fingerprint in [false, true] {
        let dumper = Dumper::new().registry(&registry).fingerprint(fingerprint);
        let bytes = dumper.to_vec(&value).unwrap();
        let (weak, owner): Value = Loader::new().registry(&registry).from_slice(&bytes).unwrap();
        let of = owner.downcast::<Owner>().unwrap().of;
        assert_eq!(*of, 3);
        assert!(Rc::ptr_eq(&weak.upgrade().unwrap(), &of));
    }
}

#[test]
fn a_message_whose_codes_mean_something_else_is_refused_before_the_data() {
    let bytes = message(&coded(Some(300))).unwrap();
    let says = |registry: &Registry, kind, text: &str| {
        let error = refused(&bytes, registry);
        assert_eq!((error.kind(), error.path().as_str()), (kind, ""), "{error}");
        assert!(error.to_string().contains(text), "{error}");
    };
    let at = CODES + 10;
    let unknown = format!("no type is registered with the code 300 (at byte {at})");
    says(&coded(Some(8)), ErrorKind::Registry, &unknown);
    let mut other = Registry::new();
    other.register::<Square>().unwrap().register::<Polygon>().unwrap();
    other.code::<Polygon>(7).unwrap();
    let mismatch = "the code 7 is given to `codes::Polygon` here, whose fingerprint is ";
    says(&other, ErrorKind::TypeMismatch, mismatch);
    says(&Registry::new(), ErrorKind::Registry, "but the registry is empty");
}

#[test]
fn messages_with_codes_are_shown_where_all_programs_are_known() {
    let bytes = message(&coded(Some(300))).unwrap();
    let mut programs = Programs::new();
    programs.add::<Shapes>().unwrap().add::<Square>().unwrap();
    let shown = Disassembler::new().programs(&programs).disassemble(&bytes).unwrap();
    assert_eq!(shown.error().unwrap().kind(), ErrorKind::UnknownProgram);
    assert_eq!(shown.error().unwrap().offset(), Some(CODES + 10));
    programs.add::<Polygon>().unwrap();
    let shown = Disassembler::new().programs(&programs).disassemble(&bytes).unwrap();
    assert!(shown.error().is_none(), "{shown}");
    insta::assert_snapshot!(shown);
}

#[test]
fn a_message_with_codes_is_a_value_or_an_error_whatever_is_changed() {
    let registry = coded(Some(300));
    let bytes = message(&registry).unwrap();
    let mut programs = Programs::new();
    programs.add::<Shapes>().unwrap().add::<Square>().unwrap().add::<Polygon>().unwrap();
    let disassembler = Disassembler::new().programs(&programs);
    let sound = |bytes: &[u8]| {
        let shown = disassembler.disassemble(bytes);
        shown.is_ok_and(|shown| shown.error().is_none())
    };
    for end in 0..bytes.len() {
        assert_eq!(refused(&bytes[..end], &registry).kind(), ErrorKind::UnexpectedEnd);
        if end > CODES {
            let cut = [&[bytes[0], (end - CODES) as u8], &bytes[2..end]].concat();
            assert_eq!(refused(&cut, &registry).kind(), ErrorKind::UnexpectedEnd);
            assert!(!sound(&cut));
        }
    }
    for at in 0..bytes.len() {
        for byte in 0..=255 {
            let mut changed = bytes.clone();
            changed[at] = byte;
            // A code that nobody gave is sound to those who need no types.
            let code = at == CODES + 1 || (CODES + 10..CODES + 12).contains(&at);
            let loaded = load(&changed, &registry);
            assert!(loaded.is_err() || sound(&changed), "{at}: {byte:02x}");
            let of_types = loaded.err().is_none_or(|error| {
                matches!(error.kind(), ErrorKind::Registry | ErrorKind::TypeMismatch)
            });
            assert!(code || of_types || !sound(&changed), "{at}: {byte:02x}");
        }
    }
}

#[test]
fn codes_that_are_none_or_stand_twice_are_malformed() {
    let registry = coded(None);
    let value: Box<dyn Any> = Box::new(Square { side: 1 });
    let bytes = Dumper::new().registry(&registry).fingerprint(true).to_vec(&value).unwrap();
    let (head, rest) = bytes.split_at(CODES);
    let (code, data) = rest[1..].split_at(9);
    let framed = |content: &[u8]| [&[head[0], content.len() as u8], &head[2..], content].concat();
    let load = |bytes: &[u8]| Loader::new().registry(&registry).from_slice::<Box<dyn Any>>(bytes);
    assert!(load(&framed(&[&[1], code, data].concat())).is_ok());
    for content in [[&[0], data].concat(), [&[2], code, code, data].concat()] {
        let error = load(&framed(&content)).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{error}");
    }
    // A place of the root's program, one behind the last, and a primitive.
    let place = data[0];
    for other in [0x40, place + 1, 4, place - 1] {
        let content = [&[1], code, &[other], &data[1..]].concat();
        let error = load(&framed(&content)).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{other}: {error}");
    }
}
