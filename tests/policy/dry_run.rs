//! `Loader::dry_run` and `Loader::check_as`: what a load would call.

use reduce_core::{
    Adapter, BoxError, CallKind, Context, Dispatch, DryRun, Dumper, ErrorKind, Expand, Limits,
    Loader, Persistent, Record, Reduce, Registry, Same, Value,
};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

thread_local! {
    static RUN: Cell<u64> = const { Cell::new(0) };
    /// Without functions that fail.
    static LOG: RefCell<Vec<&'static str>> = const { RefCell::new(vec![]) };
}

fn ran(function: &'static str) {
    RUN.set(RUN.get() + 1);
    LOG.with_borrow_mut(|log| log.push(function));
}

/// The lines of a dry run, which calls nothing; a load calls as many functions, and those of these names in this order.
fn lines<T>(loader: &Loader, bytes: &[u8]) -> Vec<String>
where
    T: for<'de> Expand<'de>,
{
    RUN.set(0);
    let run: DryRun = loader.dry_run::<T>(bytes).unwrap_or_else(|error| panic!("{error:#}"));
    let report = loader.check_as::<T>(bytes).unwrap();
    assert_eq!(RUN.get(), 0, "a function ran");
    assert_eq!(&report, run.report());
    assert_eq!(
        report.rebuilds().iter().map(|calls| calls.count()).sum::<u64>(),
        run.calls().len() as u64
    );
    LOG.take();
    loader.from_slice::<T>(bytes).map(drop).unwrap_or_else(|error| panic!("{error:#}"));
    let called = LOG.take();
    let named: Vec<&str> = run.calls().iter().map(|call| call.function()).collect();
    assert_eq!(called, named, "what a load calls, and what a dry run says");
    run.calls().iter().map(ToString::to_string).collect()
}

fn dump<T: Reduce>(value: &T) -> Vec<u8> {
    reduce_core::to_vec(value).unwrap()
}

#[derive(Reduce)]
#[reduce(name = "app.Job", validate = check)]
struct Job {
    id: u8,
    name: String,
    #[reduce(skip, rebuild = open, from(name))]
    file: u16,
    #[reduce(skip, default = empty)]
    log: Vec<u8>,
    #[reduce(skip, rebuild = both, from(id, file))]
    both: u32,
}

fn open(name: &str) -> u16 {
    ran("open");
    name.len() as u16
}

fn empty() -> Vec<u8> {
    ran("empty");
    vec![]
}

fn both(id: u8, file: u16) -> u32 {
    ran("both");
    u32::from(id) + u32::from(file)
}

fn check(job: &Job) -> Result<(), String> {
    ran("check");
    let whole = job.both == u32::from(job.id) + u32::from(job.file) && job.log.is_empty();
    if whole { Ok(()) } else { Err("not whole".into()) }
}

fn job(id: u8, name: &str) -> Job {
    Job { id, name: name.into(), file: 0, log: vec![], both: 0 }
}

#[test]
fn functions_of_fields_are_listed_in_the_order_of_a_load_with_their_arguments() {
    let bytes = dump(&(7u8, vec![job(1, "a.log"), job(2, "b.log")]));
    let lines = lines::<(u8, Vec<Job>)>(&Loader::new(), &bytes);
    assert_eq!(
        lines,
        [
            r#"1[0].file: open(name: "a.log")"#,
            "1[0].log: empty()",
            "1[0].both: both(id: 1, file: ?)",
            r#"1[0]: check(app.Job { id: 1, name: "a.log" })"#,
            r#"1[1].file: open(name: "b.log")"#,
            "1[1].log: empty()",
            "1[1].both: both(id: 2, file: ?)",
            r#"1[1]: check(app.Job { id: 2, name: "b.log" })"#,
        ]
    );
    let run = Loader::new().dry_run::<(u8, Vec<Job>)>(&bytes).unwrap();
    let call = &run.calls()[0];
    assert_eq!((call.path(), call.type_name()), ("1[0].file", "app.Job"));
    assert_eq!(call.kind(), CallKind::Rebuild);
    let arguments: Vec<_> = call.arguments().collect();
    assert_eq!(arguments, [("name", Some(&Value::from("a.log")))]);
    let shown = run.report().to_string();
    assert!(shown.contains("2 calls of open, rebuild of app.Job.file"), "{shown}");
    assert!(shown.contains("2 calls of check, validate of app.Job\n"), "{shown}");
}

