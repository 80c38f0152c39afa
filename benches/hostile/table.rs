//! The table: a row for each class of hostile bytes, a column for each peer.

use crate::cases::{CASES, Case};
use crate::watch::Outcome;
use std::collections::BTreeMap;
use std::fmt::Write;

/// All that was found.
#[derive(Default)]
pub struct Tables {
    /// The names of the peers, in the order of their columns.
    pub peers: Vec<&'static str>,
    /// What came of each case.
    pub found: BTreeMap<(&'static str, Case), Outcome>,
}

/// How many peers stand in the first table.
const FIRST: usize = 6;

impl Tables {
    /// All tables, and what is to be known of them.
    pub fn page(&self) -> String {
        let (first, second) = self.peers.split_at(self.peers.len().min(FIRST));
        let mut page = format!("{TITLE}\n{}\n", self.table(first));
        if !second.is_empty() {
            page.push_str(&self.table(second));
            page.push('\n');
        }
        let versions: Vec<String> = self.peers.iter().filter_map(|peer| version(peer)).collect();
        format!("{page}{}\n{NOTES}\nVersions: {}.\n", expectations(), versions.join(", "))
    }

    /// The first table.
    pub fn first(&self) -> String {
        self.table(&self.peers[..self.peers.len().min(FIRST)])
    }

    fn table(&self, peers: &[&'static str]) -> String {
        let mut table = format!("| hostile bytes | {} |\n|---|", peers.join(" | "));
        table.push_str(&"---|".repeat(peers.len()));
        table.push('\n');
        for (case, title, _) in CASES {
            let outcome = |peer: &&'static str| self.found.get(&(*peer, case));
            let cells: Vec<String> =
                peers.iter().map(|peer| outcome(peer).map_or_else(String::new, cell)).collect();
            if cells.iter().any(|cell| !cell.is_empty()) {
                writeln!(table, "| {title} | {} |", cells.join(" | ")).expect("a text");
            }
        }
        table
    }
}

const TITLE: &str = "\
# Hostile bytes: peers side by side

Made by `cargo run -p reduce-benches --features peers --release --bin hostile -- --write`. Each peer is given the same kinds of
bytes, made from a valid stream of its own format. A load runs in a process of its own, on a thread with a stack of 2 MiB, with 4
GiB of memory and a minute. In a cell: what came of how many inputs; empty where the format has no such type or no such thing.
\"Had\" is the most memory that a load held at one time, where it is more than 2 MiB and more than 64 times its input.
";

const NOTES: &str = "\
Settings are the defaults of each peer, with what its documents offer against hostile bytes:

* `reduce`: defaults; `reduce, strict`: `Limits::strict()`.
* fory: schemas in the bytes (`compatible`), shared references tracked; its default limits hold: 128 MiB for a graph, 8,192
  elements that no byte stands for, 5 levels of trait objects. A stream of numbers loads as a type of texts since fields that are not
  known are skipped, and those that lack are defaults.
* savefile: with its schema, and with its feature `size_sanity_checks`, which is off by default.
* wincode: `deserialize_exact`, with its default limit of 4 MiB for what is reserved ahead.
* rkyv: every value is checked (`bytecheck`).
* rmp-serde and serde_json: their default limits of 1,024 and 128 levels; structs as maps, with the names of the fields.
* postcard, bitcode, borsh, nanoserde and serde-pickle have no limits to set.

bitcode packs a `bool` and a variant into some bits of a byte, and ignores the others: what it loads is valid. savefile, fory and
nanoserde take every byte for a `bool`. fory, savefile, postcard, nanoserde and rmp-serde leave bytes behind a value to their
caller. What is a value in the row of keys has lost an entry.
";

/// A peer with its version, from the lock file.
fn version(peer: &str) -> Option<String> {
    let lock = include_str!("../../Cargo.lock");
    let entry = lock
        .split("[[package]]")
        .find(|entry| entry.lines().any(|line| line == format!("name = \"{peer}\"")))?;
    let version = entry.lines().find_map(|line| line.strip_prefix("version = "))?;
    Some(format!("{peer} {}", version.trim_matches('"')))
}

/// What should come of each row.
fn expectations() -> String {
    let mut list = String::from("| hostile bytes | what is right |\n|---|---|\n");
    for (_, title, right) in CASES {
        writeln!(list, "| {title} | {right} |").expect("a text");
    }
    list
}

/// What is not worth a word: any load may have that much at hand.
const LITTLE: u64 = 2 << 20;

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
    let mut words: Vec<String> = [
        bold(counted(outcome.overflows, "abort").map(|text| format!("{text}: stack overflow"))),
        bold(counted(outcome.exhausted, "abort").map(|text| format!("{text}: out of memory"))),
        bold(counted(outcome.killed, "crash")),
        bold(counted(outcome.endless, "load").map(|text| format!("{text} of more than a minute"))),
        bold(counted(outcome.panics, "panic")),
        counted(outcome.errors, "error"),
        counted(outcome.values, "value"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if outcome.asked > LITTLE {
        words.push(format!("asked for {} at once", bytes(outcome.asked)));
    }
    if outcome.peak > LITTLE.max(64 * outcome.from as u64) {
        words.push(format!("**had {} for {} bytes**", bytes(outcome.peak), outcome.from));
    } else if outcome.peak > LITTLE {
        words.push(format!("had {} for {}", bytes(outcome.peak), bytes(outcome.from as u64)));
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
