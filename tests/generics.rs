//! Derived types with parameters, and types that hold themselves.

use reduce_core::{Describe, ErrorKind, Expand, Limits, Loader, Reduce};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::marker::PhantomData;
use std::rc::Rc;

fn again<T: Reduce + for<'de> Expand<'de>>(value: &T) -> T {
    reduce_core::from_slice(&reduce_core::to_vec(value).unwrap()).unwrap()
}

fn comes_back<T: Reduce + for<'de> Expand<'de> + PartialEq + Debug>(value: T) {
    assert_eq!(again(&value), value);
}

/// Neither stored nor made: a type without any impl of ours.
#[derive(Debug, PartialEq)]
struct Foreign;

#[test]
fn type_parameters_are_instantiated_each_with_a_program_of_its_own() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Pair<A, B> {
        a: A,
        b: Vec<B>,
    }
    comes_back(Pair { a: 1u8, b: vec!["x".to_string()] });
    comes_back(Pair { a: "x".to_string(), b: vec![1u8, 2] });
    comes_back(Pair { a: Some(Pair { a: (), b: vec![1.5f32] }), b: vec![[1u16; 3]] });
    // The same Rust item, but other types in the stream.
    let bytes = reduce_core::to_vec(&Pair { a: 1u8, b: vec![2u8] }).unwrap();
    let wider: Pair<u8, u16> = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!(wider, Pair { a: 1, b: vec![2] });
    let error = reduce_core::from_slice::<Pair<u8, String>>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
}

#[test]
fn const_parameters_size_arrays() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Grid<T, const W: usize, const H: usize> {
        cells: [[T; W]; H],
    }
    comes_back(Grid { cells: [[1u32, 2, 3], [4, 5, 6]] });
    comes_back(Grid::<String, 0, 2> { cells: [[], []] });
    #[derive(Reduce, Debug, PartialEq)]
    struct Flagged<const ON: bool, const LETTER: char>(u8);
    comes_back(Flagged::<true, 'x'>(1));
}

#[test]
fn parameters_with_defaults_and_where_clauses() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Settings<T = u32, const N: usize = 2>
    where
        T: Copy + Debug,
    {
        values: [T; N],
    }
    comes_back::<Settings>(Settings { values: [1, 2] });
    comes_back::<Settings<u8, 3>>(Settings { values: [1, 2, 3] });
}

#[test]
fn bounds_on_parameters_are_kept() {
    // Whether `Box<V>` can be loaded is not for `V: Expand` to say, where `V` is unsized.
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(bound(expand = "K: Expand<'de>, Box<V>: Expand<'de>"))]
    struct Keyed<K: Ord + Clone, V: ?Sized + 'static>
    where
        V: ToOwned,
    {
        keys: BTreeMap<K, u8>,
        value: Box<V>,
    }
    comes_back::<Keyed<u8, str>>(Keyed { keys: [(1, 2)].into(), value: "x".into() });
}

#[test]
fn phantom_data_and_skipped_fields_need_no_bounds() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Meters<Unit> {
        value: f64,
        unit: PhantomData<Unit>,
        #[reduce(skip, default)]
        cached: Option<PhantomData<fn() -> Unit>>,
        #[reduce(skip, rebuild = none, from(value))]
        last: Vec<Unit>,
    }
    fn none<T>(_: f64) -> Vec<T> {
        Vec::new()
    }
    comes_back(Meters::<Foreign> { value: 2.5, unit: PhantomData, cached: None, last: vec![] });
}

#[test]
fn a_skipped_field_with_default_asks_for_default_alone() {
    #[derive(Debug, PartialEq, Default)]
    struct OnlyDefault(u8);
    #[derive(Reduce, Debug, PartialEq)]
    struct Holder<T> {
        id: u8,
        #[reduce(skip, default)]
        made: T,
    }
    assert_eq!(
        again(&Holder { id: 1, made: OnlyDefault(9) }),
        Holder { id: 1, made: OnlyDefault(0) }
    );
}

#[test]
fn associated_types_are_bounded_and_not_their_owner() {
    trait Protocol {
        type Message;
        const NAME: &'static str;
    }
    #[derive(Debug, PartialEq)]
    struct Text;
    impl Protocol for Text {
        type Message = String;
        const NAME: &'static str = "text";
    }
    #[derive(Reduce, Debug, PartialEq)]
    struct Queue<P: Protocol> {
        messages: Vec<P::Message>,
        last: Option<<P as Protocol>::Message>,
        protocol: PhantomData<P>,
    }
    let queue: Queue<Text> = Queue {
        messages: vec!["a".into(), "b".into()],
        last: Some("b".into()),
        protocol: PhantomData,
    };
    assert_eq!(again(&queue).messages, queue.messages);
    assert_eq!(again(&queue).last, queue.last);
    assert_eq!(Text::NAME, "text");
}

