//! Memory that is kept from one list to the next, and from one load of a thread to the next: those of many short lists allocate
//! theirs once.

use super::{Columns, Opened};
use alloc::rc::Rc;
use alloc::vec::Vec;
#[cfg(feature = "std")]
use core::cell::Cell;
use core::mem::take;

/// Columns that take more bytes are not kept.
const SMALL: usize = 1 << 14;

/// As many columns of one width are kept.
const FEW: usize = 64;

/// What earlier columns have allocated, by width.
#[derive(Debug, Default)]
pub(super) struct Spare<'de> {
    texts: Vec<Vec<&'de str>>,
    w8: Vec<Vec<u8>>,
    w16: Vec<Vec<u16>>,
    w32: Vec<Vec<u32>>,
    w64: Vec<Vec<u64>>,
    w128: Vec<Vec<u128>>,
}

/// Words that are kept.
pub(super) trait Kept: Sized {
    fn of<'a>(spare: &'a mut Spare<'_>) -> &'a mut Vec<Vec<Self>>;
}

macro_rules! kept {
    ($($word:ident $field:ident;)*) => {$(
        impl Kept for $word {
            #[inline]
            fn of<'a>(spare: &'a mut Spare<'_>) -> &'a mut Vec<Vec<Self>> {
                &mut spare.$field
            }
        }
    )*};
}

kept! { u8 w8; u16 w16; u32 w32; u64 w64; u128 w128; }

impl<'de> Spare<'de> {
    /// An empty one of texts.
    pub(super) fn texts(&mut self) -> Vec<&'de str> {
        self.texts.pop().unwrap_or_default()
    }

    fn put_texts(&mut self, mut texts: Vec<&'de str>) {
        if is_kept(&texts, self.texts.len()) {
            texts.clear();
            self.texts.push(texts);
        }
    }

    /// Those without texts borrow from nothing: the memory is that of any others.
    #[cfg(feature = "std")]
    fn of_none<'to>(self) -> Spare<'to> {
        let Spare { texts, w8, w16, w32, w64, w128 } = self;
        let texts = texts.into_iter().map(|texts| texts.into_iter().map(|_| "").collect());
        Spare { texts: texts.collect(), w8, w16, w32, w64, w128 }
    }

    /// An empty one.
    pub(super) fn get<W: Kept>(&mut self) -> Vec<W> {
        W::of(self).pop().unwrap_or_default()
    }

    pub(super) fn put<W: Kept>(&mut self, mut words: Vec<W>) {
        let kept = W::of(self);
        if is_kept(&words, kept.len()) {
            words.clear();
            kept.push(words);
        }
    }
}

/// Whether a column's memory is kept, beside so many of its width.
fn is_kept<W>(words: &Vec<W>, kept: usize) -> bool {
    let bytes = words.capacity().saturating_mul(size_of::<W>());
    bytes > 0 && bytes <= SMALL && kept < FEW
}

#[cfg(feature = "std")]
std::thread_local! {
    static KEPT: Cell<Option<Rc<Columns<'static>>>> = const { Cell::new(None) };
}

/// Columns without any rows, with what those of an earlier load have allocated.
#[cfg(feature = "std")]
pub(crate) fn kept<'de>() -> Rc<Columns<'de>> {
    // A thread that ends has none.
    KEPT.try_with(Cell::take).ok().flatten().unwrap_or_default()
}

/// Without threads there is no place to keep them.
#[cfg(not(feature = "std"))]
pub(crate) fn kept<'de>() -> Rc<Columns<'de>> {
    Rc::default()
}

/// Keeps columns that are of no more use.
#[cfg(feature = "std")]
pub(crate) fn keep(columns: Rc<Columns<'_>>) {
    let Some(mut columns) = Rc::into_inner(columns) else { return };
    columns.clear();
    let Columns { opened, spare, flags, counts, lengths, around } = columns;
    // None is left, and so none borrows: the memory is that of any others.
    let spare = spare.of_none();
    let opened = opened.into_iter().map(|_| Opened::Absent).collect();
    let words = counts.capacity().saturating_add(lengths.starts.capacity());
    let bytes =
        [flags.capacity(), lengths.few.capacity(), lengths.many.capacity().saturating_mul(2)]
            .into_iter()
            .fold(words.saturating_mul(size_of::<u32>()), usize::saturating_add);
    if bytes <= MOST {
        let columns = Rc::new(Columns { opened, spare, flags, counts, lengths, around });
        // Where the thread ends, they are dropped.
        let _ = KEPT.try_with(|kept| kept.set(Some(columns)));
    }
}

/// Without threads there is no place to keep them.
#[cfg(not(feature = "std"))]
pub(crate) fn keep(_: Rc<Columns<'_>>) {}

/// The most bytes of what is worked out beside the columns that a thread keeps.
#[cfg(feature = "std")]
const MOST: usize = 1 << 20;

impl Columns<'_> {
    /// Forgets the columns, and keeps what few of them have allocated.
    pub(crate) fn clear(&mut self) {
        let mut opened = take(&mut self.opened);
        let spare = &mut self.spare;
        for column in opened.drain(..) {
            match column {
                Opened::W8(words) => spare.put(words),
                Opened::W16(words) => spare.put(words),
                Opened::W32(words)
                | Opened::Bytes { starts: words, .. }
                | Opened::Option { places: words, .. }
                | Opened::List { starts: words, .. }
                | Opened::Map { starts: words, .. } => spare.put(words),
                Opened::W64(words) => spare.put(words),
                Opened::W128(words) => spare.put(words),
                Opened::Strs(texts) => spare.put_texts(texts),
                Opened::BytesFew { starts, which, .. } => {
                    spare.put(starts);
                    spare.put(which);
                }
                Opened::BytesMany { starts, which, .. } => {
                    spare.put(starts);
                    spare.put(which);
                }
                Opened::Enum { variants, places, .. } => {
                    spare.put(variants);
                    spare.put(places);
                }
                Opened::LargeEnum { variants, places, .. } => {
                    spare.put(variants);
                    spare.put(places);
                }
                Opened::Absent | Opened::Unit | Opened::Record { .. } | Opened::Array { .. } => {}
            }
        }
        self.opened = opened;
        self.flags.clear();
        self.counts.clear();
        self.lengths.clear();
        self.around.clear();
    }
}
