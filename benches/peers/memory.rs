//! Memory that is given back to the system must be fetched again, at a cost that says more of the system than of the peer,
//! and at random: the C library of Linux is asked to keep what it has.

use std::process::{Command, ExitCode};

/// How much may lie unused. Lists larger than the second come from the system each time, whatever is asked.
pub const SETTINGS: [(&str, &str); 3] = [
    ("MALLOC_TRIM_THRESHOLD_", "4294967296"),
    ("MALLOC_MMAP_THRESHOLD_", "33554432"),
    ("MALLOC_TOP_PAD_", "268435456"),
];

/// Runs this program again with those settings, which are read at its start alone; `None` when it has them.
pub fn kept() -> Option<ExitCode> {
    if std::env::var_os(SETTINGS[0].0).is_some() {
        return None;
    }
    let program = std::env::current_exe().ok()?;
    let status = Command::new(program).args(std::env::args_os().skip(1)).envs(SETTINGS).status();
    let succeeded = status.expect("what has run once").success();
    Some(if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