#[test]
fn fields_borrow_from_the_stream() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Message<'a, 'b> {
        subject: &'a str,
        body: &'b [u8],
        footer: Cow<'a, str>,
        copies: Vec<&'b str>,
        #[expect(clippy::redundant_allocation, reason = "a box of what is borrowed is the point")]
        boxed: Option<Box<&'a str>>,
    }
    let value = Message {
        subject: "hello",
        body: b"world",
        footer: "bye".into(),
        copies: vec!["ann", "bob"],
        boxed: Some(Box::new("x")),
    };
    let bytes = reduce_core::to_vec(&value).unwrap();
    let loaded: Message<'_, '_> = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!(loaded, value);
    let stream = bytes.as_ptr_range();
    assert!(stream.contains(&loaded.subject.as_ptr()));
    assert!(stream.contains(&loaded.body.as_ptr()));
    assert!(stream.contains(&loaded.copies[1].as_ptr()));
    assert!(stream.contains(&loaded.boxed.unwrap().as_ptr()));
}

#[test]
fn a_cow_field_borrows_from_the_stream() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Page<'a> {
        title: Cow<'a, str>,
        raw: Cow<'a, [u8]>,
    }
    let bytes =
        reduce_core::to_vec(&Page { title: "title".into(), raw: vec![1, 2, 3].into() }).unwrap();
    let page: Page<'_> = reduce_core::from_slice(&bytes).unwrap();
    assert!(matches!(page.title, Cow::Borrowed("title")), "{page:?}");
    assert!(matches!(page.raw, Cow::Borrowed(&[1, 2, 3])), "{page:?}");
}

#[test]
fn a_borrowing_type_inside_a_generic_one_borrows_as_well() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Holder<T>(T, Vec<T>);
    let bytes = reduce_core::to_vec(&Holder("first", vec!["second"])).unwrap();
    let holder: Holder<&str> = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!(holder, Holder("first", vec!["second"]));
    assert!(bytes.as_ptr_range().contains(&holder.1[0].as_ptr()));
    // Owned text has the same program.
    let owned: Holder<String> = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!(owned, Holder("first".into(), vec!["second".into()]));
}

#[derive(Reduce, Debug, PartialEq, Clone)]
struct Tree<T> {
    value: T,
    left: Option<Box<Tree<T>>>,
    right: Option<Box<Self>>,
    others: Vec<Tree<T>>,
    named: HashMap<String, Tree<T>>,
}

fn leaf<T>(value: T) -> Tree<T> {
    Tree { value, left: None, right: None, others: vec![], named: HashMap::new() }
}

#[test]
fn a_type_holds_itself_through_every_indirection() {
    let mut tree = leaf(1u8);
    tree.left = Some(Box::new(leaf(2)));
    tree.right = Some(Box::new(tree.clone()));
    tree.others = vec![leaf(3), tree.clone()];
    tree.named.insert("a".into(), tree.clone());
    comes_back(tree);
    comes_back(leaf("text".to_string()));
}

#[derive(Reduce, Debug, PartialEq)]
enum Statement {
    Let(String, Expression),
    Block(Vec<Statement>),
}

#[derive(Reduce, Debug, PartialEq)]
enum Expression {
    Number(i64),
    Add(Box<(Expression, Expression)>),
    Do(Box<Statement>, Rc<Expression>),
}

#[test]
fn types_hold_one_another() {
    use Expression::{Add, Do, Number};
    comes_back(Statement::Block(vec![
        Statement::Let("x".into(), Add(Box::new((Number(1), Number(-1))))),
        Statement::Let(
            "y".into(),
            Do(Box::new(Statement::Block(vec![])), Rc::new(Number(i64::MIN))),
        ),
    ]));
    // Either of them is a root with a finite program.
    comes_back(Add(Box::new((
        Number(1),
        Do(Box::new(Statement::Block(vec![])), Rc::new(Number(2))),
    ))));
    assert!(reduce_core::to_vec(&Number(1)).unwrap().len() < 100);
}

#[test]
fn a_recursive_type_with_its_own_parameter_swapped_is_finite() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(bound(reduce = "A: Reduce, B: Reduce", expand = "A: Expand<'de>, B: Expand<'de>"))]
    enum Zip<A, B> {
        End,
        Cons(A, Box<Zip<B, A>>),
    }
    comes_back(Zip::Cons(1u8, Box::new(Zip::Cons("x".to_string(), Box::new(Zip::End)))));
}

#[test]
fn bound_stands_in_for_the_inferred_predicates() {
    trait Shape {
        type Stored: Reduce + for<'de> Expand<'de> + Debug + PartialEq;
    }
    #[derive(Debug, PartialEq)]
    struct Square;
    impl Shape for Square {
        type Stored = u8;
    }
    // `S` itself is never stored.
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(bound = "S: Shape")]
    struct Drawing<S: Shape> {
        parts: Vec<Part<S>>,
    }
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(bound = "")]
    struct Part<S: Shape>(S::Stored, PhantomData<S>);
    comes_back(Drawing::<Square> { parts: vec![Part(1, PhantomData), Part(2, PhantomData)] });
}

