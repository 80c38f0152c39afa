//! Values that are counted, and that fail or panic when they are told to.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::panic::resume_unwind;

/// What happens when so many more of something were made, or dropped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stop {
    Fail,
    Panic,
}

thread_local! {
    static NEXT: Cell<u32> = const { Cell::new(0) };
    /// The first one since it was said when to stop.
    static FIRST: Cell<u32> = const { Cell::new(0) };
    static ALIVE: RefCell<BTreeSet<u32>> = const { RefCell::new(BTreeSet::new()) };
    static TWICE: Cell<u32> = const { Cell::new(0) };
    static MAKE: Cell<Option<(u32, Stop)>> = const { Cell::new(None) };
    static DROP: Cell<Option<u32>> = const { Cell::new(None) };
    static DROPPED: RefCell<Vec<u32>> = const { RefCell::new(vec![]) };
}

/// A value that is alive.
#[derive(Debug)]
pub struct Live(u32);

impl Live {
    pub fn new() -> Live {
        let id = NEXT.replace(NEXT.get() + 1);
        ALIVE.with_borrow_mut(|alive| alive.insert(id));
        Live(id)
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        if !ALIVE.with_borrow_mut(|alive| alive.remove(&self.0)) {
            TWICE.set(TWICE.get() + 1);
        }
        DROPPED.with_borrow_mut(|dropped| dropped.push(self.0));
        match DROP.get() {
            Some(0) => {
                DROP.set(None);
                if !std::thread::panicking() {
                    // As a panic, but for the message that it prints.
                    resume_unwind(Box::new("a drop"));
                }
            }
            left => DROP.set(left.map(|left| left - 1)),
        }
    }
}

/// One more, unless it is time to stop.
pub fn make() -> Result<Live, String> {
    match MAKE.get() {
        Some((0, Stop::Fail)) => Err("no more".into()),
        Some((0, Stop::Panic)) => resume_unwind(Box::new("a function")),
        left => {
            MAKE.set(left.map(|(left, stop)| (left - 1, stop)));
            Ok(Live::new())
        }
    }
}

/// Stops when so many were made, and panics when so many were dropped.
pub fn stop(make: Option<(u32, Stop)>, drop: Option<u32>) {
    MAKE.set(make);
    DROP.set(drop);
    FIRST.set(NEXT.get());
    DROPPED.take();
}

/// How many were made since, and which were dropped, in order.
pub fn made() -> u32 {
    NEXT.get() - FIRST.get()
}

pub fn dropped() -> Vec<u32> {
    DROPPED.take().into_iter().map(|id| id - FIRST.get()).collect()
}

/// Nothing is left, and nothing was dropped twice.
pub fn assert_clean(what: &dyn Fn() -> String) {
    MAKE.set(None);
    DROP.set(None);
    let alive = ALIVE.with_borrow(|alive| alive.len());
    assert_eq!((alive, TWICE.get()), (0, 0), "alive, dropped twice: {}", what());
}
