//! Objects behind `dyn Any` whose types are not registered: kept, looked at, and dumped again as they were.

use reduce_core::{
    Dumper, ErrorKind, Limits, Loader, Reduce, Registry, UnknownObject, Value, disassemble,
};
use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(name = "plugin.Blur")]
struct Blur {
    radius: f32,
    passes: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(name = "plugin.Mode")]
enum Mode {
    Plain,
    Named { name: String, by: BTreeMap<String, u16> },
}

#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(name = "app.Size")]
struct Size(u32, u32);

fn blur() -> Blur {
    Blur { radius: 2.5, passes: vec![1, 2] }
}

fn named() -> Mode {
    Mode::Named { name: "soft".into(), by: BTreeMap::from([("a".into(), 7)]) }
}

/// A program with all plugins.
fn all() -> Registry {
    let mut registry = Registry::new();
    registry.register::<Blur>().unwrap().register::<Mode>().unwrap();
    registry.register::<Size>().unwrap();
    registry
}

/// One that knows `Size` alone, and keeps the rest.
fn few() -> Registry {
    let mut registry = Registry::new();
    registry.register::<Size>().unwrap().keep_unknown().unwrap();
    registry
}

fn dump<T: Reduce + ?Sized>(value: &T, registry: &Registry) -> Vec<u8> {
    Dumper::new().registry(registry).to_vec(value).unwrap()
}

fn load<T: for<'de> reduce_core::Expand<'de>>(
    bytes: &[u8],
    registry: &Registry,
) -> Result<T, reduce_core::Error> {
    Loader::new().registry(registry).from_slice(bytes)
}

fn unknown(object: &dyn Any) -> &UnknownObject {
    object.downcast_ref().unwrap()
}

fn effects() -> Vec<Box<dyn Any>> {
    vec![
        Box::new(blur()),
        Box::new(Size(3, 4)),
        Box::new(named()),
        Box::new(Mode::Plain),
        Box::new(Blur { radius: 0.0, passes: vec![] }),
    ]
}

#[test]
fn objects_of_unknown_types_are_read_and_dumped_as_they_were() {
    let bytes = dump(&effects(), &all());
    let kept: Vec<Box<dyn Any>> = load(&bytes, &few()).unwrap();
    assert_eq!(unknown(&*kept[0]).registered().to_string(), "plugin.Blur");
    assert_eq!(unknown(&*kept[0]).value()["radius"].as_f64(), Some(2.5));
    assert_eq!(kept[1].downcast_ref(), Some(&Size(3, 4)));
    assert_eq!(
        unknown(&*kept[2]).to_string(),
        r#"dyn plugin.Mode(plugin.Mode::Named { name: "soft", by: {"a": 7} })"#
    );
    assert_eq!(unknown(&*kept[0]).value().to::<Blur>().unwrap(), blur());

    let again = dump(&kept, &few());
    assert_eq!(disassemble(&again).unwrap().to_string(), disassemble(&bytes).unwrap().to_string());
    assert_eq!(again, bytes);
    let back: Vec<Box<dyn Any>> = load(&again, &all()).unwrap();
    assert_eq!(back[0].downcast_ref(), Some(&blur()));
    assert_eq!(back[2].downcast_ref(), Some(&named()));
    assert_eq!(back[3].downcast_ref(), Some(&Mode::Plain));
    // As a value too.
    assert_eq!(Value::from_slice(&again).unwrap(), Value::from_slice(&bytes).unwrap());
}

#[test]
fn unknown_objects_stand_behind_any_with_send_and_sync() {
    let mut registry = all();
    registry.implement::<dyn Any + Send, Blur>().unwrap();
    registry.implement::<dyn Any + Send + Sync, Blur>().unwrap();
    let pair: (Box<dyn Any + Send>, Arc<dyn Any + Send + Sync>) =
        (Box::new(blur()), Arc::new(blur()));
    let bytes = dump(&pair, &registry);
    let kept: (Box<dyn Any + Send>, Arc<dyn Any + Send + Sync>) = load(&bytes, &few()).unwrap();
    assert_eq!(unknown(&*kept.1).value()["radius"].as_f64(), Some(2.5));
    assert_eq!(dump(&kept, &few()), bytes);
}

