//! Messages that continue one another: `Dumper::session` and `Loader::session`.

use reduce_core::{
    Disassembly, DumpSession, Dumper, Error, ErrorKind, Limits, LoadSession, Loader, Reduce,
    Registry, disassemble,
};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::{Rc, Weak};
use std::sync::Arc;

#[derive(Reduce, Debug)]
#[reduce(name = "app.Order")]
struct Order {
    customer: Rc<str>,
    total: u32,
}

fn order(customer: &Rc<str>, total: u32) -> Order {
    Order { customer: customer.clone(), total }
}

/// Three messages about two customers.
fn orders() -> [Vec<u8>; 3] {
    let (ann, bob) = (Rc::<str>::from("Ann"), Rc::<str>::from("Bob"));
    let mut session = Dumper::new().session();
    [order(&ann, 1), order(&bob, 2), order(&ann, 3)].map(|order| session.to_vec(&order).unwrap())
}

fn dumper() -> DumpSession<'static> {
    Dumper::new().session()
}

fn loader() -> LoadSession<'static> {
    Loader::new().session()
}

fn shown(messages: &[Vec<u8>]) -> Disassembly {
    disassemble(&messages.concat()).unwrap()
}

/// How many definitions a message has.
fn definitions(message: &[u8], behind: &[Vec<u8>]) -> usize {
    let all = shown(&[behind.to_vec(), vec![message.to_vec()]].concat());
    assert!(all.error().is_none(), "{all}");
    let start = behind.concat().len();
    let lines = all.instructions().iter().filter(|line| line.offset >= start);
    lines
        .filter(|line| {
            ["record", "shared", "list", "named"].contains(&line.opcode)
                && line.step.starts_with('#')
        })
        .count()
}

#[test]
fn an_object_of_several_values_is_one_object_again() {
    let messages = orders();
    let mut session = loader();
    let [a, b, c] = messages.each_ref().map(|bytes| session.from_slice::<Order>(bytes).unwrap());
    assert!(Rc::ptr_eq(&a.customer, &c.customer) && !Rc::ptr_eq(&a.customer, &b.customer));
    assert_eq!((&*a.customer, &*b.customer), ("Ann", "Bob"));
    assert_eq!((a.total, b.total, c.total), (1, 2, 3));
}

#[test]
fn the_first_message_is_a_stream_like_any_other() {
    let ann = Rc::<str>::from("Ann");
    assert_eq!(orders()[0], reduce_core::to_vec(&order(&ann, 1)).unwrap());
    assert_eq!(reduce_core::from_slice::<Order>(&orders()[0]).unwrap().total, 1);
}

#[test]
fn types_are_defined_in_the_first_message_that_needs_them() {
    let mut session = dumper();
    let (one, two) = (Rc::new(1u8), Rc::new(2u8));
    let messages = [
        session.to_vec(&one).unwrap(),
        session.to_vec(&two).unwrap(),
        session.to_vec(&vec![one.clone(), two.clone()]).unwrap(),
        session.to_vec(&vec![two.clone()]).unwrap(),
        session.to_vec("text").unwrap(),
    ];
    let counts: Vec<_> = (0..5).map(|n| definitions(&messages[n], &messages[..n])).collect();
    assert_eq!(counts, [1, 0, 1, 0, 0]);

    let mut session = loader();
    let first: Rc<u8> = session.from_slice(&messages[0]).unwrap();
    let second: Rc<u8> = session.from_slice(&messages[1]).unwrap();
    let both: Vec<Rc<u8>> = session.from_slice(&messages[2]).unwrap();
    assert!(Rc::ptr_eq(&both[0], &first) && Rc::ptr_eq(&both[1], &second));
    let last: Vec<Rc<u8>> = session.from_slice(&messages[3]).unwrap();
    assert!(Rc::ptr_eq(&last[0], &second));
    assert_eq!(session.from_slice::<&str>(&messages[4]).unwrap(), "text");
}

#[test]
fn messages_follow_one_another_in_buffers_readers_and_slices() {
    let shared = Arc::new(7u32);
    let (mut session, mut file) = (dumper(), b"before".to_vec());
    session.append_to(&shared, &mut file).unwrap();
    session.to_writer(&mut file, &(shared.clone(), 1u8)).unwrap();
    file.extend(session.to_vec(&shared).unwrap());

    let (mut reader, mut loads) = (&file[6..], loader());
    let first: Arc<u32> = loads.from_reader(&mut reader).unwrap();
    let (second, _): (Arc<u32>, u8) = loads.from_reader(&mut reader).unwrap();
    let (third, rest) = loads.take_from_slice::<Arc<u32>>(reader).unwrap();
    assert!(Arc::ptr_eq(&first, &second) && Arc::ptr_eq(&first, &third));
    assert!(rest.is_empty());
}

