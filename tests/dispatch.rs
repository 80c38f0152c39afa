//! Dispatch tables: foreign types with functions in the registry, behind fields and trait objects; overrides; layers.

use reduce_core::{
    Context, Dispatch, Dumper, Error, ErrorKind, Expand, Loader, Reduce, Registry, Same, object,
};
use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Types of another crate: nothing of them is derived.
mod foreign {
    #[derive(Debug, PartialEq)]
    pub struct Socket(pub u16);

    impl Socket {
        pub fn connect(port: u16) -> Result<Self, String> {
            if port == 0 { Err("port 0 is closed".into()) } else { Ok(Socket(port)) }
        }
    }

    #[derive(Debug, PartialEq)]
    pub struct Timer(pub u64);
}
use foreign::{Socket, Timer};

fn registry() -> Registry {
    let mut registry = Registry::new();
    registry
        .reducer("net.Socket", |socket: &Socket| socket.0, Socket::connect)
        .unwrap()
        .reducer("net.Timer", |timer: &Timer| (timer.0, "ms".to_string()), |(n, _)| Timer(n))
        .unwrap();
    registry
}

fn copy<T: Reduce + for<'de> Expand<'de>>(value: &T, registry: &Registry) -> Result<T, Error> {
    let bytes = Dumper::new().registry(registry).to_vec(value)?;
    Loader::new().registry(registry).from_slice(&bytes)
}

#[derive(Reduce, Debug, PartialEq)]
struct Client {
    name: String,
    #[reduce(dispatch)]
    socket: Socket,
    #[reduce(dispatch)]
    timer: Timer,
}

fn client() -> Client {
    Client { name: "c".into(), socket: Socket(80), timer: Timer(5) }
}

#[test]
fn foreign_fields_come_back_through_their_functions() {
    assert_eq!(copy(&client(), &registry()).unwrap(), client());
}

#[test]
fn each_foreign_type_is_defined_once_per_stream() {
    let bytes = Dumper::new().registry(&registry()).to_vec(&vec![client(), client()]).unwrap();
    for name in ["net.Socket", "net.Timer"] {
        let found = bytes.windows(name.len()).filter(|part| *part == name.as_bytes()).count();
        assert_eq!(found, 1, "{name}");
    }
    let text = reduce_core::disassemble(&bytes).unwrap().to_string();
    assert!(text.contains("net.Socket") && text.contains("dispatch"), "{text}");
}

