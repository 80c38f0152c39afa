//! `Rc` and `Arc`: one object in a dump is one object after the load.

use reduce_core::{Adapter, BoxError, Context, Dumper, ErrorKind, Expand, Limits, Reduce};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

fn again<T: Reduce + for<'de> Expand<'de>>(value: &T) -> T {
    reduce_core::from_slice(&reduce_core::to_vec(value).unwrap()).unwrap()
}

/// How many bytes of data the value adds to those of its program.
fn size<T: Reduce>(value: &T) -> usize {
    reduce_core::to_vec(value).unwrap().len()
}

#[test]
fn one_object_stays_one_and_equal_ones_stay_apart() {
    let one = Rc::new("text".to_string());
    let other = Rc::new("text".to_string());
    let list = again(&vec![one.clone(), other, one.clone(), one]);
    assert!(Rc::ptr_eq(&list[0], &list[2]) && Rc::ptr_eq(&list[0], &list[3]));
    assert!(!Rc::ptr_eq(&list[0], &list[1]));
    assert_eq!(list.iter().map(|text| text.as_str()).collect::<Vec<_>>(), ["text"; 4]);
    // What is loaded is all that holds it: the memo is gone.
    assert_eq!((Rc::strong_count(&list[0]), Rc::strong_count(&list[1])), (3, 1));
}

#[test]
fn objects_are_shared_across_fields_maps_variants_and_options() {
    #[derive(Reduce)]
    enum Holder {
        Direct(Arc<Vec<u8>>),
        Named { map: BTreeMap<u8, Arc<Vec<u8>>>, option: Option<Arc<Vec<u8>>> },
    }
    let one = Arc::new(vec![1, 2, 3]);
    let holders = again(&vec![
        Holder::Direct(one.clone()),
        Holder::Named { map: [(1, one.clone()), (2, one.clone())].into(), option: Some(one) },
    ]);
    let [Holder::Direct(a), Holder::Named { map, option: Some(b) }] = &holders[..] else {
        panic!("other variants");
    };
    assert!([b, &map[&1], &map[&2]].iter().all(|c| Arc::ptr_eq(a, c)));
    assert_eq!((**a).as_slice(), [1, 2, 3]);
    assert_eq!(Arc::strong_count(a), 4);
}

#[test]
fn a_shared_object_is_written_once() {
    let one = Rc::new([7u8; 1000]);
    let apart = size(&(one.clone(), Rc::new(*one)));
    let shared = size(&(one.clone(), one));
    // The opcode and the number of the object stand in place of opcode and bytes.
    assert_eq!(apart - shared, 999);
}

#[test]
fn text_and_slices_are_shared() {
    let text: Rc<str> = "shared text".into();
    let list: Arc<[u16]> = [1, 2, 300].into();
    let (texts, lists) = again(&(vec![text.clone(), text], [list.clone(), list]));
    assert!(Rc::ptr_eq(&texts[0], &texts[1]));
    assert!(Arc::ptr_eq(&lists[0], &lists[1]));
    assert_eq!((&*texts[0], &*lists[0]), ("shared text", &[1, 2, 300][..]));
}

#[test]
fn shared_objects_hold_shared_objects() {
    #[derive(Reduce)]
    struct Node {
        value: u8,
        below: Vec<Rc<Node>>,
    }
    let bottom = Rc::new(Node { value: 1, below: vec![] });
    let left = Rc::new(Node { value: 2, below: vec![bottom.clone()] });
    let right = Rc::new(Node { value: 3, below: vec![bottom.clone(), left.clone()] });
    let top = again(&Node { value: 4, below: vec![left, right, bottom] });
    let [left, right, bottom] = &top.below[..] else { panic!("three nodes") };
    assert!(Rc::ptr_eq(&left.below[0], bottom));
    assert!(Rc::ptr_eq(&right.below[0], bottom));
    assert!(Rc::ptr_eq(&right.below[1], left));
    assert_eq!([left.value, right.value, bottom.value, top.value], [2, 3, 1, 4]);
}