#[test]
fn a_value_borrows_from_its_own_message() {
    let mut session = dumper();
    let messages = [session.to_vec(&("one", 1u8)).unwrap(), session.to_vec(&("two", 2u8)).unwrap()];
    let mut session = loader();
    let values = messages.each_ref().map(|bytes| session.from_slice::<(&str, u8)>(bytes).unwrap());
    drop(session);
    assert_eq!(values, [("one", 1), ("two", 2)]);
    assert!(messages[1].as_ptr_range().contains(&values[1].0.as_ptr()));
}

#[test]
fn a_temporary_object_keeps_its_number_for_the_whole_session() {
    let (mut session, mut loads) = (dumper(), loader());
    for n in 0..100u32 {
        // Without the memo, the next one would have this one's address.
        let bytes = session.to_vec(&Rc::new(n)).unwrap();
        assert_eq!(*loads.from_slice::<Rc<u32>>(&bytes).unwrap(), n);
    }
}

#[test]
fn an_object_is_written_once_whatever_changes_in_it_until_the_memo_is_cleared() {
    let cell = Rc::new(Cell::new(1u8));
    let (mut session, mut loads) = (dumper(), loader());
    let first: Rc<Cell<u8>> = loads.from_slice(&session.to_vec(&cell).unwrap()).unwrap();
    cell.set(2);
    let again: Rc<Cell<u8>> = loads.from_slice(&session.to_vec(&cell).unwrap()).unwrap();
    assert!(Rc::ptr_eq(&first, &again) && again.get() == 1);
    session.clear_memo();
    let anew: Rc<Cell<u8>> = loads.from_slice(&session.to_vec(&cell).unwrap()).unwrap();
    assert!(!Rc::ptr_eq(&first, &anew) && anew.get() == 2);
}

#[test]
fn the_memos_keep_objects_alive_until_they_are_cleared_or_replaced() {
    let (mut session, mut loads) = (dumper(), loader());
    let object = Rc::new(1u8);
    let bytes = session.to_vec(&object).unwrap();
    let loaded = Rc::downgrade(&loads.from_slice::<Rc<u8>>(&bytes).unwrap());
    assert_eq!((Rc::strong_count(&object), loaded.strong_count()), (2, 1));
    session.clear_memo();
    assert_eq!(Rc::strong_count(&object), 1);
    let again = Rc::downgrade(&loads.from_slice::<Rc<u8>>(&bytes).unwrap());
    assert_eq!((loaded.strong_count(), again.strong_count()), (0, 1));
    loads.clear_memo();
    assert_eq!(again.strong_count(), 0);
}

#[test]
fn a_message_that_is_not_the_next_one_is_an_error_that_says_so() {
    let [one, two, three] = orders();
    let kind = |error: Error, part: &str| {
        assert!(error.to_string().contains(part), "{error}");
        assert_eq!((error.kind(), error.offset()), (ErrorKind::Sequence, Some(9)));
    };
    let plain = reduce_core::from_slice::<Order>(&two).unwrap_err();
    kind(plain, "load all of them, in their order, with one `Loader::session`");
    kind(loader().from_slice::<Order>(&two).unwrap_err(), "continues 1 earlier one of its session");
    let mut session = loader();
    session.from_slice::<Order>(&one).unwrap();
    kind(session.from_slice::<Order>(&three).unwrap_err(), "was left out or failed");
    session.from_slice::<Order>(&two).unwrap();
    kind(session.from_slice::<Order>(&two).unwrap_err(), "for the second time");
    session.from_slice::<Order>(&three).unwrap();
    kind(session.from_slice::<Order>(&two).unwrap_err(), "for the second time");
}

/// As many objects and as many types, but other ones.
#[test]
fn a_message_of_another_session_is_an_error_even_where_all_counts_agree() {
    let (ann, bob) = (Rc::<str>::from("Ann"), Rc::<str>::from("Bob"));
    let [anns, bobs] = [ann, bob].map(|name| {
        let mut session = dumper();
        [session.to_vec(&order(&name, 1)).unwrap(), session.to_vec(&order(&name, 2)).unwrap()]
    });
    let mut session = loader();
    session.from_slice::<Order>(&anns[0]).unwrap();
    let error = session.from_slice::<Order>(&bobs[1]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Sequence);
    assert!(error.to_string().contains("another session"), "{error}");
    // So too where the message that began anew was left out.
    let mut dumps = dumper();
    dumps.to_vec(&order(&"Ann".into(), 1)).unwrap();
    dumps.clear_memo();
    dumps.to_vec(&order(&"Eve".into(), 1)).unwrap();
    let lost = dumps.to_vec(&order(&"Eve".into(), 1)).unwrap();
    assert_eq!(session.from_slice::<Order>(&lost).unwrap_err().kind(), ErrorKind::Sequence);
    assert_eq!(&*session.from_slice::<Order>(&anns[1]).unwrap().customer, "Ann");
}

