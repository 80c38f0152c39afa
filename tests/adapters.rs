//! `with = Adapter`: a type of another crate by itself, in every container, and with context on both sides.

use reduce_core::{
    Adapter, BoxError, Context, Dumper, Error, ErrorKind, Expand, Loader, Reduce, Same,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::error::Error as _;
use std::fmt::Debug;
use std::num::ParseIntError;

/// Of another crate: no impl of ours, and no `Clone`.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Version(u8, u8);

/// Stores a version as text. 0.0 cannot be stored, and what is no version cannot be loaded.
struct AsText;

impl Adapter<Version> for AsText {
    type Stored = String;

    fn reduce(version: &Version, _: &Context<'_>) -> Result<String, BoxError> {
        if *version == Version(0, 0) {
            return Err("0.0 is no version".into());
        }
        Ok(format!("{}.{}", version.0, version.1))
    }

    fn expand(text: String, _: &Context<'_>) -> Result<Version, BoxError> {
        let (major, minor) = text.split_once('.').ok_or("no dot")?;
        Ok(Version(major.parse()?, minor.parse()?))
    }
}

fn load<T: Reduce + for<'de> Expand<'de>>(value: &T) -> Result<T, Error> {
    reduce_core::from_slice(&reduce_core::to_vec(value)?)
}

fn comes_back<T: Reduce + for<'de> Expand<'de> + PartialEq + Debug>(value: T) {
    assert_eq!(load(&value).unwrap(), value);
}

#[derive(Reduce, Debug, PartialEq)]
struct Package {
    name: String,
    #[reduce(with = AsText)]
    version: Version,
}

/// The same program as `Package` has, with any text.
#[derive(Reduce)]
#[reduce(name = "Package")]
struct StoredPackage {
    name: String,
    version: String,
}

#[test]
fn a_foreign_type_is_stored_as_its_adapter_says() {
    let package = Package { name: "reduce".into(), version: Version(1, 2) };
    let bytes = reduce_core::to_vec(&package).unwrap();
    let stored: StoredPackage = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!((&*stored.name, &*stored.version), ("reduce", "1.2"));
    comes_back(package);
}

#[test]
fn an_error_of_an_adapter_names_the_field_at_dump_and_load() {
    let error = load(&Package { name: "reduce".into(), version: Version(0, 0) }).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Convert);
    assert_eq!(error.to_string(), "version: the adapter failed: 0.0 is no version");

    let stored = StoredPackage { name: "reduce".into(), version: "1.x".into() };
    let bytes = reduce_core::to_vec(&vec![stored]).unwrap();
    let error = reduce_core::from_slice::<Vec<Package>>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Convert);
    assert_eq!(error.to_string(), "[0].version: the adapter failed: invalid digit found in string");
    assert!(error.source().unwrap().is::<ParseIntError>());
}

/// Its adapter is spelled out: a macro sees no further than the name.
type Nested = HashMap<String, Vec<Option<(u16, [Box<Version>; 2])>>>;

#[derive(Reduce, Debug, PartialEq)]
struct Containers {
    #[reduce(with = Option<AsText>)]
    option: Option<Version>,
    #[reduce(with = Vec<AsText>)]
    list: Vec<Version>,
    #[reduce(with = VecDeque<AsText>)]
    queue: VecDeque<Version>,
    #[reduce(with = [AsText; 2])]
    array: [Version; 2],
    #[reduce(with = Box<AsText>)]
    boxed: Box<Version>,
    #[reduce(with = (AsText,))]
    alone: (Version,),
    #[reduce(with = (Same, AsText, Same))]
    tuple: (u8, Version, String),
    #[reduce(with = (AsText, AsText, AsText, AsText, AsText, AsText))]
    six: (Version, Version, Version, Version, Version, Version),
    #[reduce(with = BTreeSet<AsText>)]
    set: BTreeSet<Version>,
    #[reduce(with = HashSet<AsText>)]
    hashed_set: HashSet<Version>,
    #[reduce(with = BTreeMap<AsText, Same>)]
    keys: BTreeMap<Version, u8>,
    #[reduce(with = BTreeMap<Same, AsText>)]
    values: BTreeMap<u8, Version>,
    #[reduce(with = HashMap<AsText, AsText>)]
    both: HashMap<Version, Version>,
    #[reduce(with = HashMap<Same, Vec<Option<(Same, [Box<AsText>; 2])>>>)]
    nested: Nested,
}

