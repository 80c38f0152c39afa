//! Reducers and expanders of the types of `core`, `alloc` and `std`, a file per family.

#[macro_use]
mod shape;

mod adapted;
mod adapters;
pub(crate) use adapters::made;
mod any;
mod array;
mod atomic;
mod c_str;
mod cell;
mod choice;
mod cow;
pub(crate) mod foreign;
mod list;
#[cfg(feature = "std")]
mod lock;
mod map;
mod memory;
mod net;
mod number;
mod number_column;
mod number_list;
mod option;
mod order;
#[cfg(feature = "std")]
mod path;
mod pointer;
mod range;
mod reference;
mod sequence;
mod set;
pub(crate) mod shared;
pub(crate) mod stored;
mod text;
mod time;
mod tuple;
mod weak;
mod wrapper;

pub(crate) use array::array_of;
pub(crate) use cow::Borrowable;
pub use number_list::{Lent, LentInArrays};
pub(crate) use number_list::{borrow_rows, count_below};
pub(crate) use shared::{is_copied, unsized_object};

/// The families that need no `std`, for builds without it; `tests/std_*.rs` has all of them and their errors.
#[cfg(test)]
mod tests {
    use crate::{Dumper, Expand, Reduce, from_slice, to_vec};
    use alloc::collections::{BTreeMap, BTreeSet, BinaryHeap, LinkedList, VecDeque};
    use alloc::ffi::CString;
    use alloc::{boxed::Box, rc::Rc, string::String, vec, vec::Vec};
    use core::cell::{Cell, OnceCell, RefCell};
    use core::fmt::Debug;
    use core::net::{Ipv6Addr, SocketAddr};
    use core::num::{NonZero, Wrapping};
    use core::ops::Bound;
    use core::time::Duration;

    fn check<T: Reduce + for<'de> Expand<'de> + PartialEq + Debug>(value: T) {
        assert_eq!(from_slice::<T>(&to_vec(&value).unwrap()).unwrap(), value);
    }

    #[test]
    fn collections_need_no_std() {
        check(BTreeMap::from([(2u8, String::from("b")), (1, String::from("a"))]));
        check(BTreeSet::from([-1i32, 0, 1]));
        check(VecDeque::from([1u16, 2]));
        check(LinkedList::from([Some('x'), None]));
        let heap = BinaryHeap::from([3u8, 1, 2]);
        let copy: BinaryHeap<u8> = from_slice(&to_vec(&heap).unwrap()).unwrap();
        assert_eq!(copy.into_sorted_vec(), [1, 2, 3]);
    }

    #[test]
    fn cells_and_values_need_no_std() {
        check(Cell::new(1.5f64));
        check(RefCell::new(vec![1u8]));
        check(OnceCell::<u8>::new());
        check(CString::from(c"text"));
        check(Duration::new(1, 2));
        check(SocketAddr::from((Ipv6Addr::LOCALHOST, 80)));
        check((NonZero::<u8>::MAX, Wrapping(5u32)));
        check((Ok::<u8, ()>(1), Bound::Excluded(2u8), 1..=2u8));
        check(Box::pin(Rc::<str>::from("shared")));
    }

    #[test]
    fn canonical_order_needs_no_std() {
        let bytes = Dumper::new().canonical(true).to_vec(&BTreeSet::from([-2i32, -1, 0])).unwrap();
        assert_eq!(from_slice::<Vec<i32>>(&bytes).unwrap(), [0, -1, -2]);
    }
}