#[test]
fn lists_in_columns_are_no_different() {
    let jobs: Vec<Job> = (0..20).map(|id| job(id, "x")).collect();
    let lines = lines::<Vec<Job>>(&Loader::new(), &dump(&jobs));
    assert_eq!(lines.len(), 80);
    assert_eq!(lines[78], "[19].both: both(id: 19, file: ?)");
}

#[derive(Reduce)]
enum Source {
    Stdin,
    #[reduce(rename = "f")]
    File {
        path: String,
        #[reduce(skip, rebuild = open)]
        _handle: u16,
    },
    Job(Box<Job>),
}

#[derive(Reduce)]
#[reduce(rebuild = Self::new)]
struct Whole {
    first: Source,
    second: Option<[u8; 2]>,
}

impl Whole {
    fn new(first: Source, second: Option<[u8; 2]>) -> Self {
        ran("Self::new");
        Whole { first, second }
    }
}

#[test]
fn variants_have_functions_of_their_own() {
    let file = |path: &str| Source::File { path: path.into(), _handle: 0 };
    let whole = |first, second| Whole { first, second };
    let value = [
        whole(Source::Stdin, None),
        whole(file("a"), Some([1, 2])),
        whole(Source::Job(Box::new(job(3, "c"))), None),
    ];
    let lines = lines::<[Whole; 3]>(&Loader::new(), &dump(&value));
    assert_eq!(lines[0], "[0]: Self::new(first: Source::Stdin, second: None)");
    assert_eq!(lines[1], r#"[1].first.File._handle: open(path: "a")"#);
    assert_eq!(lines[3], r#"[2].first.Job.0.file: open(name: "c")"#);
    assert_eq!(lines.len(), 8);
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Foreign(u8);

struct AsNumber;

impl Adapter<Foreign> for AsNumber {
    type Stored = u8;
    fn reduce(value: &Foreign, _: &Context<'_>) -> Result<u8, BoxError> {
        Ok(value.0)
    }
    fn expand(stored: u8, _: &Context<'_>) -> Result<Foreign, BoxError> {
        ran("AsNumber");
        Ok(Foreign(stored))
    }
}

struct Texture;

impl Persistent for Texture {
    type Id = u8;
    type Handle = Texture;
    fn id(&self, _: &Context<'_>) -> Result<u8, BoxError> {
        Ok(9)
    }
    fn find(_: u8, _: &Context<'_>) -> Result<Texture, BoxError> {
        ran("ById");
        Ok(Texture)
    }
}

struct Stored(u8);
struct Socket(u8);

#[derive(Reduce)]
struct AsStored(u8);

#[derive(Reduce)]
#[reduce(via = AsStored)]
struct ByAnother(Stored);

impl From<&ByAnother> for AsStored {
    fn from(value: &ByAnother) -> AsStored {
        AsStored(value.0.0)
    }
}

impl From<AsStored> for ByAnother {
    fn from(stored: AsStored) -> ByAnother {
        ran("try_from");
        ByAnother(Stored(stored.0))
    }
}

type Named = (String, Result<Foreign, u8>);

#[derive(Reduce)]
struct Adapted {
    #[reduce(with = AsNumber)]
    one: Foreign,
    #[reduce(with = BTreeMap<AsNumber, Vec<(Same, Result<AsNumber, Same>)>>)]
    map: BTreeMap<Foreign, Vec<Named>>,
    via: Option<ByAnother>,
    #[reduce(persistent)]
    texture: Texture,
    #[reduce(with = Vec<Dispatch>)]
    sockets: Vec<Socket>,
}

#[test]
fn adapters_stand_ins_lookups_and_expanders_are_listed_for_each_value() {
    let mut registry = Registry::new();
    let connect = |port: u8| {
        ran("net.Socket");
        Socket(port)
    };
    registry.reducer("net.Socket", |socket: &Socket| socket.0, connect).unwrap();
    let list = vec![("a".to_string(), Ok(Foreign(3))), ("b".to_string(), Err(4))];
    let value = Adapted {
        one: Foreign(1),
        map: BTreeMap::from([(Foreign(2), list)]),
        via: Some(ByAnother(Stored(5))),
        texture: Texture,
        sockets: vec![Socket(6), Socket(7)],
    };
    let bytes = Dumper::new().registry(&registry).to_vec(&value).unwrap();
    let loader = Loader::new().registry(&registry);
    RUN.set(0);
    let run = loader.dry_run::<Adapted>(&bytes).unwrap();
    assert_eq!(RUN.get(), 0);
    let short = |line: String| {
        line.replace("policy::dry_run::", "").replace("reduce_core::persistent::", "")
    };
    let lines: Vec<String> = run.calls().iter().map(|call| short(call.to_string())).collect();
    assert_eq!(
        lines,
        [
            "one: AsNumber(1)",
            "map[key 0]: AsNumber(2)",
            "map[0][0].1.Ok.0: AsNumber(3)",
            "via: try_from(AsStored(5))",
            "texture: ById(persistent(9))",
            "sockets[0]: net.Socket(6)",
            "sockets[1]: net.Socket(7)",
        ]
    );
    LOG.take();
    assert!(loader.from_slice::<Adapted>(&bytes).is_ok());
    assert_eq!(LOG.take().len(), lines.len());
    // As many as the limit counts.
    let limit = |calls| loader.clone().limits(Limits::default().rebuilds(calls));
    assert!(limit(7).from_slice::<Adapted>(&bytes).is_ok());
    assert!(limit(6).from_slice::<Adapted>(&bytes).is_err());
}

#[reduce_core::object]
trait Thing: Any {}

#[derive(Reduce)]
#[reduce(name = "app.Tool", implements(Thing))]
struct Tool {
    name: String,
    #[reduce(skip, rebuild = open)]
    _handle: u16,
}

impl Thing for Tool {}

#[derive(Reduce)]
#[reduce(name = "app.Box", implements(Thing))]
struct Chest {
    #[reduce(skip, default = empty)]
    _log: Vec<u8>,
    #[reduce(state)]
    things: RefCell<Vec<Rc<dyn Thing>>>,
}

impl Thing for Chest {}

fn tool(name: &str) -> Tool {
    Tool { name: name.into(), _handle: 0 }
}

#[test]
fn registered_types_behind_pointers_call_once_for_each_object_and_states_behind_the_root() {
    let mut registry = Registry::new();
    registry.register::<Tool>().unwrap().register::<Chest>().unwrap();
    let hammer: Rc<dyn Thing> = Rc::new(tool("hammer"));
    let chest: Rc<dyn Thing> = Rc::new(Chest {
        _log: vec![],
        things: RefCell::new(vec![hammer.clone(), Rc::new(tool("saw"))]),
    });
    type Value = (Rc<dyn Thing>, Weak<dyn Thing>, Vec<Box<dyn Any>>, Rc<dyn Thing>);
    let value: Value = (chest.clone(), Rc::downgrade(&hammer), vec![Box::new(tool("axe"))], chest);
    let bytes = Dumper::new().registry(&registry).to_vec(&value).unwrap();
    let loader = Loader::new().registry(&registry);
    let run = loader.dry_run::<Value>(&bytes).unwrap();
    let mut lines: Vec<String> = run.calls().iter().map(ToString::to_string).collect();
    assert_eq!(lines.len(), 4, "{lines:#?}");
    // The root has the last word but for states.
    assert_eq!(lines[3], r#"things[1]._handle: open(name: "saw")"#);
    lines.sort();
    assert_eq!(lines[0], "0._log: empty()");
    assert_eq!(lines[1], r#"1._handle: open(name: "hammer")"#);
    assert_eq!(lines[2], r#"2[0]._handle: open(name: "axe")"#);
    LOG.take();
    assert!(loader.from_slice::<Value>(&bytes).is_ok());
    assert_eq!(LOG.take().len(), 4);

    let refused = loader.clone().allow(["app.Tool"]).dry_run::<Value>(&bytes).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::NotAllowed);
    let unknown = Loader::new().dry_run::<Value>(&bytes).unwrap_err();
    assert_eq!((unknown.kind(), unknown.path().as_str()), (ErrorKind::Registry, "0"));
}

mod earlier {
    use super::*;

    #[derive(Reduce)]
    #[reduce(name = "shop.Price")]
    pub struct Price {
        pub note: String,
        pub cents: u32,
        pub gone: Option<u8>,
    }

    #[derive(Reduce)]
    #[reduce(name = "shop.Price")]
    pub struct Converted {
        #[reduce(convert = as_text)]
        pub cents: String,
        #[reduce(default = unit)]
        pub unit: String,
        #[reduce(rebuild = label, from(note, cents))]
        pub label: String,
        pub note: String,
        #[reduce(skip, rebuild = open, from(note))]
        pub _handle: u16,
    }

    fn as_text(cents: u32) -> String {
        ran("as_text");
        cents.to_string()
    }

    fn unit() -> String {
        ran("unit");
        "ct".into()
    }

    fn label(note: &str, cents: &str) -> String {
        ran("label");
        format!("{note} {cents}")
    }

    #[derive(Reduce)]
    #[reduce(name = "shop.Price", version = 2, upgrade(0 = rename, 1 = keep))]
    pub struct Upgraded {
        pub note: String,
        pub amount: u32,
        #[reduce(skip, rebuild = twice, from(amount))]
        pub _twice: u32,
        #[reduce(skip, rebuild = open, from(note))]
        pub _handle: u16,
    }

    fn rename(record: &mut Record) -> Result<(), reduce_core::Error> {
        ran("rename");
        record.rename("cents", "amount")
    }

    fn keep(_: &mut Record) {
        ran("keep");
    }

    fn twice(amount: u32) -> u32 {
        ran("twice");
        amount * 2
    }
}

#[test]
fn streams_of_earlier_types_call_what_adapts_them() {
    use earlier::*;
    let price = |cents| Price { note: "tea".into(), cents, gone: None };
    let bytes = dump(&vec![price(5)]);
    assert_eq!(
        lines::<Vec<Converted>>(&Loader::new(), &bytes),
        [
            "[0].cents: as_text(cents: 5)",
            "[0].unit: unit()",
            r#"[0].label: label(note: "tea", cents: 5)"#,
            r#"[0]._handle: open(note: "tea")"#,
        ]
    );
    assert_eq!(
        lines::<Vec<Upgraded>>(&Loader::new(), &bytes),
        [
            r#"[0]: rename(shop.Price { note: "tea", cents: 5, gone: None })"#,
            r#"[0]: keep(shop.Price { note: "tea", cents: 5, gone: None })"#,
            "[0]._twice: twice(amount: ?)",
            r#"[0]._handle: open(note: "tea")"#,
        ]
    );
    // In columns, and behind what came to stand around it.
    let bytes = dump(&(0..20).map(price).collect::<Vec<_>>());
    assert_eq!(
        lines::<Vec<Converted>>(&Loader::new(), &bytes)[76],
        "[19].cents: as_text(cents: 19)"
    );
    let wrapped = lines::<Vec<Option<Box<Upgraded>>>>(&Loader::new(), &bytes);
    assert_eq!(wrapped.len(), 80);
}

#[test]
fn messages_with_fingerprints_are_known_by_the_types_asked_for() {
    let bytes = Dumper::new().fingerprint(true).to_vec(&job(1, "a")).unwrap();
    assert_eq!(lines::<Job>(&Loader::new(), &bytes).len(), 4);
}

#[test]
fn values_that_nest_deeper_than_the_stack_are_walked() {
    #[derive(Reduce)]
    struct Chain {
        next: Option<Box<Chain>>,
        #[reduce(skip, default = empty)]
        _log: Vec<u8>,
    }
    impl Drop for Chain {
        fn drop(&mut self) {
            let mut next = self.next.take();
            while let Some(mut link) = next {
                next = link.next.take();
            }
        }
    }
    const LEVELS: usize = 20_000;
    let mut chain = Chain { next: None, _log: vec![] };
    for _ in 1..LEVELS {
        chain = Chain { next: Some(Box::new(chain)), _log: vec![] };
    }
    let limits = Limits::default().depth(LEVELS as u32);
    let bytes = Dumper::new().limits(limits).to_vec(&chain).unwrap();
    let loader = Loader::new().limits(limits);
    assert_eq!(loader.check_as::<Chain>(&bytes).unwrap().rebuilds()[0].count(), LEVELS as u64);
}

#[test]
fn what_is_no_stream_of_the_type_is_an_error() {
    let bytes = dump(&job(1, "a"));
    let loader = Loader::new();
    assert_eq!(loader.dry_run::<String>(&bytes).unwrap_err().kind(), ErrorKind::TypeMismatch);
    let error = loader.dry_run::<Job>(&bytes[..bytes.len() - 1]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedEnd);
    assert!(loader.check(&bytes).unwrap().rebuilds().is_empty());
    // The copies of arguments are paid for.
    let name = "x".repeat(100_000);
    let jobs: Vec<Job> = (0..10).map(|id| job(id, &name)).collect();
    let small = Loader::new().limits(Limits::default().bytes(1_500_000));
    let bytes = dump(&jobs);
    assert!(small.check_as::<Vec<Job>>(&bytes).is_ok());
    assert_eq!(small.dry_run::<Vec<Job>>(&bytes).unwrap_err().kind(), ErrorKind::Limit);
}
