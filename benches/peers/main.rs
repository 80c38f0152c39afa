//! Every peer side by side, in one run: how long dumps and loads take, how large the bytes are, and which targets are
//! missed. `README.md` in the folder above has the commands.

mod chart;
mod code;
mod count;
mod measure;
mod memory;
mod report;
mod targets;

use measure::Effort;
use reduce_benches::contest::CASES;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// What the command line asks for.
#[derive(Default)]
struct Asked {
    /// Less than a minute, with less to rely on.
    short: bool,
    /// Writes what was measured to files, too.
    write: bool,
    /// Counts instructions, and measures no time.
    count: bool,
    /// Measures what the derives cost in code and in time of the compiler, and nothing else.
    code: bool,
    /// The data sets that are meant, or none for all.
    only: Vec<String>,
    /// What the counter of instructions runs: data set, peer and kind of work.
    once: Vec<String>,
    /// The same for some seconds, to be looked at by a profiler.
    long: Vec<String>,
}

fn main() -> ExitCode {
    let asked = match asked(std::env::args().skip(1)) {
        Ok(asked) => asked,
        Err(message) => {
            eprintln!("{message}\n{USAGE}");
            return ExitCode::FAILURE;
        }
    };
    if let [case, peer, work] = asked.once.as_slice() {
        count::once(case, peer, work, Duration::ZERO);
        return ExitCode::SUCCESS;
    }
    if let Some(code) = memory::kept() {
        return code;
    }
    if let [case, peer, work] = asked.long.as_slice() {
        count::once(case, peer, work, LONG);
    } else if asked.count {
        print!("{}", count::table(&asked.only));
    } else if asked.code {
        let table = code::table();
        print!("{table}");
        if asked.write {
            keep(CODE, &table);
        }
    } else {
        compare(&asked);
    }
    ExitCode::SUCCESS
}

const USAGE: &str = "arguments: [--short] [--write] [--only log,mesh,...] | --count [--only ...] | --code [--write] | --loop log,reduce,load";

/// As long as a profiler wants to look.
const LONG: Duration = Duration::from_secs(4);

/// cargo's own argument `--bench` is nothing to us.
fn asked(mut arguments: impl Iterator<Item = String>) -> Result<Asked, String> {
    let mut asked = Asked::default();
    let list = |text: Option<String>| -> Result<Vec<String>, String> {
        let text = text.ok_or("a list is missing")?;
        Ok(text.split(',').map(str::to_owned).collect())
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--bench" => {}
            "--short" => asked.short = true,
            "--write" => asked.write = true,
            "--count" => asked.count = true,
            "--code" => asked.code = true,
            "--only" => asked.only = list(arguments.next())?,
            "--loop" => asked.long = list(arguments.next())?,
            "--once" => asked.once = list(arguments.next())?,
            other => return Err(format!("unknown argument `{other}`")),
        }
    }
    Ok(asked)
}

fn compare(asked: &Asked) {
    let effort = if asked.short { Effort::SHORT } else { Effort::FULL };
    let mut results = Vec::new();
    for case in CASES {
        if !asked.only.is_empty() && !asked.only.iter().any(|name| name == case.name) {
            continue;
        }
        let result = measure::measure(case, &effort);
        println!("{}", report::case(&result));
        results.push(result);
    }
    let targets = targets::table(&results);
    print!("{targets}");
    if asked.write {
        // It takes long, and changes seldom.
        let code = std::fs::read_to_string(results_folder().join(CODE)).unwrap_or_default();
        keep("table.md", &report::page(&results, asked.short, &targets, &code));
        keep("chart.svg", &chart::draw(&results));
    }
}

/// Where the costs of the derives are kept between runs.
const CODE: &str = "code.md";

fn results_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("results")
}

fn keep(name: &str, text: &str) {
    let folder = results_folder();
    std::fs::create_dir_all(&folder).expect("a folder for the results");
    std::fs::write(folder.join(name), text).expect("a file in it");
    println!("\nwritten: benches/results/{name}");
}
