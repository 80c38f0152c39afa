//! Keeps SPEC.md equal to what the code does: the table of opcodes, and the worked examples.
//!
//! With `REDUCE_BLESS=1` in the environment the document is written anew instead.

#[allow(dead_code)]
mod corpus;

use reduce_core::opcode::{Group, Opcode, TABLE};
use std::fmt::Write;

/// One row of the table.
fn row(opcode: &Opcode) -> String {
    let state = if opcode.reserved { "reserved" } else { "" };
    format!(
        "| `{:02x}` | `{}` | {} | {} | {state} |",
        opcode.code, opcode.name, opcode.operands, opcode.purpose
    )
}

fn opcodes() -> String {
    let mut out = String::new();
    for (group, title, operands) in [
        (Group::Primitive, "Primitives, in type references", "data"),
        (Group::Data, "In the data", "operands"),
        (Group::Definition, "Definitions", "operands"),
    ] {
        writeln!(out, "\n**{title}**\n").unwrap();
        writeln!(out, "| opcode | name | {operands} | purpose | |\n|---|---|---|---|---|").unwrap();
        for opcode in TABLE.iter().filter(|opcode| opcode.group == group) {
            writeln!(out, "{}", row(opcode)).unwrap();
        }
    }
    out.push('\n');
    out
}

fn example(name: &str) -> String {
    let values = corpus::all().into_iter().map(|case| (case.name, case.bytes));
    let values = values.chain(corpus::graphs::streams()).chain(corpus::short());
    let mut streams = values.chain(corpus::sessions()).chain(corpus::pod::streams());
    let found = streams.find(|(other, _)| *other == name);
    let (_, bytes) = found.unwrap_or_else(|| panic!("the corpus has no value `{name}`"));
    let mut out = String::from("\n```text\n");
    for line in bytes.chunks(16) {
        let digits: Vec<_> = line.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(out, "{}", digits.join(" ")).unwrap();
    }
    write!(out, "\n{}```\n\n", corpus::disassembler().disassemble(&bytes).unwrap()).unwrap();
    out
}

/// The document with everything between markers made anew, and how many such places there are.
fn written_anew(document: &str) -> (String, usize) {
    let (mut out, mut places) = (String::new(), 0);
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        writeln!(out, "{line}").unwrap();
        let marker = line.strip_prefix("<!-- ").and_then(|line| line.strip_suffix(" -->"));
        let (end, made) = match marker {
            Some("opcodes") => ("<!-- /opcodes -->", opcodes()),
            Some(marker) if marker.starts_with("example: ") => {
                ("<!-- /example -->", example(&marker["example: ".len()..]))
            }
            _ => continue,
        };
        out.push_str(&made);
        assert!(lines.any(|line| line == end), "{line} has no {end}");
        writeln!(out, "{end}").unwrap();
        places += 1;
    }
    (out, places)
}

#[test]
fn opcodes_and_examples_of_the_specification_are_those_of_the_code() {
    let document = std::fs::read_to_string("SPEC.md").unwrap();
    let (anew, places) = written_anew(&document);
    assert!(places >= 6, "only {places} places between markers");
    if std::env::var_os("REDUCE_BLESS").is_some() {
        std::fs::write("SPEC.md", &anew).unwrap();
        return;
    }
    for (n, (is, should)) in document.lines().zip(anew.lines()).enumerate() {
        assert_eq!(is, should, "SPEC.md, line {}: REDUCE_BLESS=1 writes it anew", n + 1);
    }
    assert_eq!(document, anew, "REDUCE_BLESS=1 writes SPEC.md anew");
}

#[test]
fn the_grammar_of_the_specification_names_every_live_definition() {
    let document = std::fs::read_to_string("SPEC.md").unwrap();
    let grammar = document.split("```text").find(|block| block.contains("definition  =")).unwrap();
    for opcode in TABLE {
        if opcode.group == Group::Definition {
            let line = format!("{:02x}  ", opcode.code);
            let named = grammar.lines().any(|l| l.contains(&line) && l.contains(opcode.name));
            assert_eq!(named, !opcode.reserved, "{}", opcode.name);
        }
    }
}

/// The names of tests in a table, as `file::test`.
fn named_tests(text: &str) -> Vec<(&str, &str)> {
    let rows = text.lines().filter(|line| line.starts_with('|'));
    let quoted = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
    // Methods are of types, whose names begin with a capital.
    let is_file = |name: &str| name.starts_with(char::is_lowercase);
    quoted.filter_map(|name| name.rsplit_once("::")).filter(|(file, _)| is_file(file)).collect()
}

#[test]
fn the_tests_that_stand_for_each_class_of_hostile_bytes_are_there() {
    let document = std::fs::read_to_string("SECURITY.md").unwrap();
    let (_, rest) = document.split_once("\n### Each class").unwrap();
    let (section, _) = rest.split_once("\n### ").unwrap();
    let named = named_tests(section);
    assert!(named.len() >= 40, "only {} tests are named", named.len());
    for (file, test) in named {
        let path = match file.strip_prefix("src/") {
            Some(file) => format!("reduce-core/src/{file}.rs"),
            None => format!("tests/{file}.rs"),
        };
        let source = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("no file {path}"));
        let definition = format!("fn {test}()");
        assert!(source.contains(&definition), "{path} has no {test}");
    }
}
