//! The test helper: the types as they are compiled against the file of earlier programs.

use super::history::{self, History};
use super::{Change, Schema, Severity, compare};
use crate::describe::Describe;
use crate::error::{BoxError, Error, ErrorKind};
use crate::registry::Registry;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use std::env;
use std::path::{Path, PathBuf};

/// The environment variable that asks for the present programs to be added to the file.
const VARIABLE: &str = "REDUCE_SCHEMA";
/// What it says then.
const OVERWRITE: &str = "overwrite";
/// The worst that passes without a word of the user's.
const PASSES: Severity = Severity::Upgraded;

/// Compares types with the programs of earlier releases in a file of the repository, as a test of the crate that has the
/// types. A relative path begins at the folder of the package's `Cargo.toml`. The example of [`Check`] uses it.
pub fn check(path: impl Into<PathBuf>) -> Check {
    Check { path: path.into(), schema: Schema::new(), overwrite: None }
}

/// A comparison of types with the file of their earlier programs, made by [`check`].
///
/// The test fails where a change [breaks](Severity::Breaks) streams of any release in the file, and where it [may make some
/// values fail](Severity::MayFail). All else passes: also what the functions of `upgrade` [see to](Severity::Upgraded), which the
/// report lists. It is for tests with streams of those versions to say whether they do.
///
/// With `REDUCE_SCHEMA=overwrite` in the environment, the present programs are added to the file where they are not the last
/// ones there; do so before each release. That also accepts what may fail, and the file says so in a comment for whoever
/// reviews it. What breaks is never accepted so: the file's first lines say how to give streams up.
///
/// What stands in the file stays there, so that streams of every release are checked for ever. Programs that were added
/// between releases may be taken out by hand.
///
/// One file belongs to one check. Types behind trait objects come from the [`registry`](Self::registry).
///
/// ```
/// use reduce_core::{Reduce, schema};
///
/// # let folder = std::env::temp_dir().join(format!("reduce-check-{}", std::process::id()));
/// # let file = folder.join("shop.txt");
/// mod released {
///     #[derive(reduce_core::Reduce)]
///     #[reduce(name = "shop.Order")]
///     pub struct Order {
///         total: u32,
///     }
/// }
///
/// #[derive(Reduce)]
/// #[reduce(name = "shop.Order")]
/// struct Order {
///     total: u16,
/// }
///
/// // With the environment variable, the first run makes the file.
/// schema::check(&file).overwrite(true).of::<released::Order>().assert();
///
/// let report = schema::check(&file).of::<Order>().report()?;
/// assert!(!report.is_ok());
/// assert!(report.to_string().contains(
///     "may fail: `shop.Order.total` went from `u32` to `u16`: old values above 65,535 will fail"
/// ));
/// # std::fs::remove_dir_all(folder).unwrap();
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is compared before `assert` or `report`"]
pub struct Check {
    path: PathBuf,
    schema: Schema,
    /// None where the environment says it.
    overwrite: Option<bool>,
}

impl Check {
    /// Adds a type, as [`Schema::of`] does.
    pub fn of<T: Describe + ?Sized>(mut self) -> Self {
        self.schema = self.schema.of::<T>();
        self
    }

    /// Adds a type under a name of its own, as [`Schema::named`] does: for a type whose name in streams has changed, and for
    /// one that has none.
    pub fn named<T: Describe + ?Sized>(mut self, name: &str) -> Self {
        self.schema = self.schema.named::<T>(name);
        self
    }

    /// Adds all types of a registry, as [`Schema::registry`] does.
    pub fn registry(mut self, registry: &Registry) -> Self {
        self.schema = self.schema.registry(registry);
        self
    }

