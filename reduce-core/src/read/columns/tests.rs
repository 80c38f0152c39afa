//! Columns by their bytes: each shape, each error, and that whatever opens can be read to its last row.

use super::{Columns, pass};
use crate::block::{Effort, Order, TextEncoder, put};
use crate::column::{Column, Layout, Shape, Slot};
use crate::describe::Describe;
use crate::error::{Error, ErrorKind};
use crate::limits::{Budget, Limits};
use crate::opcode;
use crate::read::Input;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::{format, vec, vec::Vec};

fn layout<T: Describe>() -> Layout {
    Layout::of_program(T::def()).unwrap()
}

fn budget() -> Budget {
    Limits::default().budget(0)
}

/// Opens the columns of so many rows of a type.
fn opened<'de, T: Describe>(
    rows: usize,
    bytes: &'de [u8],
    budget: &mut Budget,
) -> Result<Columns<'de>, Error> {
    let mut columns = Columns::default();
    let mut input = Input::new(bytes);
    columns.open(&layout::<T>(), rows, &mut input, budget, &|_| true)?;
    // The steps over columns are those of reading them.
    let mut passed = Input::new(bytes);
    pass(&layout::<T>(), Column::ELEMENTS, u32::try_from(rows).unwrap(), &mut passed)?;
    assert_eq!(passed.offset(), input.offset());
    if input.is_empty() { Ok(columns) } else { Err(input.malformed("left over")) }
}

fn open<T: Describe>(rows: usize, bytes: &[u8]) -> Columns<'_> {
    opened::<T>(rows, bytes, &mut budget()).unwrap()
}

/// The message of the error for columns of so many rows of a type.
fn refused<T: Describe>(rows: usize, bytes: &[u8]) -> String {
    format!("{}", opened::<T>(rows, bytes, &mut budget()).unwrap_err())
}

fn row(row: u32) -> Slot {
    Column::ELEMENTS.slot(row)
}

/// A block of numbers.
fn block<W: crate::block::Word>(words: &[W]) -> Vec<u8> {
    let mut out = Vec::new();
    put(words, Order::Unsigned, Effort::Small, &mut out);
    out
}

fn texts(texts: &[&str]) -> Vec<u8> {
    let (mut encoder, mut out) = (TextEncoder::default(), Vec::new());
    encoder.extend(texts.iter().map(|text| text.as_bytes()));
    encoder.finish(Effort::Small, &mut out);
    out
}

/// Reads all that is below a slot. Nothing of it fails once the columns are open.
fn walk(layout: &Layout, columns: &Columns<'_>, slot: Slot) -> Result<usize, Error> {
    let next = |slot: Slot, count: usize| -> Result<usize, Error> {
        (0..count).try_fold(1, |sum, index| Ok(sum + walk(layout, columns, slot.in_row(index))?))
    };
    match layout.shape(slot.column).unwrap() {
        Shape::Unit => Ok(1),
        Shape::Word(code) => match opcode::width(code) {
            _ if code == opcode::CHAR => {
                columns.w32(slot).map(|scalar| char::from_u32(scalar).unwrap()).map(|_| 1)
            }
            None => columns.byte(slot).map(|flag| assert!(flag < 2)).map(|()| 1),
            Some(1) => columns.byte(slot).map(|_| 1),
            Some(2) => columns.w16(slot).map(|_| 1),
            Some(4) => columns.w32(slot).map(|_| 1),
            Some(8) => columns.w64(slot).map(|_| 1),
            Some(_) => columns.w128(slot).map(|_| 1),
        },
        Shape::Str => columns.str(slot).map(str::len),
        Shape::Bytes => {
            let (count, first) = columns.list(slot)?;
            assert_eq!(columns.listed(count, first)?, columns.bytes_of(count, first)?);
            (0..count).try_for_each(|index| columns.byte(first.in_row(index)).map(drop))?;
            Ok(count)
        }
        Shape::Record { count, .. } => {
            let first = columns.parts(slot)?;
            (0..count as usize).try_fold(1, |sum, part| {
                Ok(sum + walk(layout, columns, first.column.behind(part).slot(first.row))?)
            })
        }
        Shape::Array { .. } => columns.array(slot).and_then(|(count, first)| next(first, count)),
        Shape::Option { .. } => match columns.option(slot)? {
            None => Ok(1),
            Some(slot) => walk(layout, columns, slot),
        },
        Shape::Enum { count, .. } => {
            let (variant, fields) = columns.variant(slot)?;
            assert!(variant < count);
            walk(layout, columns, fields)
        }
        Shape::List { .. } => columns.list(slot).and_then(|(count, first)| next(first, count)),
        Shape::Map { .. } => {
            let (count, keys) = columns.map(slot)?;
            next(keys, count)?;
            next(keys.column.behind(1).slot(keys.row), count)
        }
    }
}

