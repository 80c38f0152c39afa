//! What is to be reached, and what is missed.

use crate::measure::{Column, FINGERPRINT, MEMCPY, Measured, OURS};
use reduce_benches::contest::Work;
use std::fmt::Write;

/// A ratio that must not be exceeded.
struct Target {
    case: &'static str,
    ours: &'static str,
    column: Column,
    against: Against,
    limit: f64,
}

/// What is divided by.
#[derive(Clone, Copy)]
enum Against {
    /// The best peer of the run.
    Best,
    /// This one.
    Named(&'static str),
    /// This one's size, and so many bytes more.
    Bytes(&'static str, f64),
    /// What we need for this.
    Ourselves(Work),
}

const DUMP: Column = Column::Time(Work::Dump);
const LOAD: Column = Column::Time(Work::Load);
const VIEW: Column = Column::Time(Work::View);

const fn target(case: &'static str, column: Column, against: Against, limit: f64) -> Target {
    Target { case, ours: OURS, column, against, limit }
}

const fn small(column: Column, against: Against, limit: f64) -> Target {
    Target { case: "message", ours: FINGERPRINT, column, against, limit }
}

const TARGETS: &[Target] = &[
    target("log", DUMP, Against::Best, 1.0),
    target("log", LOAD, Against::Best, 1.0),
    target("log", VIEW, Against::Best, 1.0),
    target("log", Column::Size, Against::Best, 0.55),
    target("mesh", DUMP, Against::Best, 1.0),
    target("mesh", LOAD, Against::Best, 1.0),
    target("mesh", Column::Size, Against::Best, 1.0),
    target("players", DUMP, Against::Best, 1.0),
    target("players", LOAD, Against::Best, 1.0),
    target("players", VIEW, Against::Best, 1.0),
    target("players", Column::Size, Against::Best, 0.5),
    target("updates", DUMP, Against::Best, 1.0),
    target("updates", LOAD, Against::Best, 1.0),
    target("updates", Column::Size, Against::Best, 0.92),
    small(DUMP, Against::Named("postcard"), 1.1),
    small(LOAD, Against::Named("postcard"), 1.1),
    small(Column::Size, Against::Bytes("postcard", 10.0), 1.0),
    target("floats", DUMP, Against::Named(MEMCPY), 1.1),
    target("floats", LOAD, Against::Named(MEMCPY), 1.1),
    target("graph", DUMP, Against::Best, 0.5),
    target("graph", LOAD, Against::Best, 0.5),
    target("shapes", DUMP, Against::Best, 0.5),
    target("shapes", LOAD, Against::Best, 0.5),
    target("table", Column::Time(Work::Changed), Against::Ourselves(Work::Load), 1.3),
];

/// A target with what was measured.
struct Outcome {
    name: String,
    against: String,
    limit: f64,
    ratio: f64,
}

impl Outcome {
    /// As precise as it is shown.
    fn is_met(&self) -> bool {
        (self.ratio * 100.0).round() <= (self.limit * 100.0).round()
    }
}

/// A table of the targets whose data sets were measured, and the list of those that are missed.
pub fn table(results: &[Measured]) -> String {
    let outcomes: Vec<Outcome> =
        TARGETS.iter().filter_map(|target| outcome(target, results)).collect();
    let mut text =
        "| target | ratio to | at most | measured | |\n|---|---|--:|--:|---|\n".to_owned();
    for outcome in &outcomes {
        let Outcome { name, against, limit, ratio } = outcome;
        let met = if outcome.is_met() { "met" } else { "**missed**" };
        _ = writeln!(text, "| {name} | {against} | {limit:.2} | {ratio:.2} | {met} |");
    }
    let missed: Vec<String> = outcomes
        .iter()
        .filter(|outcome| !outcome.is_met())
        .map(|it| format!("{} ({:.2}, not {:.2})", it.name, it.ratio, it.limit))
        .collect();
    let (missed_count, count) = (missed.len(), outcomes.len());
    _ = match missed.as_slice() {
        [] => writeln!(text, "\nAll {count} targets are met."),
        _ => writeln!(text, "\nMissed: {missed_count} of {count}: {}.", missed.join("; ")),
    };
    text
}

fn outcome(target: &Target, results: &[Measured]) -> Option<Outcome> {
    let measured = results.iter().find(|measured| measured.name == target.case)?;
    let ours = measured.figure(target.ours, target.column)?;
    let (against, figure) = match target.against {
        Against::Best => {
            let (name, figure) = measured.best(target.column)?;
            (name.to_owned(), figure)
        }
        Against::Named(name) => (name.to_owned(), measured.figure(name, target.column)?),
        Against::Bytes(name, more) => {
            (format!("{name} + {more} bytes"), measured.figure(name, target.column)? + more)
        }
        Against::Ourselves(work) => {
            (format!("our own {work}"), measured.figure(target.ours, Column::Time(work))?)
        }
    };
    let name = match target.ours {
        OURS => format!("{} {}", target.case, target.column),
        ours => format!("{} {} ({ours})", target.case, target.column),
    };
    Some(Outcome { name, against, limit: target.limit, ratio: ours / figure })
}
