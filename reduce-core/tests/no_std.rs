//! What works with `core` and `alloc` alone: this crate is `no_std`, and only the test harness links `std`.
#![no_std]

extern crate alloc;

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet, BinaryHeap, LinkedList, VecDeque};
use alloc::ffi::CString;
use alloc::rc::{self, Rc};
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::fmt::Debug;
use core::num::NonZeroU8;
use core::time::Duration;
use reduce_core::schema::{Schema, Severity, compare};
use reduce_core::{Dumper, ErrorKind, Expand, Limits, Loader, Reduce, from_slice, to_vec};

fn same<T: Reduce + for<'de> Expand<'de> + PartialEq + Debug>(value: T) {
    let bytes = to_vec(&value).unwrap();
    assert_eq!(from_slice::<T>(&bytes).unwrap(), value);
}

#[test]
fn numbers_and_text_come_back() {
    same((u8::MAX, u16::MAX, u32::MAX, u64::MAX, u128::MAX, usize::MAX));
    same((i8::MIN, i16::MIN, i32::MIN, i64::MIN, i128::MIN, isize::MIN));
    same((f32::MIN_POSITIVE, f64::EPSILON, true, 'ß', ()));
    same((String::from("text"), CString::new("c").unwrap()));
    same((NonZeroU8::new(3), Duration::new(1, 2)));
}

#[test]
fn lists_maps_and_sets_come_back() {
    same(vec![vec![1u8, 2], vec![]]);
    same([Some("a".to_string()), None]);
    same(VecDeque::from([1u16, 2]));
    same(LinkedList::from([1i32, -2]));
    same(BTreeMap::from([("a".to_string(), 1u8), ("b".to_string(), 2)]));
    same(BTreeSet::from(['a', 'b']));
    let heap = BinaryHeap::from([3u8, 1, 2]);
    let again: BinaryHeap<u8> = from_slice(&to_vec(&heap).unwrap()).unwrap();
    assert_eq!(again.into_sorted_vec(), [1, 2, 3]);
}

#[test]
fn pointers_and_cells_come_back() {
    same((Box::new(1u8), Rc::new(2u8), Arc::new(3u8)));
    same((Box::<str>::from("boxed"), Rc::<[u16]>::from([1, 2]), Arc::<str>::from("arc")));
    same((Cell::new(1u8), RefCell::new("cell".to_string())));
    same(Err::<u8, _>("error".to_string()));
}

#[test]
fn text_is_borrowed_from_the_stream() {
    let bytes = to_vec("borrowed").unwrap();
    let text: &str = from_slice(&bytes).unwrap();
    assert_eq!(text, "borrowed");
    assert!(bytes.as_ptr_range().contains(&text.as_ptr()));
}

#[test]
fn programs_are_written_read_and_compared() {
    let schema = Schema::new().named::<Vec<u32>>("scores");
    assert_eq!(schema.to_string().parse(), Ok(schema.clone()));
    let changes = compare(&schema, &Schema::new().named::<Vec<u8>>("scores"));
    let [change] = &changes.old_streams[..] else { panic!("{changes:?}") };
    assert_eq!((change.severity(), change.place()), (Severity::MayFail, "scores"));
}

#[test]
fn sessions_have_limits_and_a_context() {
    let bytes = Dumper::new().to_vec(&vec![vec![vec![1u8]]]).unwrap();
    let error = Loader::new()
        .limits(Limits::default().depth(2))
        .from_slice::<Vec<Vec<Vec<u8>>>>(&bytes)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let error = from_slice::<u8>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
}