#[test]
fn words_are_those_of_their_blocks() {
    assert_eq!(open::<u16>(3, &[0, 7]).w16s(3, row(0)).unwrap(), [7; 3]);
    assert_eq!(open::<i16>(2, &[0, 3]).w16(row(1)).unwrap().cast_signed(), -2);
    assert_eq!(open::<u8>(3, &[0x40, 1, 2, 3]).w8s(2, row(1)).unwrap(), [2, 3]);
    assert_eq!(open::<f32>(1, &[0x40, 0, 0, 128, 63]).w32(row(0)).unwrap(), 1f32.to_bits());
    assert_eq!(open::<u64>(20, &block(&[1u64 << 40; 20])).w64(row(19)).unwrap(), 1 << 40);
    let wide = [u128::MAX, 5];
    assert_eq!(open::<u128>(2, &block(&wide)).w128s(2, row(0)).unwrap(), wide);
    assert_eq!(open::<()>(9, &[]).opened.len(), 1);
}

#[test]
fn nothing_stands_for_no_rows() {
    type All = (u8, String, Option<u16>, Vec<Vec<u8>>, Result<u8, ()>, BTreeMap<u8, u8>, [u8; 3]);
    open::<All>(0, &[]);
    assert!(open::<Vec<u16>>(1, &[0, 0, 0]).w16s(0, Column(1).slot(0)).unwrap().is_empty());
}

#[test]
fn rows_beyond_the_last_are_not_there() {
    let columns = open::<(u16, u16)>(2, &[0, 1, 0, 2]);
    assert_eq!(columns.w16(Column(2).slot(1)).unwrap(), 2);
    assert!(columns.w16(Column(1).slot(2)).is_err());
    assert!(columns.w16s(2, Column(1).slot(1)).is_err());
    assert!(columns.w16(Column(3).slot(0)).is_err());
    assert!(columns.w32(Column(1).slot(0)).is_err());
    // A record has no more rows than its parts.
    let beyond = columns.parts(row(2)).unwrap();
    assert!(columns.w16(beyond).is_err());
    assert!(columns.str(Column(1).slot(0)).is_err());
}

#[test]
fn texts_are_borrowed_from_their_block() {
    let plain = texts(&["a", "", "bcd"]);
    let columns = open::<&str>(3, &plain);
    assert_eq!([0, 1, 2].map(|at| columns.str(row(at)).unwrap()), ["a", "", "bcd"]);
    let few = ["red", "green"].repeat(50);
    let bytes = texts(&few);
    assert!(bytes.len() < 50);
    let columns = open::<&str>(100, &bytes);
    assert!((0..).zip(&few).all(|(at, text)| columns.str(row(at)).unwrap() == *text));
    let columns = open::<Vec<u8>>(100, &bytes);
    assert!((0..).zip(&few).all(|(at, text)| columns.bytes(row(at)).unwrap() == text.as_bytes()));
    let (count, first) = columns.list(row(1)).unwrap();
    assert_eq!(columns.bytes_of(count, first).unwrap(), b"green");
    assert_eq!(columns.byte(first.in_row(4)).unwrap(), b'n');
    assert!(columns.byte(first.in_row(1000)).is_err());
    let many: Vec<String> = (0..3000).map(|n| format!("{:06}", n % 1000)).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let bytes = texts(&many);
    let columns = open::<&str>(3000, &bytes);
    assert!((0..).zip(&many).all(|(at, text)| columns.str(row(at)).unwrap() == *text));
}

#[test]
fn options_and_variants_lead_to_their_rows() {
    let bytes = [vec![2], block(&[1u8, 0, 1]), block(&[10u16, 20])].concat();
    let columns = open::<Option<u16>>(3, &bytes);
    let value = |at| columns.option(row(at)).unwrap().map(|slot| columns.w16(slot).unwrap());
    assert_eq!([0, 1, 2].map(value), [Some(10), None, Some(20)]);

    // `Ok` with two rows, `Err` with one.
    let bytes = [block(&[0u8, 1, 0]), vec![2], block(&[7u8, 8]), vec![1], texts(&["no"])].concat();
    let columns = open::<Result<u8, String>>(3, &bytes);
    let (variant, fields) = columns.variant(row(2)).unwrap();
    assert_eq!((variant, columns.byte(columns.parts(fields).unwrap()).unwrap()), (0, 8));
    let (variant, fields) = columns.variant(row(1)).unwrap();
    assert_eq!((variant, columns.str(columns.parts(fields).unwrap()).unwrap()), (1, "no"));
}

