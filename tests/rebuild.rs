//! Rebuild functions: what they may take and return, on fields and on the whole value, and what a user reads when one
//! fails. `rebuild_order.rs` has when they run and what is dropped.

#![allow(clippy::borrowed_box, clippy::ptr_arg, reason = "every form that is allowed is tested")]
#![allow(clippy::too_many_arguments, reason = "as many as are allowed")]

use reduce_core::{BoxError, Dumper, Error, ErrorKind, Expand, Loader, Reduce};
use std::borrow::Cow;
use std::convert::Infallible;
use std::error::Error as _;
use std::ffi::{CStr, CString, OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

fn load<T: Reduce + for<'de> Expand<'de>>(value: &T) -> Result<T, Error> {
    reduce_core::from_slice(&reduce_core::to_vec(value).unwrap())
}

#[derive(Debug, PartialEq)]
struct Refused {
    host: String,
    port: u16,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} refused", self.host, self.port)
    }
}

impl std::error::Error for Refused {}

#[derive(Reduce, Debug, PartialEq)]
struct Connection {
    host: String,
    port: u16,
    #[reduce(skip, rebuild = connect)]
    socket: String,
}

fn connect(host: &str, port: u16) -> Result<String, Refused> {
    if port == 0 {
        return Err(Refused { host: host.into(), port });
    }
    Ok(format!("socket to {host}:{port}"))
}

fn connection(port: u16) -> Connection {
    Connection { host: "db".into(), port, socket: "closed".into() }
}

#[test]
fn a_skipped_field_is_made_from_the_kept_ones() {
    assert_eq!(load(&connection(80)).unwrap().socket, "socket to db:80");
}

#[test]
fn a_failed_rebuild_names_field_function_and_cause() {
    let error = load(&connection(0)).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Rebuild, "socket"));
    assert_eq!(error.to_string(), "socket: the rebuild function \"connect\" failed: db:0 refused");
    let cause = error.source().unwrap().downcast_ref::<Refused>().unwrap();
    assert_eq!(*cause, Refused { host: "db".into(), port: 0 });
}

#[test]
fn the_path_leads_through_lists_options_maps_and_structs() {
    #[derive(Reduce)]
    struct Shop {
        orders: Vec<Order>,
    }
    #[derive(Reduce)]
    struct Order {
        customer: Option<Box<Customer>>,
    }
    #[derive(Reduce)]
    struct Customer {
        street: String,
        #[reduce(skip, rebuild = locate)]
        #[allow(dead_code, reason = "never read")]
        address: (),
    }
    fn locate(street: &str) -> Result<(), String> {
        if street == "nowhere" { Err(format!("no street {street:?}")) } else { Ok(()) }
    }
    let order = |street: &str| Order {
        customer: Some(Box::new(Customer { street: street.into(), address: () })),
    };
    let shop =
        Shop { orders: vec![order("a"), Order { customer: None }, order("b"), order("nowhere")] };
    let error = load(&shop).err().unwrap();
    assert_eq!(error.path(), "orders[3].customer.address");
    assert_eq!(
        error.to_string(),
        "orders[3].customer.address: the rebuild function \"locate\" failed: no street \"nowhere\""
    );
}

