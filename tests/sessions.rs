//! `Dumper`, `Loader` and the free functions: settings, buffers, readers and writers, context, errors.

use reduce_core::{
    Context, Describe, Dumper, Error, ErrorKind, Expand, Limits, Loader, Reader, Reduce, TypeDef,
    Writer,
};
use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{self, Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

fn shared<T: Send + Sync>() {}

#[test]
fn settings_and_errors_go_to_other_threads() {
    shared::<Dumper>();
    shared::<Loader>();
    shared::<Limits>();
    shared::<Error>();
    let (dumper, loader) = (Dumper::new().context(3u8), Loader::new().context(4u8));
    std::thread::scope(|scope| {
        for n in 0..8u32 {
            let (dumper, loader) = (&dumper, &loader);
            scope.spawn(move || {
                let bytes = dumper.to_vec(&vec![n; 100]).unwrap();
                assert_eq!(loader.from_slice::<Vec<u32>>(&bytes).unwrap(), vec![n; 100]);
            });
        }
    });
}

#[test]
fn streams_follow_one_another_in_a_reader() {
    let mut file = Vec::new();
    reduce_core::to_writer(&mut file, "first").unwrap();
    reduce_core::to_writer(&mut file, &vec![1u64; 1000]).unwrap();
    reduce_core::to_writer(&mut file, &Some(2.5f64)).unwrap();
    file.extend_from_slice(b"the rest");

    let mut reader = Cursor::new(&file);
    assert_eq!(reduce_core::from_reader::<String, _>(&mut reader).unwrap(), "first");
    assert_eq!(reduce_core::from_reader::<Vec<u64>, _>(&mut reader).unwrap(), vec![1u64; 1000]);
    assert_eq!(reduce_core::from_reader::<Option<f64>, _>(&mut reader).unwrap(), Some(2.5));
    let mut rest = String::new();
    reader.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "the rest");

    let loader = Loader::new();
    let (first, rest) = loader.take_from_slice::<&str>(&file).unwrap();
    let (numbers, rest) = loader.take_from_slice::<Vec<u64>>(rest).unwrap();
    let (last, rest) = loader.take_from_slice::<Option<f64>>(rest).unwrap();
    assert_eq!((first, numbers.len(), last, rest), ("first", 1000, Some(2.5), &b"the rest"[..]));
}

#[test]
fn a_reader_at_its_end_is_an_unexpected_end() {
    let error = reduce_core::from_reader::<u8, _>(io::empty()).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::UnexpectedEnd, Some(0)));
    let bytes = reduce_core::to_vec("cut").unwrap();
    for length in 0..bytes.len() {
        let error = reduce_core::from_reader::<String, _>(&bytes[..length]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEnd, "{length} bytes");
    }
}

#[test]
fn a_claimed_length_reserves_no_memory() {
    // The header's length says 4 GiB and 16 EiB; the reader holds ten bytes.
    for claim in [&[0xFF, 0xFF, 0xFF, 0xFE][..], &[0xFF; 12][..]] {
        let mut bytes = vec![0x8F, b'R', b'D', 1, 0];
        bytes.extend_from_slice(claim);
        bytes.extend_from_slice(&[0; 10]);
        let error = reduce_core::from_reader::<String, _>(bytes.as_slice()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEnd);
    }
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the cable is cut"))
    }
}

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::Error::other("the disk is full"))
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn input_and_output_errors_are_the_cause() {
    let error = reduce_core::from_reader::<u8, _>(Broken).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert_eq!(error.to_string(), "input or output failed: the cable is cut");
    let error = reduce_core::to_writer(Broken, &1u8).unwrap_err();
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.downcast_ref::<io::Error>().unwrap().to_string(), "the disk is full");
}

#[test]
fn a_failed_dump_writes_nothing_and_keeps_the_buffer() {
    let cells = vec![RefCell::new(1u8), RefCell::new(2)];
    let guard = cells[1].borrow_mut();
    let mut writer = Vec::new();
    let error = reduce_core::to_writer(&mut writer, &cells).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Unavailable, "[1]"));
    assert_eq!(writer, b"");

    let mut buffer = b"before".to_vec();
    Dumper::new().append_to(&cells, &mut buffer).unwrap_err();
    assert_eq!(buffer, b"before");
    drop(guard);
    Dumper::new().append_to(&cells, &mut buffer).unwrap();
    let again: Vec<RefCell<u8>> = reduce_core::from_slice(&buffer[6..]).unwrap();
    assert_eq!(again, cells);
}

/// A reducer that panics, behind a part that is written.
struct Panics;

impl Describe for Panics {
    fn def() -> &'static TypeDef {
        <(u32, u32)>::def()
    }
}

impl Reduce for Panics {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        7u32.reduce(w)?;
        panic!("in the middle")
    }
}

#[test]
fn a_reducer_that_panics_keeps_the_buffer() {
    let mut buffer = b"before".to_vec();
    let caught = catch_unwind(AssertUnwindSafe(|| Dumper::new().append_to(&Panics, &mut buffer)));
    assert!(caught.is_err());
    assert_eq!(buffer, b"before");
}

