//! The table: a row for each class of hostile bytes, a column for each peer.

use crate::cases::{CASES, Case};
use crate::watch::Outcome;
use std::collections::BTreeMap;
use std::fmt::Write;

/// All that was found, by peer and case.
pub type Found = BTreeMap<(&'static str, Case), Outcome>;

/// What is not worth a word: a load has that much at hand for any input.
const LITTLE: u64 = 256 << 10;

/// A table of some peers.
pub fn table(found: &Found, peers: &[&'static str]) -> String {
    let mut table = format!("| hostile bytes | {} |\n|---|", peers.join(" | "));
    table.push_str(&"---|".repeat(peers.len()));
    table.push('\n');
    for (case, title, _) in CASES {
        let cells =
            peers.iter().map(|peer| found.get(&(*peer, case)).map_or_else(String::new, cell));
        let cells: Vec<String> = cells.collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            writeln!(table, "| {title} | {} |", cells.join(" | ")).expect("a text");
        }
    }
    table
}

/// What should come of each row.
pub fn expectations() -> String {
    let mut list = String::new();
    for (_, title, right) in CASES {
        writeln!(list, "| {title} | {right} |").expect("a text");
    }
    format!("| hostile bytes | what is right |\n|---|---|\n{list}")
}

/// How bad it is, and how often. What ends the process, panics or takes much memory stands out.
fn cell(outcome: &Outcome) -> String {
    if outcome.inputs == 0 {
        return String::new();
    }
    let counted = |count: usize, of: &str| match (outcome.inputs, count) {
        (_, 0) => None,
        (1, _) => Some(of.to_owned()),
        (_, 1) => Some(format!("1 {of}")),
        _ => Some(format!("{count} {of}s")),
    };
    let bold = |text: Option<String>| text.map(|text| format!("**{text}**"));
    let exhausted = counted(outcome.exhausted, "abort").map(|text| {
        let most = if outcome.exhausted > 1 { "up to " } else { "" };
        format!("{text}: memory, asked for {most}{}", bytes(outcome.asked))
    });
    let mut words: Vec<String> = [
        bold(counted(outcome.overflows, "abort").map(|text| format!("{text}: stack overflow"))),
        bold(exhausted),
        bold(counted(outcome.killed, "crash")),
        bold(counted(outcome.endless, "load").map(|text| format!("{text} without an end"))),
        bold(counted(outcome.panics, "panic")),
        counted(outcome.errors, "error"),
        counted(outcome.values, "value"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if outcome.peak > LITTLE.max(64 * outcome.from as u64) {
        words.push(format!("**{} for {} bytes**", bytes(outcome.peak), outcome.from));
    } else if outcome.peak > LITTLE {
        words.push(format!("{} for {}", bytes(outcome.peak), bytes(outcome.from as u64)));
    }
    if outcome.stopped {
        words.push("then no more were tried".into());
    }
    words.join(", ")
}

fn bytes(count: u64) -> String {
    const UNITS: [(u64, &str); 5] =
        [(1 << 60, "EiB"), (1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    for (size, unit) in UNITS {
        if count >= size {
            return format!("{:.1} {unit}", count as f64 / size as f64);
        }
    }
    format!("{count} bytes")
}
