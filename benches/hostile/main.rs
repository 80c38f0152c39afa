//! Every peer under the same kinds of hostile bytes: who errors, who panics, who aborts, and who allocates how much for how few bytes.
//!
//! `cargo run -p reduce-benches --features peers --release --bin hostile -- --write` writes the tables.

mod cases;
mod inputs;
mod peers;
mod table;
mod types;
mod watch;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// What a process may have, its program included.
const MEMORY: u64 = 2 << 30;
/// How long one may take for the inputs that it gets.
const TIME: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["--probe", peer, case] => probe(peer, case),
        [] => print!("{}", page(None)),
        ["--only", peer] => print!("{}", page(Some(peer))),
        ["--write"] => {
            let page = page(None);
            print!("{page}");
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("results/hostile.md");
            std::fs::write(file, page).expect("a file of this crate");
        }
        _ => {
            eprintln!("arguments: [--write] | --only PEER");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Runs in a process of its own.
fn probe(peer: &str, case: &str) {
    let peers = cases::peers();
    let peer = peers.iter().find(|known| known.name == peer).expect("a peer");
    let probe = peer.probes.iter().find(|probe| format!("{:?}", probe.case) == case);
    watch::probe(probe.expect("a case"));
}

/// How many peers stand in the first table.
const FIRST: usize = 6;

fn page(only: Option<&str>) -> String {
    let peers = cases::peers();
    let mut found = table::Found::new();
    let mut names = vec![];
    for peer in peers.iter().filter(|peer| only.is_none_or(|only| only == peer.name)) {
        names.push(peer.name);
        for probe in &peer.probes {
            eprintln!("{}: {:?}", peer.name, probe.case);
            found.insert((peer.name, probe.case), watch::watch(peer.name, probe));
        }
    }
    let (first, second) = names.split_at(names.len().min(FIRST));
    let mut page = table::table(&found, first);
    if !second.is_empty() {
        page.push('\n');
        page.push_str(&table::table(&found, second));
    }
    page.push('\n');
    page.push_str(&table::expectations());
    page
}
