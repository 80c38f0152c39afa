//! Memory that is kept from one list to the next: loads of many short lists allocate theirs once.

use super::{Columns, Opened};
use alloc::vec::Vec;
use core::mem::take;

/// Columns that take more bytes are not kept.
const SMALL: usize = 1 << 14;

/// As many columns of one width are kept.
const FEW: usize = 64;

/// What earlier columns have allocated, by width.
#[derive(Debug, Default)]
pub(super) struct Spare {
    w8: Vec<Vec<u8>>,
    w16: Vec<Vec<u16>>,
    w32: Vec<Vec<u32>>,
    w64: Vec<Vec<u64>>,
    w128: Vec<Vec<u128>>,
}

/// Words that are kept.
pub(super) trait Kept: Sized {
    fn kept(spare: &mut Spare) -> &mut Vec<Vec<Self>>;
}

macro_rules! kept {
    ($($word:ident $field:ident;)*) => {$(
        impl Kept for $word {
            #[inline]
            fn kept(spare: &mut Spare) -> &mut Vec<Vec<Self>> {
                &mut spare.$field
            }
        }
    )*};
}

kept! { u8 w8; u16 w16; u32 w32; u64 w64; u128 w128; }

impl Spare {
    /// An empty one.
    pub(super) fn get<W: Kept>(&mut self) -> Vec<W> {
        W::kept(self).pop().unwrap_or_default()
    }

    pub(super) fn put<W: Kept>(&mut self, mut words: Vec<W>) {
        let bytes = words.capacity().saturating_mul(size_of::<W>());
        let kept = W::kept(self);
        if bytes > 0 && bytes <= SMALL && kept.len() < FEW {
            words.clear();
            kept.push(words);
        }
    }
}

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
                | Opened::Str { starts: words, .. }
                | Opened::Bytes { starts: words, .. }
                | Opened::Option { places: words, .. }
                | Opened::List { starts: words, .. }
                | Opened::Map { starts: words, .. } => spare.put(words),
                Opened::W64(words) => spare.put(words),
                Opened::W128(words) => spare.put(words),
                Opened::StrFew { which, .. } => spare.put(which),
                Opened::StrMany { which, .. } => spare.put(which),
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
                Opened::Absent
                | Opened::Unit
                | Opened::Strs(_)
                | Opened::Record { .. }
                | Opened::Array { .. } => {}
            }
        }
        self.opened = opened;
        self.flags.clear();
        self.counts.clear();
        self.around.clear();
    }
}
