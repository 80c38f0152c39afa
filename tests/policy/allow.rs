//! `Loader::allow`: a part of the registry, by name.

use reduce_core::{
    Dumper, Error, ErrorKind, Limits, Loader, Programs, Reduce, Registry, UnknownObject, check,
};
use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

thread_local!(static RUN: Cell<u32> = const { Cell::new(0) });

#[reduce_core::object]
trait Shape: Any {
    fn area(&self) -> f64;
}

#[derive(Reduce)]
#[reduce(name = "geo.Square", implements(Shape))]
struct Square(f64);

impl Shape for Square {
    fn area(&self) -> f64 {
        self.0 * self.0
    }
}

#[derive(Reduce)]
#[reduce(name = "geo.Circle", implements(Shape))]
struct Circle {
    radius: f64,
    #[reduce(skip, rebuild = measure)]
    area: f64,
}

impl Shape for Circle {
    fn area(&self) -> f64 {
        self.area
    }
}

fn measure(radius: f64) -> f64 {
    RUN.set(RUN.get() + 1);
    radius * radius * 3.0
}

/// Of another crate.
#[derive(Debug, PartialEq)]
struct Socket(u16);

fn connect(port: u16) -> Socket {
    RUN.set(RUN.get() + 1);
    Socket(port)
}

#[derive(Reduce)]
struct Client {
    #[reduce(skip, rebuild = greet, from())]
    greeting: u32,
    #[reduce(dispatch)]
    socket: Socket,
}

fn greet() -> u32 {
    RUN.set(RUN.get() + 1);
    5
}

fn registry() -> Registry {
    let mut registry = Registry::new();
    registry.register::<Square>().unwrap().register::<Circle>().unwrap();
    registry.reducer("net.Socket", |socket: &Socket| socket.0, connect).unwrap();
    registry.code::<Circle>(9).unwrap();
    registry
}

fn loader<const N: usize>(names: [&str; N]) -> Loader {
    RUN.set(0);
    Loader::new().registry(&registry()).allow(names)
}

fn circle() -> Circle {
    Circle { radius: 2.0, area: 12.0 }
}

fn dump<T: Reduce>(value: &T) -> Vec<u8> {
    Dumper::new().registry(&registry()).to_vec(value).unwrap()
}

fn refused<T>(loaded: Result<T, Error>, name: &str) {
    let error = loaded.err().expect("a type that is not allowed was loaded");
    assert_eq!(error.kind(), ErrorKind::NotAllowed, "{error}");
    let message = error.to_string();
    assert!(message.starts_with(&format!("the stream names the type `{name}`")), "{message}");
    assert!(message.contains("add it to `Loader::allow`"), "{message}");
    assert_eq!(RUN.get(), 0, "a function has run");
}

#[test]
fn a_type_that_is_not_allowed_is_refused_behind_every_pointer_before_any_function_runs() {
    type Shapes = (Client, Vec<Box<dyn Shape>>);
    let client = || Client { greeting: 0, socket: Socket(80) };
    let bytes = dump::<Shapes>(&(client(), vec![Box::new(Square(3.0)), Box::new(circle())]));
    refused(loader(["geo.Square", "net.Socket"]).from_slice::<Shapes>(&bytes), "geo.Circle");
    let all = loader(["geo.Circle", "geo.Square", "net.Socket"]);
    let (client, shapes) = all.from_slice::<Shapes>(&bytes).unwrap();
    assert_eq!((client.greeting, client.socket), (5, Socket(80)));
    assert_eq!((shapes[0].area(), shapes[1].area()), (9.0, 12.0));

    // The circle goes by its code, and is allowed by its name.
    let rc: Rc<dyn Shape> = Rc::new(circle());
    let bytes = dump(&rc);
    refused(loader(["geo.Square"]).from_slice::<Rc<dyn Shape>>(&bytes), "geo.Circle");
    assert_eq!(loader(["geo.Circle"]).from_slice::<Rc<dyn Shape>>(&bytes).unwrap().area(), 12.0);

    let any: Box<dyn Any> = Box::new(Square(1.0));
    refused(loader([]).from_slice::<Box<dyn Any>>(&dump(&any)), "geo.Square");
}

#[test]
fn foreign_types_of_the_dispatch_table_are_allowed_by_their_names() {
    let bytes = dump(&Client { greeting: 0, socket: Socket(80) });
    refused(loader(["geo.Square"]).from_slice::<Client>(&bytes), "net.Socket");
    assert_eq!(loader(["net.Socket"]).from_slice::<Client>(&bytes).unwrap().socket, Socket(80));
}

#[test]
fn messages_without_programs_are_refused_by_their_codes() {
    let any: Box<dyn Any> = Box::new(circle());
    let bytes = Dumper::new().registry(&registry()).fingerprint(true).to_vec(&any).unwrap();
    let error = loader(["geo.Square"]).from_slice::<Box<dyn Any>>(&bytes).err().unwrap();
    assert_eq!((error.kind(), RUN.get()), (ErrorKind::NotAllowed, 0));
    assert!(error.to_string().contains("of the code 9"), "{error}");
    assert!(loader(["geo.Circle"]).from_slice::<Box<dyn Any>>(&bytes).is_ok());
    // Also where the programs are known.
    let programs = Programs::new();
    let known = loader(["geo.Square"]).programs(&programs);
    assert_eq!(
        known.from_slice::<Box<dyn Any>>(&bytes).err().unwrap().kind(),
        ErrorKind::NotAllowed
    );
}