#[test]
fn shared_objects_of_unknown_types_keep_their_identity() {
    type Objects = (Rc<dyn Any>, Rc<dyn Any>, Weak<dyn Any>, Arc<dyn Any>);
    let one: Rc<dyn Any> = Rc::new(blur());
    let objects: Objects = (one.clone(), one.clone(), Rc::downgrade(&one), Arc::new(named()));
    let bytes = dump(&objects, &all());
    let kept: Objects = load(&bytes, &few()).unwrap();
    assert!(Rc::ptr_eq(&kept.0, &kept.1));
    assert!(Rc::ptr_eq(&kept.0, &kept.2.upgrade().unwrap()));
    assert_eq!(unknown(&*kept.3).registered().to_string(), "plugin.Mode");
    let again = dump(&kept, &few());
    assert_eq!(again, bytes);
    let back: Objects = load(&again, &all()).unwrap();
    assert!(Rc::ptr_eq(&back.0, &back.1) && back.2.upgrade().is_some());
    assert_eq!(back.0.downcast_ref(), Some(&blur()));
}

#[test]
fn weak_pointers_in_front_of_unknown_objects_find_them() {
    type Objects = (Weak<dyn Any>, Weak<dyn Any>, Rc<dyn Any>);
    let one: Rc<dyn Any> = Rc::new(blur());
    let gone: Weak<dyn Any> = Weak::<Blur>::new();
    let bytes = dump(&(Rc::downgrade(&one), gone, one), &all());
    let mut none = Registry::new();
    none.keep_unknown().unwrap();
    let kept: Objects = load(&bytes, &none).unwrap();
    assert!(Rc::ptr_eq(&kept.0.upgrade().unwrap(), &kept.2) && kept.1.upgrade().is_none());
    let again = dump(&kept, &none);
    assert_eq!(again, bytes);
}

#[test]
fn codes_are_kept_as_names_are() {
    let mut coded = all();
    coded.code::<Blur>(300).unwrap();
    let bytes = dump(&effects(), &coded);
    let kept: Vec<Box<dyn Any>> = load(&bytes, &few()).unwrap();
    assert_eq!(unknown(&*kept[0]).registered().to_string(), "code 300");
    let again = dump(&kept, &few());
    assert_eq!(again, bytes);
    let back: Vec<Box<dyn Any>> = load(&again, &coded).unwrap();
    assert_eq!(back[0].downcast_ref(), Some(&blur()));
    // A short message has no room for a type that its reader does not know.
    let error = Dumper::new().registry(&few()).fingerprint(true).to_vec(&kept).unwrap_err();
    assert!(error.to_string().contains("`code 300`"), "{error}");
}

mod nested {
    use super::*;

    #[derive(Debug, Reduce)]
    #[reduce(name = "plugin.Group")]
    pub struct Group {
        pub name: Rc<String>,
        pub inner: Vec<Box<dyn Any>>,
        pub leader: Weak<Group>,
        pub shared: Rc<dyn Any>,
        pub again: Rc<dyn Any>,
        pub title: Rc<String>,
        pub free: Value,
    }

    pub fn group() -> Group {
        let (name, shared) = (Rc::new("n".to_string()), Rc::new(blur()));
        Group {
            title: name.clone(),
            name,
            inner: effects(),
            leader: Weak::new(),
            again: shared.clone(),
            shared,
            free: Value::shared("free"),
        }
    }
}

#[test]
fn unknown_objects_hold_shared_objects_and_trait_objects() {
    let mut registry = all();
    registry.register::<nested::Group>().unwrap();
    let group: Box<dyn Any> = Box::new(nested::group());
    let bytes = dump(&group, &registry);
    for known in [few(), Registry::new().keep_unknown().unwrap().clone()] {
        let kept: Box<dyn Any> = load(&bytes, &known).unwrap();
        assert_eq!(unknown(&*kept).value()["title"].to::<String>().unwrap(), "n");
        let again = dump(&kept, &known);
        assert_eq!(again, bytes);
        let back: Box<dyn Any> = load(&again, &registry).unwrap();
        let back = back.downcast_ref::<nested::Group>().unwrap();
        assert!(Rc::ptr_eq(&back.name, &back.title) && Rc::ptr_eq(&back.shared, &back.again));
        assert_eq!(back.inner[2].downcast_ref(), Some(&named()));
    }
    // Two of them, with objects of their own.
    let two: [Box<dyn Any>; 2] = [Box::new(nested::group()), Box::new(nested::group())];
    let bytes = dump(&two, &registry);
    let kept: [Box<dyn Any>; 2] = load(&bytes, &few()).unwrap();
    assert_eq!(kept[0].downcast_ref::<UnknownObject>(), kept[1].downcast_ref());
    assert_eq!(dump(&kept, &few()), bytes);
}