#[test]
fn functions_return_values_and_results_of_any_error() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Kinds {
        kept: u8,
        #[reduce(skip, rebuild = plain)]
        plain: u8,
        #[reduce(skip, rebuild = text)]
        text: u8,
        #[reduce(skip, rebuild = boxed)]
        boxed: u8,
        #[reduce(skip, rebuild = never)]
        never: u8,
        #[reduce(skip, rebuild = own)]
        own: u8,
        #[reduce(skip, rebuild = result)]
        result: Result<u8, String>,
    }
    fn plain(kept: u8) -> u8 {
        kept + 1
    }
    fn text(kept: u8) -> Result<u8, &'static str> {
        Ok(kept + 2)
    }
    fn boxed(kept: u8) -> Result<u8, BoxError> {
        Ok(format!("{kept}3").parse()?)
    }
    fn never(kept: u8) -> Result<u8, Infallible> {
        Ok(kept + 4)
    }
    fn own(kept: u8) -> Result<u8, Error> {
        reduce_core::from_slice(&reduce_core::to_vec(&(kept + 5))?)
    }
    // A field that is a `Result` itself keeps it.
    fn result(kept: u8) -> Result<u8, String> {
        Err(format!("kept {kept}"))
    }
    let value =
        load(&Kinds { kept: 1, plain: 0, text: 0, boxed: 0, never: 0, own: 0, result: Ok(0) });
    assert_eq!(
        value.unwrap(),
        Kinds {
            kept: 1,
            plain: 2,
            text: 3,
            boxed: 13,
            never: 5,
            own: 6,
            result: Err("kept 1".into())
        }
    );
}

#[test]
fn boxed_errors_and_errors_of_ours_are_the_source_themselves() {
    #[derive(Reduce, Debug)]
    struct Parsed {
        #[allow(dead_code, reason = "read by the function")]
        text: String,
        #[reduce(skip, rebuild = parse)]
        #[allow(dead_code, reason = "never made")]
        number: u8,
    }
    fn parse(text: &str) -> Result<u8, BoxError> {
        Ok(text.parse()?)
    }
    let error = load(&Parsed { text: "300".into(), number: 0 }).unwrap_err();
    assert!(error.source().unwrap().is::<std::num::ParseIntError>());

    #[derive(Reduce, Debug)]
    struct Nested {
        #[allow(dead_code, reason = "read by the function")]
        stream: Vec<u8>,
        #[reduce(skip, rebuild = inner)]
        #[allow(dead_code, reason = "never made")]
        inner: u8,
    }
    fn inner(stream: &[u8]) -> Result<u8, Error> {
        reduce_core::from_slice(stream)
    }
    let error = load(&Nested { stream: b"no stream".to_vec(), inner: 0 }).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Rebuild, "inner"));
    let cause = error.source().unwrap().downcast_ref::<Error>().unwrap();
    assert_eq!(cause.kind(), ErrorKind::NotAStream);
}

