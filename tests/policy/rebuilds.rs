//! `Limits::rebuilds`: how many functions of the user's a load may call.

use reduce_core::{
    Adapter, BoxError, Context, Dispatch, Dumper, Error, ErrorKind, Expand, Limits, Loader,
    Persistent, Reduce, Registry, Same, Value,
};
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

thread_local!(static CALLS: Cell<u64> = const { Cell::new(0) });

fn called() {
    CALLS.set(CALLS.get() + 1);
}

/// Loads with one call fewer than it takes, and with as many as it takes.
fn takes<T>(bytes: &[u8], registry: &Registry, calls: u64, path: &str)
where
    T: for<'de> Expand<'de>,
{
    let load = |calls| {
        CALLS.set(0);
        let limits = Limits::default().rebuilds(calls);
        Loader::new().registry(registry).limits(limits).from_slice::<T>(bytes)
    };
    assert!(load(calls).is_ok(), "{:?}", load(calls).err());
    assert_eq!(CALLS.get(), calls, "calls of a whole load");
    let error = load(calls - 1).err().expect("more calls than allowed");
    assert_eq!(CALLS.get(), calls - 1, "calls of a load that fails");
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Limit, path), "{error}");
    assert!(
        error
            .to_string()
            .contains(&format!("the limit of {} allows; `Limits::rebuilds` raises it", calls - 1)),
        "{error}"
    );
    assert!(error.offset().is_some());
}

fn stream<T: Reduce>(value: &T) -> Vec<u8> {
    reduce_core::to_vec(value).unwrap()
}

#[derive(Reduce)]
#[reduce(validate = check)]
struct Job {
    id: u8,
    #[reduce(skip, rebuild = double)]
    twice: u16,
    #[reduce(skip, default = empty)]
    log: Vec<u8>,
}

fn double(id: u8) -> u16 {
    called();
    u16::from(id) * 2
}

fn empty() -> Vec<u8> {
    called();
    vec![]
}

fn check(job: &Job) -> Result<(), String> {
    called();
    if job.twice == 0 || !job.log.is_empty() { Err("no id".into()) } else { Ok(()) }
}

fn job(id: u8) -> Job {
    Job { id, twice: 0, log: vec![] }
}

#[test]
fn functions_of_fields_and_validations_count() {
    let none = Registry::new();
    takes::<Job>(&stream(&job(3)), &none, 3, "");
    takes::<Vec<Job>>(&stream(&vec![job(1), job(2)]), &none, 6, "[1]");
    let limits = Limits::default().rebuilds(4);
    let error = Loader::new().limits(limits).from_slice::<Vec<Job>>(&stream(&vec![job(1), job(2)]));
    assert_eq!(error.err().unwrap().path(), "[1].log");
    // In columns as in rows.
    let many: Vec<Job> = (1..=40).map(job).collect();
    takes::<Vec<Job>>(&stream(&many), &none, 120, "[39]");
}

#[derive(Reduce)]
#[reduce(rebuild = Self::new)]
struct Whole(u8);

impl Whole {
    fn new(id: u8) -> Self {
        called();
        Whole(id)
    }
}

#[derive(Reduce, Clone)]
struct Stored(u8);

#[derive(Reduce)]
#[reduce(via = Stored)]
struct ByAnother(u8);

impl From<&ByAnother> for Stored {
    fn from(value: &ByAnother) -> Stored {
        Stored(value.0)
    }
}

impl From<Stored> for ByAnother {
    fn from(stored: Stored) -> ByAnother {
        called();
        ByAnother(stored.0)
    }
}

#[test]
fn functions_of_whole_values_and_stand_ins_count() {
    let none = Registry::new();
    takes::<[Whole; 2]>(&stream(&[Whole(1), Whole(2)]), &none, 2, "[1]");
    takes::<(u8, ByAnother)>(&stream(&(1u8, ByAnother(2))), &none, 1, "1");
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone, Hash)]
struct Foreign(u8);

struct AsNumber;

impl Adapter<Foreign> for AsNumber {
    type Stored = u8;
    fn reduce(value: &Foreign, _: &Context<'_>) -> Result<u8, BoxError> {
        Ok(value.0)
    }
    fn expand(stored: u8, _: &Context<'_>) -> Result<Foreign, BoxError> {
        called();
        Ok(Foreign(stored))
    }
}

#[derive(Reduce)]
struct Adapted {
    #[reduce(with = AsNumber)]
    one: Foreign,
    #[reduce(with = Vec<Option<AsNumber>>)]
    list: Vec<Option<Foreign>>,
    #[reduce(with = HashMap<Same, (AsNumber, Box<AsNumber>)>)]
    map: HashMap<u8, (Foreign, Box<Foreign>)>,
    #[reduce(with = BTreeMap<AsNumber, [AsNumber; 2]>)]
    keys: BTreeMap<Foreign, [Foreign; 2]>,
}

