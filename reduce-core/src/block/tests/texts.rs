//! Columns of texts come back.

use super::{EFFORTS, budget, numbers};
use crate::block::{Effort, Places, TextArena, TextEncoder, get_bytes, get_texts, pass_text};
use crate::error::{Error, ErrorKind};
use crate::limits::Budget;
use crate::read::Input;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use proptest::prelude::*;

fn put_all<T: AsRef<[u8]>>(texts: &[T], effort: Effort) -> Vec<u8> {
    let (mut encoder, mut out) = (TextEncoder::default(), Vec::new());
    encoder.extend(texts.iter().map(AsRef::as_ref));
    encoder.finish(effort, &mut out);
    let mut again = Vec::new();
    encoder.finish(effort, &mut again);
    assert_eq!(again, [], "an encoder that was finished is empty");
    out
}

pub(super) fn get_all(count: usize, bytes: &[u8]) -> Result<Vec<&str>, Error> {
    let (mut input, mut arena) = (Input::new(bytes), TextArena::default());
    let mut rows = Vec::new();
    // Of a column before it.
    let before = &mut Input::new(&[0, 2, 97, 98, 0, 1]);
    get_texts(2, before, &mut budget(), &mut arena, &mut rows)?;
    assert_eq!(rows, ["a", "b"]);
    rows.clear();
    get_texts(count, &mut input, &mut budget(), &mut arena, &mut rows)?;
    let mut passed = Input::new(bytes);
    pass_text(count, &mut passed)?;
    assert_eq!(passed.offset(), input.offset());
    assert_eq!(rows.len(), count);
    if input.is_empty() { Ok(rows) } else { Err(input.malformed("trailing bytes")) }
}

/// The sizes that texts take with either effort.
fn round_trip<T: AsRef<str>>(texts: &[T]) -> [usize; 2] {
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    EFFORTS.map(|effort| {
        let bytes = put_all(&texts, effort);
        assert_eq!(get_all(texts.len(), &bytes).unwrap(), texts);
        bytes.len()
    })
}

#[test]
fn texts_that_differ_come_back() {
    let texts: Vec<String> = numbers(5).take(1000).map(|n| format!("{n}é")).collect();
    round_trip(&texts);
    round_trip(&texts[..1]);
    round_trip(&texts[..60]);
    assert_eq!(round_trip::<&str>(&[]), [0, 0]);
}

#[test]
fn texts_that_repeat_are_written_once() {
    for length in 0..40 {
        let text = |n: u64| format!("{}{}", "x".repeat(length), n % 50);
        let texts: Vec<String> = numbers(5).take(2000).map(text).collect();
        let sizes = round_trip(&texts);
        assert!(sizes[0] < 50 * (length + 3) + 1600, "{sizes:?}");
    }
}

#[test]
fn texts_alike_but_for_one_byte_are_told_apart() {
    let mut texts = Vec::new();
    for length in 1..40 {
        for at in 0..length {
            let mut text = Vec::from("a".repeat(length));
            text[at] = b'b';
            texts.push(String::from_utf8(text).unwrap());
        }
        for _ in 0..3 {
            texts.extend_from_within(..);
            texts.truncate(1000);
        }
        round_trip(&texts);
        texts.clear();
    }
}

#[test]
fn small_finds_dictionaries_of_many_texts() {
    let texts: Vec<String> =
        numbers(5).take(20_000).map(|n| format!("user number {}", n % 2000)).collect();
    let [fast, small] = round_trip(&texts);
    assert!(small * 3 < fast, "{small} {fast}");
}

#[test]
fn an_encoder_serves_one_column_after_the_other() {
    let (mut encoder, mut out) = (TextEncoder::default(), Vec::new());
    for column in 0..10u64 {
        out.clear();
        let texts: Vec<String> =
            numbers(column).take(300).map(|n| format!("{}", n % (4 << column))).collect();
        encoder.extend(texts.iter().map(|text| text.as_bytes()));
        encoder.finish(Effort::Fast, &mut out);
        assert_eq!(get_all(300, &out).unwrap(), texts);
    }
}

#[test]
fn bytes_need_not_be_text() {
    let bytes = put_all(&[b"\xff", b"\xfe"], Effort::Fast);
    let mut arena = TextArena::default();
    let column = get_bytes(2, &mut Input::new(&bytes), &mut budget(), &mut arena).unwrap();
    assert_eq!(column, (&b"\xff\xfe"[..], Places::Plain));
    assert_eq!(arena.starts, [0, 1, 2]);
    assert!(get_all(2, &bytes).unwrap_err().to_string().contains("not UTF-8"));
}

#[test]
fn a_text_may_not_end_within_a_character() {
    // "é" as two texts of a byte each.
    let error = get_all(2, &[0, 2, 0xc3, 0xa9, 0, 1]).unwrap_err();
    assert!(error.to_string().contains("ends within a character"), "{error}");
}

#[test]
fn what_a_dictionary_unfolds_to_is_taken_from_the_budget() {
    let bytes = put_all(&[[b'x'; 1000].as_slice(); 1000], Effort::Fast);
    assert!(bytes.len() < 1100);
    let mut left = Budget { bytes: 1000 * size_of::<&str>(), ..budget() };
    let (mut arena, mut rows) = (TextArena::default(), Vec::new());
    let input = &mut Input::new(&bytes);
    // The places in the dictionary take some, too.
    let error = get_texts(1000, input, &mut left, &mut arena, &mut rows).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    assert_eq!(rows.capacity(), 0);
}

proptest! {
    #[test]
    fn columns_come_back(
        some in proptest::collection::vec("\\PC{0,40}", 1..300),
        places in proptest::collection::vec(any::<prop::sample::Index>(), 0..500),
    ) {
        round_trip(&some);
        round_trip(&places.iter().map(|place| place.get(&some)).collect::<Vec<_>>());
    }
}