#[test]
fn lists_and_maps_lead_to_their_elements() {
    let bytes = [vec![3], block(&[2u32, 0, 1]), block(&[4u16, 5, 6])].concat();
    let columns = open::<Vec<u16>>(3, &bytes);
    let list = |at| {
        let (count, first) = columns.list(row(at)).unwrap();
        columns.w16s(count, first).unwrap()
    };
    assert_eq!([0, 1, 2].map(list), [&[4, 5][..], &[], &[6]]);

    let bytes = [vec![2], block(&[0u32, 2]), block(&[4u16, 5]), texts(&["a", "b"])].concat();
    let columns = open::<BTreeMap<u16, &str>>(2, &bytes);
    let (count, keys) = columns.map(row(1)).unwrap();
    assert_eq!(columns.w16s(count, keys).unwrap(), [4, 5]);
    assert_eq!(columns.str(keys.column.behind(1).slot(keys.row + 1)).unwrap(), "b");

    let columns = open::<[u8; 2]>(2, &[0x40, 1, 2, 3, 4]);
    let (count, first) = columns.array(row(1)).unwrap();
    assert_eq!(columns.bytes_of(count, first).unwrap(), [3, 4]);
}

#[test]
fn columns_that_nobody_wants_are_stepped_over() {
    let bytes =
        [vec![3], block(&[2u32, 0, 1]), texts(&["x", "yy", "z"]), block(&[9u64; 3])].concat();
    let layout = layout::<(Vec<&str>, u64)>();
    let mut columns = Columns::default();
    let mut input = Input::new(&bytes);
    // The list is the first part, and is left out with its elements.
    columns.open(&layout, 3, &mut input, &mut budget(), &|column| column != Column(1)).unwrap();
    assert!(input.is_empty());
    assert!(!columns.has(Column(1)));
    assert!(!columns.has(Column(3)));
    assert_eq!(columns.w64(Column(2).slot(2)).unwrap(), 9);
    assert!(columns.list(Column(1).slot(0)).is_err());
}

#[test]
fn columns_are_opened_again_in_the_same_memory() {
    let (mut columns, both) = (Columns::default(), [[0, 7], [0, 8]]);
    for bytes in &both {
        let mut input = Input::new(bytes);
        columns.open(&layout::<u32>(), 50, &mut input, &mut budget(), &|_| true).unwrap();
        assert_eq!(columns.w32s(50, row(0)).unwrap(), [u32::from(bytes[1]); 50]);
    }
    let memory = columns.w32s(50, row(0)).unwrap().as_ptr();
    let mut input = Input::new(&[0, 9]);
    columns.open(&layout::<u32>(), 50, &mut input, &mut budget(), &|_| true).unwrap();
    assert_eq!(columns.w32s(50, row(0)).unwrap().as_ptr(), memory);
}