#[test]
fn a_dump_that_fails_changes_nothing() {
    #[derive(Reduce)]
    #[reduce(name = "app.Pair")]
    struct Pair(Rc<u8>, Rc<RefCell<Option<Rc<u16>>>>);
    let (known, inner) = (Rc::new(1u8), Rc::new(RefCell::new(Some(Rc::new(2u16)))));
    let mut session = dumper();
    let mut file = session.to_vec(&known).unwrap();
    let length = file.len();
    for _ in 0..3 {
        let guard = inner.borrow_mut();
        let pair = Pair(Rc::new(9), inner.clone());
        let error = session.append_to(&pair, &mut file).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert_eq!((file.len(), Rc::strong_count(&inner)), (length, 2));
        drop(guard);
    }
    // The memo of a session that never failed.
    let pair = Pair(known.clone(), inner.clone());
    session.append_to(&pair, &mut file).unwrap();
    let mut sound = dumper();
    let all = [sound.to_vec(&known).unwrap(), sound.to_vec(&pair).unwrap()].concat();
    assert_eq!(file, all);
    let mut loads = loader();
    let (first, rest) = loads.take_from_slice::<Rc<u8>>(&file).unwrap();
    let pair: Pair = loads.from_slice(rest).unwrap();
    assert!(Rc::ptr_eq(&pair.0, &first));
    assert_eq!(**pair.1.borrow().as_ref().unwrap(), 2);
}

#[test]
fn a_reducer_that_panics_changes_nothing() {
    struct Panics(Rc<u8>);
    impl reduce_core::Describe for Panics {
        fn def() -> &'static reduce_core::TypeDef {
            <(Rc<u8>, Rc<u8>)>::def()
        }
    }
    impl Reduce for Panics {
        fn reduce(&self, w: &mut reduce_core::Writer<'_>) -> Result<(), Error> {
            self.0.reduce(w)?;
            panic!("as it must")
        }
    }
    let (known, new) = (Rc::new(1u8), Rc::new(2u8));
    let mut session = dumper();
    let first = session.to_vec(&known).unwrap();
    let panicked = catch_unwind(AssertUnwindSafe(|| session.to_vec(&Panics(new.clone()))));
    assert!(panicked.is_err());
    assert_eq!(Rc::strong_count(&new), 1);
    let second = session.to_vec(&vec![known, new]).unwrap();
    let mut loads = loader();
    let known: Rc<u8> = loads.from_slice(&first).unwrap();
    let both: Vec<Rc<u8>> = loads.from_slice(&second).unwrap();
    assert!(Rc::ptr_eq(&both[0], &known) && *both[1] == 2);
}

#[test]
fn a_writer_that_fails_leaves_the_session_where_it_was() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::other("full"))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let (one, two) = (Rc::new(1u8), Rc::new(2u16));
    let mut session = dumper();
    for _ in 0..2 {
        assert_eq!(session.to_writer(Full, &one).unwrap_err().kind(), ErrorKind::Io);
    }
    let mut file = Vec::new();
    session.to_writer(&mut file, &one).unwrap();
    assert_eq!(session.to_writer(Full, &two).unwrap_err().kind(), ErrorKind::Io);
    session.to_writer(&mut file, &(one, two)).unwrap();
    let (mut reader, mut loads) = (file.as_slice(), loader());
    let one: Rc<u8> = loads.from_reader(&mut reader).unwrap();
    let (again, two): (Rc<u8>, Rc<u16>) = loads.from_reader(&mut reader).unwrap();
    assert!(Rc::ptr_eq(&one, &again) && *two == 2);
}

#[derive(Reduce, Debug)]
#[reduce(name = "app.Refused")]
struct Refused {
    objects: Vec<Rc<str>>,
    #[reduce(skip, rebuild = refuse, from(), context(Cell<u8>))]
    _made: (),
}

/// Fails the first time, panics the second time.
fn refuse(tries: &Cell<u8>) -> Result<(), String> {
    tries.set(tries.get() + 1);
    match tries.get() {
        1 => Err("not yet".into()),
        2 => panic!("as it must"),
        _ => Ok(()),
    }
}