/// A struct with one kept field, and one skipped field for each way a function may take it.
macro_rules! forms {
    ($($name:ident: $type:ty = $value:expr => { $($function:ident($param:ty) $show:expr;)* })*) => {$(
        #[test]
        fn $name() {
            #[derive(Reduce)]
            struct Form {
                kept: $type,
                $(#[reduce(skip, rebuild = $function, from(kept))] $function: String,)*
            }
            $(fn $function(kept: $param) -> String {
                let show: fn($param) -> String = $show;
                show(kept)
            })*
            let value = Form { kept: $value, $($function: String::new(),)* };
            let expected = format!("{:?}", value.kept);
            let value = load(&value).ok().unwrap();
            assert_eq!(format!("{:?}", value.kept), expected);
            $(assert_eq!(value.$function, expected, stringify!($function));)*
        }
    )*};
}

forms! {
    text_is_lent_as_str: String = "text".into() => {
        owned(&String) |kept| format!("{kept:?}");
        borrowed(&str) |kept| format!("{kept:?}");
    }
    a_list_is_lent_as_a_slice: Vec<u16> = vec![1, 2, 3] => {
        owned(&Vec<u16>) |kept| format!("{kept:?}");
        borrowed(&[u16]) |kept| format!("{kept:?}");
    }
    an_array_is_lent_as_a_slice_and_copied: [u8; 4] = [1, 2, 3, 4] => {
        owned(&[u8; 4]) |kept| format!("{kept:?}");
        borrowed(&[u8]) |kept| format!("{kept:?}");
        copied([u8; 4]) |kept| format!("{kept:?}");
    }
    a_path_is_lent_as_path: PathBuf = "a/b".into() => {
        owned(&PathBuf) |kept| format!("{kept:?}");
        borrowed(&Path) |kept| format!("{kept:?}");
    }
    an_os_string_is_lent_as_os_str: OsString = "os".into() => {
        owned(&OsString) |kept| format!("{kept:?}");
        borrowed(&OsStr) |kept| format!("{kept:?}");
    }
    a_c_string_is_lent_as_c_str: CString = c"c".into() => {
        owned(&CString) |kept| format!("{kept:?}");
        borrowed(&CStr) |kept| format!("{kept:?}");
    }
    a_box_is_lent_as_what_it_holds: Box<String> = Box::new("boxed".into()) => {
        pointer(&Box<String>) |kept| format!("{kept:?}");
        owned(&String) |kept| format!("{kept:?}");
        borrowed(&str) |kept| format!("{kept:?}");
    }
    a_box_of_an_unsized_is_lent: Box<[u8]> = Box::new([1, 2]) => {
        pointer(&Box<[u8]>) |kept| format!("{kept:?}");
        borrowed(&[u8]) |kept| format!("{kept:?}");
    }
    an_rc_is_lent_as_what_it_holds: Rc<PathBuf> = Rc::new("x".into()) => {
        pointer(&Rc<PathBuf>) |kept| format!("{kept:?}");
        owned(&PathBuf) |kept| format!("{kept:?}");
        borrowed(&Path) |kept| format!("{kept:?}");
    }
    an_rc_of_str_is_lent: Rc<str> = "shared".into() => {
        pointer(&Rc<str>) |kept| format!("{kept:?}");
        borrowed(&str) |kept| format!("{kept:?}");
    }
    an_arc_is_lent_as_what_it_holds: Arc<Vec<u8>> = Arc::new(vec![1]) => {
        pointer(&Arc<Vec<u8>>) |kept| format!("{kept:?}");
        owned(&Vec<u8>) |kept| format!("{kept:?}");
        borrowed(&[u8]) |kept| format!("{kept:?}");
    }
    an_option_is_lent_inside_out: Option<String> = Some("some".into()) => {
        owned(&Option<String>) |kept| format!("{kept:?}");
        inner(Option<&String>) |kept| format!("{kept:?}");
        borrowed(Option<&str>) |kept| format!("{kept:?}");
    }
    an_option_of_a_path_is_lent_inside_out: Option<PathBuf> = None => {
        inner(Option<&PathBuf>) |kept| format!("{kept:?}");
        borrowed(Option<&Path>) |kept| format!("{kept:?}");
    }
    a_copy_is_handed_over_by_value: (u8, char) = (1, 'x') => {
        owned(&(u8, char)) |kept| format!("{kept:?}");
        copied((u8, char)) |kept| format!("{kept:?}");
    }
}

#[test]
fn fields_that_borrow_from_the_stream_are_handed_over() {
    #[derive(Reduce)]
    struct Line<'a> {
        text: &'a str,
        #[reduce(skip, rebuild = first_word)]
        first: &'a str,
    }
    fn first_word(text: &str) -> &str {
        text.split(' ').next().unwrap_or("")
    }
    let bytes = reduce_core::to_vec(&Line { text: "one two", first: "" }).unwrap();
    let line: Line<'_> = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!((line.text, line.first), ("one two", "one"));
    assert_eq!(line.first.as_ptr(), line.text.as_ptr());
}

#[test]
fn a_cow_is_lent_as_what_it_holds() {
    #[derive(Reduce)]
    struct Form<'a> {
        text: Cow<'a, str>,
        list: Cow<'a, [u8]>,
        #[reduce(skip, rebuild = pointer, from(text))]
        pointer: String,
        #[reduce(skip, rebuild = both)]
        both: String,
    }
    fn pointer(text: &Cow<'_, str>) -> String {
        format!("{text:?} {}", matches!(text, Cow::Borrowed(_)))
    }
    fn both(text: &str, list: &[u8]) -> String {
        format!("{text} {list:?}")
    }
    let value = Form {
        text: "cow".into(),
        list: vec![1, 2].into(),
        pointer: String::new(),
        both: String::new(),
    };
    let bytes = reduce_core::to_vec(&value).unwrap();
    let form: Form<'_> = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!((&*form.pointer, &*form.both), ("\"cow\" true", "cow [1, 2]"));
}

