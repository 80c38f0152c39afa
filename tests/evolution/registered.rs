//! Dispatch tables and codes where the program around them has changed, and where they themselves have.

use reduce_core::{
    Dispatch, Dumper, Error, ErrorKind, Expand, Loader, Reduce, Registry, object, to_vec,
};
use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

/// A type of another crate.
#[derive(Debug, PartialEq)]
struct Socket(u16);

#[derive(Debug, PartialEq)]
struct Timer(u64);

fn connect(port: u16) -> Result<Socket, String> {
    if port == 0 { Err("port 0 is closed".into()) } else { Ok(Socket(port)) }
}

/// Sockets by their ports, timers by their milliseconds.
fn before() -> Registry {
    let mut registry = Registry::new();
    registry.reducer("net.Socket", |socket: &Socket| socket.0, connect).unwrap();
    registry.reducer("net.Timer", |timer: &Timer| timer.0, Timer).unwrap();
    registry
}

/// Sockets by port and host, timers by milliseconds that are wider.
fn after() -> Registry {
    #[derive(Reduce)]
    #[reduce(name = "net.Address")]
    struct Address {
        port: u16,
        host: String,
    }
    let mut registry = Registry::new();
    let reduce = |socket: &Socket| Address { port: socket.0, host: "localhost".into() };
    registry.reducer("net.Socket", reduce, |address: Address| connect(address.port)).unwrap();
    registry.reducer("net.Timer", |timer: &Timer| u128::from(timer.0), wide).unwrap();
    registry
}

fn wide(millis: u128) -> Result<Timer, std::num::TryFromIntError> {
    millis.try_into().map(Timer)
}

mod old {
    use super::{Dispatch, Reduce, Socket, Timer};

    #[derive(Reduce)]
    #[reduce(name = "e.Client")]
    pub struct Client {
        pub gone: Vec<u8>,
        #[reduce(dispatch)]
        pub socket: Socket,
        #[reduce(dispatch)]
        pub dropped: Timer,
        #[reduce(with = Vec<Option<Dispatch>>)]
        pub timers: Vec<Option<Timer>>,
    }
}

#[derive(Debug, PartialEq, Reduce)]
#[reduce(name = "e.Client")]
struct Client {
    #[reduce(with = std::collections::VecDeque<Option<Dispatch>>)]
    timers: VecDeque<Option<Timer>>,
    #[reduce(default)]
    added: Option<u8>,
    #[reduce(dispatch, alias = "socket")]
    line: Socket,
}

fn client(port: u16) -> old::Client {
    let timers = vec![Some(Timer(5)), None, Some(Timer(u64::MAX))];
    old::Client { gone: vec![1, 2], socket: Socket(port), dropped: Timer(9), timers }
}

fn dump<T: Reduce>(value: &T, registry: &Registry) -> Vec<u8> {
    Dumper::new().registry(registry).to_vec(value).unwrap()
}

fn load<T: for<'de> Expand<'de>>(bytes: &[u8], registry: &Registry) -> Result<T, Error> {
    Loader::new().registry(registry).from_slice(bytes)
}

#[test]
fn foreign_fields_move_and_go_with_the_fields_around_them() {
    let bytes = dump(&vec![client(80), client(81)], &before());
    let clients: Vec<Client> = load(&bytes, &before()).unwrap();
    let timers = || VecDeque::from([Some(Timer(5)), None, Some(Timer(u64::MAX))]);
    let line = |port| Client { timers: timers(), added: None, line: Socket(port) };
    assert_eq!(clients, [line(80), line(81)]);
    for length in 0..bytes.len() {
        assert!(load::<Vec<Client>>(&bytes[..length], &before()).is_err(), "cut at {length}");
    }
    // What fails there says where.
    let error = load::<Vec<Client>>(&dump(&[client(80), client(0)], &before()), &before());
    let error = error.unwrap_err().to_string();
    assert!(
        error.ends_with("line: the expander of `net.Socket` failed: port 0 is closed"),
        "{error}"
    );
}

#[test]
fn a_foreign_type_that_is_gone_is_passed_over_where_no_field_asks_for_it() {
    let bytes = dump(&client(80), &before());
    #[derive(Debug, Reduce)]
    #[reduce(name = "e.Client")]
    struct Fewer {
        #[reduce(dispatch)]
        socket: Socket,
    }
    let mut registry = Registry::new();
    registry.reducer("net.Socket", |socket: &Socket| socket.0, connect).unwrap();
    assert_eq!(load::<Fewer>(&bytes, &registry).unwrap().socket, Socket(80));
    let error = load::<Client>(&bytes, &registry).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Registry);
    assert!(error.to_string().contains("net.Timer"), "{error}");
}

#[test]
fn what_a_foreign_type_is_stored_as_may_change_as_any_type_may() {
    let bytes = dump(&client(80), &before());
    // Wider milliseconds are adapted; a port is no address.
    #[derive(Debug, Reduce)]
    #[reduce(name = "e.Client")]
    struct Timers {
        #[reduce(with = Vec<Option<Dispatch>>)]
        timers: Vec<Option<Timer>>,
    }
    let timers: Timers = load(&bytes, &after()).unwrap();
    assert_eq!(timers.timers, [Some(Timer(5)), None, Some(Timer(u64::MAX))]);
    let error = load::<Client>(&bytes, &after()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch, "{error}");
    let says = "line: the stream has `u16`, which cannot become `net.Address`";
    assert!(error.to_string().starts_with(says), "{error}");
    // And the way back: what fits is read, value for value.
    let bytes = dump(&client(80), &after());
    assert_eq!(load::<Timers>(&bytes, &before()).unwrap().timers[0], Some(Timer(5)));
}