#[test]
fn fields_of_variants_tuples_transparent_and_generic_types_dispatch() {
    #[derive(Reduce, Debug, PartialEq)]
    enum Endpoint {
        Closed,
        Open(u8, #[reduce(dispatch)] Socket),
        Timed {
            #[reduce(dispatch, rename = "t")]
            timer: Timer,
        },
    }
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(transparent)]
    struct Only(#[reduce(dispatch)] Socket);
    #[derive(Reduce, Debug, PartialEq)]
    struct Holder<T>(#[reduce(dispatch)] T);

    let registry = registry();
    let ends =
        vec![Endpoint::Closed, Endpoint::Open(1, Socket(2)), Endpoint::Timed { timer: Timer(3) }];
    assert_eq!(copy(&ends, &registry).unwrap(), ends);
    assert_eq!(copy(&Only(Socket(9)), &registry).unwrap(), Only(Socket(9)));
    let holders = (Holder(Socket(4)), Holder(Timer(6)));
    assert_eq!(copy(&holders, &registry).unwrap(), holders);
}

#[test]
fn the_adapter_composes_through_containers() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Server {
        #[reduce(with = Vec<Option<Dispatch>>)]
        open: Vec<Option<Socket>>,
        #[reduce(with = BTreeMap<Same, Dispatch>)]
        timers: BTreeMap<String, Timer>,
    }
    let server = Server {
        open: vec![Some(Socket(1)), None, Some(Socket(2))],
        timers: BTreeMap::from([("a".to_string(), Timer(7))]),
    };
    assert_eq!(copy(&server, &registry()).unwrap(), server);

    let server = Server { open: vec![None, Some(Socket(0))], timers: BTreeMap::new() };
    let error = copy(&server, &registry()).unwrap_err();
    assert_eq!(error.to_string(), "open[1]: the expander of `net.Socket` failed: port 0 is closed");
}

#[test]
fn a_state_field_may_dispatch() {
    #[derive(Default, Debug, PartialEq)]
    struct Late(u8);
    #[derive(Reduce, Debug, PartialEq)]
    struct Machine {
        id: u8,
        #[reduce(state, dispatch)]
        late: Late,
    }
    let mut registry = Registry::new();
    registry.reducer("Late", |late: &Late| late.0, Late).unwrap();
    let machine = Rc::new(Machine { id: 1, late: Late(2) });
    assert_eq!(copy(&machine, &registry).unwrap(), machine);
}

#[test]
fn rebuild_and_validate_functions_see_what_an_expander_made() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(validate = Line::check)]
    struct Line {
        #[reduce(dispatch)]
        socket: Socket,
        #[reduce(skip, rebuild = next, from(socket))]
        next: u16,
    }
    fn next(socket: &Socket) -> u16 {
        socket.0 + 1
    }
    impl Line {
        fn check(&self) -> Result<(), String> {
            if self.next == 8 { Err(format!("next to {:?}", self.socket)) } else { Ok(()) }
        }
    }
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(rebuild = Sum::new)]
    struct Sum {
        #[reduce(dispatch)]
        socket: Socket,
        plus: u16,
    }
    impl Sum {
        fn new(socket: Socket, plus: u16) -> Self {
            Sum { socket: Socket(socket.0 + plus), plus }
        }
    }
    let registry = registry();
    let again = copy(&Line { socket: Socket(5), next: 0 }, &registry).unwrap();
    assert_eq!(again, Line { socket: Socket(5), next: 6 });
    let error = copy(&Line { socket: Socket(7), next: 0 }, &registry).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validate);
    assert!(error.to_string().contains("next to Socket(7)"), "{error}");
    let again = copy(&Sum { socket: Socket(5), plus: 2 }, &registry).unwrap();
    assert_eq!(again, Sum { socket: Socket(7), plus: 2 });
}

#[test]
fn functions_may_fail_on_either_side_and_say_where() {
    let mut registry = Registry::new();
    registry
        .reducer(
            "net.Socket",
            |socket: &Socket| if socket.0 == 1 { Err("busy") } else { Ok(socket.0) },
            Socket::connect,
        )
        .unwrap()
        .reducer("net.Timer", |timer: &Timer| timer.0, Timer)
        .unwrap();
    let with = |port| vec![Client { socket: Socket(port), ..client() }];

    let error = copy(&with(1), &registry).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Convert);
    assert_eq!(error.to_string(), "[0].socket: the reducer of `net.Socket` failed: busy");

    let error = copy(&with(0), &registry).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Convert);
    assert_eq!(
        error.to_string(),
        "[0].socket: the expander of `net.Socket` failed: port 0 is closed"
    );
    assert_eq!(copy(&with(3), &registry).unwrap()[0].socket, Socket(3));
}

#[test]
fn functions_get_the_context_of_their_session() {
    struct Offset(u16);
    let mut registry = Registry::new();
    registry
        .reducer_with(
            "net.Socket",
            |socket: &Socket, cx: &Context<'_>| {
                cx.require::<Offset>().map(|offset| socket.0 - offset.0)
            },
            |port: u16, cx: &Context<'_>| {
                cx.require::<Offset>().map(|offset| Socket(port + offset.0))
            },
        )
        .unwrap();
    #[derive(Reduce)]
    struct Only(#[reduce(dispatch)] Socket);

    let bytes =
        Dumper::new().registry(&registry).context(Offset(10)).to_vec(&Only(Socket(15))).unwrap();
    let loader = Loader::new().registry(&registry);
    assert_eq!(
        loader.with_context(&Offset(100)).from_slice::<Only>(&bytes).unwrap().0,
        Socket(105)
    );
    let error = loader.from_slice::<Only>(&bytes).err().unwrap();
    assert_eq!((error.kind(), error.path()), (ErrorKind::MissingContext, "0".to_string()));
    let error = Dumper::new().registry(&registry).to_vec(&Only(Socket(15))).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::MissingContext, "0".to_string()));
}