#[test]
fn from_names_fields_in_any_order_and_earlier_skipped_ones() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Chain {
        a: u8,
        b: u16,
        #[reduce(skip, rebuild = first, from(b, a))]
        first: String,
        #[reduce(skip, default)]
        spare: u8,
        #[reduce(skip, rebuild = second, from(first, spare, a))]
        second: String,
        #[reduce(skip, rebuild = third, from())]
        third: &'static str,
        #[reduce(skip, rebuild = fourth, from(second, first))]
        fourth: String,
    }
    fn first(b: u16, a: &u8) -> String {
        format!("{b}-{a}")
    }
    fn second(first: &str, spare: u8, a: u8) -> String {
        format!("<{first}>{spare}{a}")
    }
    fn third() -> &'static str {
        "third"
    }
    fn fourth(one: &str, two: &str) -> String {
        format!("{one}{two}")
    }
    let chain = load(&Chain {
        a: 1,
        b: 2,
        first: String::new(),
        spare: 9,
        second: String::new(),
        third: "",
        fourth: String::new(),
    });
    assert_eq!(
        chain.unwrap(),
        Chain {
            a: 1,
            b: 2,
            first: "2-1".into(),
            spare: 0,
            second: "<2-1>01".into(),
            third: "third",
            fourth: "<2-1>012-1".into(),
        }
    );
}

#[test]
fn fields_of_tuples_are_made_from_positions() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Tuple(
        #[reduce(skip, rebuild = join, from(2, 1))] String,
        String,
        u8,
        #[reduce(skip, rebuild = fails, from(2))] (),
    );
    fn join(number: u8, text: &str) -> String {
        format!("{text}{number}")
    }
    fn fails(number: u8) -> Result<(), String> {
        if number == 0 { Err("zero".into()) } else { Ok(()) }
    }
    assert_eq!(
        load(&Tuple(String::new(), "x".into(), 1, ())).unwrap(),
        Tuple("x1".into(), "x".into(), 1, ())
    );
    let error = load(&Tuple(String::new(), "x".into(), 0, ())).unwrap_err();
    assert_eq!(error.to_string(), "3: the rebuild function \"fails\" failed: zero");
}

#[test]
fn functions_are_named_by_path_string_type_or_with_arguments() {
    mod deep {
        pub mod er {
            pub const fn add(kept: u8) -> u8 {
                kept + 1
            }
        }
    }
    trait Make {
        fn make(kept: u8) -> u8;
    }
    impl Make for String {
        fn make(kept: u8) -> u8 {
            kept + 4
        }
    }
    #[derive(Reduce, Debug, PartialEq)]
    struct Paths {
        kept: u8,
        #[reduce(skip, rebuild = deep::er::add)]
        bare: u8,
        #[reduce(skip, rebuild = "deep::er::add")]
        string: u8,
        #[reduce(skip, rebuild = Self::associated)]
        associated: u8,
        #[reduce(skip, rebuild = <String as Make>::make)]
        of_trait: u8,
        #[reduce(skip, rebuild = sized::<u32>)]
        turbofish: usize,
        #[reduce(skip, rebuild = <u64 as From<u8>>::from)]
        std: u64,
    }
    impl Paths {
        fn associated(kept: &u8) -> u8 {
            kept + 3
        }
    }
    fn sized<T>(kept: u8) -> usize {
        usize::from(kept) + size_of::<T>()
    }
    let made = load(&Paths {
        kept: 1,
        bare: 0,
        string: 0,
        associated: 0,
        of_trait: 0,
        turbofish: 0,
        std: 0,
    });
    assert_eq!(
        made.unwrap(),
        Paths { kept: 1, bare: 2, string: 2, associated: 4, of_trait: 5, turbofish: 5, std: 1 }
    );
}