#[test]
fn adapters_compose_through_every_container() {
    let v = Version;
    comes_back(Containers {
        option: Some(v(1, 0)),
        list: vec![v(2, 0), v(2, 1)],
        queue: [v(3, 0), v(3, 1)].into(),
        array: [v(4, 0), v(4, 1)],
        boxed: Box::new(v(5, 0)),
        alone: (v(6, 0),),
        tuple: (7, v(7, 0), "seven".into()),
        six: (v(8, 0), v(8, 1), v(8, 2), v(8, 3), v(8, 4), v(8, 5)),
        set: [v(9, 0), v(9, 1)].into(),
        hashed_set: [v(10, 0), v(10, 1)].into(),
        keys: [(v(11, 0), 1), (v(11, 1), 2)].into(),
        values: [(1, v(12, 0)), (2, v(12, 1))].into(),
        both: [(v(13, 0), v(13, 1))].into(),
        nested: [(
            "x".to_string(),
            vec![None, Some((14, [Box::new(v(14, 0)), Box::new(v(14, 1))]))],
        )]
        .into(),
    });
}

#[test]
fn empty_containers_are_adapted() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Empty {
        #[reduce(with = Option<AsText>)]
        option: Option<Version>,
        #[reduce(with = Vec<AsText>)]
        list: Vec<Version>,
        #[reduce(with = [AsText; 0])]
        array: [Version; 0],
        #[reduce(with = BTreeMap<AsText, AsText>)]
        map: BTreeMap<Version, Version>,
    }
    comes_back(Empty { option: None, list: vec![], array: [], map: BTreeMap::new() });
}

#[test]
fn an_adapted_map_and_list_are_stored_as_map_and_list() {
    #[derive(Reduce)]
    struct Adapted {
        #[reduce(with = HashMap<Same, AsText>)]
        map: HashMap<u8, Version>,
        #[reduce(with = BTreeSet<AsText>)]
        set: BTreeSet<Version>,
    }
    #[derive(Reduce)]
    #[reduce(name = "Adapted")]
    struct Plain {
        map: BTreeMap<u8, String>,
        set: Vec<String>,
    }
    let adapted =
        Adapted { map: [(1, Version(1, 0))].into(), set: [Version(2, 0), Version(2, 1)].into() };
    let bytes = reduce_core::to_vec(&adapted).unwrap();
    let plain: Plain = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!(plain.map, [(1, "1.0".to_string())].into());
    assert_eq!(plain.set, ["2.0", "2.1"]);
}

/// Loads a field of the type and adapter from text that fails at one place; the error's text.
macro_rules! load_error {
    ($stored:ty = $value:expr => $type:ty, $adapter:ty) => {{
        #[derive(Reduce)]
        #[reduce(name = "Holder")]
        struct Stored {
            versions: $stored,
        }
        #[derive(Reduce)]
        struct Holder {
            #[reduce(with = $adapter)]
            #[allow(dead_code, reason = "never made")]
            versions: $type,
        }
        let bytes = reduce_core::to_vec(&Stored { versions: $value }).unwrap();
        let error = reduce_core::from_slice::<Holder>(&bytes).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Convert, "{error}");
        error.to_string()
    }};
}

fn texts<const N: usize>(texts: [&str; N]) -> [String; N] {
    texts.map(String::from)
}

