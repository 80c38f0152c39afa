//! `version = N` with `upgrade(M = path)`: records of earlier versions, changed by functions before they are loaded.

use reduce_core::{
    BoxError, Context, Dumper, Error, ErrorKind, Loader, Record, Reduce, Registry, Value,
};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

fn dump<T: Reduce + ?Sized>(value: &T) -> Vec<u8> {
    reduce_core::to_vec(value).unwrap()
}

mod first {
    use super::*;

    #[derive(Reduce)]
    #[reduce(name = "app.User", version = 1)]
    pub struct User {
        pub first: String,
        pub last: String,
        pub age: u8,
        pub tags: Vec<String>,
        pub secret: u64,
    }

    pub fn ann() -> User {
        let (first, last) = ("Ann".into(), "Lee".into());
        User { first, last, age: 40, tags: vec!["a".into(), "b".into()], secret: 7 }
    }
}

mod second {
    use super::*;

    #[derive(Reduce)]
    #[reduce(name = "app.User", version = 2)]
    pub struct User {
        pub name: String,
        pub age: String,
        pub tags: Vec<String>,
    }
}

mod third {
    use super::*;

    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "app.User", version = 3, upgrade(1 = from_one, 2 = from_two), deny_unknown)]
    pub struct User {
        #[reduce(alias = "full")]
        pub name: String,
        pub years: u32,
        pub tags: Vec<String>,
        pub address: Address,
        #[reduce(default)]
        pub note: String,
    }

    #[derive(Debug, Default, PartialEq, Reduce)]
    #[reduce(name = "app.Address")]
    pub struct Address {
        pub lines: Vec<String>,
        pub zip: Option<u32>,
    }

    fn from_one(record: &mut Record) -> Result<(), Error> {
        assert_eq!((record.name(), record.version()), ("app.User", 1));
        let (first, last) = (record.take_as::<String>("first")?, record.take_as::<String>("last")?);
        record.insert("name", format!("{first} {last}"))?;
        let age = record.get("age").and_then(Value::as_u64).ok_or_else(|| record_error("age"))?;
        record.set("age", age.to_string())?;
        record.remove("secret");
        Ok(())
    }

    fn record_error(name: &str) -> Error {
        Error::custom(format!("no number in `{name}`"))
    }

    fn from_two(record: &mut Record) -> Result<(), BoxError> {
        assert_eq!(record.version(), 2);
        record.rename("age", "years")?;
        let years: i64 = record.get_as::<String>("years")?.parse()?;
        record.set("years", years)?;
        record.rename("name", "full")?;
        record
            .insert_from("address", &Address { lines: vec!["1 Main St".into()], zip: Some(9) })?;
        Ok(())
    }
}

fn upgraded(name: &str, years: u32) -> third::User {
    third::User {
        name: name.into(),
        years,
        tags: vec!["a".into(), "b".into()],
        address: third::Address { lines: vec!["1 Main St".into()], zip: Some(9) },
        note: String::new(),
    }
}

#[test]
fn functions_are_chained_from_the_streams_version_to_ours() {
    let old = dump(&first::ann());
    assert_eq!(reduce_core::from_slice::<third::User>(&old).unwrap(), upgraded("Ann Lee", 40));

    let tags = vec!["a".into(), "b".into()];
    let middle = second::User { name: "Bo".into(), age: "31".into(), tags };
    let middle = dump(&middle);
    assert_eq!(reduce_core::from_slice::<third::User>(&middle).unwrap(), upgraded("Bo", 31));

    let new = upgraded("Cy", 20);
    assert_eq!(reduce_core::from_slice::<third::User>(&dump(&new)).unwrap(), new);
}

#[test]
fn records_are_upgraded_wherever_they_are() {
    let old = || first::ann();
    let new = || upgraded("Ann Lee", 40);
    let list = dump(&vec![old(), old()]);
    assert_eq!(reduce_core::from_slice::<Vec<third::User>>(&list).unwrap(), [new(), new()]);
    let map = dump(&BTreeMap::from([(1u8, Some(Box::new(old())))]));
    let map: BTreeMap<u8, Option<Box<third::User>>> = reduce_core::from_slice(&map).unwrap();
    assert_eq!(map[&1].as_deref(), Some(&new()));

    let shared = Rc::new(old());
    let shared = dump(&vec![shared.clone(), shared]);
    let shared: Vec<Rc<third::User>> = reduce_core::from_slice(&shared).unwrap();
    assert!(Rc::ptr_eq(&shared[0], &shared[1]));
    assert_eq!(*shared[0], new());

    // Behind what another type has skipped.
    let pair = dump(&(old(), old()));
    let (_, second): (Value, third::User) = {
        let value = Value::from_slice(&pair).unwrap();
        let second = value[1].to::<third::User>().unwrap();
        (value, second)
    };
    assert_eq!(second, new());
}