#[test]
fn a_field_becomes_a_foreign_one_by_a_conversion_alone() {
    #[derive(Reduce)]
    #[reduce(name = "e.Port")]
    struct Plain {
        port: u16,
    }
    #[derive(Debug, Reduce)]
    #[reduce(name = "e.Port")]
    struct Foreign {
        #[reduce(dispatch)]
        port: Socket,
    }
    #[derive(Debug, Reduce)]
    #[reduce(name = "e.Port")]
    struct Converted {
        #[reduce(dispatch, convert = connect)]
        port: Socket,
    }
    let plain = to_vec(&Plain { port: 80 }).unwrap();
    let error = load::<Foreign>(&plain, &before()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch, "{error}");
    assert_eq!(load::<Converted>(&plain, &before()).unwrap().port, Socket(80));
    // And one that is foreign in the stream is itself.
    let foreign = dump(&Foreign { port: Socket(81) }, &before());
    assert_eq!(load::<Converted>(&foreign, &before()).unwrap().port, Socket(81));
    let error = load::<Plain>(&foreign, &before()).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch, "{error}");
}

#[object(name = "e.Shape")]
trait Shape: Any {
    fn area(&self) -> u64;
}

mod shapes {
    use super::{Reduce, Shape};

    #[derive(Reduce)]
    #[reduce(name = "e.Square", implements(Shape))]
    pub struct Was {
        pub side: u8,
        pub colour: String,
    }

    #[derive(Reduce)]
    #[reduce(name = "e.Square", implements(Shape))]
    pub struct Is {
        #[reduce(default)]
        pub turned: bool,
        pub side: u64,
    }

    #[derive(Reduce)]
    #[reduce(name = "e.Circle", implements(Shape))]
    pub struct Circle {
        pub radius: u64,
    }

    impl Shape for Was {
        fn area(&self) -> u64 {
            u64::from(self.side).pow(2)
        }
    }

    impl Shape for Is {
        fn area(&self) -> u64 {
            if self.turned { 0 } else { self.side.pow(2) }
        }
    }

    impl Shape for Circle {
        fn area(&self) -> u64 {
            3 * self.radius.pow(2)
        }
    }
}

/// What holds the shapes has changed as well.
#[derive(Reduce)]
#[reduce(name = "e.Scene")]
struct WasScene {
    title: String,
    shapes: Vec<Rc<dyn Shape>>,
}

#[derive(Reduce)]
#[reduce(name = "e.Scene")]
struct Scene {
    shapes: VecDeque<Rc<dyn Shape>>,
    #[reduce(default)]
    names: BTreeMap<String, u8>,
}

fn scene() -> WasScene {
    let square: Rc<dyn Shape> = Rc::new(shapes::Was { side: 3, colour: "red".into() });
    WasScene { title: "two".into(), shapes: vec![square.clone(), square] }
}

fn was(code: Option<u32>) -> Registry {
    let mut registry = Registry::new();
    registry.register::<shapes::Was>().unwrap();
    if let Some(code) = code {
        registry.code::<shapes::Was>(code).unwrap();
    }
    registry
}

fn is(code: Option<u32>) -> Registry {
    let mut registry = Registry::new();
    registry.register::<shapes::Is>().unwrap().register::<shapes::Circle>().unwrap();
    if let Some(code) = code {
        registry.code::<shapes::Is>(code).unwrap();
    }
    registry
}

#[track_caller]
fn is_scene(scene: &Scene) {
    let areas: Vec<_> = scene.shapes.iter().map(|shape| shape.area()).collect();
    assert_eq!((areas, scene.names.len()), (vec![9, 9], 0));
    assert!(Rc::ptr_eq(&scene.shapes[0], &scene.shapes[1]));
}

#[test]
fn types_behind_codes_are_adapted_as_those_behind_names() {
    for (then, now) in [(None, None), (Some(7), Some(7)), (None, Some(7))] {
        let bytes = dump(&scene(), &was(then));
        is_scene(&load(&bytes, &is(now)).unwrap());
        // The scene itself may have stayed as it was.
        let same: WasScene = load(&bytes, &is(now)).unwrap();
        assert_eq!((same.shapes[1].area(), same.title.as_str()), (9, "two"));
    }
    let error = load::<Scene>(&dump(&scene(), &was(Some(7))), &is(None)).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Registry, "{error}");
}

#[test]
fn a_code_that_went_to_another_type_is_a_mismatch_and_no_other_value() {
    let mut moved = Registry::new();
    moved.register::<shapes::Is>().unwrap().code::<shapes::Is>(8).unwrap();
    moved.register::<shapes::Circle>().unwrap().code::<shapes::Circle>(7).unwrap();
    let error = load::<Scene>(&dump(&scene(), &was(Some(7))), &moved).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch, "{error}");
    assert!(error.to_string().contains("e.Square"), "{error}");
}

#[test]
fn messages_with_fingerprints_and_codes_are_adapted_where_their_programs_are_known() {
    let registry = was(Some(7));
    let dumper = Dumper::new().registry(&registry);
    let short = dumper.clone().fingerprint(true).to_vec(&scene()).unwrap();
    let error = load::<Scene>(&short, &is(Some(7))).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch, "{error}");
    let mut programs = reduce_core::Programs::new();
    programs.add::<WasScene>().unwrap().add::<shapes::Was>().unwrap();
    let now = is(Some(7));
    let loader = Loader::new().registry(&now).programs(&programs);
    is_scene(&loader.from_slice(&short).unwrap());
}
