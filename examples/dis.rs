//! Prints what the streams of a file would do, without doing it: `cargo run --example dis -- FILE`.
//!
//! Without a file, or with `-`, it reads the standard input. The exit code is 1 where the bytes are broken.

use std::io::{self, Read, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("dis: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the file is sound.
fn run() -> Result<bool, Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let file = arguments.next();
    if arguments.next().is_some() {
        return Err("usage: dis [FILE]".into());
    }
    let bytes = match file.filter(|file| file != "-") {
        Some(file) => {
            std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?
        }
        None => {
            let mut bytes = Vec::new();
            io::stdin().read_to_end(&mut bytes)?;
            bytes
        }
    };
    let disassembly = reduce_core::disassemble(&bytes)?;
    match write!(io::stdout().lock(), "{disassembly}") {
        // The reader, such as `head`, has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        done => done?,
    }
    if let Some(error) = disassembly.error() {
        eprintln!("dis: {error}");
    }
    Ok(disassembly.error().is_none())
}