#[test]
fn bounds_of_one_side_leave_the_other_one_inferred() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(bound(expand = "T: Expand<'de> + Default"))]
    struct OrDefault<T> {
        value: T,
        #[reduce(skip, rebuild = made)]
        spare: T,
    }
    fn made<T: Default>(_: &T) -> T {
        T::default()
    }
    assert_eq!(again(&OrDefault { value: 5u8, spare: 6 }), OrDefault { value: 5, spare: 0 });
}

#[test]
fn a_program_does_not_depend_on_lifetimes() {
    #[derive(Reduce)]
    struct View<'a>(#[allow(dead_code, reason = "only described")] &'a str);
    fn program<'a>(_: &'a str) -> *const () {
        std::ptr::from_ref(<View<'a> as Describe>::def()).cast()
    }
    let local = String::from("x");
    let _ = program(&local);
    assert_eq!(<View<'static> as Describe>::def().name(), Some("View"));
    let bytes = reduce_core::to_vec(&View(&local)).unwrap();
    assert_eq!(reduce_core::from_slice::<View<'_>>(&bytes).unwrap().0, "x");
}

#[test]
fn shared_pointees_of_a_parameter_come_back() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Shared<T> {
        first: Rc<T>,
        second: Rc<T>,
    }
    let one = Rc::new("shared".to_string());
    let loaded = again(&Shared { first: one.clone(), second: one });
    assert!(Rc::ptr_eq(&loaded.first, &loaded.second));
    assert_eq!(*loaded.first, "shared");
}

#[test]
fn a_cow_for_static_is_loaded_owned() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Label {
        text: Cow<'static, str>,
        bytes: Cow<'static, [u8]>,
        pairs: Cow<'static, [(u8, String)]>,
        path: Cow<'static, std::path::Path>,
        number: Cow<'static, u32>,
    }
    #[derive(Reduce, Debug, PartialEq)]
    enum Choice<T: Clone + 'static> {
        One(Cow<'static, str>),
        Generic { list: Cow<'static, [T]>, one: Cow<'static, T> },
    }
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(transparent)]
    struct Name(Cow<'static, str>);
    #[derive(Reduce, Debug, PartialEq)]
    struct Late {
        #[reduce(state)]
        text: Cow<'static, str>,
    }

    // Owned by the type: it loads from bytes of any life, a reader's too.
    fn again<T: Reduce + for<'de> Expand<'de>>(value: &T) -> T {
        reduce_core::from_reader(reduce_core::to_vec(value).unwrap().as_slice()).unwrap()
    }
    let label = Label {
        text: "text".into(),
        bytes: Cow::Borrowed(&[1, 2]),
        pairs: vec![(1, "one".to_string())].into(),
        path: Cow::Borrowed(std::path::Path::new("a/b")),
        number: Cow::Borrowed(&7),
    };
    let loaded = again(&label);
    assert_eq!(loaded, label);
    assert!(matches!(loaded.text, Cow::Owned(_)) && matches!(loaded.bytes, Cow::Owned(_)));
    let choices = [
        Choice::One("one".into()),
        Choice::Generic { list: vec![1u8, 2].into(), one: Cow::Owned(3) },
    ];
    assert_eq!(again(&choices), choices);
    assert_eq!(again(&Name("name".into())), Name("name".into()));
    assert_eq!(again(&Rc::new(Late { text: "late".into() })).text, "late");
    // The owned copy counts as memory, as a `String` does.
    let bytes = reduce_core::to_vec(&Name("x".repeat(1000).into())).unwrap();
    let tight = Loader::new().limits(Limits::default().bytes(999));
    assert_eq!(tight.from_slice::<Name>(&bytes).unwrap_err().kind(), ErrorKind::Limit);
}

#[test]
fn a_type_that_is_called_cow_is_read_as_it_says() {
    mod herd {
        #[derive(reduce_core::Reduce, Debug, PartialEq)]
        pub struct Cow<'a, T>(pub T, #[reduce(skip, default)] pub std::marker::PhantomData<&'a ()>);
    }
    #[derive(Reduce, Debug, PartialEq)]
    struct Barn {
        cow: herd::Cow<'static, u8>,
    }
    let barn = Barn { cow: herd::Cow(4, PhantomData) };
    let bytes = reduce_core::to_vec(&barn).unwrap();
    assert_eq!(reduce_core::from_slice::<Barn>(&bytes).unwrap(), barn);
}

#[test]
fn a_bound_may_say_that_the_bytes_live_for_static() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(bound(expand = "'de: 'static"))]
    struct Built {
        name: &'static str,
        alias: Option<Cow<'static, str>>,
    }
    let built = Built { name: "n", alias: Some("a".into()) };
    let bytes: &'static [u8] = reduce_core::to_vec(&built).unwrap().leak();
    let again: Built = reduce_core::from_slice(bytes).unwrap();
    assert_eq!(again, built);
    assert!(bytes.as_ptr_range().contains(&again.name.as_ptr()));
}