#[test]
fn a_type_without_a_reducer_is_named_at_dump() {
    let error = Dumper::new().to_vec(&client()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Registry);
    assert!(error.to_string().starts_with("socket: `dispatch::foreign::Socket` is stored as the registry says, but the session has no registry"), "{error}");

    let error = Dumper::new().registry(&Registry::new()).to_vec(&client()).unwrap_err();
    assert!(error.to_string().contains("but the registry is empty"), "{error}");

    let mut registry = Registry::new();
    registry.register_as::<u8>("u8").unwrap();
    let error = Dumper::new().registry(&registry).to_vec(&client()).unwrap_err();
    assert!(
        error.to_string().starts_with(
            "socket: `dispatch::foreign::Socket` has no reducer in the session's registry; add one with `Registry::reducer`"
        ),
        "{error}"
    );
}

#[test]
fn an_unknown_name_at_load_has_its_near_miss() {
    let bytes = Dumper::new().registry(&registry()).to_vec(&client()).unwrap();
    let mut other = Registry::new();
    other.reducer("net.Sockets", |socket: &Socket| socket.0, Socket::connect).unwrap();
    let error = Loader::new().registry(&other).from_slice::<Client>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Registry);
    assert!(
        error.to_string().starts_with(
            "socket: no type is registered by the name `net.Socket`; did you mean `net.Sockets`?"
        ),
        "{error}"
    );
    let error = Loader::new().from_slice::<Client>(&bytes).unwrap_err();
    assert!(error.to_string().contains("the session has no registry"), "{error}");
}

#[test]
fn other_parts_under_the_same_name_are_refused() {
    let bytes = Dumper::new().registry(&registry()).to_vec(&client()).unwrap();
    let mut other = Registry::new();
    other
        .reducer("net.Socket", |_: &Socket| String::new(), |_: String| Socket(1))
        .unwrap()
        .reducer("net.Timer", |timer: &Timer| timer.0, Timer)
        .unwrap();
    let error = Loader::new().registry(&other).from_slice::<Client>(&bytes).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::TypeMismatch, "socket".to_string()));
}