#[test]
fn a_diamond_of_many_levels_stays_small() {
    #[derive(Reduce)]
    struct Level {
        pair: Option<(Rc<Level>, Rc<Level>)>,
    }
    let mut level = Rc::new(Level { pair: None });
    for _ in 0..100 {
        level = Rc::new(Level { pair: Some((level.clone(), level)) });
    }
    // 2^100 levels, were they written one by one.
    assert!(size(&level) < 1000, "{}", size(&level));
    let mut loaded = again(&level);
    let mut depth = 0;
    while let Some((a, b)) = &loaded.pair {
        assert!(Rc::ptr_eq(a, b));
        let next = a.clone();
        loaded = next;
        depth += 1;
    }
    assert_eq!(depth, 100);
}

#[test]
fn an_object_and_its_first_field_are_two() {
    /// Its address is that of its field.
    #[derive(Reduce)]
    struct Outer {
        inner: Inner,
    }
    #[derive(Reduce, Clone, Debug, PartialEq)]
    struct Inner(u32);
    /// Hands out the field's address as an `Rc` of its own: what the memo must tell apart is address and type.
    #[derive(Reduce)]
    struct Both {
        outer: Rc<Outer>,
        array: Rc<[u32; 1]>,
        slice: Rc<[u32]>,
        again: Rc<[u32; 1]>,
    }
    let array = Rc::new([5u32]);
    // One allocation, one size, two types.
    let slice: Rc<[u32]> = array.clone();
    assert_eq!(Rc::as_ptr(&array).addr(), Rc::as_ptr(&slice).cast::<u32>().addr());
    let both = again(&Both {
        outer: Rc::new(Outer { inner: Inner(7) }),
        array: array.clone(),
        slice,
        again: array,
    });
    assert_eq!(both.outer.inner, Inner(7));
    assert_eq!((*both.array, &*both.slice), ([5], &[5][..]));
    assert!(Rc::ptr_eq(&both.array, &both.again));
}

#[test]
fn text_and_its_bytes_in_one_allocation_are_two_objects() {
    let text: Arc<str> = "text".into();
    let bytes: Arc<[u8]> = text.clone().into();
    assert_eq!(text.as_ptr(), bytes.as_ptr());
    let (a, b, c, d) = again(&(text.clone(), bytes.clone(), bytes, text));
    assert_eq!((&*a, &*b), ("text", &b"text"[..]));
    assert!(Arc::ptr_eq(&a, &d) && Arc::ptr_eq(&b, &c));
}

#[test]
fn objects_without_size_keep_their_identity() {
    let one = Rc::new(());
    let other = Rc::new(());
    let list = again(&vec![one.clone(), other, one]);
    assert!(Rc::ptr_eq(&list[0], &list[2]));
    assert!(!Rc::ptr_eq(&list[0], &list[1]));
}

#[test]
fn identity_ends_with_the_dump() {
    let one = Rc::new(5u8);
    let dumper = Dumper::new();
    let (a, b) = (dumper.to_vec(&one).unwrap(), dumper.to_vec(&one).unwrap());
    assert_eq!(a, b);
    assert_eq!(reduce_core::from_slice::<Rc<u8>>(&b).map(|five| *five).unwrap(), 5);
    assert_eq!(Rc::strong_count(&one), 1);
}

#[test]
fn a_failed_dump_lets_go_of_what_it_held() {
    let one = Rc::new(RefCell::new(1u8));
    let guard = one.borrow_mut();
    assert!(reduce_core::to_vec(&vec![one.clone()]).is_err());
    drop(guard);
    assert_eq!(Rc::strong_count(&one), 1);
}

