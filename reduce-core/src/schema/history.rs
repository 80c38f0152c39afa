//! The file of earlier programs: sections that are only ever added, the newest last.

use super::{Change, Schema, SyntaxError};
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write;

/// Begins the line in front of the programs of one release.
const PROGRAMS: &str = "programs";
/// Begins a line with the place of a change that is accepted.
const ACCEPT: &str = "accept";

/// What a new file begins with.
const HEAD: &str = "\
// The programs of this release and of earlier ones, which `reduce_core::schema::check` compares the types with.
// Sections are added by REDUCE_SCHEMA=overwrite, and never changed. To give up streams of earlier releases, take their
// sections out, or put `accept shop.Order.total` (what the report calls the place) under the last one of them.
";

/// The programs of earlier releases, the oldest first.
pub(super) struct History {
    pub sections: Vec<Section>,
}

/// The programs of one release.
pub(super) struct Section {
    pub number: u32,
    pub schema: Schema,
    /// The places at which streams of it, and of all earlier ones, may fail.
    accepted: BTreeSet<String>,
}

impl History {
    pub(super) fn parse(text: &str) -> Result<Self, SyntaxError> {
        let mut history = History { sections: Vec::new() };
        let mut open: Option<Open> = None;
        for (n, line) in text.lines().enumerate() {
            let at = n.saturating_add(1);
            let error = |message: String| SyntaxError { line: at, message };
            if let Some(title) = keyword(line, PROGRAMS) {
                open.take().map_or(Ok(()), |open| history.close(open))?;
                let number = title
                    .split_whitespace()
                    .next()
                    .and_then(|number| number.parse().ok())
                    .filter(|number| *number > 0);
                let Some(number) = number else {
                    return Err(error(format!("`{PROGRAMS}` has no number")));
                };
                if history.sections.iter().any(|section| section.number >= number) {
                    return Err(error(format!("the programs {number} do not stand in order")));
                }
                open = Some(Open { number, text: String::new(), at, accepted: BTreeSet::new() });
                continue;
            }
            let Some(open) = &mut open else {
                if line.trim().is_empty() || line.starts_with("//") {
                    continue;
                }
                return Err(error(format!("expected `{PROGRAMS}` and a number")));
            };
            if let Some(place) = keyword(line, ACCEPT) {
                open.accepted.insert(place.trim().into());
            } else {
                open.text.push_str(line);
            }
            // Lines keep their numbers.
            open.text.push('\n');
        }
        open.map_or(Ok(()), |open| history.close(open))?;
        Ok(history)
    }

    fn close(&mut self, open: Open) -> Result<(), SyntaxError> {
        let schema = Schema::parse(&open.text, open.at.saturating_add(1))?;
        let Open { number, accepted, .. } = open;
        self.sections.push(Section { number, schema, accepted });
        Ok(())
    }

    /// Whether a place was given up for the streams of a section: there, or in a later one.
    pub(super) fn accepts(&self, section: &Section, place: &str) -> bool {
        let later = self.sections.iter().filter(|other| other.number >= section.number);
        { later }.any(|section| section.accepted.contains(place))
    }
}

/// A section that is being read.
struct Open {
    number: u32,
    text: String,
    at: usize,
    accepted: BTreeSet<String>,
}

/// The rest of a line that begins with a word.
fn keyword<'l>(line: &'l str, word: &str) -> Option<&'l str> {
    line.strip_prefix(word)?.strip_prefix(' ')
}

/// The text of a new section, to be put behind all others; `text` is what there is so far.
pub(super) fn section(
    text: &str,
    number: u32,
    title: &str,
    schema: &Schema,
    changes: &[Change],
) -> String {
    let mut out = String::new();
    out.push_str(if text.is_empty() { HEAD } else { "" });
    let line_ends = text.is_empty() || text.ends_with('\n');
    out.push_str(if line_ends { "\n" } else { "\n\n" });
    let title = if title.is_empty() { String::new() } else { format!(" ({title})") };
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{PROGRAMS} {number}{title}");
    for change in changes {
        // A comment ends with its line: what stands in quotes has no line ends.
        let _ = writeln!(out, "// {change}");
    }
    out.push('\n');
    out.push_str(&schema.to_string());
    out
}