#[test]
fn what_an_unknown_object_holds_is_found_from_outside() {
    let mut registry = all();
    registry.register::<nested::Group>().unwrap();
    let group = nested::group();
    let name = group.name.clone();
    let bytes = dump(&(Box::new(group) as Box<dyn Any>, name.clone(), name), &registry);
    let (object, a, b): (Box<dyn Any>, Rc<String>, Rc<String>) = load(&bytes, &few()).unwrap();
    assert!(Rc::ptr_eq(&a, &b));
    assert_eq!(
        (a.as_str(), unknown(&*object).value()["name"].to::<String>().unwrap()),
        ("n", "n".into())
    );
}

#[test]
fn a_value_can_be_changed_before_it_is_dumped_again() {
    let bytes = dump(&effects(), &all());
    let mut kept: Vec<Box<dyn Any>> = load(&bytes, &few()).unwrap();
    let object = kept[0].downcast_mut::<UnknownObject>().unwrap();
    *object.value_mut().as_record_mut().unwrap().get_mut("radius").unwrap() = Value::F32(9.0);
    let back: Vec<Box<dyn Any>> = load(&dump(&kept, &few()), &all()).unwrap();
    assert_eq!(back[0].downcast_ref(), Some(&Blur { radius: 9.0, ..blur() }));
}

#[test]
fn a_later_program_of_the_type_reads_what_was_kept() {
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "plugin.Blur")]
    struct Later {
        #[reduce(default)]
        edges: bool,
        radius: f64,
    }
    let bytes = dump(&effects(), &all());
    let kept: Vec<Box<dyn Any>> = load(&bytes, &few()).unwrap();
    let mut later = few();
    later.register::<Later>().unwrap();
    let back: Vec<Box<dyn Any>> = load(&dump(&kept, &few()), &later).unwrap();
    assert_eq!(back[0].downcast_ref(), Some(&Later { edges: false, radius: 2.5 }));
    // What the registry learned meanwhile, it also reads beside what was kept.
    let mixed: Vec<Box<dyn Any>> =
        vec![kept.into_iter().next().unwrap(), Box::new(Later { edges: true, radius: 1.0 })];
    let bytes = dump(&mixed, &later);
    let back: Vec<Box<dyn Any>> = load(&bytes, &later).unwrap();
    assert_eq!(back[0].downcast_ref(), Some(&Later { edges: false, radius: 2.5 }));
    assert_eq!(back[1].downcast_ref(), Some(&Later { edges: true, radius: 1.0 }));
}

#[test]
fn without_the_opt_in_an_unknown_name_is_an_error() {
    let bytes = dump(&effects(), &all());
    let mut registry = Registry::new();
    registry.register::<Size>().unwrap();
    let error = load::<Vec<Box<dyn Any>>>(&bytes, &registry).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Registry, "[0]"));
    assert!(
        error.to_string().contains("no type is registered by the name `plugin.Blur`"),
        "{error}"
    );
    // Nor is what another session kept dumped.
    let kept: Vec<Box<dyn Any>> = load(&bytes, &few()).unwrap();
    let error = Dumper::new().registry(&registry).to_vec(&kept).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Registry, "[0]"));
    assert!(error.to_string().contains("call `Registry::keep_unknown`"), "{error}");
}

#[test]
fn a_registry_over_one_that_keeps_them_keeps_them_too() {
    let bytes = dump(&effects(), &all());
    let kept: Vec<Box<dyn Any>> = load(&bytes, &Registry::over(&few())).unwrap();
    assert_eq!(dump(&kept, &Registry::over(&few())), bytes);
    let mut frozen = few();
    let _other = frozen.clone();
    assert_eq!(frozen.keep_unknown().unwrap_err().kind(), ErrorKind::Registry);
}

#[reduce_core::object]
trait Shape {
    fn name(&self) -> String;
}

