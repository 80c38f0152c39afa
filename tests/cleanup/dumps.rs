//! Dumps that fail or panic at any place: the destination is as it was, and so are the dumper and the session.

use reduce_core::{Describe, Dumper, Error, ErrorKind, Loader, Reduce, TypeDef, Writer};
use std::cell::Cell;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;

thread_local!(static LEFT: Cell<Option<(u32, bool)>> = const { Cell::new(None) });

/// Its reducer fails or panics when so many were taken apart.
struct Part(u32);

impl Describe for Part {
    fn def() -> &'static TypeDef {
        u32::def()
    }
}

impl Reduce for Part {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        match LEFT.get() {
            Some((0, false)) => return Err(Error::custom("no more")),
            Some((0, true)) => resume_unwind(Box::new("no more")),
            left => LEFT.set(left.map(|(left, panic)| (left - 1, panic))),
        }
        self.0.reduce(w)
    }
}

type Value = (Vec<Part>, Rc<Part>, Rc<(u8, Part)>);

fn value() -> Value {
    ((0..8).map(Part).collect(), Rc::new(Part(8)), Rc::new((1, Part(9))))
}

/// Runs a dump that stops at each of its parts; whether it failed as it should.
fn at_each_part(mut dump: impl FnMut(&Value) -> Result<(), Error>, mut then: impl FnMut(u32)) {
    let value = value();
    for panic in [false, true] {
        for at in 0..10 {
            LEFT.set(Some((at, panic)));
            let done = catch_unwind(AssertUnwindSafe(|| dump(&value)));
            LEFT.set(None);
            match done {
                Ok(done) => assert_eq!(done.unwrap_err().kind(), ErrorKind::Custom, "{at}"),
                Err(caught) => assert!(panic && caught.is::<&str>(), "{at}"),
            }
            then(at);
        }
    }
}

#[test]
fn a_buffer_is_as_it_was() {
    let expected = reduce_core::to_vec(&value()).unwrap();
    let dumper = Dumper::new();
    let buffer = std::cell::RefCell::new(b"in front".to_vec());
    at_each_part(
        |value| dumper.append_to(value, &mut buffer.borrow_mut()),
        |at| {
            let mut buffer = buffer.borrow_mut();
            assert_eq!(*buffer, b"in front", "{at}");
            dumper.append_to(&value(), &mut buffer).unwrap();
            assert_eq!(buffer[8..], expected, "{at}");
            buffer.truncate(8);
        },
    );
}

#[test]
fn a_writer_gets_nothing() {
    let file = std::cell::RefCell::new(Vec::new());
    at_each_part(
        |value| Dumper::new().to_writer(&mut *file.borrow_mut(), value),
        |at| assert!(file.borrow().is_empty(), "{at}"),
    );
}

#[test]
fn a_session_continues_what_it_has_written() {
    let mut dumps = Dumper::new().session();
    let shared = Rc::new(7u32);
    let mut file = dumps.to_vec(&shared).unwrap();
    let written = file.len();
    let (dumps, file) = (std::cell::RefCell::new(dumps), std::cell::RefCell::new(&mut file));
    at_each_part(
        |value| dumps.borrow_mut().append_to(value, *file.borrow_mut()),
        |at| assert_eq!(file.borrow().len(), written, "{at}"),
    );
    let (mut dumps, file) = (dumps.into_inner(), file.into_inner());
    dumps.append_to(&(shared, 1u8), file).unwrap();
    let mut loads = Loader::new().session();
    let (first, rest) = loads.take_from_slice::<Rc<u32>>(file).unwrap();
    let ((again, one), rest) = loads.take_from_slice::<(Rc<u32>, u8)>(rest).unwrap();
    assert!(Rc::ptr_eq(&first, &again) && one == 1 && rest.is_empty());
}

/// Takes so many bytes.
struct Full(usize, Vec<u8>);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.0 - self.1.len());
        if taken == 0 && !bytes.is_empty() {
            return Err(io::Error::other("the disk is full"));
        }
        self.1.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_writer_that_fails_leaves_what_reads_up_to_the_last_whole_value() {
    let bytes = reduce_core::to_vec("whole").unwrap();
    for room in 0..bytes.len() {
        let mut file = Full(bytes.len() + room, Vec::new());
        let dumper = Dumper::new();
        dumper.to_writer(&mut file, "whole").unwrap();
        assert_eq!(dumper.to_writer(&mut file, "whole").unwrap_err().kind(), ErrorKind::Io);
        let loader = Loader::new();
        let (text, rest) = loader.take_from_slice::<&str>(&file.1).unwrap();
        assert_eq!((text, rest.len()), ("whole", room));
        let error = loader.take_from_slice::<&str>(rest).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEnd, "{room}: {error}");
    }
}