#[test]
fn functions_of_generic_types_are_generic() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Indexed<T: Clone> {
        items: Vec<T>,
        #[reduce(skip, rebuild = last)]
        last: Option<T>,
        #[reduce(skip, rebuild = Self::count)]
        count: usize,
    }
    fn last<T: Clone>(items: &[T]) -> Option<T> {
        items.last().cloned()
    }
    impl<T: Clone> Indexed<T> {
        fn count(items: &[T]) -> usize {
            items.len()
        }
    }
    let made = load(&Indexed { items: vec!["a".to_string(), "b".into()], last: None, count: 0 });
    let made = made.unwrap();
    assert_eq!((made.last.as_deref(), made.count), (Some("b"), 2));
}

#[test]
fn up_to_sixteen_fields_are_handed_over() {
    macro_rules! sixteen {
        ($($field:ident $value:literal),*) => {
            #[derive(Reduce)]
            struct Field {
                $($field: u32,)*
                #[reduce(skip, rebuild = sum, context(u64))]
                sum: u64,
            }
            #[derive(Reduce)]
            #[reduce(rebuild = Whole::new, context(u64))]
            struct Whole { $($field: u32,)* #[reduce(skip)] sum: u64 }
            // In this order, so that a swapped argument shows.
            fn sum(base: &u64, $($field: u32),*) -> u64 {
                let mut sum = *base;
                $(sum = sum.wrapping_mul(31) + u64::from($field);)*
                sum
            }
            impl Whole {
                fn new(base: &u64, $($field: u32),*) -> Self {
                    Whole { $($field,)* sum: sum(base, $($field),*) }
                }
            }
            let expected = sum(&1, $($value),*);
            let loader = Loader::new().context(1u64);
            let bytes = reduce_core::to_vec(&Field { $($field: $value,)* sum: 0 }).unwrap();
            assert_eq!(loader.from_slice::<Field>(&bytes).ok().unwrap().sum, expected);
            let bytes = reduce_core::to_vec(&Whole { $($field: $value,)* sum: 0 }).unwrap();
            let whole = loader.from_slice::<Whole>(&bytes).ok().unwrap();
            assert_eq!([whole.sum, $(u64::from(whole.$field)),*], [expected, $($value),*]);
        };
    }
    sixteen!(
        a 1, b 2, c 3, d 4, e 5, f 6, g 7, h 8, i 9, j 10, k 11, l 12, m 13, n 14, o 15, p 16
    );
}

#[test]
fn the_whole_value_is_made_from_its_kept_fields_by_value() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(rebuild = open)]
    struct Document {
        title: String,
        pages: Vec<String>,
        #[reduce(skip)]
        words: usize,
    }
    fn open(title: String, pages: Vec<String>) -> Result<Document, String> {
        if title.is_empty() {
            return Err("a document needs a title".into());
        }
        let words = pages.iter().map(|page| page.split(' ').count()).sum();
        Ok(Document { title, pages, words })
    }
    let document = |title: &str| Document {
        title: title.into(),
        pages: vec!["one two".into(), "three".into()],
        words: 0,
    };
    assert_eq!(load(&document("x")).unwrap().words, 3);
    let error = load(&vec![document("x"), document("")]).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Rebuild, "[1]"));
    assert_eq!(
        error.to_string(),
        "[1]: the rebuild function \"open\" failed: a document needs a title"
    );
}

#[test]
fn tuples_and_units_are_made_whole() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(rebuild = Sorted::new)]
    struct Sorted(u8, u8);
    impl Sorted {
        fn new(a: u8, b: u8) -> Self {
            Sorted(a.min(b), a.max(b))
        }
    }
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(rebuild = forty_two)]
    struct Answer {
        #[reduce(skip)]
        value: u8,
    }
    fn forty_two() -> Answer {
        Answer { value: 42 }
    }
    assert_eq!(load(&Sorted(9, 1)).unwrap(), Sorted(1, 9));
    assert_eq!(load(&Answer { value: 0 }).unwrap(), Answer { value: 42 });
}

