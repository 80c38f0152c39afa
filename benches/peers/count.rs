//! Instructions instead of time, for comparing commits on a machine that is never quiet: each work runs in a process of
//! its own under valgrind's callgrind, which counts what [`timed`](reduce_benches::contest::timed) runs.

use crate::measure::OURS;
use crate::memory;
use crate::report::grouped;
use reduce_benches::contest::{CASES, Case, Work};
use std::fmt::Write;
use std::process::Command;
use std::time::{Duration, Instant};

/// The function whose last run is counted.
const COUNTED: &str = "*contest::timed*";

/// What `--once` runs: a work twice, of which the second run counts; and for so long.
pub fn once(case: &str, peer: &str, work: &str, at_least: Duration) {
    let case = CASES.iter().find(|it| it.name == case).expect("a data set of that name");
    for contestant in &mut (case.contestants)(Some(peer)) {
        for (of, once) in &mut contestant.works {
            if of.to_string() == work {
                once(case.times);
                let start = Instant::now();
                once(case.times);
                while start.elapsed() < at_least {
                    once(case.times);
                }
            }
        }
    }
}

/// A row for each data set, of our works alone.
pub fn table(only: &[String]) -> String {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return "Instructions are not counted: valgrind is not installed (`apt-get install valgrind`).\n"
            .to_owned();
    }
    let mut text =
        "| instructions | dump | load | load borrowed | load changed |\n|---|--:|--:|--:|--:|\n"
            .to_owned();
    for case in CASES {
        if !only.is_empty() && !only.iter().any(|name| name == case.name) {
            continue;
        }
        _ = write!(text, "| {} |", case.name);
        for work in Work::ALL {
            match counted(case, work) {
                Some(count) => _ = write!(text, " {} |", grouped(count)),
                None => text.push_str(" |"),
            }
        }
        text.push('\n');
    }
    text
}

/// None when the data set has no such work.
fn counted(case: &Case, work: Work) -> Option<f64> {
    let program = std::env::current_exe().expect("a path of its own");
    let mut valgrind = Command::new("valgrind");
    for (name, _) in memory::SETTINGS {
        // Valgrind has less memory of that kind to give.
        valgrind.env_remove(name);
    }
    let out = valgrind
        .arg("--tool=callgrind")
        .arg("--callgrind-out-file=/dev/null")
        .arg(format!("--toggle-collect={COUNTED}"))
        .arg(format!("--zero-before={COUNTED}"))
        .arg(program)
        .arg("--once")
        .arg(format!("{},{OURS},{work}", case.name))
        .output()
        .expect("valgrind runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let said = String::from_utf8_lossy(&out.stderr);
    let (_, rest) = said.split_once("Collected :")?;
    let count: f64 = rest.split_whitespace().next()?.parse().ok()?;
    (count > 0.0).then_some(count / case.times as f64)
}