#[test]
fn registered_types_are_upgraded_behind_trait_objects() {
    use std::any::Any;
    let (mut old, mut new) = (Registry::new(), Registry::new());
    old.register_as::<first::User>("user").unwrap();
    new.register_as::<third::User>("user").unwrap();
    let value: Box<dyn Any> = Box::new(first::ann());
    let bytes = Dumper::new().registry(&old).to_vec(&value).unwrap();
    let value: Box<dyn Any> = Loader::new().registry(&new).from_slice(&bytes).unwrap();
    assert_eq!(value.downcast_ref::<third::User>(), Some(&upgraded("Ann Lee", 40)));
}

#[test]
fn an_earlier_version_than_the_upgrades_begin_with_goes_by_names() {
    mod old {
        use super::*;
        #[derive(Reduce)]
        #[reduce(name = "app.Point")]
        pub struct Point {
            pub x: u8,
            pub y: u8,
        }
    }
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "app.Point", version = 2, upgrade(1 = never))]
    struct Point {
        y: u64,
        x: u64,
    }
    fn never(_: &mut Record) -> Result<(), BoxError> {
        Err("called".into())
    }
    let bytes = dump(&old::Point { x: 1, y: 2 });
    assert_eq!(reduce_core::from_slice::<Point>(&bytes).unwrap(), Point { x: 1, y: 2 });
}

#[test]
fn a_later_version_goes_by_names_unless_it_is_denied() {
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "app.User", version = 1)]
    struct Old {
        #[reduce(alias = "years")]
        age: u8,
    }
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "app.User", version = 1, deny_newer)]
    struct Strict {
        #[reduce(alias = "years")]
        age: u8,
    }
    let bytes = dump(&upgraded("Cy", 20));
    assert_eq!(reduce_core::from_slice::<Old>(&bytes).unwrap(), Old { age: 20 });
    let error = reduce_core::from_slice::<Strict>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    assert!(error.to_string().contains("version 3, which is newer than 1"), "{error}");
}

mod graph {
    use super::*;

    #[derive(Reduce)]
    #[reduce(name = "app.Team", version = 1)]
    pub struct Old {
        pub lead: Rc<String>,
        pub size: u8,
        pub members: Vec<Rc<String>>,
        pub best: Rc<String>,
    }

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Team", version = 2, upgrade(1 = from_one))]
    pub struct New {
        pub star: Rc<String>,
        pub head: Rc<String>,
        pub all: Vec<Rc<String>>,
        pub size: String,
    }

    fn from_one(record: &mut Record) -> Result<(), Error> {
        // Taken out and put in: it stays what it was.
        let lead = record.take("lead")?;
        assert_eq!((lead.kind(), lead.to_string()), ("unread field", "unread".into()));
        assert!(lead.to_vec().unwrap_err().to_string().contains("not look into"));
        assert!(lead.to::<Rc<String>>().is_err());
        record.insert("head", lead)?;
        record.rename("members", "all")?;
        record.rename("best", "star")?;
        let size = record.get_as::<u8>("size")?;
        record.set("size", format!("{size} people"))?;
        Ok(())
    }
}

#[test]
fn fields_that_are_moved_keep_their_objects() {
    let (ann, bo) = (Rc::new("Ann".to_string()), Rc::new("Bo".to_string()));
    let members = vec![bo.clone(), ann.clone(), bo.clone()];
    let old = graph::Old { lead: ann.clone(), size: 2, members, best: bo };
    let bytes = dump(&(ann, old));
    let (ann, new): (Rc<String>, graph::New) = reduce_core::from_slice(&bytes).unwrap();
    assert!(Rc::ptr_eq(&ann, &new.head) && Rc::ptr_eq(&new.all[1], &new.head));
    assert!(Rc::ptr_eq(&new.all[0], &new.star) && Rc::ptr_eq(&new.all[2], &new.star));
    assert_eq!((new.star.as_str(), new.size.as_str()), ("Bo", "2 people"));
}