#[test]
fn a_load_that_fails_changes_nothing_and_may_be_tried_again() {
    let (known, new) = (Rc::<str>::from("known"), Rc::<str>::from("new"));
    let mut session = dumper();
    let first = session.to_vec(&known).unwrap();
    let objects = vec![known.clone(), new.clone(), new.clone()];
    let second = session.to_vec(&Refused { objects, _made: () }).unwrap();
    let third = session.to_vec(&vec![new, known]).unwrap();

    let (loads, tries) = (Loader::new(), Cell::new(0u8));
    let mut session = loads.with_context(&tries).session();
    let known: Rc<str> = session.from_slice(&first).unwrap();
    let count = Rc::strong_count(&known);
    assert_eq!(session.from_slice::<Refused>(&second).unwrap_err().kind(), ErrorKind::Rebuild);
    let panicked =
        catch_unwind(AssertUnwindSafe(|| session.from_slice::<Refused>(&second).map(drop)));
    assert!(panicked.is_err());
    // Of another type, cut, and with bytes behind it.
    assert_eq!(session.from_slice::<Rc<str>>(&second).unwrap_err().kind(), ErrorKind::TypeMismatch);
    assert_eq!(
        session.from_slice::<Refused>(&second[..second.len() - 1]).unwrap_err().kind(),
        ErrorKind::UnexpectedEnd
    );
    let longer = [&second[..], &[0]].concat();
    assert_eq!(
        session.from_slice::<Refused>(&longer).unwrap_err().kind(),
        ErrorKind::TrailingBytes
    );
    assert_eq!((tries.get(), Rc::strong_count(&known)), (2, count));

    let value: Refused = session.from_slice(&second).unwrap();
    assert!(Rc::ptr_eq(&value.objects[0], &known));
    assert!(Rc::ptr_eq(&value.objects[1], &value.objects[2]));
    let last: Vec<Rc<str>> = session.from_slice(&third).unwrap();
    assert!(Rc::ptr_eq(&last[0], &value.objects[1]) && Rc::ptr_eq(&last[1], &known));
}

#[test]
fn a_message_that_begins_anew_and_fails_leaves_the_session_as_it_was() {
    let messages = orders();
    let mut session = loader();
    let first: Order = session.from_slice(&messages[0]).unwrap();
    let other = reduce_core::to_vec(&order(&"Eve".into(), 1)).unwrap();
    assert!(session.from_slice::<u8>(&other).is_err());
    assert!(session.from_slice::<Order>(&other[..other.len() - 1]).is_err());
    session.from_slice::<Order>(&messages[1]).unwrap();
    let third: Order = session.from_slice(&messages[2]).unwrap();
    assert!(Rc::ptr_eq(&first.customer, &third.customer));
}

#[test]
fn limits_hold_for_each_message_by_itself() {
    let mut session = dumper();
    let messages: Vec<_> = (0..10u64).map(|n| session.to_vec(&vec![n; 60]).unwrap()).collect();
    let mut session = Loader::new().limits(Limits::default().elements(100)).session();
    for (n, bytes) in messages.iter().enumerate() {
        assert_eq!(session.from_slice::<Vec<u64>>(bytes).unwrap(), vec![n as u64; 60]);
    }
}

#[derive(Reduce)]
#[reduce(name = "app.Dir")]
struct Dir {
    name: String,
    parent: Weak<Dir>,
    children: RefCell<Vec<Rc<Dir>>>,
}

#[test]
fn weak_pointers_refer_to_objects_of_earlier_values() {
    let root =
        Rc::new(Dir { name: "root".into(), parent: Weak::new(), children: RefCell::default() });
    let child = |name: &str| {
        let child =
            Dir { name: name.into(), parent: Rc::downgrade(&root), children: RefCell::default() };
        Rc::new(child)
    };
    let mut session = dumper();
    let lone = Rc::new(1u8);
    let messages = [
        session.to_vec(&root).unwrap(),
        session.to_vec(&vec![child("a"), child("b")]).unwrap(),
        // Owned by a later value alone.
        session.to_vec(&Rc::downgrade(&lone)).unwrap(),
        session.to_vec(&lone).unwrap(),
        session.to_vec(&Rc::downgrade(&lone)).unwrap(),
    ];
    let shown = shown(&messages);
    assert!(shown.error().is_none(), "{shown}");
    let mut session = loader();
    let root: Rc<Dir> = session.from_slice(&messages[0]).unwrap();
    let children: Vec<Rc<Dir>> = session.from_slice(&messages[1]).unwrap();
    assert!(children.iter().all(|child| Rc::ptr_eq(&child.parent.upgrade().unwrap(), &root)));
    assert!(session.from_slice::<Weak<u8>>(&messages[2]).unwrap().upgrade().is_none());
    let lone: Rc<u8> = session.from_slice(&messages[3]).unwrap();
    let weak: Weak<u8> = session.from_slice(&messages[4]).unwrap();
    assert!(Rc::ptr_eq(&weak.upgrade().unwrap(), &lone));
}

