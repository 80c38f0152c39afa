//! The tables, in Markdown.

use crate::measure::{Column, Measured, OURS};
use std::fmt::Write;

/// A data set: a row for each peer, and in each cell the ratio to the best peer.
pub fn case(measured: &Measured) -> String {
    let columns: Vec<Column> = Column::ALL
        .into_iter()
        .filter(|column| measured.peers.iter().any(|peer| peer.figure(*column).is_some()))
        .collect();
    let mut text = format!("### {}: {}\n\n|  |", measured.name, measured.about);
    for column in &columns {
        _ = write!(text, " {column} |");
    }
    text.push_str("\n|---|");
    text.push_str(&"--:|".repeat(columns.len()));
    for peer in &measured.peers {
        let bold = if peer.is_peer() { "" } else { "**" };
        _ = write!(text, "\n| {bold}{}{bold} |", peer.name);
        for column in &columns {
            match peer.figure(*column) {
                None => text.push_str(" |"),
                Some(figure) => {
                    _ = write!(text, " {}", shown(*column, figure));
                    if let Some((_, best)) = measured.best(*column) {
                        _ = write!(text, " ({:.2})", figure / best);
                    }
                    text.push_str(" |");
                }
            }
        }
    }
    text.push('\n');
    text
}

/// All data sets at a glance: our ratios to the best peer of each.
fn summary(results: &[Measured]) -> String {
    let mut text = "|  |".to_owned();
    for measured in results {
        _ = write!(text, " {} |", measured.name);
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(results.len()));
    for column in Column::ALL {
        _ = write!(text, "\n| {column} |");
        for measured in results {
            match (measured.figure(OURS, column), measured.best(column)) {
                (Some(ours), Some((name, best))) => {
                    _ = write!(text, " {:.2} {name} |", ours / best);
                }
                _ => text.push_str(" |"),
            }
        }
    }
    text.push('\n');
    text
}

/// All tables.
pub fn page(results: &[Measured], short: bool, targets: &str, code: &str) -> String {
    let short = if short { " --short" } else { "" };
    let mut text = format!(
        "Made by `{COMMAND}{short}`, on {}. {VERSIONS}\n\n\
        ## Reduce against the best peer\n\n\
        How many times the best peer's time or size ours is, and which peer that is: less than 1 is better than all peers.\n\n\
        {}\n![chart](chart.svg)\n\n\
        ## Targets\n\n{targets}\n\
        ## Each data set\n\n\
        Medians of runs taken in turns. In parentheses: the ratio to the best peer, which neither Reduce nor a bare copy of \
        memory is. Memory for bytes is used again from one dump to the next; what was loaded is dropped outside of the time.\n",
        machine(),
        summary(results),
        VERSIONS = versions(),
    );
    for measured in results {
        text.push('\n');
        text.push_str(&case(measured));
    }
    text.push('\n');
    text.push_str(code);
    text
}

const COMMAND: &str = "cargo bench -p reduce-benches --features peers --bench peers -- --write";

/// The versions of the peers, from the lock file.
fn versions() -> String {
    const PEERS: [&str; 11] = [
        "bitcode",
        "wincode",
        "savefile",
        "rkyv",
        "postcard",
        "borsh",
        "nanoserde",
        "rmp-serde",
        "serde_json",
        "fory",
        "zstd",
    ];
    let lock = include_str!("../../Cargo.lock");
    let version = |name: &str| {
        let entry =
            lock.split("[[package]]").find(|it| it.contains(&format!("\nname = \"{name}\"\n")))?;
        let (_, rest) = entry.split_once("version = \"")?;
        Some(rest.split_once('"')?.0)
    };
    let all: Vec<String> = PEERS
        .iter()
        .map(|name| format!("{name} {}", version(name).expect("a peer in the lock file")))
        .collect();
    format!("Peers: {}.", all.join(", "))
}

/// What kind of machine this is.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map_or(std::env::consts::ARCH, |(_, model)| model.trim());
    format!("a machine of {cores} cores ({model}, {})", std::env::consts::OS)
}

fn shown(column: Column, figure: f64) -> String {
    match column {
        Column::Time(_) => time(figure),
        Column::Size | Column::Zstd => grouped(figure),
    }
}

/// Nanoseconds, in the unit that suits them.
fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        ns if ns < 1e4 => format!("{ns:.0} ns"),
        ns if ns < 1e7 => format!("{:.0} µs", ns / 1e3),
        ns => format!("{:.1} ms", ns / 1e6),
    }
}

/// A whole number with its thousands apart.
pub fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
