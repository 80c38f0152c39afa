//! Cells and locks: stored as what they hold, and errors rather than panics where they hold on to it.

mod round_trip;

use proptest::prelude::*;
use reduce_core::{Describe, ErrorKind, Expand, Reduce};
use round_trip::{check, copied, dump_refusal, same_bytes, stored_as};
use std::cell::{Cell, LazyCell, OnceCell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, RwLock, mpsc};
use std::thread;

proptest! {
    #[test]
    fn cells_are_stored_as_what_they_hold(number: i64, text: String) {
        check(&Cell::new(number));
        check(&RefCell::new(text.clone()));
        same_bytes(&number, &Cell::new(number));
        same_bytes(&text, &RefCell::new(text.clone()));
        same_bytes(&text, &Mutex::new(text.clone()));
        same_bytes(&text, &RwLock::new(text.clone()));
        prop_assert_eq!(&copied(&Mutex::new(text.clone())).into_inner().unwrap(), &text);
        prop_assert_eq!(&copied(&RwLock::new(text.clone())).into_inner().unwrap(), &text);
        prop_assert_eq!(stored_as::<_, Mutex<i64>>(&Cell::new(number)).into_inner().unwrap(), number);
    }

    #[test]
    fn once_cells_are_stored_as_options(value: Option<String>) {
        let cell = value.clone().map_or_else(OnceCell::new, OnceCell::from);
        let lock = value.clone().map_or_else(OnceLock::new, OnceLock::from);
        check(&cell);
        check(&lock);
        same_bytes(&value, &cell);
        same_bytes(&value, &lock);
        prop_assert_eq!(&stored_as::<_, Option<String>>(&lock), &value);
        prop_assert_eq!(&stored_as::<_, OnceCell<String>>(&value), &cell);
    }

    #[test]
    fn lazy_cells_are_stored_as_their_value(text: String) {
        same_bytes(&text, &LazyCell::new(|| text.clone()));
        same_bytes(&text, &LazyLock::new(|| text.clone()));
        let cell: LazyCell<String, Box<dyn FnOnce() -> String>> = stored_as(&text);
        let lock: LazyLock<String, Box<dyn FnOnce() -> String>> = stored_as(&text);
        let shared: LazyLock<String, Box<dyn FnOnce() -> String + Send>> = stored_as(&lock);
        prop_assert_eq!([&*cell, &*lock, &*shared], [&text; 3]);
    }
}

#[test]
fn a_loaded_lazy_lock_can_be_shared() {
    type Shared = LazyLock<Vec<u8>, Box<dyn FnOnce() -> Vec<u8> + Send>>;
    let lock: Arc<Shared> = Arc::new(stored_as(&vec![1u8, 2]));
    let other = Arc::clone(&lock);
    assert_eq!(thread::spawn(move || other.len()).join().unwrap(), 2);
    assert_eq!(**lock, [1, 2]);
}

#[test]
fn a_lazy_cell_may_borrow_from_the_stream() {
    type Lazy<'a> = LazyCell<&'a str, Box<dyn FnOnce() -> &'a str + 'a>>;
    let bytes = reduce_core::to_vec("borrowed").unwrap();
    let cell: Lazy<'_> = reduce_core::from_slice(&bytes).unwrap();
    assert!(bytes.as_ptr_range().contains(&cell.as_ptr()));
}