#[test]
fn types_that_no_stream_names_are_not_concerned() {
    // By its type, also shared, and in a list.
    let value = (circle(), Rc::new(Square(2.0)), vec![Square(1.0)]);
    let (circle, shared, list) =
        loader([]).from_slice::<(Circle, Rc<Square>, Vec<Square>)>(&dump(&value)).unwrap();
    assert_eq!((circle.area, shared.0, list[0].0), (12.0, 2.0, 1.0));

    // Without types nothing of any type is made.
    let any: Box<dyn Any> = Box::new(Square(1.5));
    let value = loader([]).value_from_slice(&dump(&any)).unwrap();
    assert_eq!(value.to_string(), "dyn geo.Square(1.5)");
}

#[test]
fn a_name_that_is_not_registered_is_an_error_of_every_load() {
    let error = loader(["geo.Circle", "geo.Sqare"]).from_slice::<u8>(&dump(&7u8)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Registry);
    assert_eq!(
        error.to_string(),
        "`Loader::allow` names `geo.Sqare`, and no type is registered by that name; did you mean `geo.Square`?"
    );
    // The registry may come later, and be another one.
    let later = Loader::new().allow(["geo.Square"]).registry(&Registry::new());
    assert!(later.from_slice::<u8>(&dump(&7u8)).is_err());
    assert_eq!(later.registry(&registry()).from_slice::<u8>(&dump(&7u8)).unwrap(), 7);
}

#[test]
fn the_last_list_holds_and_a_clone_has_its_own() {
    let any: Box<dyn Any> = Box::new(Square(1.0));
    let bytes = dump(&any);
    let strict = loader([]);
    let once = strict.clone().allow(["geo.Square"]);
    assert!(once.from_slice::<Box<dyn Any>>(&bytes).is_ok());
    refused(strict.from_slice::<Box<dyn Any>>(&bytes), "geo.Square");
}

#[test]
fn objects_of_unknown_types_are_kept_only_by_names_in_the_list() {
    let any: Box<dyn Any> = Box::new(Square(1.0));
    let bytes = dump(&any);
    let mut keeping = Registry::new();
    keeping.register::<Circle>().unwrap().keep_unknown().unwrap();
    let loader = |names: &[&str]| Loader::new().registry(&keeping).allow(names.iter().copied());
    RUN.set(0);
    refused(loader(&["geo.Circle"]).from_slice::<Box<dyn Any>>(&bytes), "geo.Square");
    let object = loader(&["geo.Square"]).from_slice::<Box<dyn Any>>(&bytes).unwrap();
    assert!(object.is::<UnknownObject>());
    // One that is registered does not become an unknown one.
    let circle: Box<dyn Any> = Box::new(circle());
    let bytes = Dumper::new().registry(&keeping).to_vec(&circle).unwrap();
    refused(loader(&["geo.Square"]).from_slice::<Box<dyn Any>>(&bytes), "geo.Circle");
}

#[test]
fn each_name_of_an_overridden_type_is_allowed_by_itself() {
    let mut public = Registry::new();
    public.register::<Square>().unwrap();
    let base = public.clone();
    let mut public = Registry::over(&base);
    public.override_reducer("geo.Side", |square: &Square| square.0, Square).unwrap();
    let any: Box<dyn Any> = Box::new(Square(4.0));
    let bytes = Dumper::new().registry(&public).to_vec(&any).unwrap();
    RUN.set(0);
    let only = |name: &str| Loader::new().registry(&public).allow([name]);
    refused(only("geo.Square").from_slice::<Box<dyn Any>>(&bytes), "geo.Side");
    assert!(only("geo.Side").from_slice::<Box<dyn Any>>(&bytes).is_ok());
}

#[test]
fn sessions_and_checks_heed_the_list() {
    let mut session = Dumper::new().registry(&registry()).session();
    let square: Rc<dyn Shape> = Rc::new(Square(2.0));
    let messages = [
        session.to_vec(&vec![square.clone()]).unwrap(),
        session.to_vec(&vec![square, Rc::new(circle())]).unwrap(),
    ];
    let mut loads = loader(["geo.Square"]).session();
    assert_eq!(loads.from_slice::<Vec<Rc<dyn Shape>>>(&messages[0]).unwrap()[0].area(), 4.0);
    // It changes nothing: the message may be tried again.
    for _ in 0..2 {
        refused(loads.from_slice::<Vec<Rc<dyn Shape>>>(&messages[1]), "geo.Circle");
    }

    let any: Box<dyn Any> = Box::new(circle());
    let bytes = dump(&any);
    refused(loader(["geo.Square"]).check(&bytes), "geo.Circle");
    assert_eq!(loader(["geo.Circle"]).check(&bytes).unwrap().types()[0].name(), "geo.Circle");
    assert!(check(&bytes, &Limits::strict()).is_ok());
}

#[test]
fn a_name_in_a_field_that_is_gone_is_refused_only_if_it_could_be_made() {
    #[derive(Reduce)]
    #[reduce(name = "Page")]
    struct Before {
        title: String,
        shape: Box<dyn Any>,
    }
    #[derive(Reduce)]
    #[reduce(name = "Page")]
    struct Page {
        title: String,
    }
    let mut theirs = Registry::new();
    theirs.register::<Square>().unwrap().register_as::<u8>("old.Plugin").unwrap();
    let stream = |shape| {
        let page = Before { title: "a".into(), shape };
        Dumper::new().registry(&theirs).to_vec(&page).unwrap()
    };
    let loaded = loader([]).from_slice::<Page>(&stream(Box::new(1u8))).unwrap();
    assert_eq!(loaded.title, "a");
    refused(loader([]).from_slice::<Page>(&stream(Box::new(Square(1.0)))), "geo.Square");
}