/// A stream may name any registered type, and so not call what the field did not ask for.
#[test]
fn a_field_of_another_foreign_type_calls_no_function() {
    #[derive(Reduce)]
    #[reduce(name = "Only")]
    struct Timed(#[reduce(dispatch)] Timer);
    #[derive(Reduce)]
    #[reduce(name = "Only")]
    struct Connected(#[reduce(dispatch)] Socket);

    let calls = Arc::new(AtomicU32::new(0));
    let counted = calls.clone();
    let mut registry = Registry::new();
    registry
        .reducer("net.Socket", |socket: &Socket| socket.0, Socket::connect)
        .unwrap()
        .reducer(
            "net.Timer",
            |timer: &Timer| timer.0,
            move |n| {
                counted.fetch_add(1, Ordering::Relaxed);
                Timer(n)
            },
        )
        .unwrap();
    let bytes = Dumper::new().registry(&registry).to_vec(&Timed(Timer(5))).unwrap();
    let loader = Loader::new().registry(&registry);
    let error = loader.from_slice::<Connected>(&bytes).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Registry);
    assert!(
        error.to_string().starts_with(
            "0: the stream holds a foreign value of type `dispatch::foreign::Timer`, not `dispatch::foreign::Socket`"
        ),
        "{error}"
    );
    assert_eq!(calls.load(Ordering::Relaxed), 0);
    assert_eq!(loader.from_slice::<Timed>(&bytes).unwrap().0, Timer(5));
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

#[test]
fn no_expander_runs_where_the_stream_is_malformed() {
    let calls = Arc::new(AtomicU32::new(0));
    let counted = calls.clone();
    let mut registry = Registry::new();
    registry
        .reducer(
            "net.Socket",
            |socket: &Socket| socket.0,
            move |port| {
                counted.fetch_add(1, Ordering::Relaxed);
                Socket(port)
            },
        )
        .unwrap();
    #[derive(Reduce)]
    struct Flagged(#[reduce(dispatch)] Socket, bool);
    let mut bytes = Dumper::new().registry(&registry).to_vec(&Flagged(Socket(1), true)).unwrap();
    let loader = Loader::new().registry(&registry);
    assert!(loader.from_slice::<Flagged>(&bytes).unwrap().1);
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    let place = bytes.len() - 2;
    bytes[place] = 7;
    assert_eq!(loader.from_slice::<Flagged>(&bytes).err().unwrap().kind(), ErrorKind::Malformed);
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

#[test]
fn names_and_types_are_registered_once() {
    let mut registry = registry();
    let error = registry.reducer("net.Socket", |n: &u8| *n, |n: u8| n).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Registry);
    assert_eq!(
        error.to_string(),
        "the name `net.Socket` is registered already, for `dispatch::foreign::Socket`"
    );
    let error = registry.reducer("other", |socket: &Socket| socket.0, Socket).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`dispatch::foreign::Socket` is registered already, as `net.Socket`"
    );
    for name in ["", "a\nb", "n".repeat(1025).as_str()] {
        let error = registry.reducer(name, |n: &u8| *n, |n: u8| n).unwrap_err();
        let expected = "a type cannot be registered by a";
        assert!(error.to_string().starts_with(expected), "{name:?}: {error}");
    }
    // None of them left anything behind.
    assert_eq!(registry.len(), 2);
    let _frozen = registry.clone();
    let error = registry.reducer("u8", |n: &u8| *n, |n: u8| n).unwrap_err();
    assert!(error.to_string().starts_with("the registry is in use"), "{error}");
}

// Trait objects.

#[object]
trait Port {
    fn number(&self) -> u16;
}

impl Port for Socket {
    fn number(&self) -> u16 {
        self.0
    }
}

#[test]
fn foreign_types_stand_behind_trait_objects() {
    let mut registry = registry();
    registry
        .implement::<dyn Port, Socket>()
        .unwrap()
        .implement::<dyn Any + Send, Socket>()
        .unwrap()
        .implement::<dyn Any + Send, Timer>()
        .unwrap();

    let ports: Vec<Box<dyn Port>> = vec![Box::new(Socket(1)), Box::new(Socket(2))];
    let again = copy(&ports, &registry).unwrap();
    assert_eq!(again.iter().map(|port| port.number()).collect::<Vec<_>>(), [1, 2]);

    let any: Vec<Box<dyn Any + Send>> = vec![Box::new(Timer(3)), Box::new(Socket(4))];
    let again = copy(&any, &registry).unwrap();
    assert_eq!(again[0].downcast_ref(), Some(&Timer(3)));
    assert_eq!(again[1].downcast_ref(), Some(&Socket(4)));
}

/// A stream may name any registered type: its functions do not run where the trait is not its own.
#[test]
fn a_foreign_type_that_was_not_said_to_implement_the_trait_calls_no_function() {
    let calls = Arc::new(AtomicU32::new(0));
    let counted = calls.clone();
    let mut registry = Registry::new();
    registry
        .reducer(
            "net.Socket",
            |socket: &Socket| socket.0,
            move |port| {
                counted.fetch_add(1, Ordering::Relaxed);
                Socket(port)
            },
        )
        .unwrap();
    fn check<T: Reduce + for<'de> Expand<'de>>(value: T, registry: &Registry) {
        let mut knowing = Registry::new();
        knowing.reducer("net.Socket", |socket: &Socket| socket.0, Socket).unwrap();
        knowing.implement::<dyn Port, Socket>().unwrap();
        let bytes = Dumper::new().registry(&knowing).to_vec(&value).unwrap();
        let errors = [
            Dumper::new().registry(registry).to_vec(&value).unwrap_err(),
            Loader::new().registry(registry).from_slice::<T>(&bytes).err().unwrap(),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::Registry);
            let expected = "`dispatch::foreign::Socket` is not registered as an implementation of";
            assert!(error.to_string().contains(expected), "{error}");
        }
    }
    check(Box::new(Socket(1)) as Box<dyn Port>, &registry);
    check(Rc::new(Socket(1)) as Rc<dyn Port>, &registry);
    check(Arc::new(Socket(1)) as Arc<dyn Port>, &registry);
    assert_eq!(calls.load(Ordering::Relaxed), 0);
    let mut registry = Registry::over(&registry);
    registry.implement::<dyn Port, Socket>().unwrap();
    assert_eq!(copy(&(Box::new(Socket(1)) as Box<dyn Port>), &registry).unwrap().number(), 1);
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

#[test]
fn shared_foreign_objects_keep_their_identity() {
    let mut registry = registry();
    registry
        .implement::<dyn Port, Socket>()
        .unwrap()
        .implement::<dyn Any + Send + Sync, Timer>()
        .unwrap();
    let one = Rc::new(Socket(1));
    let value: (Rc<dyn Port>, Rc<dyn Any>, Weak<dyn Port>) =
        (one.clone(), one.clone(), Rc::downgrade(&(one.clone() as Rc<dyn Port>)));
    let again = copy(&value, &registry).unwrap();
    let any = again.1.downcast::<Socket>().unwrap();
    assert_eq!((any.0, again.0.number()), (1, 1));
    assert!(std::ptr::addr_eq(Rc::as_ptr(&any), Rc::as_ptr(&again.0)));
    assert!(Rc::ptr_eq(&again.2.upgrade().unwrap(), &again.0));

    let shared: [Arc<dyn Any + Send + Sync>; 2] = {
        let timer = Arc::new(Timer(9));
        [timer.clone(), timer]
    };
    let again = copy(&shared, &registry).unwrap();
    assert!(Arc::ptr_eq(&again[0], &again[1]));
    assert_eq!(again[0].downcast_ref(), Some(&Timer(9)));
}

/// The parts may hold a weak pointer to the object that they are parts of.
#[test]
fn a_foreign_object_refers_weakly_to_itself() {
    struct Node {
        label: u8,
        me: RefCell<Weak<dyn Any>>,
    }
    let mut registry = Registry::new();
    registry
        .reducer(
            "Node",
            |node: &Node| (node.label, node.me.borrow().clone()),
            |(label, me)| Node { label, me: RefCell::new(me) },
        )
        .unwrap();
    let node: Rc<Node> =
        Rc::new_cyclic(|me: &Weak<Node>| Node { label: 5, me: RefCell::new(me.clone()) });
    let again = copy(&(node as Rc<dyn Any>), &registry).unwrap();
    let again = again.downcast::<Node>().unwrap();
    let me = again.me.borrow().upgrade().unwrap();
    assert_eq!(again.label, 5);
    assert!(std::ptr::addr_eq(Rc::as_ptr(&me), Rc::as_ptr(&again)));
}

/// An object inside of parts may be referred to weakly before it is met.
#[test]
fn parts_hold_what_is_referred_to_before() {
    struct Owner(Rc<u8>);
    #[derive(Reduce)]
    struct Pair {
        first: Weak<u8>,
        #[reduce(dispatch)]
        owner: Owner,
    }
    let mut registry = Registry::new();
    registry.reducer("Owner", |owner: &Owner| owner.0.clone(), Owner).unwrap();
    let owned = Rc::new(3);
    let pair = Pair { first: Rc::downgrade(&owned), owner: Owner(owned) };
    let again = copy(&pair, &registry).unwrap();
    assert!(Rc::ptr_eq(&again.first.upgrade().unwrap(), &again.owner.0));
    assert_eq!(*again.owner.0, 3);
}

#[test]
fn foreign_values_nest_within_the_limit_of_depth() {
    struct Link(Option<Box<Link>>);
    impl Link {
        fn take(&self) -> Option<Box<dyn Any>> {
            self.0.as_ref().map(|next| Box::new(Link(next.0.as_ref().map(|n| n.dup()))) as _)
        }
        fn dup(&self) -> Box<Link> {
            Box::new(Link(self.0.as_ref().map(|next| next.dup())))
        }
    }
    let mut registry = Registry::new();
    registry
        .reducer("Link", Link::take, |next: Option<Box<dyn Any>>| {
            match next.map(|n| n.downcast()) {
                None => Ok(Link(None)),
                Some(Ok(next)) => Ok(Link(Some(next))),
                Some(Err(_)) => Err("no link"),
            }
        })
        .unwrap();
    let chain = |length| (0..length).fold(Link(None), |link, _| Link(Some(Box::new(link))));
    let any = |length| Box::new(chain(length)) as Box<dyn Any>;
    let again = copy(&any(20), &registry).unwrap().downcast::<Link>().unwrap();
    let mut length = 0;
    let mut next = &again.0;
    while let Some(link) = next {
        length += 1;
        next = &link.0;
    }
    assert_eq!(length, 20);
    let limits = reduce_core::Limits::default().depth(10);
    let error = Dumper::new().registry(&registry).limits(limits).to_vec(&any(20)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let bytes = Dumper::new().registry(&registry).to_vec(&any(20)).unwrap();
    let error = Loader::new()
        .registry(&registry)
        .limits(limits)
        .from_slice::<Box<dyn Any>>(&bytes)
        .err()
        .unwrap();
    assert_eq!(error.kind(), ErrorKind::Limit);
}

// Overrides.

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "geo.Circle", implements(Shape))]
struct Circle {
    radius: f64,
    label: String,
}

#[object]
trait Shape {
    fn area(&self) -> f64;
}

impl Shape for Circle {
    fn area(&self) -> f64 {
        3.0 * self.radius * self.radius
    }
}

fn circle() -> Circle {
    Circle { radius: 2.0, label: "a long label".into() }
}

fn overridden() -> Registry {
    let mut registry = Registry::new();
    registry
        .register::<Circle>()
        .unwrap()
        .override_reducer(
            "geo.Circle.bare",
            |circle: &Circle| circle.radius,
            |radius: f64| Circle { radius, label: String::new() },
        )
        .unwrap();
    registry
}

#[test]
fn an_override_holds_behind_trait_objects_and_in_dispatch_fields() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Three {
        #[reduce(dispatch)]
        dispatched: Circle,
        stated: Circle,
        #[reduce(with = Vec<Dispatch>)]
        listed: Vec<Circle>,
    }
    let registry = overridden();
    let shape: Box<dyn Shape> = Box::new(circle());
    let bytes = Dumper::new().registry(&registry).to_vec(&shape).unwrap();
    assert!(!bytes.windows(12).any(|part| part == b"a long label"));
    let again: Box<dyn Shape> = Loader::new().registry(&registry).from_slice(&bytes).unwrap();
    assert_eq!(again.area(), 12.0);

    let three = Three { dispatched: circle(), stated: circle(), listed: vec![circle()] };
    let again = copy(&three, &registry).unwrap();
    let bare = Circle { label: String::new(), ..circle() };
    assert_eq!((&again.dispatched, &again.listed[0]), (&bare, &bare));
    // As its derive says.
    assert_eq!(again.stated, circle());
}

