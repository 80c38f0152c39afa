//! What is said of versions: which records functions upgrade, what then rests with them, and what is to be done where none does.
//!
//! What a function makes of a record cannot be told from the types. That there is one, from which version on, and what it
//! has to do for old streams to load, can.

use super::model::Versions;
use super::rules::{Reader, Verdict};
use alloc::format;
use alloc::string::String;

use Verdict::{Breaks, Fits, Upgraded};

/// A type that refuses later versions, and a stream of one.
pub(super) fn newer(from: &Versions, to: &Versions, reader: Reader) -> Verdict {
    let (stored, ours) = (from.version, to.version);
    if stored > ours && to.deny_newer {
        let old = reader.read();
        let message =
            format!("has version {stored} in {old} streams: `deny_newer` refuses it in {ours}");
        return Breaks(message.into());
    }
    Fits
}

/// Whether functions upgrade the records of one version in a program of another.
pub(super) fn covered(from: &Versions, to: &Versions) -> bool {
    (to.upgraded_from..to.version).contains(&from.version)
}

/// The version of a record, once its fields were compared. `failing` says that some field fails in a way that a function
/// could mend.
pub(super) fn record(from: &Versions, to: &Versions, failing: bool, reader: Reader) -> Verdict {
    let (stored, ours, first) = (from.version, to.version, to.upgraded_from);
    let old = reader.read();
    if covered(from, to) {
        let message = format!(
            "has version {stored} in {old} streams, and {} takes it to {ours}",
            steps(stored, ours)
        );
        return Upgraded(message.into());
    }
    if stored < ours && first < ours {
        // The fields may fit all the same. The first function is there because they do not say enough.
        let message = format!(
            "has version {stored} in {old} streams, and `upgrade` begins at {first}: none of its functions sees such \
             records; give {} as well",
            steps(stored, first)
        );
        return Breaks(message.into());
    }
    if !failing || reader == Reader::Earlier {
        return Fits;
    }
    if stored < ours {
        let message = format!(
            "went from version {stored} to {ours}, and no function makes its fields from what old streams have: give {}",
            steps(stored, ours)
        );
        return Breaks(message.into());
    }
    if stored == ours && ours > 0 {
        let next = ours.saturating_add(1);
        let message = format!(
            "is of version {ours} still, and its fields are no longer those of that version: raise `version` to {next} and \
             give {}",
            steps(ours, next)
        );
        return Breaks(message.into());
    }
    Fits
}

/// The functions from one version to another, as they are written.
fn steps(from: u64, to: u64) -> String {
    match to.saturating_sub(from) {
        0 | 1 => format!("an `upgrade({from} = ..)`"),
        2 => format!("an `upgrade({from} = .., {} = ..)`", from.saturating_add(1)),
        _ => format!("an `upgrade({from} = .., ..)` with each step to {to}"),
    }
}

/// What is said of a field whose record functions upgrade first: that it fails holds for what they leave as it was.
pub(super) fn relies(verdict: Verdict, unless: &str) -> Verdict {
    match verdict {
        Breaks(why) | Verdict::MayFail(why) => {
            Upgraded(format!("{why}, unless `upgrade` {unless}").into())
        }
        Upgraded(why) => Upgraded(why),
        // Whether it is left as it was is not known.
        Fits | Verdict::Harmless(_) => Fits,
    }
}

/// As `rules::lacking`, of a record that functions upgrade.
pub(super) fn lacking(default: bool, reader: Reader) -> Verdict {
    match (reader, default) {
        (_, true) => Fits,
        (Reader::Present, false) => Upgraded(
            "is new: old streams lack the field, it has no `default`, and `upgrade` has to make it".into(),
        ),
        (Reader::Earlier, false) => Upgraded(
            "was removed: new streams lack the field, and the `upgrade` of earlier programs has to make it".into(),
        ),
    }
}