    /// Whether to add the present programs to the file, whatever the environment says.
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = Some(overwrite);
        self
    }

    /// Compares, and adds to the file where that is asked for and nothing breaks.
    ///
    /// # Errors
    ///
    /// When there is no file yet, when it cannot be read or written, or is not what a check wrote.
    pub fn report(&self) -> Result<Report, Error> {
        self.sound()?;
        let path = self.place();
        let overwrite = match self.overwrite {
            Some(overwrite) => overwrite,
            None => asked()?,
        };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && overwrite => {
                String::new()
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let message = format!(
                    "`{}` is not there yet: {VARIABLE}={OVERWRITE} makes it",
                    self.path.display()
                );
                return Err(failed(message, error.into()));
            }
            Err(error) => {
                let message = format!("`{}` cannot be read", self.path.display());
                return Err(failed(message, error.into()));
            }
        };
        let mut report = self.compare(&text)?;
        if report.last == 0 && !overwrite {
            return Err(Error::custom(format!(
                "`{}` has no programs yet: {VARIABLE}={OVERWRITE} adds them",
                self.path.display()
            )));
        }
        if overwrite && report.is_sound(Severity::MayFail) && !report.recorded {
            self.add(&path, &text, &mut report)?;
        }
        Ok(report)
    }

    /// Fails the test where streams of an earlier release may not load any more.
    ///
    /// # Panics
    ///
    /// Then, with the [report](Self::report), and where there is no report.
    #[track_caller]
    #[allow(clippy::panic)]
    pub fn assert(&self) {
        match self.report() {
            Ok(report) if report.is_ok() => {}
            Ok(report) => panic!("streams of earlier releases do not load as they did\n\n{report}"),
            Err(error) => panic!("{error}"),
        }
    }

    /// Nothing is left to chance in what is compared.
    fn sound(&self) -> Result<(), Error> {
        if self.schema.names().next().is_none() {
            return Err(Error::custom("no types to check: add them with `of`"));
        }
        match self.schema.ambiguous() {
            None => Ok(()),
            Some(name) => Err(Error::custom(format!(
                "two of the types to check are called `{name}`: give one of them another name, with `named`"
            ))),
        }
    }

    /// Where the file is.
    fn place(&self) -> PathBuf {
        match env::var_os("CARGO_MANIFEST_DIR") {
            Some(package) => Path::new(&package).join(&self.path),
            None => self.path.clone(),
        }
    }

    fn compare(&self, text: &str) -> Result<Report, Error> {
        let history = History::parse(text).map_err(|error| {
            let message = format!("`{}`", self.path.display());
            failed(message, error.into())
        })?;
        let last = history.sections.last();
        let mut report = Report {
            path: self.path.clone(),
            recorded: last.is_some_and(|last| last.schema == self.schema),
            last: last.map_or(0, |last| last.number),
            old_streams: Vec::new(),
            new_streams: Vec::new(),
        };
        for section in &history.sections {
            let now = compare(&section.schema, &self.schema);
            // What may fail was accepted when the last programs were added.
            let before = last.map(|last| compare(&section.schema, &last.schema).old_streams);
            for change in now.old_streams {
                let known = before.iter().flatten().any(|before| *before == change);
                let accepted = history.accepts(section, change.place())
                    || (known && change.severity == Severity::MayFail);
                report.found(change, section.number, accepted);
            }
            report.met(now.new_streams, section.number);
        }
        Ok(report)
    }

    /// Adds the present programs to the file.
    fn add(&self, path: &Path, text: &str, report: &mut Report) -> Result<(), Error> {
        let number = report.last.saturating_add(1);
        let noted = report
            .old_streams
            .iter()
            .filter(|found| found.change.severity > PASSES && !found.accepted);
        let noted: Vec<Change> = noted.map(|found| found.change.clone()).collect();
        let package = ["CARGO_PKG_NAME", "CARGO_PKG_VERSION"].map(env::var);
        let title = match package {
            [Ok(name), Ok(version)] => format!("{name} {version}"),
            _ => String::new(),
        };
        let section = history::section(text, number, &title, &self.schema, &noted);
        let written = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        written.and_then(|()| std::fs::write(path, [text, &section].concat())).map_err(
            |error| failed(format!("`{}` cannot be written", self.path.display()), error.into()),
        )?;
        report.recorded = true;
        report.last = number;
        report.old_streams.iter_mut().for_each(|found| found.accepted = true);
        Ok(())
    }
}

/// Whether the environment asks for the file to be added to.
fn asked() -> Result<bool, Error> {
    match env::var_os(VARIABLE) {
        None => Ok(false),
        Some(value) if value == OVERWRITE => Ok(true),
        Some(value) => Err(Error::custom(format!(
            "{VARIABLE} is {value:?}, and only `{OVERWRITE}` has a meaning"
        ))),
    }
}