/// Written in another order than it is met, so in several passes; the memo must not remember the first ones.
#[test]
fn objects_ahead_of_the_root_take_their_numbers_behind_those_of_earlier_values() {
    let tree = |name: &str| {
        Rc::new_cyclic(|root: &Weak<Dir>| Dir {
            name: name.into(),
            parent: Weak::new(),
            children: RefCell::new(vec![Rc::new(Dir {
                name: format!("{name}/0"),
                parent: root.clone(),
                children: RefCell::default(),
            })]),
        })
    };
    let (one, two) = (tree("one"), tree("two"));
    let mut session = dumper();
    let child = |root: &Rc<Dir>| root.children.borrow()[0].clone();
    // The child comes first, its parent later.
    let messages = [
        session.to_vec(&(child(&one), one.clone())).unwrap(),
        session.to_vec(&(child(&two), two.clone(), one.clone())).unwrap(),
        session.to_vec(&vec![child(&one), two]).unwrap(),
    ];
    let all = shown(&messages);
    assert!(all.error().is_none() && all.to_string().contains("ahead"), "{all}");
    let mut session = loader();
    let (a, one): (Rc<Dir>, Rc<Dir>) = session.from_slice(&messages[0]).unwrap();
    let (b, two, again): (Rc<Dir>, Rc<Dir>, Rc<Dir>) = session.from_slice(&messages[1]).unwrap();
    assert!(
        Rc::ptr_eq(&one, &again) && Rc::ptr_eq(&child(&one), &a) && Rc::ptr_eq(&child(&two), &b)
    );
    assert!(Rc::ptr_eq(&a.parent.upgrade().unwrap(), &one));
    assert!(Rc::ptr_eq(&b.parent.upgrade().unwrap(), &two));
    assert_eq!((&*one.name, &*b.name), ("one", "two/0"));
    let last: Vec<Rc<Dir>> = session.from_slice(&messages[2]).unwrap();
    assert!(Rc::ptr_eq(&last[0], &a) && Rc::ptr_eq(&last[1], &two));
}

#[derive(Reduce)]
#[reduce(name = "app.Ring")]
struct Ring {
    id: u8,
    #[reduce(state)]
    next: RefCell<Option<Rc<Ring>>>,
}

#[test]
fn states_may_refer_to_objects_of_earlier_values() {
    let node = |id| Rc::new(Ring { id, next: RefCell::default() });
    let (a, b, c) = (node(0), node(1), node(2));
    *a.next.borrow_mut() = Some(b.clone());
    *b.next.borrow_mut() = Some(a.clone());
    *c.next.borrow_mut() = Some(b.clone());
    let mut session = dumper();
    let messages =
        [session.to_vec(&a).unwrap(), session.to_vec(&vec![c.clone(), b.clone()]).unwrap()];
    a.next.take();
    let mut session = loader();
    let a: Rc<Ring> = session.from_slice(&messages[0]).unwrap();
    let rest: Vec<Rc<Ring>> = session.from_slice(&messages[1]).unwrap();
    let next = |node: &Rc<Ring>| node.next.borrow().clone().unwrap();
    assert!(Rc::ptr_eq(&next(&a), &rest[1]) && Rc::ptr_eq(&next(&rest[1]), &a));
    assert!(Rc::ptr_eq(&next(&rest[0]), &rest[1]));
    assert_eq!((a.id, rest[0].id, rest[1].id), (0, 2, 1));
    a.next.take();
}

#[test]
fn registered_types_are_named_once_and_met_behind_any_pointer() {
    let mut registry = Registry::new();
    registry.register_as::<String>("text").unwrap().register_as::<u32>("number").unwrap();
    registry.code::<u32>(5).unwrap();
    let mut session = Dumper::new().registry(&registry).session();
    let text: Rc<dyn Any> = Rc::new("shared".to_string());
    let concrete = text.clone().downcast::<String>().unwrap();
    let messages = [
        session.to_vec(&text).unwrap(),
        session.to_vec(&vec![text.clone(), Rc::new(7u32) as Rc<dyn Any>]).unwrap(),
        session.to_vec(&vec![text.clone(), Rc::new(8u32) as Rc<dyn Any>]).unwrap(),
        session.to_vec(&concrete).unwrap(),
    ];
    let counts: Vec<_> = (0..4)
        .map(|n| messages[n].windows(6).filter(|w| w == b"number" || w == b"\x04text\x10").count())
        .collect();
    assert_eq!(counts, [1, 0, 0, 0], "the code needs no name");
    let mut session = Loader::new().registry(&registry).session();
    let text: Rc<dyn Any> = session.from_slice(&messages[0]).unwrap();
    let two: Vec<Rc<dyn Any>> = session.from_slice(&messages[1]).unwrap();
    let three: Vec<Rc<dyn Any>> = session.from_slice(&messages[2]).unwrap();
    let concrete: Rc<String> = session.from_slice(&messages[3]).unwrap();
    let number = |value: &Rc<dyn Any>| *value.downcast_ref::<u32>().unwrap();
    assert_eq!((number(&two[1]), number(&three[1])), (7, 8));
    for same in [&two[0], &three[0]] {
        assert!(Rc::ptr_eq(same, &text));
    }
    assert!(Rc::ptr_eq(&text.downcast::<String>().unwrap(), &concrete));
}