#[test]
fn values_that_are_none_are_refused() {
    let refused = [
        (refused::<bool>(2, &[0x40, 1, 2]), "a bool of a column is neither 0 nor 1"),
        (refused::<bool>(2, &[0, 2]), "a bool of a column is neither 0 nor 1"),
        (refused::<char>(1, &[0x40, 0, 0xD8, 0, 0]), "a `char` of a column is no character"),
        (refused::<char>(1, &[0x40, 0, 0, 0x11, 0]), "a `char` of a column is no character"),
        (refused::<&str>(1, &[0, 1, 0xFF, 0, 1]), "text is not UTF-8"),
        (
            refused::<&str>(2, &[0, 2, 0xC3, 0xA9, 0, 1]),
            "a text of a block ends within a character",
        ),
        (refused::<Option<()>>(2, &[1, 0, 2]), "an option of a column is neither 0 nor 1"),
        (refused::<Result<(), ()>>(1, &[0, 2]), "a variant of a column is none of its enum's"),
        (refused::<Option<u8>>(1, &[0, 0, 1]), "the options of a column hold more or less"),
        (refused::<Option<u8>>(1, &[2, 0, 1]), "a column has more rows than the one that it is in"),
        (refused::<Result<u8, ()>>(2, &[0, 0, 1]), "a variant of a column has more or fewer rows"),
        (refused::<Vec<()>>(2, &[3, 0, 2]), "the lists of a column have more or fewer elements"),
        (refused::<Vec<()>>(2, &[5, 0, 2]), "the lists of a column have more or fewer elements"),
        (refused::<u8>(2, &[0x40, 1, 2, 3]), "left over"),
    ];
    for (message, part) in refused {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn there_are_fewer_rows_than_32_bits_count() {
    let most = u32::MAX as usize;
    for message in [
        refused::<()>(most, &[]),
        refused::<Vec<()>>(1, &[&[0xFF, 0xFF, 0xFF, 0xFF, 0x0F][..], &[0, 0]].concat()),
        refused::<[(); 1 << 31]>(2, &[]),
    ] {
        assert!(message.contains("more rows than there may be"), "{message}");
    }
    open::<[(); 1 << 20]>(3, &[]);
}

#[test]
fn what_a_few_bytes_unfold_to_is_taken_from_the_budget() {
    let million = 1_000_000usize;
    let spent = |rows: usize, bytes: &[u8]| {
        let mut left = budget();
        opened::<u64>(rows, bytes, &mut left).unwrap();
        budget().bytes - left.bytes
    };
    assert!(spent(million, &[0, 7]) >= 8 * million);
    let limits = |bytes: usize, elements: u64| Limits::default().bytes(bytes).elements(elements);
    let kind = |error: Result<Columns<'_>, Error>| error.unwrap_err().kind();
    let limited = |limits: Limits| limits.budget(0);
    let few = &mut limited(limits(1000, 1 << 40));
    assert_eq!(kind(opened::<u64>(million, &[0, 7], few)), ErrorKind::Limit);
    // The options' places, the variants' and where lists begin are memory too.
    for error in [
        opened::<Option<()>>(300, &[[0xAC, 2], [0, 1]].concat(), &mut limited(limits(1400, 9))),
        opened::<Result<(), ()>>(300, &[0, 0], &mut limited(limits(1400, 9))),
        opened::<Vec<()>>(300, &[0, 0, 0], &mut limited(limits(1200, 9))),
        // Elements count, those without bytes too.
        opened::<Vec<()>>(2, &[4, 0, 2], &mut limited(limits(1 << 30, 3))),
        opened::<[(); 4]>(3, &[], &mut limited(limits(1 << 30, 11))),
        opened::<Vec<[(); 4]>>(1, &[3, 0, 3], &mut limited(limits(1 << 30, 14))),
    ] {
        assert_eq!(kind(error), ErrorKind::Limit);
    }
    opened::<Vec<[(); 4]>>(1, &[3, 0, 3], &mut limited(limits(1 << 30, 15))).unwrap();
}

/// Columns of a type, by rows.
fn corpus() -> Vec<(Layout, usize, Vec<u8>)> {
    let option = [vec![2], block(&[1u8, 0, 1]), block(&[10u16, 20])].concat();
    let variants =
        [block(&[0u8, 1, 0]), vec![2], block(&[7u8, 8]), vec![1], texts(&["no"])].concat();
    let lists = [vec![3], block(&[2u32, 0, 1]), texts(&["é", "", "abc"])].concat();
    let maps = [vec![2], block(&[0u32, 2]), block(&[4u16, 5]), block(&[1u8, 0])].concat();
    let arrays = [block(&[1u32, 2, 3, 4, 5, 6]), option.clone()].concat();
    let few = texts(&["red", "green"].repeat(20));
    vec![
        (layout::<Option<u16>>(), 3, option),
        (layout::<Result<u8, String>>(), 3, variants),
        (layout::<Vec<&str>>(), 3, lists),
        (layout::<BTreeMap<u16, bool>>(), 2, maps),
        (layout::<([u32; 2], Option<u16>)>(), 3, arrays),
        (layout::<Box<str>>(), 40, few.clone()),
        (layout::<Vec<u8>>(), 40, few),
        (layout::<char>(), 40, block(&['a' as u32; 40])),
    ]
}

#[test]
fn what_is_cut_off_is_an_error() {
    for (layout, rows, bytes) in corpus() {
        for length in 0..bytes.len() {
            let mut input = Input::new(&bytes[..length]);
            let mut columns = Columns::default();
            let open = columns.open(&layout, rows, &mut input, &mut budget(), &|_| true);
            assert!(open.is_err(), "{layout:?} {length}");
        }
    }
}

#[test]
fn whatever_opens_can_be_read() {
    let mut columns_opened = 0;
    for (layout, rows, bytes) in corpus() {
        for at in 0..bytes.len() {
            for change in 0..=u8::MAX {
                let mut bytes = bytes.clone();
                bytes[at] ^= change;
                let mut columns = Columns::default();
                let mut input = Input::new(&bytes);
                let mut left = Limits::default().elements(100_000).budget(0);
                if columns.open(&layout, rows, &mut input, &mut left, &|_| true).is_ok() {
                    columns_opened += 1;
                    for at in 0..u32::try_from(rows).unwrap() {
                        walk(&layout, &columns, row(at)).unwrap();
                    }
                }
                let mut passed = Input::new(&bytes);
                let rows = u32::try_from(rows).unwrap();
                if pass(&layout, Column::ELEMENTS, rows, &mut passed).is_err() {
                    let mut input = Input::new(&bytes);
                    let mut columns = Columns::default();
                    let open =
                        columns.open(&layout, rows as usize, &mut input, &mut left, &|_| true);
                    assert!(open.is_err(), "what opens is passed: {layout:?} {bytes:?}");
                }
            }
        }
    }
    assert!(columns_opened > 1000);
}