#[test]
fn the_path_leads_to_the_element_that_failed_to_load() {
    assert_eq!(
        load_error!(Vec<String> = texts(["1.0", "?", "x"]).into() => Vec<Version>, Vec<AsText>),
        "versions[1]: the adapter failed: no dot"
    );
    assert_eq!(
        load_error!([String; 3] = texts(["1.0", "1.0", "?"]) => [Version; 3], [AsText; 3]),
        "versions[2]: the adapter failed: no dot"
    );
    assert_eq!(
        load_error!(Option<String> = Some("?".into()) => Option<Version>, Option<AsText>),
        "versions: the adapter failed: no dot"
    );
    assert_eq!(
        load_error!((u8, String) = (1, "?".into()) => (u8, Version), (Same, AsText)),
        "versions.1: the adapter failed: no dot"
    );
    assert_eq!(
        load_error!(
            Vec<Option<[String; 2]>> = vec![None, Some(texts(["1.1", "?"]))]
            => Vec<Option<[Version; 2]>>, Vec<Option<[AsText; 2]>>
        ),
        "versions[1][1]: the adapter failed: no dot"
    );
    assert_eq!(
        load_error!(
            BTreeMap<u8, String> = [(5, "1.0".to_string()), (6, "?".to_string())].into()
            => HashMap<u8, Version>, HashMap<Same, AsText>
        ),
        "versions[1]: the adapter failed: no dot"
    );
    assert_eq!(
        load_error!(
            BTreeMap<String, u8> = [("1.0".to_string(), 5), ("?".to_string(), 6)].into()
            => BTreeMap<Version, u8>, BTreeMap<AsText, Same>
        ),
        "versions[key 1]: the adapter failed: no dot"
    );
}

#[test]
fn elements_and_keys_that_become_equal_are_refused() {
    assert_eq!(
        load_error!(
            Vec<String> = texts(["1.0", "1.1", "01.0"]).into()
            => BTreeSet<Version>, BTreeSet<AsText>
        ),
        "versions[2]: the adapter failed: an element occurs twice in a set"
    );
    assert_eq!(
        load_error!(
            Vec<String> = texts(["1.0", "1.00"]).into() => HashSet<Version>, HashSet<AsText>
        ),
        "versions[1]: the adapter failed: an element occurs twice in a set"
    );
    let map = || [("1.0".to_string(), 1u8), ("1.00".to_string(), 2)].into();
    assert_eq!(
        load_error!(
            BTreeMap<String, u8> = map() => BTreeMap<Version, u8>, BTreeMap<AsText, Same>
        ),
        "versions[key 1]: the adapter failed: a key occurs twice in a map"
    );
    assert_eq!(
        load_error!(BTreeMap<String, u8> = map() => HashMap<Version, u8>, HashMap<AsText, Same>),
        "versions[key 1]: the adapter failed: a key occurs twice in a map"
    );
}

#[test]
fn the_path_leads_to_the_element_that_failed_to_dump() {
    #[derive(Reduce)]
    struct Holder {
        #[reduce(with = Vec<(Same, Option<AsText>)>)]
        versions: Vec<(u8, Option<Version>)>,
    }
    let holder =
        Holder { versions: vec![(1, Some(Version(1, 0))), (2, None), (3, Some(Version(0, 0)))] };
    let error = reduce_core::to_vec(&holder).unwrap_err();
    assert_eq!(error.to_string(), "versions[2].1: the adapter failed: 0.0 is no version");
}