#[test]
fn an_object_that_holds_itself_is_an_error() {
    #[derive(Reduce, Default)]
    struct Node {
        next: RefCell<Option<Rc<Node>>>,
    }
    let node = Rc::new(Node::default());
    *node.next.borrow_mut() = Some(node.clone());
    let error = reduce_core::to_vec(&node).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Unavailable, "next"));
    assert_eq!(
        error.to_string(),
        "next: an object of type `Node` holds itself through strong pointers; mark the field \
         that closes the cycle with `#[reduce(state)]`"
    );
    // By way of others.
    let third = Rc::new(Node { next: Some(node.clone()).into() });
    let second = Rc::new(Node { next: Some(third).into() });
    *node.next.borrow_mut() = Some(second);
    let error = reduce_core::to_vec(&vec![node.clone()]).unwrap_err();
    assert_eq!(error.path(), "[0].next.next.next");
    node.next.take();
}

/// A value that is made anew whenever it is stored.
struct Fresh(u32);

struct AsFreshRc;

impl Adapter<Fresh> for AsFreshRc {
    type Stored = Rc<String>;
    fn reduce(value: &Fresh, _: &Context<'_>) -> Result<Rc<String>, BoxError> {
        Ok(Rc::new(value.0.to_string()))
    }
    fn expand(stored: Rc<String>, _: &Context<'_>) -> Result<Fresh, BoxError> {
        Ok(Fresh(stored.parse()?))
    }
}