#[test]
fn what_a_function_puts_in_is_loaded_as_any_value_is() {
    mod old {
        use super::*;
        #[derive(Reduce)]
        #[reduce(name = "app.Job", version = 1)]
        pub struct Job {
            pub text: String,
            pub gone: Option<u8>,
        }
    }
    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Job", version = 2, upgrade(1 = from_one))]
    struct Job {
        #[reduce(convert = parse)]
        number: f64,
        #[reduce(default = seven)]
        gone: u32,
        #[reduce(default = seven)]
        none: u32,
        #[reduce(rebuild = double, from(none))]
        twice: u32,
        #[reduce(skip, rebuild = label, from(number))]
        label: String,
        shared: (Rc<String>, Rc<String>),
        anything: Value,
    }
    fn parse(text: String) -> Result<f64, std::num::ParseFloatError> {
        text.parse()
    }
    fn seven() -> u32 {
        7
    }
    fn double(none: u32) -> u32 {
        none * 2
    }
    fn label(number: &f64) -> String {
        format!("#{number}")
    }
    fn from_one(record: &mut Record) -> Result<(), Error> {
        let text = record.take_as::<String>("text")?;
        record.insert("number", format!("{text}.5"))?;
        record.insert("none", Value::from(None::<u8>))?;
        let one = Rc::new("one".to_string());
        record.insert_from("shared", &(one.clone(), one))?;
        record.insert("anything", 5u8)
    }
    let bytes = dump(&old::Job { text: "12".into(), gone: None });
    let job: Job = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!((job.number, job.gone, job.none, job.twice), (12.5, 7, 7, 14));
    assert_eq!(job.label, "#12.5");
    assert!(Rc::ptr_eq(&job.shared.0, &job.shared.1));
    assert_eq!(job.anything, Value::U8(5));

    let bytes = dump(&old::Job { text: "x".into(), gone: Some(3) });
    let error = reduce_core::from_slice::<Job>(&bytes).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Convert, "number"));
}

#[test]
fn what_a_function_puts_in_may_have_weak_pointers_in_front_of_their_objects() {
    use std::cell::RefCell;
    use std::rc::Weak;

    #[derive(Reduce)]
    struct Node {
        id: u8,
        parent: RefCell<Weak<Node>>,
        children: RefCell<Vec<Rc<Node>>>,
    }
    #[derive(Reduce)]
    struct Scene {
        camera: Weak<Node>,
        roots: Vec<Rc<Node>>,
    }
    #[derive(Reduce)]
    #[reduce(name = "app.View")]
    struct Before {
        nodes: u8,
    }
    #[derive(Reduce)]
    #[reduce(name = "app.View", version = 1, upgrade(0 = build))]
    struct View {
        scene: Scene,
    }
    fn build(record: &mut Record) -> Result<(), Error> {
        let id = record.take_as("nodes")?;
        let node = |id| {
            let (parent, children) = Default::default();
            Rc::new(Node { id, parent, children })
        };
        let (root, child) = (node(id), node(id + 1));
        *child.parent.borrow_mut() = Rc::downgrade(&root);
        root.children.borrow_mut().push(child);
        let scene = Scene { camera: Rc::downgrade(&root), roots: vec![root] };
        record.insert("scene", Value::of(&scene)?)
    }
    let view: View = reduce_core::from_slice(&dump(&Before { nodes: 7 })).unwrap();
    let root = view.scene.camera.upgrade().unwrap();
    assert!(root.id == 7 && Rc::ptr_eq(&root, &view.scene.roots[0]));
    let child = root.children.borrow()[0].clone();
    assert!(child.id == 8 && Rc::ptr_eq(&child.parent.borrow().upgrade().unwrap(), &root));
}

#[test]
fn errors_say_where_which_step_and_why() {
    mod old {
        use super::*;
        #[derive(Reduce)]
        #[reduce(name = "app.Item", version = 4)]
        pub struct Item {
            pub count: u16,
        }
    }
    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Item", version = 6, upgrade(4 = from_four, 5 = from_five))]
    struct Item {
        count: u8,
        size: u8,
    }
    fn from_four(record: &mut Record) -> Result<(), BoxError> {
        match record.get("count").and_then(Value::as_u64) {
            Some(13) => Err("13 is no good".into()),
            Some(14) => Ok(record.rename("count", "coumt")?),
            _ => Ok(()),
        }
    }
    fn from_five(record: &mut Record) {
        if let Some(count) = record.get("count").cloned() {
            let _ = record.insert("size", count);
            if let Some(Value::U16(15)) = record.get("count") {
                let _ = record.set("size", "many");
            }
        }
    }
    let load = |count| {
        let bytes = dump(&vec![old::Item { count: 1 }, old::Item { count }]);
        reduce_core::from_slice::<Vec<Item>>(&bytes)
    };
    let items = load(2).unwrap();
    assert_eq!((items[1].count, items[1].size), (2, 2));

    let error = load(13).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Upgrade, "[1]"));
    assert_eq!(
        error.to_string(),
        "[1]: the upgrade function \"from_four\" of `app.Item`, from version 4 to 5, failed: 13 is no good"
    );
    let error = load(14).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::TypeMismatch, "[1]"));
    assert!(error.to_string().contains("has no field `count` after its upgrade"), "{error}");
    let error = load(15).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::TypeMismatch, "[1].size"));
    let error = load(300).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::InvalidValue, "[1].count"));
}