#[test]
fn adapters_count_for_each_element_of_a_container() {
    let value = Adapted {
        one: Foreign(1),
        list: vec![Some(Foreign(2)), None, Some(Foreign(3))],
        map: HashMap::from([(1, (Foreign(4), Box::new(Foreign(5))))]),
        keys: BTreeMap::from([(Foreign(6), [Foreign(7), Foreign(8)])]),
    };
    takes::<Adapted>(&stream(&value), &Registry::new(), 8, "keys[0][1]");
}

struct Texture;

impl Persistent for Texture {
    type Id = u8;
    type Handle = Texture;
    fn id(&self, _: &Context<'_>) -> Result<u8, BoxError> {
        Ok(1)
    }
    fn find(_: u8, _: &Context<'_>) -> Result<Texture, BoxError> {
        called();
        Ok(Texture)
    }
}

#[derive(Reduce)]
struct LookedUp {
    #[reduce(persistent)]
    texture: Texture,
    #[reduce(dispatch)]
    foreign: Foreign,
    #[reduce(with = Vec<Dispatch>)]
    more: Vec<Foreign>,
}

#[test]
fn lookups_and_expanders_of_the_dispatch_table_count_once_each() {
    let mut registry = Registry::new();
    let expand = |stored: u8| {
        called();
        Foreign(stored)
    };
    registry.reducer("Foreign", |foreign: &Foreign| foreign.0, expand).unwrap();
    let more = vec![Foreign(2), Foreign(3)];
    let value = LookedUp { texture: Texture, foreign: Foreign(1), more };
    let bytes = Dumper::new().registry(&registry).to_vec(&value).unwrap();
    takes::<LookedUp>(&bytes, &registry, 4, "more[1]");
}

#[derive(Reduce)]
#[reduce(name = "Price")]
struct OldPrice {
    cents: u32,
    note: u8,
}

#[derive(Reduce)]
#[reduce(name = "Price", version = 1, upgrade(0 = rename))]
struct Upgraded {
    amount: u32,
}

fn rename(record: &mut reduce_core::Record) -> Result<(), Error> {
    called();
    record.rename("cents", "amount")
}

#[derive(Reduce)]
#[reduce(name = "Price")]
struct Converted {
    #[reduce(convert = as_text)]
    cents: String,
    note: u8,
    #[reduce(rebuild = unit)]
    unit: String,
}

fn as_text(cents: u32) -> String {
    called();
    cents.to_string()
}

fn unit(_: &str, _: u8) -> String {
    called();
    "ct".into()
}

#[test]
fn functions_that_only_changed_streams_call_count() {
    let bytes = stream(&vec![OldPrice { cents: 5, note: 1 }, OldPrice { cents: 6, note: 2 }]);
    takes::<Vec<Upgraded>>(&bytes, &Registry::new(), 2, "[1]");
    takes::<Vec<Converted>>(&bytes, &Registry::new(), 4, "[1].unit");
}

#[test]
fn a_load_without_functions_needs_no_calls() {
    let none = Loader::new().limits(Limits::default().rebuilds(0));
    assert_eq!(none.from_slice::<Vec<u8>>(&stream(&vec![1u8, 2])).unwrap(), [1, 2]);
    assert_eq!(none.value_from_slice(&stream(&job(1))).unwrap(), Value::of(&job(1)).unwrap());
    assert!(none.from_slice::<Job>(&stream(&job(1))).is_err());
}

#[test]
fn each_message_of_a_session_has_its_own_calls() {
    let mut dumps = Dumper::new().session();
    let messages = [dumps.to_vec(&job(1)).unwrap(), dumps.to_vec(&job(2)).unwrap()];
    let mut loads = Loader::new().limits(Limits::default().rebuilds(3)).session();
    for (message, twice) in messages.iter().zip([2, 4]) {
        assert_eq!(loads.from_slice::<Job>(message).unwrap().twice, twice);
    }
}

#[test]
fn what_was_made_until_then_is_dropped() {
    thread_local!(static OPEN: Cell<i32> = const { Cell::new(0) });
    struct File;
    impl Drop for File {
        fn drop(&mut self) {
            OPEN.set(OPEN.get() - 1);
        }
    }
    fn open() -> File {
        OPEN.set(OPEN.get() + 1);
        File
    }
    #[derive(Reduce)]
    struct Log {
        id: u8,
        #[reduce(skip, rebuild = open, from())]
        _file: File,
    }
    let logs: Vec<Log> = (0..20).map(|id| Log { id, _file: open() }).collect();
    let bytes = stream(&logs);
    drop(logs);
    let loader = Loader::new().limits(Limits::default().rebuilds(19));
    assert_eq!(loader.from_slice::<Vec<Log>>(&bytes).err().unwrap().path(), "[19]._file");
    assert_eq!(OPEN.get(), 0);
}