#[test]
fn temporaries_of_adapters_are_not_taken_for_one_another() {
    #[derive(Reduce)]
    struct Holder(#[reduce(with = AsFreshRc)] Fresh);
    // Each is dropped before the next one is made, so that the allocator may hand out its address again.
    let list: Vec<Holder> = (0..1000).map(|n| Holder(Fresh(n))).collect();
    let loaded = again(&list);
    assert!(loaded.iter().enumerate().all(|(n, holder)| holder.0.0 as usize == n));
}

#[test]
fn temporaries_of_canonical_keys_are_not_taken_for_one_another() {
    type Map = BTreeMap<Rc<u32>, Rc<u32>>;
    let map: Map = (0..300).map(|n| (Rc::new(n), Rc::new(n * 2))).collect();
    let shared: Rc<u32> = Rc::new(1000);
    let value = (map, vec![shared.clone(), shared.clone()]);
    let dumper = Dumper::new().canonical(true);
    let bytes = dumper.to_vec(&value).unwrap();
    let loaded: (Map, Vec<Rc<u32>>) = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!(loaded, value);
    assert!(Rc::ptr_eq(&loaded.1[0], &loaded.1[1]));
    assert_eq!(dumper.to_vec(&loaded).unwrap(), bytes);
}

#[test]
fn a_canonical_map_whose_keys_and_values_share_keeps_identity() {
    let one: Rc<str> = "one".into();
    let two: Rc<str> = "two".into();
    let map: BTreeMap<Rc<str>, Rc<str>> =
        [(one.clone(), two.clone()), (two.clone(), one.clone())].into();
    let bytes = Dumper::new().canonical(true).to_vec(&(map, one)).unwrap();
    let (map, one): (BTreeMap<Rc<str>, Rc<str>>, Rc<str>) =
        reduce_core::from_slice(&bytes).unwrap();
    let (key, _) = map.get_key_value("one").unwrap();
    assert!(Rc::ptr_eq(key, &one) && Rc::ptr_eq(&map["two"], &one));
}

#[test]
fn a_shared_resource_is_made_once() {
    thread_local!(static OPENED: Cell<u32> = const { Cell::new(0) });
    #[derive(Reduce)]
    struct Resource {
        name: String,
        #[reduce(skip, rebuild = open)]
        handle: u32,
    }
    fn open(name: &str) -> u32 {
        OPENED.set(OPENED.get() + 1);
        u32::try_from(name.len()).unwrap() + OPENED.get()
    }
    let one = Rc::new(Resource { name: "four".into(), handle: 0 });
    let list = again(&vec![one.clone(), one.clone(), one]);
    assert_eq!((OPENED.get(), list[2].handle), (1, 5));
}

/// The bytes with the last back reference's number replaced.
fn redirected<T: Reduce>(value: &T, back: usize, from: u8, to: u8) -> Vec<u8> {
    let mut bytes = reduce_core::to_vec(value).unwrap();
    let at = bytes.len() - back;
    assert_eq!(bytes[at], from);
    bytes[at] = to;
    bytes
}

#[test]
fn back_references_to_nothing_themselves_or_another_type_are_malformed() {
    let number = Rc::new(5u8);
    let text: Rc<str> = "text".into();
    let value = (number.clone(), text.clone(), number, text);
    type Loaded = (Rc<u8>, Rc<str>, Rc<u8>, Rc<str>);
    // The last bytes are: back reference, 0, back reference, 1, stop.
    for (back, from, to, message) in [
        (4, 0, 1, "the shared object 1 is of another type, and cannot become `alloc::rc::Rc<u8>`"),
        (2, 1, 0, "the shared object 0 is of another type, and cannot become `alloc::rc::Rc<str>`"),
        (2, 1, 2, "there is no shared object 2"),
        (2, 1, 127, "there is no shared object 127"),
    ] {
        let bytes = redirected(&value, back, from, to);
        let error = reduce_core::from_slice::<Loaded>(&bytes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        let at = bytes.len() - back - 1;
        assert_eq!(error.to_string(), format!("{}: {message} (at byte {at})", 4 - back / 2));
    }
}

#[test]
fn a_back_reference_to_another_rust_type_of_the_same_program_is_malformed() {
    // Both are `shared<str>` in the stream.
    let value = (Rc::new("owned".to_string()), Rc::<str>::from("slice"));
    let value = (value.0.clone(), value.1.clone(), value.0, value.1);
    type Loaded = (Rc<String>, Rc<str>, Rc<String>, Rc<str>);
    let bytes = redirected(&value, 2, 1, 0);
    let error = reduce_core::from_slice::<Loaded>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed, "{error}");
    assert!(error.to_string().contains("the shared object 0 is of another type"), "{error}");
}

#[test]
fn an_object_that_refers_to_itself_in_the_stream_is_malformed() {
    #[derive(Reduce, Debug)]
    struct Node {
        next: Option<Rc<Node>>,
    }
    let inner = Rc::new(Node { next: None });
    let list =
        vec![Rc::new(Node { next: Some(inner.clone()) }), Rc::new(Node { next: Some(inner) })];
    // The last object is #2, and its field refers to #1.
    let bytes = redirected(&list, 2, 1, 2);
    let error = reduce_core::from_slice::<Vec<Rc<Node>>>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(
        error
            .to_string()
            .starts_with("[1].next: the shared object 2 is referred to from inside itself"),
        "{error}"
    );
}

#[test]
fn back_references_cost_no_more_than_their_bytes() {
    let one = Rc::new([7u8; 4096]);
    let list = vec![one; 10_000];
    let bytes = reduce_core::to_vec(&list).unwrap();
    let limits = Limits::default().bytes(100_000);
    let loader = reduce_core::Loader::new().limits(limits);
    let loaded: Vec<Rc<[u8; 4096]>> = loader.from_slice(&bytes).unwrap();
    assert_eq!(loaded.len(), 10_000);
    assert!(Rc::ptr_eq(&loaded[0], &loaded[9_999]));
}

#[test]
fn an_array_and_a_slice_of_one_allocation_come_apart() {
    let array = Rc::new([1u8, 2, 3]);
    let slice: Rc<[u8]> = array.clone();
    let (array, slice, more) = again(&(array, slice.clone(), slice));
    assert_eq!((*array, &*slice), ([1, 2, 3], &[1, 2, 3][..]));
    assert!(Rc::ptr_eq(&slice, &more));
    assert!(!std::ptr::addr_eq(Rc::as_ptr(&array), Rc::as_ptr(&slice)));
}

/// A thread keeps the memory of its memo for the next dump, and nothing that was in it.
#[test]
fn a_dump_keeps_nothing_alive_whether_it_succeeds_or_not() {
    let (object, cell) = (Rc::new(1u8), Rc::new(RefCell::new(2u8)));
    reduce_core::to_vec(&(&object, &cell)).unwrap();
    assert_eq!((Rc::strong_count(&object), Rc::strong_count(&cell)), (1, 1));
    let guard = cell.borrow_mut();
    assert!(reduce_core::to_vec(&(&object, &cell)).is_err());
    drop(guard);
    assert_eq!((Rc::strong_count(&object), Rc::strong_count(&cell)), (1, 1));
    assert_eq!(
        *reduce_core::from_slice::<Rc<u8>>(&reduce_core::to_vec(&object).unwrap()).unwrap(),
        1
    );
}

/// Objects that only the memo holds are dropped behind the dump, in the memo that the next one takes.
#[test]
fn an_object_may_dump_when_it_is_dropped_or_taken_apart() {
    struct Dumps(u8);
    impl Drop for Dumps {
        fn drop(&mut self) {
            let shared = Rc::new(self.0);
            let bytes = reduce_core::to_vec(&[&shared, &shared]).unwrap();
            let [a, b]: [Rc<u8>; 2] = reduce_core::from_slice(&bytes).unwrap();
            assert!(Rc::ptr_eq(&a, &b) && *a == self.0);
        }
    }
    impl reduce_core::Describe for Dumps {
        fn def() -> &'static reduce_core::TypeDef {
            u8::def()
        }
    }
    impl Reduce for Dumps {
        fn reduce(&self, w: &mut reduce_core::Writer<'_>) -> Result<(), reduce_core::Error> {
            drop(Dumps(self.0 + 1));
            self.0.reduce(w)
        }
    }
    /// A value that hands out objects which nothing else holds.
    struct Temporary;
    impl reduce_core::Describe for Temporary {
        fn def() -> &'static reduce_core::TypeDef {
            <(Rc<Dumps>, Rc<Dumps>)>::def()
        }
    }
    impl Reduce for Temporary {
        fn reduce(&self, w: &mut reduce_core::Writer<'_>) -> Result<(), reduce_core::Error> {
            Rc::new(Dumps(1)).reduce(w)?;
            Rc::new(Dumps(2)).reduce(w)
        }
    }
    for _ in 0..3 {
        let bytes = reduce_core::to_vec(&Temporary).unwrap();
        let (a, b): (Rc<u8>, Rc<u8>) = reduce_core::from_slice(&bytes).unwrap();
        assert_eq!((*a, *b, Rc::ptr_eq(&a, &b)), (1, 2, false));
    }
}

/// Lists are looked up eight at a time, and tables grow while they are.
#[test]
fn identity_is_kept_in_lists_of_many_objects_met_in_any_order() {
    let objects: Vec<Rc<usize>> = (0..5000).map(Rc::new).collect();
    let texts: Vec<Rc<str>> = (0..5000).map(|n| Rc::from("x".repeat(n % 7))).collect();
    let order = |n: usize| (n * 2477) % 5000;
    let shuffled: Vec<Rc<usize>> = (0..15_000).map(|n| objects[order(n)].clone()).collect();
    let texts: Vec<Rc<str>> = (0..15_000).map(|n| texts[order(n)].clone()).collect();
    let (objects, shuffled, texts) = again(&(objects, shuffled, texts));
    for n in 0..15_000 {
        assert!(Rc::ptr_eq(&shuffled[n], &objects[order(n)]));
        assert_eq!(texts[n].len(), order(n) % 7);
        assert!(Rc::ptr_eq(&texts[n], &texts[n % 5000]));
    }
}
