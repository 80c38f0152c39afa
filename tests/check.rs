//! Checking a stream without its types.

use reduce_core::{
    Dumper, ErrorKind, Limits, Loader, Programs, Reduce, Registry, check, disassemble, to_vec,
};
use std::rc::Rc;

#[derive(Reduce)]
#[reduce(name = "shop.Line")]
struct Line {
    article: String,
    count: u32,
}

#[derive(Reduce)]
#[reduce(name = "shop.State", version = 3)]
enum State {
    Open,
    Sent { at: u64 },
}

#[derive(Reduce)]
#[reduce(name = "shop.Order")]
struct Order {
    lines: Vec<Line>,
    state: State,
    notes: Option<Rc<str>>,
    same_notes: Option<Rc<str>>,
    photo: Vec<u8>,
}

#[derive(Reduce)]
struct Samples(#[reduce(out_of_band)] Vec<f64>);

fn order() -> Order {
    let line = |article: &str| Line { article: article.into(), count: 2 };
    let notes: Rc<str> = "fragile".into();
    Order {
        lines: vec![line("tea"), line("cup")],
        state: State::Sent { at: 7 },
        notes: Some(notes.clone()),
        same_notes: Some(notes),
        photo: vec![0; 1000],
    }
}

#[test]
fn a_report_counts_what_is_in_the_stream() {
    let bytes = to_vec(&vec![order(), order()]).unwrap();
    let report = check(&bytes, &Limits::default()).unwrap();
    let types: Vec<_> =
        report.types().iter().map(|of| (of.name(), of.version(), of.values())).collect();
    assert_eq!(types, [("shop.Order", 0, 2), ("shop.Line", 0, 4), ("shop.State", 3, 2)]);
    assert_eq!(report.bytes(), bytes.len());
    assert_eq!(report.objects(), 2);
    assert_eq!(report.elements(), 2 + 2 * (2 + 1000));
    // Two articles and the notes, their lengths in front; the photo.
    assert_eq!(report.text(), 2 * (4 + 4 + 8 + 1000));
    // order -> lines -> line -> article, below the list.
    assert_eq!(report.depth(), 4);
    assert_eq!(report.buffers(), 0);
    let data = disassemble(&bytes).unwrap();
    let first = data.instructions().iter().find(|line| line.section == reduce_core::Section::Data);
    assert_eq!(report.programs(), first.unwrap().offset);
}

#[test]
fn a_report_is_readable() {
    let report = check(&to_vec(&order()).unwrap(), &Limits::default()).unwrap();
    let text = report.to_string();
    let (first, types) = text.split_once('\n').unwrap();
    assert!(first.contains("1002 elements, 1 shared objects, 0 buffers"), "{first}");
    assert_eq!(types, "1 shop.Order\n2 shop.Line\n1 shop.State, version 3\n");
}

#[test]
fn registered_types_are_named_and_need_no_registry() {
    let mut registry = Registry::new();
    registry.register_as::<Line>("shop.Line").unwrap();
    let line: Box<dyn std::any::Any> = Box::new(Line { article: "tea".into(), count: 1 });
    let bytes = Dumper::new().registry(&registry).to_vec(&line).unwrap();
    let report = check(&bytes, &Limits::strict()).unwrap();
    assert_eq!(report.types()[0].registered(), Some("shop.Line"));
    assert_eq!(report.types()[0].values(), 1);
}

#[test]
fn every_cut_and_every_limit_is_an_error() {
    let bytes = to_vec(&order()).unwrap();
    for end in 0..bytes.len() {
        assert!(check(&bytes[..end], &Limits::default()).is_err(), "{end} bytes");
    }
    let longer = [&bytes[..], &[0]].concat();
    let error = check(&longer, &Limits::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TrailingBytes);
    for limits in [Limits::default().elements(100), Limits::default().depth(0)] {
        assert_eq!(check(&bytes, &limits).unwrap_err().kind(), ErrorKind::Limit);
    }
}

#[test]
fn messages_with_a_fingerprint_are_checked_where_the_program_is_known() {
    let bytes = Dumper::new().fingerprint(true).to_vec(&order()).unwrap();
    let error = check(&bytes, &Limits::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownProgram);
    let mut programs = Programs::new();
    programs.add::<Order>().unwrap();
    let report = Loader::new().programs(&programs).check(&bytes).unwrap();
    assert_eq!(report.types()[0].values(), 1);
}

#[test]
fn buffers_are_counted_and_need_not_be_at_hand() {
    let mut taken = Vec::new();
    let take = |buffer: &[u8]| {
        taken.push(buffer.to_vec());
        Ok(true)
    };
    let bytes = Dumper::new().buffers(take).to_vec(&Samples(vec![1.5; 1000])).unwrap();
    assert_eq!(taken.len(), 1);
    let report = check(&bytes, &Limits::default()).unwrap();
    assert_eq!((report.buffers(), report.elements()), (1, 1000));
    let report = Loader::new().buffers(&taken).check(&bytes).unwrap();
    assert_eq!(report.buffers(), 1);
    let error = Loader::new().buffers([&taken[0][1..]]).check(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Buffers);
}
