//! What a dump that met objects, or lists in columns, leaves to the next one of its thread: the memory of its memo and
//! of its columns, with nothing in it.

use super::columns::Spare as SpareColumns;
use super::graph::Order;
use super::writer::Objects;
use alloc::boxed::Box;
#[cfg(feature = "std")]
use core::cell::Cell;

#[cfg(feature = "std")]
std::thread_local! {
    static SPARE: Cell<Option<Box<Objects>>> = const { Cell::new(None) };
    static COLUMNS: Cell<Option<Box<SpareColumns>>> = const { Cell::new(None) };
}

/// The most bytes that a thread keeps of each: the memo of some 100,000 objects.
#[cfg(feature = "std")]
const MOST: usize = 8 << 20;

/// An empty memo, for a pass.
#[cfg(feature = "std")]
#[cold]
pub(super) fn take(order: Option<&Order>) -> Box<Objects> {
    // A thread that ends has none.
    let spare = SPARE.try_with(Cell::take).ok().flatten();
    let mut objects = spare.unwrap_or_default();
    objects.begin(order);
    objects
}

/// Keeps a memo that is of no more use. Objects that nothing else holds are dropped here, which may dump.
#[cfg(feature = "std")]
pub(super) fn give(mut objects: Box<Objects>) {
    objects.clear();
    if objects.memo.bytes() <= MOST {
        // Where the thread ends, it is dropped.
        let _ = SPARE.try_with(|spare| spare.set(Some(objects)));
    }
}

/// An empty memo, for a pass.
#[cfg(not(feature = "std"))]
pub(super) fn take(order: Option<&Order>) -> Box<Objects> {
    let mut objects = Box::<Objects>::default();
    objects.begin(order);
    objects
}

/// Without threads there is no place to keep it.
#[cfg(not(feature = "std"))]
pub(super) fn give(_: Box<Objects>) {}

/// The memory of columns, for a pass.
#[cold]
pub(super) fn take_columns() -> Box<SpareColumns> {
    #[cfg(feature = "std")]
    if let Some(spare) = COLUMNS.try_with(Cell::take).ok().flatten() {
        return spare;
    }
    Box::default()
}

/// Keeps the memory of columns.
#[cfg(feature = "std")]
pub(super) fn give_columns(columns: Box<SpareColumns>) {
    if columns.bytes() <= MOST {
        let _ = COLUMNS.try_with(|spare| spare.set(Some(columns)));
    }
}

/// Without threads there is no place to keep it.
#[cfg(not(feature = "std"))]
pub(super) fn give_columns(_: Box<SpareColumns>) {}