#[test]
fn registered_types_go_on_whether_they_are_named_as_their_records_or_not() {
    let point = || Rc::new(Part { id: 7, parts: Vec::new(), known: RefCell::default() });
    for name in ["app.Part", "another.Name"] {
        let mut registry = Registry::new();
        registry.register_as::<Part>(name).unwrap().register::<Ring>().unwrap();
        let mut dumps = Dumper::new().registry(&registry).session();
        let mut loads = Loader::new().registry(&registry).session();
        let mut known: Vec<Rc<dyn Any>> = Vec::new();
        let mut objects: Vec<Rc<dyn Any>> = vec![point()];
        for round in 0..5usize {
            let bytes = dumps.to_vec(&objects).unwrap();
            let again: Vec<Rc<dyn Any>> = loads.from_slice(&bytes).unwrap();
            assert_eq!(again.len(), round + 1);
            assert!(known.iter().zip(&again).all(|(known, again)| Rc::ptr_eq(known, again)));
            assert_eq!(again[0].downcast_ref::<Part>().unwrap().id, 7);
            let ring = Rc::new(Ring { id: round as u8, next: RefCell::default() });
            objects.push(ring);
            known = again;
        }
        assert_eq!(known[4].downcast_ref::<Ring>().unwrap().id, 3);
    }
}

#[test]
fn canonical_order_and_shared_keys_go_on_from_message_to_message() {
    let keys: Vec<Rc<str>> = ["b", "c", "a"].map(Rc::from).to_vec();
    let map: HashMap<Rc<str>, u8> = keys.iter().cloned().zip(0..).collect();
    let dump = || {
        let mut session = Dumper::new().canonical(true).session();
        [
            session.to_vec(&keys).unwrap(),
            session.to_vec(&map).unwrap(),
            session.to_vec(&keys[1]).unwrap(),
        ]
    };
    let messages = dump();
    assert_eq!(messages, dump());
    let mut session = loader();
    let keys: Vec<Rc<str>> = session.from_slice(&messages[0]).unwrap();
    let map: HashMap<Rc<str>, u8> = session.from_slice(&messages[1]).unwrap();
    for (n, key) in keys.iter().enumerate() {
        let (found, value) = map.get_key_value(key).unwrap();
        assert!(Rc::ptr_eq(found, key) && usize::from(*value) == n);
    }
    let c: Rc<str> = session.from_slice(&messages[2]).unwrap();
    assert!(Rc::ptr_eq(&c, &keys[1]));
}

#[derive(Reduce)]
#[reduce(name = "app.Frame")]
struct Frame {
    camera: Rc<str>,
    #[reduce(out_of_band)]
    pixels: Vec<u8>,
}

#[test]
fn each_message_has_buffers_of_its_own() {
    let camera = Rc::<str>::from("left");
    let taken = RefCell::new(Vec::new());
    let dumper = Dumper::new();
    let mut session = dumper
        .buffers(|bytes| {
            taken.borrow_mut().push(bytes.to_vec());
            Ok(true)
        })
        .session();
    let frames = [1, 2].map(|n| Frame { camera: camera.clone(), pixels: vec![n; 5000] });
    let messages = frames.each_ref().map(|frame| session.to_vec(frame).unwrap());
    drop(session);
    let buffers = taken.into_inner();
    assert_eq!((buffers.len(), messages.concat().len() < 300), (2, true));
    let mut session = loader();
    let one: Frame = session.from_slice_with_buffers(&messages[0], &buffers[..1]).unwrap();
    assert_eq!(session.from_slice::<Frame>(&messages[1]).err().unwrap().kind(), ErrorKind::Buffers);
    let two: Frame = session.from_slice_with_buffers(&messages[1], &buffers[1..]).unwrap();
    assert!(Rc::ptr_eq(&one.camera, &two.camera));
    assert_eq!((one.pixels[0], two.pixels[0], two.pixels.len()), (1, 2, 5000));
}

#[test]
fn fingerprints_are_refused_at_dump_and_change_nothing_at_load() {
    let mut session = Dumper::new().fingerprint(true).session();
    let error = session.to_vec(&1u8).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.to_string().contains("without `fingerprint`"), "{error}");

    let messages = orders();
    let mut session = loader();
    session.from_slice::<Order>(&messages[0]).unwrap();
    let between = Dumper::new().fingerprint(true).to_vec(&5u8).unwrap();
    assert_eq!(session.from_slice::<u8>(&between).unwrap(), 5);
    session.from_slice::<Order>(&messages[1]).unwrap();
}