#[cfg(feature = "derive")]
mod derived {
    use super::*;
    use alloc::borrow::Cow;

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "no_std.Sensor", validate = Sensor::check)]
    struct Sensor<'a, T> {
        name: Cow<'a, str>,
        readings: Vec<T>,
        kind: Kind,
        #[reduce(skip, rebuild = connect, context(Bus), from(name))]
        address: u16,
        #[reduce(skip, default)]
        cached: Option<T>,
    }

    #[derive(Reduce, Debug, PartialEq)]
    enum Kind {
        Plain,
        Scaled { by: u8 },
        Both(Box<Kind>, Rc<Kind>),
    }

    struct Bus(u16);

    fn connect(bus: &Bus, name: &str) -> Result<u16, String> {
        if name.is_empty() { Err("no name".to_string()) } else { Ok(bus.0) }
    }

    impl<T> Sensor<'_, T> {
        fn check(&self) -> Result<(), String> {
            if self.readings.len() < 3 { Ok(()) } else { Err("too many readings".to_string()) }
        }
    }

    fn sensor(name: &'static str, readings: Vec<i16>) -> Sensor<'static, i16> {
        let kind = Kind::Both(Box::new(Kind::Plain), Rc::new(Kind::Scaled { by: 2 }));
        Sensor { name: name.into(), readings, kind, address: 0x40, cached: None }
    }

    fn load(bytes: &[u8]) -> Result<Sensor<'_, i16>, reduce_core::Error> {
        Loader::new().context(Bus(0x40)).from_slice(bytes)
    }

    #[test]
    fn a_derived_type_is_rebuilt() {
        let bytes = to_vec(&sensor("light", vec![1, -2])).unwrap();
        assert_eq!(load(&bytes).unwrap(), sensor("light", vec![1, -2]));
    }

    #[test]
    fn a_function_that_refuses_names_the_field() {
        let bytes = to_vec(&sensor("", vec![])).unwrap();
        let error = load(&bytes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rebuild);
        assert!(error.to_string().contains("address"), "{error}");
        assert!(error.to_string().contains("no name"), "{error}");
    }

    #[test]
    fn a_value_that_does_not_hold_is_refused() {
        let bytes = to_vec(&sensor("light", vec![1, 2, 3])).unwrap();
        let error = load(&bytes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validate);
        assert!(error.to_string().contains("too many readings"), "{error}");
    }

    /// A part of a tree; `Anchored` has its `Weak` as state.
    #[derive(Reduce, Default)]
    struct Part {
        parent: RefCell<rc::Weak<Part>>,
        parts: RefCell<Vec<Rc<Part>>>,
    }

    #[derive(Reduce, Default)]
    struct Anchored {
        #[reduce(state)]
        parent: RefCell<rc::Weak<Anchored>>,
        parts: RefCell<Vec<Rc<Anchored>>>,
    }

    #[test]
    fn an_object_that_a_weak_inside_refers_to_needs_unwinding_or_state() {
        let (root, part) = (Rc::new(Part::default()), Rc::new(Part::default()));
        *part.parent.borrow_mut() = Rc::downgrade(&root);
        root.parts.borrow_mut().push(part);
        let loaded = from_slice::<Rc<Part>>(&to_vec(&root).unwrap());
        if cfg!(all(feature = "std", panic = "unwind")) {
            let root = loaded.unwrap_or_else(|error| panic!("{error}"));
            let parent = root.parts.borrow()[0].parent.borrow().upgrade();
            assert!(Rc::ptr_eq(&parent.unwrap(), &root));
        } else {
            // Before anything of it is made: nobody has to unwind.
            let error = loaded.err().unwrap();
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            assert!(error.to_string().contains("mark the field of the `Weak`"), "{error}");
        }

        let (root, part) = (Rc::new(Anchored::default()), Rc::new(Anchored::default()));
        *part.parent.borrow_mut() = Rc::downgrade(&root);
        root.parts.borrow_mut().push(part);
        let root: Rc<Anchored> = from_slice(&to_vec(&root).unwrap()).unwrap();
        let parent = root.parts.borrow()[0].parent.borrow().upgrade();
        assert!(Rc::ptr_eq(&parent.unwrap(), &root));
    }

    #[test]
    fn numbers_lie_in_buffers_and_are_borrowed_from_them() {
        #[derive(Reduce, Debug, PartialEq)]
        struct Trace<'a> {
            #[reduce(out_of_band)]
            volts: Cow<'a, [f32]>,
        }
        let trace = Trace { volts: vec![0.5; 300].into() };
        let mut taken = Vec::new();
        let take = |bytes: &[u8]| {
            taken.extend_from_slice(bytes);
            Ok(true)
        };
        let bytes = Dumper::new().buffers(take).to_vec(&trace).unwrap();
        assert_eq!((taken.len(), bytes.len() < 100), (1200, true));
        assert_eq!(Loader::new().buffers([&taken]).from_slice::<Trace<'_>>(&bytes).unwrap(), trace);
    }
}