/// Neither `Clone` nor `Sync`.
struct Pool {
    name: String,
    opened: std::cell::Cell<u32>,
}

#[derive(Reduce)]
struct Session {
    user: String,
    #[reduce(skip, rebuild = check_out, context(Pool))]
    handle: String,
}

fn check_out(pool: &Pool, user: &str) -> Result<String, String> {
    pool.opened.set(pool.opened.get() + 1);
    Ok(format!("{user}@{} #{}", pool.name, pool.opened.get()))
}

#[test]
fn a_context_is_lent_to_every_function_that_asks() {
    let session = |user: &str| Session { user: user.into(), handle: String::new() };
    let bytes = reduce_core::to_vec(&vec![session("ann"), session("bob")]).unwrap();
    let pool = Pool { name: "main".into(), opened: 5.into() };
    let loader = Loader::new();
    let sessions: Vec<Session> = loader.with_context(&pool).from_slice(&bytes).unwrap();
    let handles: Vec<&str> = sessions.iter().map(|session| &*session.handle).collect();
    assert_eq!(handles, ["ann@main #6", "bob@main #7"]);
    assert_eq!(pool.opened.get(), 7);
}

#[test]
fn a_context_held_by_the_loader_serves_many_loads_on_many_threads() {
    #[derive(Reduce)]
    struct Greeting {
        name: String,
        #[reduce(skip, rebuild = greet, context(Language))]
        text: String,
    }
    struct Language(&'static str);
    fn greet(language: &Language, name: &str) -> String {
        format!("{} {name}", language.0)
    }
    let bytes = reduce_core::to_vec(&Greeting { name: "Ann".into(), text: String::new() }).unwrap();
    let loader = Loader::new().context(Language("hello"));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                assert_eq!(loader.from_slice::<Greeting>(&bytes).ok().unwrap().text, "hello Ann");
            });
        }
    });
    // A second one of the type takes its place, and one lent goes before both.
    let loader = loader.context(Language("hi"));
    assert_eq!(loader.from_slice::<Greeting>(&bytes).ok().unwrap().text, "hi Ann");
    let lent = Language("hey");
    let greeting: Greeting = loader.with_context(&lent).from_slice(&bytes).unwrap();
    assert_eq!(greeting.text, "hey Ann");
}

#[test]
fn a_missing_context_names_the_type_and_the_field() {
    let session = Session { user: "ann".into(), handle: String::new() };
    let bytes = reduce_core::to_vec(&Some(session)).unwrap();
    let loader = Loader::new().context("not a pool");
    let error = loader.from_slice::<Option<Session>>(&bytes).err().unwrap();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::MissingContext, "handle"));
    assert_eq!(
        error.to_string(),
        "handle: needs a context of type `rebuild::Pool`, but only `&str` was given to the session; hand it over \
         with `.context(value)` or `.with_context(&value)`"
    );
}

#[test]
fn a_dump_needs_no_context_of_a_rebuild_function() {
    let session = Session { user: "ann".into(), handle: "h".into() };
    assert_eq!(
        Dumper::new().to_vec(&session).unwrap(),
        Dumper::new().context(1u8).to_vec(&session).unwrap()
    );
}

#[test]
fn fields_of_variants_are_made_with_context() {
    #[derive(Reduce, Debug, PartialEq)]
    enum Part {
        #[allow(dead_code, reason = "stands in front")]
        Empty,
        Scaled(u32, #[reduce(skip, rebuild = scale, context(u32))] u32),
    }
    fn scale(factor: &u32, value: u32) -> u32 {
        factor * value
    }
    let bytes = reduce_core::to_vec(&Part::Scaled(3, 0)).unwrap();
    let part: Part = Loader::new().context(7u32).from_slice(&bytes).unwrap();
    assert_eq!(part, Part::Scaled(3, 21));
    let error = reduce_core::from_slice::<Part>(&bytes).unwrap_err();
    assert_eq!(error.path(), "Scaled.1");
}