#[test]
fn a_buffer_is_used_again_without_a_new_allocation() {
    let (dumper, mut buffer) = (Dumper::new(), Vec::with_capacity(4096));
    let place = buffer.as_ptr();
    for n in 0..100u64 {
        buffer.clear();
        dumper.append_to(&[n; 10], &mut buffer).unwrap();
        assert_eq!(reduce_core::from_slice::<[u64; 10]>(&buffer).unwrap(), [n; 10]);
    }
    assert_eq!(buffer.as_ptr(), place);
}

#[test]
fn equal_values_give_equal_bytes_when_canonical() {
    let a: HashMap<String, u32> = (0..50).map(|n| (format!("key {n}"), n)).collect();
    let b: HashMap<String, u32> = (0..50).rev().map(|n| (format!("key {n}"), n)).collect();
    let dumper = Dumper::new().canonical(true);
    assert_eq!(dumper.to_vec(&a).unwrap(), dumper.to_vec(&b).unwrap());
    let again: HashMap<String, u32> = reduce_core::from_slice(&dumper.to_vec(&a).unwrap()).unwrap();
    assert_eq!(again, b);
}

#[test]
fn the_program_of_a_value_behind_a_reference_is_its_own() {
    let bytes = reduce_core::to_vec(&&&vec![1u8]).unwrap();
    assert_eq!(bytes, reduce_core::to_vec(&[1u8][..]).unwrap());
}

#[test]
fn bytes_and_text_are_borrowed_from_a_slice() {
    let bytes = reduce_core::to_vec(&("text", &b"bytes"[..])).unwrap();
    let (text, raw): (&str, &[u8]) = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!((text, raw), ("text", &b"bytes"[..]));
    assert!(bytes.as_ptr_range().contains(&text.as_ptr()));
    assert!(bytes.as_ptr_range().contains(&raw.as_ptr()));
}

#[test]
fn trailing_bytes_are_an_error_of_their_own() {
    let mut bytes = reduce_core::to_vec(&1u8).unwrap();
    let end = bytes.len();
    bytes.push(0);
    let error = reduce_core::from_slice::<u8>(&bytes).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::TrailingBytes, Some(end)));
}

#[test]
fn another_type_is_refused_with_both_sides() {
    let bytes = reduce_core::to_vec(&vec![(1u8, "x")]).unwrap();
    let error = reduce_core::from_slice::<Vec<(u8, u32)>>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    let long = format!("{error:#}");
    assert!(
        long.contains("list<tuple<u8, str>>") && long.contains("list<tuple<u8, u32>>"),
        "{long}"
    );
}

/// Multiplies by the context's number at dump and divides at load.
struct Scaled(u32);

impl Describe for Scaled {
    fn def() -> &'static TypeDef {
        u32::def()
    }
}

fn factor(context: Context<'_>) -> Result<u32, Error> {
    context.require::<u32>().copied()
}

impl Reduce for Scaled {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        (self.0 * factor(w.context())?).reduce(w)
    }
}

impl<'de> Expand<'de> for Scaled {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let factor = factor(r.context())?;
        Ok(Scaled(u32::expand(r)? / factor))
    }
}

#[test]
fn context_serves_dumps_and_loads_held_or_lent() {
    let bytes = Dumper::new().context(10u32).to_vec(&Scaled(7)).unwrap();
    assert_eq!(reduce_core::from_slice::<u32>(&bytes).unwrap(), 70);
    let loader = Loader::new().context(2u32);
    assert_eq!(loader.from_slice::<Scaled>(&bytes).unwrap().0, 35);
    // What is lent stands before what is held, and the last one given before the first.
    let lent = loader.with_context(&7u32);
    assert_eq!(lent.from_slice::<Scaled>(&bytes).unwrap().0, 10);
    assert_eq!(lent.with_context(&70u32).from_slice::<Scaled>(&bytes).unwrap().0, 1);
    let error = reduce_core::from_slice::<Scaled>(&bytes).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::MissingContext);
    assert!(error.to_string().contains("type `u32`, but none was given"), "{error}");
    let error = Loader::new().context(1i32).from_slice::<Scaled>(&bytes).err().unwrap();
    assert!(error.to_string().contains("type `u32`, but only `i32` was given"), "{error}");
}

#[test]
fn depth_is_limited_at_dump_and_load() {
    type Nested = Box<Box<Box<Box<u8>>>>;
    let value: Nested = Box::new(Box::new(Box::new(Box::new(1))));
    let limits = Limits::default().depth(3);
    let error = Dumper::new().limits(limits).to_vec(&value).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let bytes = reduce_core::to_vec(&value).unwrap();
    let error = Loader::new().limits(limits).from_slice::<Nested>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let limits = Limits::default().depth(4);
    assert_eq!(Loader::new().limits(limits).from_slice::<Nested>(&bytes).unwrap(), value);
}

#[test]
fn bytes_and_elements_are_limited_at_load() {
    let bytes = Dumper::new().columns(false).to_vec(&vec![1u64; 100]).unwrap();
    let load = |limits| Loader::new().limits(limits).from_slice::<Vec<u64>>(&bytes);
    assert_eq!(load(Limits::default().bytes(800)).unwrap().len(), 100);
    assert!(load(Limits::default().bytes(799)).unwrap_err().to_string().contains("Limits::bytes"));
    assert_eq!(load(Limits::default().elements(100)).unwrap().len(), 100);
    let error = load(Limits::default().elements(99)).unwrap_err();
    assert!(error.to_string().contains("Limits::elements"), "{error}");
}