#[test]
fn streams_from_before_an_override_are_still_read() {
    let mut plain = Registry::new();
    plain.register::<Circle>().unwrap();
    let shape: Box<dyn Any> = Box::new(circle());
    let bytes = Dumper::new().registry(&plain).to_vec(&shape).unwrap();
    let again: Box<dyn Any> = Loader::new().registry(&overridden()).from_slice(&bytes).unwrap();
    assert_eq!(again.downcast_ref(), Some(&circle()));
}

#[test]
fn a_dispatch_field_takes_a_type_by_its_derive_where_nothing_overrides_it() {
    #[derive(Reduce, Debug, PartialEq)]
    struct One(#[reduce(dispatch)] Circle);
    #[derive(Reduce, Debug, PartialEq)]
    struct Many(#[reduce(with = Vec<Dispatch>)] Vec<Circle>);
    let mut registry = Registry::new();
    registry.register::<Circle>().unwrap();
    assert_eq!(copy(&One(circle()), &registry).unwrap(), One(circle()));

    // An adapter of a container needs parts of its own.
    let error = copy(&Many(vec![circle()]), &registry).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Registry, "0[0]".to_string()));
    assert!(error.to_string().contains("use `Registry::override_reducer`"), "{error}");
}

#[test]
fn an_override_needs_something_to_override_and_a_free_name() {
    let mut registry = registry();
    let error = registry
        .override_reducer("geo.Circle", |c: &Circle| c.radius, |_: f64| circle())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`dispatch::Circle` is not registered, so there is nothing to override; use `Registry::reducer`"
    );
    registry.register::<Circle>().unwrap();
    let error = registry
        .override_reducer("net.Socket", |c: &Circle| c.radius, |_: f64| circle())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the name `net.Socket` is registered already, for `dispatch::foreign::Socket`"
    );
    // Its own name it may keep.
    registry.override_reducer("geo.Circle", |c: &Circle| c.radius, |_: f64| circle()).unwrap();
    let shape: Box<dyn Any> = Box::new(Circle { radius: 7.0, label: "x".into() });
    let again = copy(&shape, &registry).unwrap();
    assert_eq!(again.downcast_ref(), Some(&circle()));
}