#[test]
fn fields_of_tuples_variants_and_generics_are_adapted() {
    #[derive(Reduce, Debug, PartialEq)]
    enum Requirement<T> {
        Any,
        Exact(#[reduce(with = AsText)] Version, T),
        Range {
            #[reduce(with = AsText)]
            low: Version,
            #[reduce(with = Option<AsText>)]
            high: Option<Version>,
        },
    }
    comes_back(vec![
        Requirement::Any,
        Requirement::Exact(Version(1, 0), 5u8),
        Requirement::Range { low: Version(1, 0), high: Some(Version(2, 0)) },
    ]);
    let error = load(&Requirement::<u8>::Range { low: Version(0, 0), high: None }).unwrap_err();
    assert_eq!(error.path(), "Range.low");
}

#[test]
fn one_adapter_serves_types_that_know_how() {
    struct Display;
    impl<T> Adapter<T> for Display
    where
        T: ToString + std::str::FromStr,
        T::Err: Into<BoxError>,
    {
        type Stored = String;
        fn reduce(value: &T, _: &Context<'_>) -> Result<String, BoxError> {
            Ok(value.to_string())
        }
        fn expand(text: String, _: &Context<'_>) -> Result<T, BoxError> {
            text.parse().map_err(Into::into)
        }
    }
    #[derive(Reduce, Debug, PartialEq)]
    struct Mixed {
        #[reduce(with = Display)]
        number: u32,
        #[reduce(with = Vec<Display>)]
        floats: Vec<f64>,
    }
    comes_back(Mixed { number: 7, floats: vec![0.5, -1.0] });
}

/// Stores a name as its number in the context's table.
struct Interned;

/// Names by number.
struct Table(std::cell::RefCell<Vec<String>>);

#[derive(Debug, PartialEq)]
struct Name(String);

impl Adapter<Name> for Interned {
    type Stored = u32;

    fn reduce(name: &Name, context: &Context<'_>) -> Result<u32, BoxError> {
        let mut names = context.require::<Table>()?.0.borrow_mut();
        let place = names.iter().position(|known| *known == name.0).unwrap_or_else(|| {
            names.push(name.0.clone());
            names.len() - 1
        });
        Ok(u32::try_from(place)?)
    }

    fn expand(number: u32, context: &Context<'_>) -> Result<Name, BoxError> {
        let names = context.require::<Table>()?.0.borrow();
        let name = names.get(number as usize).ok_or_else(|| format!("no name {number}"))?;
        Ok(Name(name.clone()))
    }
}

#[derive(Reduce, Debug, PartialEq)]
struct Names {
    #[reduce(with = Vec<Option<Interned>>)]
    names: Vec<Option<Name>>,
}

#[test]
fn adapters_get_the_context_at_dump_and_load() {
    let name = |text: &str| Some(Name(text.into()));
    let names = Names { names: vec![name("ann"), None, name("bob"), name("ann")] };
    let table = Table(Vec::new().into());
    let dumper = Dumper::new();
    let bytes = dumper.with_context(&table).to_vec(&names).unwrap();
    assert_eq!(*table.0.borrow(), ["ann", "bob"]);
    let loader = Loader::new();
    let loaded: Names = loader.with_context(&table).from_slice(&bytes).unwrap();
    assert_eq!(loaded, names);

    let table = Table(vec!["eve".to_string()].into());
    let error = loader.with_context(&table).from_slice::<Names>(&bytes).unwrap_err();
    assert_eq!(error.to_string(), "names[2]: the adapter failed: no name 1");
}

#[test]
fn a_context_that_an_adapter_misses_is_named_with_the_path() {
    let names = Names { names: vec![None, Some(Name("ann".into()))] };
    let error = reduce_core::to_vec(&names).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MissingContext);
    assert_eq!(
        error.to_string(),
        "names[1]: needs a context of type `adapters::Table`, but none was given to the session; hand it over \
         with `.context(value)` or `.with_context(&value)`"
    );
    let table = Table(Vec::new().into());
    let bytes = Dumper::new().with_context(&table).to_vec(&names).unwrap();
    let error = reduce_core::from_slice::<Names>(&bytes).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::MissingContext, "names[1]"));
}

#[test]
fn no_adapter_expands_before_the_whole_stream_is_found_well_formed() {
    thread_local!(static CALLS: std::cell::Cell<u32> = const { std::cell::Cell::new(0) });
    struct Counted;
    impl Adapter<Version> for Counted {
        type Stored = (u8, u8);
        fn reduce(version: &Version, _: &Context<'_>) -> Result<(u8, u8), BoxError> {
            Ok((version.0, version.1))
        }
        fn expand(stored: (u8, u8), _: &Context<'_>) -> Result<Version, BoxError> {
            CALLS.set(CALLS.get() + 1);
            Ok(Version(stored.0, stored.1))
        }
    }
    #[derive(Reduce)]
    struct Two {
        #[reduce(with = Counted)]
        #[allow(dead_code, reason = "never read")]
        first: Version,
        #[allow(dead_code, reason = "never read")]
        last: bool,
    }
    let bytes = reduce_core::to_vec(&Two { first: Version(1, 2), last: true }).unwrap();
    for length in 0..bytes.len() {
        assert!(reduce_core::from_slice::<Two>(&bytes[..length]).is_err());
    }
    let mut broken = bytes.clone();
    let at = broken.len() - 2;
    broken[at] = 7;
    assert!(reduce_core::from_slice::<Two>(&broken).is_err());
    assert_eq!(CALLS.get(), 0);
    assert!(reduce_core::from_slice::<Two>(&bytes).is_ok());
    assert_eq!(CALLS.get(), 1);
}
