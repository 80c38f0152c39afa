//! What a disassembly shows: of sound streams in `golden.rs`, here of broken and appended ones, and its bounds.

#[allow(dead_code)]
mod corpus;

use corpus::{Line, Order};
use reduce_core::{Disassembler, Dumper, ErrorKind, Section, disassemble, to_vec};

fn order() -> Vec<u8> {
    let line = |article: &str| Line { article: article.into(), count: 1, price: Some(5) };
    let lines = vec![line("pear"), line("fig")];
    to_vec(&Order { id: 7, customer: "ann".into(), lines }).unwrap()
}

#[test]
fn a_broken_value_is_shown_up_to_where_it_broke_with_the_path() {
    let mut bytes = order();
    let at = bytes.windows(3).position(|three| three == b"fig").unwrap();
    bytes[at + 1] = 0xFF;
    insta::assert_snapshot!(disassemble(&bytes).unwrap());
}

#[test]
fn a_broken_table_is_shown_up_to_where_it_broke() {
    let mut bytes = order();
    let at = bytes.windows(5).position(|five| five == b"count").unwrap();
    bytes[at + 5] = 0x1F;
    insta::assert_snapshot!(disassemble(&bytes).unwrap());
}

#[test]
fn a_torn_file_is_shown_up_to_its_end() {
    let bytes = order();
    insta::assert_snapshot!(disassemble(&bytes[..bytes.len() - 4]).unwrap());
}

#[test]
fn appended_streams_are_all_shown_the_ones_behind_a_broken_one_too() {
    let mut bytes = to_vec(&1u8).unwrap();
    let mut broken = to_vec(&true).unwrap();
    let at = broken.len() - 2;
    broken[at] = 7;
    bytes.extend(broken);
    bytes.extend(to_vec("three").unwrap());
    bytes.extend(b"tail");
    let shown = disassemble(&bytes).unwrap();
    assert_eq!(shown.error().unwrap().kind(), ErrorKind::Malformed, "the first one");
    insta::assert_snapshot!(shown);
}

#[test]
fn only_what_does_not_begin_as_a_stream_is_refused() {
    assert_eq!(disassemble(b"{\"a\": 1}").unwrap_err().kind(), ErrorKind::NotAStream);
    assert_eq!(disassemble(b"").unwrap_err().kind(), ErrorKind::UnexpectedEnd);
    let shown = disassemble(&[0x8F, b'R']).unwrap();
    assert_eq!(shown.error().unwrap().kind(), ErrorKind::UnexpectedEnd);
    assert_eq!(shown.to_string(), "stopped: the bytes end before the value does (at byte 2)\n");
}

#[test]
fn instructions_cover_the_bytes_of_a_stream_without_gaps() {
    for case in corpus::all() {
        let shown = disassemble(&case.bytes).unwrap();
        let mut end = 0;
        for line in shown.instructions() {
            assert_eq!(line.offset, end, "{}:\n{shown}", case.name);
            end += line.length;
            let bytes = &case.bytes[line.offset..end];
            assert_eq!(line.bytes(), &bytes[..bytes.len().min(8)], "{}:\n{shown}", case.name);
        }
        assert_eq!(end, case.bytes.len(), "{}:\n{shown}", case.name);
    }
}

#[test]
fn sections_follow_one_another() {
    let shown = disassemble(&order()).unwrap();
    let mut sections: Vec<_> = shown.instructions().iter().map(|line| line.section).collect();
    sections.dedup();
    assert_eq!(sections, [Section::Header, Section::Programs, Section::Data]);
}

#[test]
fn lines_beyond_the_most_are_counted_and_their_errors_found() {
    let mut bytes = Dumper::new().columns(false).to_vec(&vec![true; 1000]).unwrap();
    let whole = disassemble(&bytes).unwrap();
    assert_eq!((whole.left_out(), whole.instructions().len()), (0, 4 + 4 + 1 + 1000 + 1));
    for lines in [0, 3, 6, 10, 500] {
        let short = Disassembler::new().lines(lines).disassemble(&bytes).unwrap();
        assert_eq!(short.instructions(), &whole.instructions()[..lines]);
        assert_eq!(short.left_out(), 1010 - lines as u64);
        assert!(short.error().is_none());
        assert!(short.to_string().ends_with(&format!("... {} more lines\n", 1010 - lines)));
    }
    let at = bytes.len() - 10;
    bytes[at] = 2;
    let short = Disassembler::new().lines(20).disassemble(&bytes).unwrap();
    assert_eq!(short.error().unwrap().offset(), Some(at));
    assert!(
        short.to_string().contains("stopped at [991] (bool): a bool is neither 0 nor 1"),
        "{short}"
    );
}

#[test]
fn long_text_and_long_lists_of_bytes_are_cut_and_their_sizes_told() {
    let shown = disassemble(&to_vec(&("x".repeat(5000), vec![0xABu8; 5000])).unwrap()).unwrap();
    let text = shown.to_string();
    assert!(text.contains("xxxx\"... (5000 bytes)"), "{text}");
    assert!(text.contains("5000 bytes, ab ab ab"), "{text}");
    assert!(text.len() < 2000, "{text}");
}
