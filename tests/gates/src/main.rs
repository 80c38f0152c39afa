//! Runs every gate against hostile bytes, whole where ordinary tests take a sample, and prints a table of what was asked and
//! what was measured: `cargo run -p reduce-gates`, with the names of files in `tests/`, or of scripts, to run only
//! those.
//!
//! The gates are tests. Each states its figure in a line that begins with `gate:`; here they are run, optimized and with the
//! checks of a debug build, and the lines collected.

mod gates;

use gates::{GATES, Gate, Measured};
use std::collections::BTreeMap;
use std::process::{Command, ExitCode};
use std::time::Instant;

/// The workspace.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The file in `tests/` that measures time.
const TIMED: &str = "linear";

/// What came of a gate.
struct Row {
    gate: &'static Gate,
    measured: String,
    met: bool,
}

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let gates: Vec<_> = GATES
        .iter()
        .filter(|gate| asked.is_empty() || asked.iter().any(|file| file == gate.file))
        .collect();
    let mut runs = BTreeMap::new();
    let rows: Vec<_> = gates.into_iter().map(|gate| row(gate, &mut runs)).collect();
    print(&rows);
    let missed = rows.iter().filter(|row| !row.met).count();
    println!("\n{} gates, {missed} missed", rows.len());
    if missed == 0 && !rows.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What a run of tests printed, and whether all passed.
struct Run {
    output: String,
    passed: bool,
}

/// Measures a gate; what a file states is asked of it once.
fn row(gate: &'static Gate, runs: &mut BTreeMap<&'static str, Run>) -> Row {
    let (measured, met) = match gate.measured {
        Measured::Stated => {
            // Tests that run beside one that measures time would be measured too.
            let arguments: &[&str] = if gate.file == TIMED { &["--test-threads=1"] } else { &[] };
            let run = runs.entry(gate.file).or_insert_with(|| run(gate.file, arguments));
            stated(&run.output, gate.name)
        }
        Measured::Passed(tests) => {
            let filter: Vec<&str> =
                Some(tests).filter(|tests| !tests.is_empty()).into_iter().collect();
            let run = run(gate.file, &filter);
            let count = passed(&run.output);
            (format!("{count} tests passed"), run.passed && count > 0)
        }
        Measured::Alone(tests) => alone(gate.file, tests),
        Measured::Script => script(gate.file),
    };
    Row { gate, measured, met }
}

/// Each test by itself: what one takes with it, the others are spared.
fn alone(file: &'static str, tests: &str) -> (String, bool) {
    let listed = cargo_test(file).args(["--list", "--format=terse"]).output();
    let listed = listed.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let listed = listed.unwrap_or_default();
    let names = listed.lines().filter_map(|line| line.strip_suffix(": test"));
    let (mut count, mut failed) = (0, vec![]);
    for name in names.filter(|name| name.contains(tests)) {
        count += 1;
        if !run(file, &["--exact", name]).passed {
            failed.push(name.to_owned());
        }
    }
    match failed.is_empty() {
        true => (format!("{count} processes ended well"), count > 0),
        false => (format!("{} of {count} failed: {}", failed.len(), failed.join(", ")), false),
    }
}

/// A script that ends well, and with a line that says what it found.
fn script(file: &str) -> (String, bool) {
    eprintln!("{file}");
    match Command::new(format!("{ROOT}/{file}")).output() {
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stdout);
            let last = text.lines().rfind(|line| !line.is_empty()).unwrap_or("nothing");
            (last.to_owned(), output.status.success())
        }
        Err(error) => (format!("did not run: {error}"), false),
    }
}

fn cargo_test(file: &str) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["test", "--quiet", "--profile", "gates", "-p", "reduce", "--test", file, "--"])
        .current_dir(ROOT)
        .env("REDUCE_GATES", "1");
    // What is freed stays with the process (glibc): memory that the system gives anew costs more than most loads, and begins
    // at some size.
    command
        .env("MALLOC_ARENA_MAX", "1")
        .env("MALLOC_MMAP_MAX_", "0")
        .env("MALLOC_TRIM_THRESHOLD_", "1000000000000");
    command
}

fn run(file: &str, arguments: &[&str]) -> Run {
    let begun = Instant::now();
    eprintln!("tests/{file} {}", arguments.join(" "));
    let output = cargo_test(file).args(arguments).arg("--nocapture").output();
    let Ok(output) = output else {
        return Run { output: String::new(), passed: false };
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let passed = output.status.success();
    if !passed {
        eprintln!("{text}\n{}", String::from_utf8_lossy(&output.stderr));
    }
    eprintln!("  {:.1} s", begun.elapsed().as_secs_f64());
    Run { output: text, passed }
}

/// What the tests stated of a gate.
fn stated(output: &str, name: &str) -> (String, bool) {
    let begin = format!("gate: {name}: ");
    let lines: Vec<_> = output.lines().filter_map(|line| line.strip_prefix(&*begin)).collect();
    let met = lines.iter().all(|line| line.ends_with(": met")) && !lines.is_empty();
    let figures =
        lines.iter().map(|line| line.rsplit_once(": ").map_or(*line, |(figure, _)| figure));
    match lines.is_empty() {
        true => ("nothing: its test failed or did not run".into(), false),
        false => (figures.collect::<Vec<_>>().join("; "), met),
    }
}

/// How many tests passed.
fn passed(output: &str) -> u64 {
    let results = output.lines().filter_map(|line| line.strip_prefix("test result: ok. "));
    results.filter_map(|line| line.split(' ').next()?.parse::<u64>().ok()).sum()
}

fn print(rows: &[Row]) {
    let width = |of: fn(&Row) -> &str, least: usize| {
        rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0).max(least)
    };
    let (gate, asked) = (width(|row| row.gate.name, 4), width(|row| row.gate.asked, 5));
    println!("\n{:gate$}  {:asked$}  met  measured", "gate", "asked");
    for row in rows {
        let met = if row.met { "yes" } else { "NO " };
        println!("{:gate$}  {:asked$}  {met}  {}", row.gate.name, row.gate.asked, row.measured);
    }
}
