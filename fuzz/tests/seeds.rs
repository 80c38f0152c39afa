//! Every target goes through its seeds, and through some changes of each: what stable Rust can do without a fuzzer.

#[allow(dead_code, reason = "the tests have more than streams there")]
#[path = "../../tests/corpus/mod.rs"]
mod corpus;

use reduce_fuzz::seeds;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How often each seed is changed; `REDUCE_FUZZ_CHANGES` says otherwise.
const CHANGES: u32 = 20;

/// Numbers that look random, and are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as usize % end.max(1)
    }

    /// A byte changed, a piece left out, doubled, or put in from elsewhere.
    fn change(&mut self, input: &mut Vec<u8>, other: &[u8]) {
        let at = self.below(input.len());
        let end = at + self.below((input.len() - at).min(8)) + 1;
        let end = end.min(input.len());
        match self.below(6) {
            0 => {
                input.drain(at..end);
            }
            1 => {
                let piece = input[at..end].to_vec();
                input.splice(at..at, piece);
            }
            2 => {
                let from = self.below(other.len());
                let piece = &other[from..other.len().min(from + 8)];
                input.splice(at..at, piece.iter().copied());
            }
            3 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte = self.below(256) as u8;
                }
            }
            4 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << self.below(8);
                }
            }
            _ => {
                if let Some(byte) = input.get_mut(at) {
                    *byte = byte.wrapping_add(if self.below(2) == 0 { 1 } else { 0xFF });
                }
            }
        }
    }
}

/// Runs a target, and shows the input where it panics.
fn run(target: &str, run: fn(&[u8]), input: &[u8]) {
    if catch_unwind(AssertUnwindSafe(|| run(input))).is_err() {
        let bytes: String = input.iter().map(|byte| format!("\\x{byte:02x}")).collect();
        panic!("{target} fails with b\"{bytes}\"");
    }
}

fn sweep(target: &str) {
    let changes = std::env::var("REDUCE_FUZZ_CHANGES");
    let changes = changes.map_or(CHANGES, |changes| changes.parse().expect("a number"));
    let seeds = seeds::ALL.iter().find(|seeds| seeds.target == target);
    let seeds = seeds.expect("a target of this name");
    let streams: Vec<_> = corpus::every::streams().into_iter().map(|(_, stream)| stream).collect();
    let inputs = (seeds.inputs)(&streams);
    assert!(inputs.len() > 10, "{} seeds", inputs.len());
    let mut numbers = Numbers(1);
    for seed in &inputs {
        run(target, seeds.run, seed);
        for change in 0..changes {
            let other = &inputs[numbers.below(inputs.len())];
            let mut input = seed.clone();
            (0..=change % 4).for_each(|_| numbers.change(&mut input, other));
            run(target, seeds.run, &input);
        }
    }
}

#[test]
fn loads_hold() {
    sweep("load");
}

#[test]
fn programs_hold() {
    sweep("program");
}

#[test]
fn objects_hold() {
    sweep("objects");
}

#[test]
fn versions_hold() {
    sweep("versions");
}

#[test]
fn files_hold() {
    sweep("append");
}

#[test]
fn checks_hold() {
    sweep("check");
}

#[test]
fn the_dictionary_has_every_opcode() {
    let dictionary = seeds::dictionary();
    for row in reduce_core::opcode::TABLE {
        assert!(
            dictionary.contains(&format!("\n{}=\"\\x{:02x}\"\n", row.name, row.code)),
            "{}",
            row.name
        );
    }
}