fn failed(message: String, cause: BoxError) -> Error {
    Error::from_cause(ErrorKind::Custom, message, cause)
}

/// What a [`Check`] found; [`Display`](fmt::Display) says it, the worst first. The example of [`Check`] has one.
#[derive(Clone, Debug)]
pub struct Report {
    path: PathBuf,
    /// The present programs are the last ones of the file.
    recorded: bool,
    /// The number of the last programs in the file.
    last: u32,
    old_streams: Vec<Found>,
    new_streams: Vec<Found>,
}

/// A change, and since which programs.
#[derive(Clone, Debug)]
struct Found {
    change: Change,
    programs: Vec<u32>,
    accepted: bool,
}

impl Report {
    /// Whether the test passes: all streams of earlier releases load, but for what was accepted.
    pub fn is_ok(&self) -> bool {
        self.is_sound(PASSES)
    }

    /// Whether the present programs are in the file: what they are before a release.
    pub fn is_recorded(&self) -> bool {
        self.recorded
    }

    /// What the changes do to streams of earlier releases, the worst first.
    pub fn old_streams(&self) -> impl Iterator<Item = &Change> {
        self.old_streams.iter().map(|found| &found.change)
    }

    /// What they do to the streams of this release where programs of earlier ones load them. It fails no test.
    pub fn new_streams(&self) -> impl Iterator<Item = &Change> {
        self.new_streams.iter().map(|found| &found.change)
    }

    /// Whether there is nothing worse that was not accepted.
    fn is_sound(&self, most: Severity) -> bool {
        self.old_streams.iter().all(|found| found.accepted || found.change.severity <= most)
    }

    fn found(&mut self, change: Change, programs: u32, accepted: bool) {
        add(&mut self.old_streams, Found { change, programs: Vec::from([programs]), accepted });
    }

    fn met(&mut self, changes: Vec<Change>, programs: u32) {
        for change in changes {
            let programs = Vec::from([programs]);
            add(&mut self.new_streams, Found { change, programs, accepted: false });
        }
    }
}

/// Adds a change, or the programs to one that is known.
fn add(all: &mut Vec<Found>, found: Found) {
    let known = all
        .iter_mut()
        .find(|known| known.change == found.change && known.accepted == found.accepted);
    match known {
        Some(known) => known.programs.extend(found.programs),
        None => {
            all.push(found);
            all.sort_by(|a, b| a.change.rank(&b.change));
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        if self.old_streams.is_empty() && self.recorded {
            return write!(f, "the types are as programs {} in `{path}` say", self.last);
        }
        writeln!(f, "Streams of earlier releases, by `{path}`:")?;
        write_found(&self.old_streams, f)?;
        let ahead = self.new_streams.iter().filter(|found| found.change.severity > PASSES);
        let ahead: Vec<_> = ahead.cloned().collect();
        if !ahead.is_empty() {
            writeln!(f, "\nStreams of this release in earlier programs:")?;
            write_found(&ahead, f)?;
        }
        let upgraded = |found: &Found| found.change.severity == Severity::Upgraded;
        if self.old_streams.iter().any(upgraded) {
            f.write_str("\nWhat is upgraded rests with the functions of `upgrade`: ")?;
            writeln!(f, "a test that loads a stream of each such version shows what they make.")?;
        }
        if !self.is_sound(Severity::MayFail) {
            f.write_str("\nWhat breaks is mended by `default`, `alias`, `convert` or `upgrade`. ")?;
            writeln!(f, "`{path}` says how to give streams up instead.")?;
        } else if !self.is_ok() {
            writeln!(f, "\nWhere no such values occur, {VARIABLE}={OVERWRITE} accepts it.")?;
        } else if !self.recorded {
            writeln!(f, "\nBefore a release, {VARIABLE}={OVERWRITE} adds the present programs.")?;
        }
        Ok(())
    }
}

fn write_found(all: &[Found], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if all.is_empty() {
        return f.write_str("  no change\n");
    }
    for Found { change, programs, accepted } in all {
        let programs: Vec<_> = programs.iter().map(u32::to_string).collect();
        let accepted = if *accepted && change.severity > PASSES { ", accepted" } else { "" };
        writeln!(f, "  {change} (programs {}{accepted})", programs.join(", "))?;
    }
    Ok(())
}
