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
use table::Tables;

/// What a process may have, its program included.
const MEMORY: u64 = 4 << 30;
/// How many seconds of the processor's time one may take for the inputs that it gets.
const TIME: u64 = 60;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["--probe", peer, case] => probe(peer, case),
        [] => print!("{}", tables(None).page()),
        ["--only", peer] => print!("{}", tables(Some(peer)).page()),
        ["--write"] => write(&tables(None)),
        _ => {
            eprintln!("arguments: [--write] | --only PEER");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// The page of all peers, and the table of some of them in SECURITY.md, between two comments.
fn write(tables: &Tables) {
    let benches = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::write(benches.join("results/hostile.md"), tables.page()).expect("a file of ours");
    let security = benches.join("../SECURITY.md");
    let text = std::fs::read_to_string(&security).expect("a file of ours");
    let (front, rest) = text.split_once(BEGIN).expect("where the table begins");
    let (_, behind) = rest.split_once(END).expect("where the table ends");
    let text = format!("{front}{BEGIN}\n{}{END}{behind}", tables.first());
    std::fs::write(security, text).expect("a file of ours");
}

const BEGIN: &str = "<!-- made by the command above: begin -->";
const END: &str = "<!-- end -->";

/// Runs in a process of its own.
fn probe(peer: &str, case: &str) {
    let peers = cases::peers();
    let peer = peers.iter().find(|known| known.name == peer).expect("a peer");
    let probe = peer.probes.iter().find(|probe| format!("{:?}", probe.case) == case);
    watch::probe(probe.expect("a case"));
}

fn tables(only: Option<&str>) -> Tables {
    let mut tables = Tables::default();
    for peer in cases::peers() {
        if only.is_some_and(|only| only != peer.name) {
            continue;
        }
        tables.peers.push(peer.name);
        for probe in &peer.probes {
            eprintln!("{}: {:?}", peer.name, probe.case);
            tables.found.insert((peer.name, probe.case), watch::watch(peer.name, probe));
        }
    }
    tables
}