#[test]
fn dumping_computes_a_lazy_value_once() {
    let calls = AtomicU32::new(0);
    let lock = LazyLock::new(|| calls.fetch_add(1, Ordering::Relaxed) + 41);
    assert_eq!(stored_as::<_, u32>(&lock), 41);
    assert_eq!(stored_as::<_, u32>(&lock), 41);
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

#[test]
fn unsized_contents_are_dumped() {
    let cell: &RefCell<[u8]> = &RefCell::new([1, 2, 3]);
    let lock: &Mutex<[u8]> = &Mutex::new([1, 2, 3]);
    same_bytes(cell, &vec![1u8, 2, 3]);
    same_bytes(lock, &vec![1u8, 2, 3]);
}

#[test]
fn a_shared_cell_stays_shared() {
    let cell = Rc::new(RefCell::new(1));
    let copy = copied(&vec![Rc::clone(&cell), cell]);
    *copy[0].borrow_mut() = 5;
    assert_eq!(*copy[1].borrow(), 5);
}

#[test]
fn a_mutably_borrowed_cell_is_an_error_with_its_path() {
    let cells = ("cells", vec![RefCell::new(1), RefCell::new(2)]);
    let guard = cells.1[1].borrow_mut();
    let (kind, path, text) = dump_refusal(&cells);
    assert_eq!((kind, path.as_str()), (ErrorKind::Unavailable, "1[1]"));
    assert_eq!(text, "1[1]: the `RefCell` is mutably borrowed; drop its `RefMut` first");
    drop(guard);
    let _shared = cells.1[0].borrow();
    assert_eq!(stored_as::<_, (String, Vec<u8>)>(&("cells", vec![7u8])).1, [7]);
    assert_eq!(
        reduce_core::to_vec(&cells).unwrap(),
        reduce_core::to_vec(&("cells", vec![1, 2])).unwrap()
    );
}

#[test]
fn a_lock_of_this_thread_is_an_error_and_no_deadlock() {
    let (mutex, lock) = (Mutex::new(1), RwLock::new(1));
    let (_guard, guard) = (mutex.lock().unwrap(), lock.write().unwrap());
    for (kind, path, text) in [dump_refusal(&(0, &mutex)), dump_refusal(&(0, &lock))] {
        assert_eq!((kind, path.as_str()), (ErrorKind::Unavailable, "1"));
        assert!(text.contains("drop its guard first"), "{text}");
    }
    drop(guard);
    let _readers = lock.read().unwrap();
    assert_eq!(stored_as::<_, i32>(&lock), 1);
}

#[test]
fn a_lock_of_another_thread_is_an_error() {
    let mutex = Mutex::new(1);
    let (locked, wait) = mpsc::channel();
    let (done, go_on) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let mutex = &mutex;
        scope.spawn(move || {
            let _guard = mutex.lock().unwrap();
            locked.send(()).unwrap();
            go_on.recv().unwrap();
        });
        wait.recv().unwrap();
        assert_eq!(dump_refusal(mutex).0, ErrorKind::Unavailable);
        done.send(()).unwrap();
    });
    assert_eq!(stored_as::<_, i32>(&mutex), 1);
}

#[test]
fn a_poisoned_lock_is_an_error_until_it_is_cleared() {
    let (mutex, lock) = (Mutex::new(1), RwLock::new(1));
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _guards = (mutex.lock().unwrap(), lock.write().unwrap());
        // Without the message of a panic in the output.
        std::panic::resume_unwind(Box::new("poison"));
    }));
    assert!(panicked.is_err());
    for (kind, path, text) in [dump_refusal(&vec![&mutex]), dump_refusal(&vec![&lock])] {
        assert_eq!((kind, path.as_str()), (ErrorKind::Unavailable, "[0]"));
        assert!(text.contains("is poisoned") && text.contains("clear_poison"), "{text}");
    }
    mutex.clear_poison();
    lock.clear_poison();
    assert_eq!(stored_as::<_, i32>(&mutex), stored_as::<_, i32>(&lock));
}

#[test]
fn loaded_locks_are_free() {
    fn loads<T: for<'de> Expand<'de> + Reduce + Describe>(bytes: &[u8]) -> T {
        reduce_core::from_slice(bytes).unwrap()
    }
    let bytes = reduce_core::to_vec(&3u8).unwrap();
    *loads::<Mutex<u8>>(&bytes).try_lock().unwrap() = 4;
    *loads::<RwLock<u8>>(&bytes).try_write().unwrap() = 4;
    *loads::<RefCell<u8>>(&bytes).try_borrow_mut().unwrap() = 4;
}
