//! Dynamic values: any stream without its types, there and back.

#[allow(dead_code)]
mod corpus;

use reduce_core::{Loader, Value};

#[test]
fn every_stream_of_the_corpus_loads_and_is_dumped_as_the_same_bytes() {
    for case in corpus::all() {
        let value =
            Value::from_slice(&case.bytes).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let again =
            value.to_vec().unwrap_or_else(|error| panic!("{}: {error}\n{value}", case.name));
        let text = |bytes: &[u8]| reduce_core::disassemble(bytes).unwrap().to_string();
        assert_eq!(text(&again), text(&case.bytes), "{}: {value}", case.name);
        assert_eq!(again, case.bytes, "{}", case.name);
        // No NaN equals itself.
        assert!(value.clone() == value || case.name.contains("nan"), "{}", case.name);
    }
}

/// Streams that no dump of ours writes, and what is other in the one of their value.
const OTHERWISE: [(&str, &str); 1] = [("x", "y")];

#[test]
fn every_graph_of_the_corpus_does_or_says_why_not() {
    for (name, bytes) in corpus::graphs::streams() {
        let buffers: &[&[u8]] = &[&[7; 3], b""];
        let loader = Loader::new();
        let value = match name {
            "buffers" => loader.buffers(buffers.iter().copied()).value_from_slice(&bytes),
            _ => loader.value_from_slice(&bytes),
        };
        let value = match value {
            Ok(value) => value,
            Err(error) => {println!("{name}: {error}"); continue},
        };
        let again = value.to_vec().unwrap_or_else(|error| panic!("{name}: {error}\n{value}"));
        let text = |bytes: &[u8]| reduce_core::disassemble(bytes).unwrap().to_string();
        if text(&again) != text(&bytes) { println!("==== {name}: {value}\n{}\n{}", text(&bytes), text(&again)) };
        assert_eq!(Value::from_slice(&again).unwrap(), value);
    }
}