impl Shape for Blur {
    fn name(&self) -> String {
        "blur".into()
    }
}

#[test]
fn behind_a_trait_of_the_users_an_unknown_type_is_an_error() {
    let mut registry = all();
    registry.implement::<dyn Shape, Blur>().unwrap();
    let shapes: Vec<Rc<dyn Shape>> = vec![Rc::new(blur())];
    assert_eq!(shapes[0].name(), "blur");
    let error = load::<Vec<Rc<dyn Shape>>>(&dump(&shapes, &registry), &few()).err().unwrap();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Registry, "[0]"));
    let message = error.to_string();
    assert!(message.contains("no type is registered by the name `plugin.Blur`"), "{error}");
    assert!(message.contains("kept behind `dyn Any`"), "{error}");
}

/// Where the trait says what it is for an unknown object, one can stand behind it.
mod placeholder {
    use super::*;

    #[reduce_core::object]
    pub trait Effect {
        fn name(&self) -> String;
    }

    impl Effect for Blur {
        fn name(&self) -> String {
            "blur".into()
        }
    }

    impl Effect for UnknownObject {
        fn name(&self) -> String {
            format!("<{}>", self.registered())
        }
    }
}

#[test]
fn a_trait_that_is_implemented_for_unknown_objects_has_them_behind_it() {
    use placeholder::Effect;
    let mut registry = all();
    registry.implement::<dyn Effect, Blur>().unwrap();
    let effect: Rc<dyn Effect> = Rc::new(blur());
    let bytes = dump(&[effect.clone(), effect], &registry);
    let mut kept = few();
    kept.implement::<dyn Effect, UnknownObject>().unwrap();
    let effects: [Rc<dyn Effect>; 2] = load(&bytes, &kept).unwrap();
    assert!(Rc::ptr_eq(&effects[0], &effects[1]));
    assert_eq!(effects[0].name(), "<plugin.Blur>");
    assert_eq!(dump(&effects, &kept), bytes);
    let error = Dumper::new().registry(&few()).to_vec(&effects).unwrap_err();
    assert!(
        error.to_string().contains("the unknown type `plugin.Blur` stands behind a"),
        "{error}"
    );
}

#[test]
fn sessions_refer_to_unknown_objects_of_earlier_messages() {
    let (all, few) = (all(), few());
    let (dumper, loader) = (Dumper::new().registry(&all), Loader::new().registry(&few));
    let (again, back) = (Dumper::new().registry(&few), Loader::new().registry(&all));
    let (mut first, mut second) = (dumper.session(), loader.session());
    let (mut third, mut fourth) = (again.session(), back.session());
    let one: Rc<dyn Any> = Rc::new(blur());
    let mut met: Vec<Rc<dyn Any>> = Vec::new();
    for object in [one.clone(), one.clone(), Rc::new(named()), one, Rc::new(Mode::Plain)] {
        let bytes = first.to_vec(&object).unwrap();
        let kept: Rc<dyn Any> = second.from_slice(&bytes).unwrap();
        assert!(kept.is::<UnknownObject>());
        let bytes = third.to_vec(&kept).unwrap();
        met.push(fourth.from_slice(&bytes).unwrap());
    }
    assert!(Rc::ptr_eq(&met[0], &met[1]) && Rc::ptr_eq(&met[0], &met[3]));
    assert_eq!(met[2].downcast_ref(), Some(&named()));
    assert_eq!(met[4].downcast_ref(), Some(&Mode::Plain));
}

#[test]
fn unknown_objects_stand_beside_what_is_checked_first() {
    #[derive(Debug, Reduce)]
    struct Checked {
        effects: Vec<Box<dyn Any>>,
        #[reduce(skip, rebuild = count)]
        count: usize,
    }
    fn count(effects: &Vec<Box<dyn Any>>) -> usize {
        effects.len()
    }
    let bytes = dump(&Checked { effects: effects(), count: 0 }, &all());
    let kept: Checked = load(&bytes, &few()).unwrap();
    assert_eq!((kept.count, kept.effects.len()), (5, 5));
    assert_eq!(dump(&kept, &few()), bytes);
}