#[test]
fn fields_that_are_left_over_are_refused_where_the_type_says_so() {
    mod old {
        use super::*;
        #[derive(Reduce)]
        #[reduce(name = "app.Pair", version = 1)]
        pub struct Pair(pub u8, pub u8);
    }
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "app.Pair", version = 2, upgrade(1 = swap))]
    struct Open(u8);
    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Pair", version = 2, upgrade(1 = swap), deny_unknown)]
    struct Strict(#[allow(dead_code)] u8);
    fn swap(record: &mut Record) -> Result<(), Error> {
        let first = record.get_as::<u8>("0")?;
        let second = record.set("1", first)?;
        record.set("0", second).map(drop)
    }
    let bytes = dump(&old::Pair(1, 2));
    assert_eq!(reduce_core::from_slice::<Open>(&bytes).unwrap(), Open(2));
    let error = reduce_core::from_slice::<Strict>(&bytes).unwrap_err();
    assert!(error.to_string().contains("a field `1` after its upgrade"), "{error}");
}

struct Factor(u32);

mod scaled {
    use super::*;
    #[derive(Reduce)]
    #[reduce(name = "app.Scaled", version = 1)]
    pub struct Old<T> {
        pub size: u32,
        pub more: T,
    }
    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Scaled", version = 2, upgrade(1 = scale))]
    pub struct New<T> {
        pub size: u32,
        pub more: T,
    }
    fn scale(record: &mut Record, context: &Context<'_>) -> Result<(), BoxError> {
        let factor = context.require::<Factor>()?.0;
        let size = record.get_as::<u32>("size")?;
        record.set("size", size * factor)?;
        let calls = context.get::<Cell<u32>>();
        calls.inspect(|calls| calls.set(calls.get() + 1));
        Ok(())
    }
}

#[test]
fn functions_may_ask_for_the_context() {
    let bytes = dump(&scaled::Old { size: 4, more: vec![Some("x".to_string())] });
    let loader = Loader::new().context(Factor(10));
    let new: scaled::New<Vec<Option<String>>> = loader.from_slice(&bytes).unwrap();
    assert_eq!((new.size, new.more[0].as_deref()), (40, Some("x")));
    let error = reduce_core::from_slice::<scaled::New<Vec<Option<String>>>>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Upgrade);
    assert!(error.to_string().contains("needs a context of type"), "{error}");
}

#[test]
fn no_function_runs_before_the_whole_stream_is_found_well_formed() {
    let bytes = dump(&vec![
        scaled::Old { size: 4, more: "one".to_string() },
        scaled::Old { size: 5, more: "two".to_string() },
    ]);
    let calls = Cell::new(0u32);
    let loader = Loader::new().context(Factor(1));
    let load = |bytes: &[u8]| {
        calls.set(0);
        let loaded =
            loader.with_context(&calls).from_slice::<Vec<scaled::New<String>>>(bytes).map(drop);
        (loaded, calls.get())
    };
    assert!(matches!(load(&bytes), (Ok(()), 2)));
    for end in 0..bytes.len() {
        let (loaded, calls) = load(&bytes[..end]);
        assert!(loaded.is_err());
        assert_eq!(calls, 0, "{end}");
    }
    // The last text is none.
    let mut broken = bytes.clone();
    let at = broken.len() - 2;
    broken[at] = 0xFF;
    assert!(matches!(load(&broken), (Err(_), 0)));
}

#[test]
fn changed_bytes_are_a_value_or_an_error() {
    let old = graph::Old {
        lead: Rc::new("a".into()),
        size: 2,
        members: vec![Rc::new("b".into())],
        best: Rc::new("c".into()),
    };
    let streams = [dump(&first::ann()), dump(&old)];
    for (n, bytes) in streams.iter().enumerate() {
        for at in 0..bytes.len() {
            for with in [0, 1, 2, 5, 0x13, 0x20, 0x21, 0x40, 0x7F, 0x80, 0xFF] {
                let mut changed = bytes.clone();
                changed[at] = with;
                match n {
                    0 => drop(reduce_core::from_slice::<third::User>(&changed)),
                    _ => drop(reduce_core::from_slice::<graph::New>(&changed)),
                }
            }
        }
    }
}

#[test]
fn the_limits_hold_for_what_functions_make() {
    let bytes = dump(&first::ann());
    let limits = reduce_core::Limits::default().depth(1);
    let error = Loader::new().limits(limits).from_slice::<third::User>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
}