#[test]
fn another_type_than_the_next_one_is_an_error_that_names_both() {
    let messages = orders();
    let mut session = loader();
    session.from_slice::<Order>(&messages[0]).unwrap();
    let error = session.from_slice::<Vec<u8>>(&messages[1]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    assert_eq!(
        error.to_string().split(" (at").next().unwrap(),
        "the stream has `app.Order`, which cannot become `list<u8>`"
    );
    assert!(format!("{error:#}").contains("asked for:\nlist<u8>"), "{error:#}");
}

#[test]
fn a_session_that_is_shown_whole_has_all_its_messages() {
    let messages = orders();
    let all = shown(&messages);
    assert!(all.error().is_none(), "{all}");
    let text = all.to_string();
    assert!(text.contains("continues 1 message, 1 object, 2 definitions"), "{text}");
    assert!(text.contains("memo 1"), "{text}");
    // The customer of the third order stands in the first one.
    let back = all.instructions().iter().rfind(|line| line.opcode == "back_reference");
    assert!(back.unwrap().operand.starts_with("memo 0, from byte"), "{text}");

    let alone = disassemble(&messages[1]).unwrap();
    assert_eq!(alone.error().unwrap().kind(), ErrorKind::Sequence);
    assert!(alone.to_string().contains("continues 1 message"), "{alone}");
    let torn = shown(&[messages[0].clone(), messages[2].clone()]);
    assert_eq!(torn.error().unwrap().kind(), ErrorKind::Sequence);
    // Plain streams among them are shown too, and begin anew.
    let plain = reduce_core::to_vec(&7u8).unwrap();
    let mixed = shown(&[plain.clone(), messages[0].clone(), messages[1].clone(), plain]);
    assert!(mixed.error().is_none(), "{mixed}");
}

/// Loads three messages, of which the second is not as it was: every load must be a value or an error, and none of them
/// an object that it was not.
fn survives(messages: &[Vec<u8>; 3], second: &[u8]) {
    let mut session = loader();
    let first: Order = session.from_slice(&messages[0]).unwrap();
    let changed = session.from_slice::<Order>(second);
    match session.from_slice::<Order>(&messages[2]) {
        Ok(_) => assert_eq!(second, messages[1]),
        Err(error) => assert_eq!(error.kind(), ErrorKind::Sequence),
    }
    let whole = changed.is_ok();
    if !whole {
        // As it was: the session goes on.
        let second: Order = session.from_slice(&messages[1]).unwrap();
        let third: Order = session.from_slice(&messages[2]).unwrap();
        assert_eq!((&*second.customer, second.total), ("Bob", 2));
        assert!(Rc::ptr_eq(&first.customer, &third.customer));
    }
    let shown = disassemble(&[&messages[0][..], second].concat()).unwrap();
    if whole {
        assert!(shown.error().is_none(), "{second:02x?} loads, but:\n{shown}");
    }
}

#[test]
fn a_changed_message_is_a_value_or_an_error_and_never_another_object() {
    let messages = orders();
    let second = &messages[1];
    survives(&messages, second);
    for at in 0..second.len() {
        for bit in 0..8 {
            let mut bytes = second.clone();
            bytes[at] ^= 1 << bit;
            survives(&messages, &bytes);
        }
        survives(&messages, &second[..at]);
        let mut doubled = second.clone();
        doubled.insert(at, second[at]);
        survives(&messages, &doubled);
        let mut removed = second.clone();
        removed.remove(at);
        survives(&messages, &removed);
    }
}

/// Where the counts and the check say, behind the header of 9 bytes.
#[test]
fn wrong_counts_are_errors() {
    let messages = orders();
    assert_eq!(messages[1][9..12], [1, 1, 2]);
    for (at, counts) in [(9, 0..=255u8), (10, 0..=255), (11, 0..=255), (12, 0..=255)] {
        for count in counts.filter(|count| *count != messages[1][at]) {
            let mut bytes = messages[1].clone();
            bytes[at] = count;
            let mut session = loader();
            session.from_slice::<Order>(&messages[0]).unwrap();
            let kind = session.from_slice::<Order>(&bytes).unwrap_err().kind();
            assert!(matches!(kind, ErrorKind::Sequence | ErrorKind::Malformed), "{kind:?}");
            session.from_slice::<Order>(&messages[1]).unwrap();
        }
    }
}

/// A rebuild function must not run for a message with a wrong reference in it, though its object is of another message.
#[test]
fn references_to_earlier_objects_are_checked_before_anything_is_made() {
    #[derive(Reduce)]
    #[reduce(name = "app.Made")]
    struct Made {
        object: Rc<u8>,
        #[reduce(skip, rebuild = made, from(), context(Cell<u8>))]
        _made: (),
    }
    fn made(count: &Cell<u8>) {
        count.set(count.get() + 1);
    }
    let mut session = dumper();
    let (number, text) = (Rc::new(1u8), Rc::<str>::from("text"));
    let first = session.to_vec(&(number.clone(), text)).unwrap();
    let make = || Made { object: number.clone(), _made: () };
    let second = session.to_vec(&vec![make(), make()]).unwrap();
    let mut wrong = second.clone();
    let last = wrong.len() - 2;
    assert_eq!((wrong[last - 1], wrong[last]), (0x20, 0));
    wrong[last] = 1; // the text
    let (loads, count) = (Loader::new(), Cell::new(0u8));
    let mut session = loads.with_context(&count).session();
    session.from_slice::<(Rc<u8>, Rc<str>)>(&first).unwrap();
    let error = session.from_slice::<Vec<Made>>(&wrong).err().unwrap();
    assert_eq!((error.kind(), count.get()), (ErrorKind::Malformed, 0));
    assert_eq!(session.from_slice::<Vec<Made>>(&second).unwrap().len(), 2);
    assert_eq!(count.get(), 2);
}

#[test]
fn eight_threads_have_a_session_each_from_the_same_settings() {
    let (dumper, loader) = (Dumper::new(), Loader::new());
    std::thread::scope(|scope| {
        for thread in 0..8u32 {
            let (dumper, loader) = (&dumper, &loader);
            scope.spawn(move || {
                let (mut dumps, mut loads) = (dumper.session(), loader.session());
                let shared = Arc::new(thread);
                let mut first: Option<Arc<u32>> = None;
                for n in 0..200u32 {
                    let bytes = dumps.to_vec(&(shared.clone(), Arc::new(n))).unwrap();
                    let (again, other): (Arc<u32>, Arc<u32>) = loads.from_slice(&bytes).unwrap();
                    assert!(Arc::ptr_eq(first.get_or_insert_with(|| again.clone()), &again));
                    assert_eq!((*again, *other), (thread, n));
                }
            });
        }
    });
}

/// A thousand messages take a thousand times as long as one, not a million times.
#[test]
fn a_message_takes_no_longer_behind_many_others() {
    let (mut dumps, mut loads) = (dumper(), loader());
    let mut longest = 0;
    for n in 0..20_000u32 {
        let bytes = dumps.to_vec(&vec![Rc::new(n), Rc::new(n)]).unwrap();
        longest = longest.max(bytes.len());
        let again: Vec<Rc<u32>> = loads.from_slice(&bytes).unwrap();
        assert!(*again[0] == n && !Rc::ptr_eq(&again[0], &again[1]));
    }
    assert!(longest < 80, "{longest} bytes");
}

#[derive(Reduce)]
#[reduce(name = "app.Part")]
struct Part {
    id: usize,
    parts: Vec<Rc<Part>>,
    known: RefCell<Vec<Weak<Part>>>,
}

/// Graphs in many messages, of which some begin anew: whatever holds what, the same does again.
#[test]
fn objects_are_the_same_again_however_they_are_spread_over_messages() {
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    let mut below = |end: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as usize % end
    };
    let (mut dumps, mut loads) = (dumper(), loader());
    let mut made: Vec<Rc<Part>> = Vec::new();
    // What was loaded since the memo was cleared, by id.
    let mut loaded: HashMap<usize, Rc<Part>> = HashMap::new();
    for round in 0..400 {
        for _ in 0..below(5) {
            let part = |below: &mut dyn FnMut(usize) -> usize| made[below(made.len())].clone();
            let some = if made.is_empty() { 0 } else { below(4) };
            let parts = (0..some).map(|_| part(&mut below)).collect();
            let known = (0..some / 2).map(|_| Rc::downgrade(&part(&mut below))).collect();
            made.push(Rc::new(Part { id: made.len(), parts, known: RefCell::new(known) }));
        }
        if below(20) == 0 {
            dumps.clear_memo();
            loaded.clear();
        }
        let some = if made.is_empty() { 0 } else { below(6) };
        let roots: Vec<_> = (0..some).map(|_| made[below(made.len())].clone()).collect();
        if below(10) == 0 {
            // A dump that fails on the way.
            let cell = Rc::new(RefCell::new(0u8));
            let _guard = cell.borrow_mut();
            assert!(dumps.to_vec(&(roots.clone(), cell.clone())).is_err());
        }
        let bytes = dumps.to_vec(&roots).unwrap();
        assert!(loads.from_slice::<Vec<Rc<Part>>>(&bytes[..bytes.len() - 1]).is_err());
        let again: Vec<Rc<Part>> = loads.from_slice(&bytes).unwrap();
        let mut pairs: Vec<_> = roots.into_iter().zip(again).collect();
        while let Some((was, is)) = pairs.pop() {
            assert_eq!((was.id, was.parts.len()), (is.id, is.parts.len()), "round {round}");
            if let Some(known) = loaded.get(&is.id) {
                assert!(Rc::ptr_eq(known, &is), "round {round}");
                continue;
            }
            loaded.insert(is.id, is.clone());
            pairs.extend(was.parts.iter().cloned().zip(is.parts.iter().cloned()));
            // A weak pointer is to the same object, or to one that no value owned so far.
            for (was, is) in was.known.borrow().iter().zip(is.known.borrow().iter()) {
                if let Some(is) = is.upgrade() {
                    pairs.push((was.upgrade().unwrap(), is));
                }
            }
        }
    }
    assert!(made.len() > 500);
}