#[test]
fn canonical_dumps_of_what_was_kept_are_those_of_the_types() {
    let dumper = Dumper::new().canonical(true);
    let set: BTreeMap<u8, Box<dyn Any>> =
        effects().into_iter().zip(0..).map(|(e, n)| (n, e)).collect();
    let bytes = dumper.clone().registry(&all()).to_vec(&set).unwrap();
    let kept: BTreeMap<u8, Box<dyn Any>> = load(&bytes, &few()).unwrap();
    assert_eq!(dumper.registry(&few()).to_vec(&kept).unwrap(), bytes);
}

#[test]
fn pointers_of_other_kinds_read_them() {
    // Boxes of what was shared: each has its own copy, as of known types.
    let one: Rc<dyn Any> = Rc::new(blur());
    #[derive(Reduce)]
    #[reduce(name = "app.Pair")]
    struct Was(Rc<dyn Any>, Rc<dyn Any>);
    #[derive(Reduce)]
    #[reduce(name = "app.Pair")]
    struct Is(Box<dyn Any>, Box<dyn Any>);
    let bytes = dump(&Was(one.clone(), one), &all());
    let kept: Is = load(&bytes, &few()).unwrap();
    assert_eq!(unknown(&*kept.0), unknown(&*kept.1));
    let kept: Was = load(&dump(&kept, &few()), &few()).unwrap();
    assert_eq!(unknown(&*kept.0).value()["radius"].as_f64(), Some(2.5));
}

#[test]
fn a_pointer_that_knows_the_type_cannot_have_what_was_kept() {
    let one = Rc::new(blur());
    let bytes = dump(&(one.clone() as Rc<dyn Any>, one), &all());
    let error = load::<(Rc<dyn Any>, Rc<Blur>)>(&bytes, &few()).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::TypeMismatch, "1"));
    assert!(error.to_string().contains("register its type"), "{error}");
}

#[test]
fn shared_objects_with_state_are_refused() {
    #[derive(Debug, Reduce)]
    #[reduce(name = "plugin.Node")]
    struct Node {
        name: String,
        #[reduce(state)]
        next: RefCell<Vec<Rc<Node>>>,
    }
    let mut registry = all();
    registry.register::<Node>().unwrap();
    let node = Node { name: "n".into(), next: RefCell::default() };
    let bytes = dump(&(Rc::new(node) as Rc<dyn Any>), &registry);
    let error = load::<Rc<dyn Any>>(&bytes, &few()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.to_string().contains("`plugin.Node`"), "{error}");
    assert!(error.to_string().contains("register the type"), "{error}");
    // What is not shared has its state in place.
    let node = Node { name: "n".into(), next: RefCell::default() };
    let bytes = dump(&(Box::new(node) as Box<dyn Any>), &registry);
    let kept: Box<dyn Any> = load(&bytes, &few()).unwrap();
    assert_eq!(dump(&kept, &few()), bytes);
}

#[test]
fn unknown_objects_take_from_the_limits() {
    let many: Vec<Box<dyn Any>> =
        (0..1000).map(|_| Box::new(Mode::Plain) as Box<dyn Any>).collect();
    let bytes = dump(&many, &all());
    let most = Limits::default().bytes(1000 * size_of::<UnknownObject>() / 2);
    let loader = Loader::new().registry(&few());
    let error = loader.clone().limits(most).from_slice::<Vec<Box<dyn Any>>>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    assert_eq!(loader.from_slice::<Vec<Box<dyn Any>>>(&bytes).unwrap().len(), 1000);
}

#[test]
fn changed_bytes_are_a_value_or_an_error() {
    let mut registry = all();
    registry.register::<nested::Group>().unwrap();
    let one: Rc<dyn Any> = Rc::new(nested::group());
    let bytes = dump(&(effects(), Rc::downgrade(&one), one), &registry);
    type Root = (Vec<Box<dyn Any>>, Weak<dyn Any>, Rc<dyn Any>);
    let few = few();
    let loader = Loader::new().registry(&few);
    for at in 0..bytes.len() {
        for with in [0, 1, 2, 3, 5, 0x13, 0x1A, 0x20, 0x21, 0x40, 0x43, 0x80, 0xFF] {
            let mut changed = bytes.clone();
            changed[at] = with;
            if let Ok(kept) = loader.from_slice::<Root>(&changed) {
                let again = Dumper::new().registry(&few).to_vec(&kept).unwrap();
                drop(loader.from_slice::<Root>(&again).unwrap());
            }
        }
    }
}
