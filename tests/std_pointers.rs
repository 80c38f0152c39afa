//! Pointers: stored as what they point to, shared ones as one object; and the guard of nesting that all pass.

mod round_trip;

use proptest::prelude::*;
use reduce_core::{
    Describe, Error, ErrorKind, Expand, Field, Fields, Limits, Loader, Reader, Reduce,
};
use reduce_core::{TypeDef, Writer};
use round_trip::{check, check_cow, claim, copied, refusal, same_bytes, stored_as};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashSet, LinkedList, VecDeque};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

proptest! {
    #[test]
    fn pointers_come_back_and_share_a_program(value: (u8, String)) {
        check(&Box::new(value.clone()));
        check(&Box::pin(value.clone()));
        check(&Rc::new(value.clone()));
        check(&Arc::new(value.clone()));
        check_cow(&value);
        same_bytes(&value, &Box::new(value.clone()));
        same_bytes(&value, &Box::pin(value.clone()));
        same_bytes(&value, &&value);
        same_bytes(&value, &Cow::Borrowed(&value));
        same_bytes(&value, &&mut value.clone());
        same_bytes(&Rc::new(value.clone()), &Arc::new(value.clone()));
        prop_assert_eq!(&*stored_as::<_, Pin<Box<(u8, String)>>>(&value), &value);
    }

    #[test]
    fn slices_come_back_behind_pointers(elements: Vec<(u8, String)>) {
        check(&elements.clone().into_boxed_slice());
        check(&Box::into_pin(elements.clone().into_boxed_slice()));
        check(&Rc::<[_]>::from(elements.clone()));
        check(&Arc::<[_]>::from(elements.clone()));
        check_cow(elements.as_slice());
        same_bytes(&Rc::<[_]>::from(elements.clone()), &Rc::new(elements));
    }
}

#[test]
fn shared_objects_stay_one() {
    let text: Rc<str> = "shared".into();
    let copy = copied(&vec![Rc::clone(&text), text]);
    assert!(Rc::ptr_eq(&copy[0], &copy[1]));
    let list: Arc<[u8]> = [1, 2, 3].into();
    let copy = copied(&(Arc::clone(&list), 5u8, list));
    assert!(Arc::ptr_eq(&copy.0, &copy.2));
}

/// A type that holds more of itself by way of one field.
macro_rules! nested {
    ($($name:ident($field:ty) $wrap:expr;)*) => {$(
        #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        struct $name(Option<$field>);

        impl Describe for $name {
            fn def() -> &'static TypeDef {
                const {
                    &TypeDef::record::<Self>(
                        stringify!($name),
                        Fields::Tuple(const { &[Field::unnamed(<Option<$field> as Describe>::def)] }),
                    )
                }
            }
        }

        impl Reduce for $name {
            fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                Reduce::reduce(&self.0, w)
            }
        }

        impl<'de> Expand<'de> for $name {
            fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                Expand::expand(r).map($name)
            }
        }

        impl $name {
            fn of_depth(depth: u32) -> Self {
                (0..depth).fold($name(None), |inner, _| {
                    let wrap: fn($name) -> $field = $wrap;
                    $name(Some(wrap(inner)))
                })
            }
        }
    )*};
}

nested! {
    InBox(Box<InBox>) Box::new;
    InPin(Pin<Box<InPin>>) Box::pin;
    InRc(Rc<InRc>) Rc::new;
    InVec(Vec<InVec>) |inner| vec![inner];
    InDeque(VecDeque<InDeque>) |inner| VecDeque::from([inner]);
    InList(LinkedList<InList>) |inner| LinkedList::from([inner]);
    InSet(BTreeSet<InSet>) |inner| BTreeSet::from([inner]);
    InMap(BTreeMap<u8, InMap>) |inner| BTreeMap::from([(0, inner)]);
}

macro_rules! nesting_is_limited {
    ($($test:ident $name:ident $level:expr;)*) => {$(
        #[test]
        fn $test() {
            const MOST: u32 = 256;
            check(&$name::of_depth(MOST));
            let error = reduce_core::to_vec(&$name::of_depth(MOST + 1)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Limit);
            assert!(error.to_string().contains("Limits::depth"), "{error}");

            // The same one level too deep, and very deep, from bytes that no dump writes.
            let level: &[u8] = &$level;
            for depth in [257, 100_000] {
                let bytes = claim::<$name>(&[level.repeat(depth), vec![0]].concat());
                let (kind, _, text) = refusal::<$name>(&bytes);
                assert_eq!(kind, ErrorKind::Limit);
                assert!(text.contains("Limits::depth"), "{text}");
            }

            let bytes = claim::<$name>(&[level.repeat(300), vec![0]].concat());
            let loader = Loader::new().limits(Limits::default().depth(300));
            assert_eq!(loader.from_slice::<$name>(&bytes).unwrap(), $name::of_depth(300));
        }
    )*};
}

// A level is `some`, and what stands in front of the one element.
nesting_is_limited! {
    boxes_are_limited_in_depth InBox [1];
    pinned_boxes_are_limited_in_depth InPin [1];
    shared_pointers_are_limited_in_depth InRc [1, 0x21];
    vectors_are_limited_in_depth InVec [1, 1 << 1];
    deques_are_limited_in_depth InDeque [1, 1 << 1];
    linked_lists_are_limited_in_depth InList [1, 1 << 1];
    sets_are_limited_in_depth InSet [1, 1 << 1];
    maps_are_limited_in_depth InMap [1, 1 << 1, 0];
}

#[test]
fn memory_is_charged_to_the_limit() {
    fn refused<T: for<'de> Expand<'de>>(bytes: &[u8]) -> String {
        let loader = Loader::new().limits(Limits::default().bytes(7_999));
        let error = loader.from_slice::<T>(bytes).map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit);
        error.to_string()
    }
    let bytes = reduce_core::to_vec(&(0..1000u64).collect::<Vec<_>>()).unwrap();
    for text in [
        refused::<Vec<u64>>(&bytes),
        refused::<Box<[u64]>>(&bytes),
        refused::<VecDeque<u64>>(&bytes),
        refused::<LinkedList<u64>>(&bytes),
        refused::<BinaryHeap<u64>>(&bytes),
        refused::<BTreeSet<u64>>(&bytes),
        refused::<HashSet<u64>>(&bytes),
    ] {
        assert!(text.contains("Limits::bytes"), "{text}");
    }
    let path = reduce_core::to_vec(std::path::Path::new(&"p".repeat(8_000))).unwrap();
    assert!(refused::<std::path::PathBuf>(&path).contains("Limits::bytes"));
    assert_eq!(
        reduce_core::from_slice::<&std::path::Path>(&path).unwrap().as_os_str().len(),
        8_000
    );
}