// Layers.

#[test]
fn a_layer_adds_to_its_base_and_leaves_it_as_it_is() {
    let base = registry();
    let mut layer = Registry::over(&base);
    layer.register::<Circle>().unwrap().implement::<dyn Port, Socket>().unwrap();
    assert_eq!((base.len(), layer.len(), layer.is_empty()), (2, 3, false));
    assert_eq!(format!("{layer:?}"), r#"{"geo.Circle", "net.Socket", "net.Timer"}"#);

    let value: (Box<dyn Any>, Box<dyn Port>, Box<dyn Shape>) =
        (Box::new(Timer(1)), Box::new(Socket(2)), Box::new(circle()));
    let again = copy(&value, &layer).unwrap();
    assert_eq!(again.0.downcast_ref(), Some(&Timer(1)));
    assert_eq!((again.1.number(), again.2.area()), (2, 12.0));
    assert_eq!(
        Dumper::new().registry(&base).to_vec(&value.2).unwrap_err().kind(),
        ErrorKind::Registry
    );
    assert!(Registry::over(&Registry::new()).is_empty());
}

#[test]
fn a_layer_may_not_take_names_and_types_of_its_base() {
    let base = registry();
    let mut layer = Registry::over(&base);
    let error = layer.register_as::<u8>("net.Socket").unwrap_err();
    assert!(error.to_string().contains("is registered already"), "{error}");
    let error = layer.reducer("mine", |socket: &Socket| socket.0, Socket).unwrap_err();
    assert!(error.to_string().contains("is registered already"), "{error}");
    assert_eq!(layer.len(), 2);
}

#[test]
fn a_layer_overrides_for_its_session_alone() {
    let mut base = registry();
    base.register::<Circle>().unwrap();
    let mut layer = Registry::over(&base);
    layer
        .override_reducer(
            "geo.Circle",
            |circle: &Circle| circle.radius,
            |radius: f64| Circle { radius, label: "layer".into() },
        )
        .unwrap()
        .override_reducer("net.Socket", |_: &Socket| (), |()| Socket(99))
        .unwrap();
    let value: Vec<Box<dyn Any>> = vec![Box::new(circle()), Box::new(Socket(1))];

    let again = copy(&value, &layer).unwrap();
    assert_eq!(again[0].downcast_ref::<Circle>().unwrap().label, "layer");
    assert_eq!(again[1].downcast_ref(), Some(&Socket(99)));
    let again = copy(&value, &base).unwrap();
    assert_eq!(again[0].downcast_ref(), Some(&circle()));
    assert_eq!(again[1].downcast_ref(), Some(&Socket(1)));
}

#[test]
fn one_registry_serves_many_threads() {
    let registry = registry();
    std::thread::scope(|scope| {
        for n in 1..9 {
            let registry = &registry;
            scope.spawn(move || {
                let client = Client { socket: Socket(n), ..client() };
                assert_eq!(copy(&client, registry).unwrap(), client);
            });
        }
    });
}

/// A part that is cut off is an error; a bit that is turned gives an error or a value, and no panic.
#[test]
fn streams_that_were_tampered_with_are_refused_or_read() {
    let registry = registry();
    let value = (client(), Box::new(Socket(300)) as Box<dyn Any>);
    let bytes = Dumper::new().registry(&registry).to_vec(&value).unwrap();
    let loader = Loader::new().registry(&registry);
    let load = |bytes: &[u8]| loader.from_slice::<(Client, Box<dyn Any>)>(bytes);
    assert!(load(&bytes).is_ok());
    for length in 0..bytes.len() {
        assert!(load(&bytes[..length]).is_err(), "{length} of {} bytes", bytes.len());
    }
    let (mut read, mut refused) = (0, 0);
    for place in 0..bytes.len() * 8 {
        let mut bytes = bytes.clone();
        bytes[place / 8] ^= 1 << (place % 8);
        match load(&bytes) {
            Ok((client, any)) => {
                read += 1;
                assert!(any.is::<Socket>() || any.is::<Timer>(), "{client:?}");
            }
            Err(error) => {
                refused += 1;
                assert!(!error.to_string().is_empty());
            }
        }
    }
    assert!(read > 0 && refused > read, "{read} read, {refused} refused");
}
