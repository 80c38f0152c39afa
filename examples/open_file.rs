//! A half-read file: path and position are stored, and reading goes on where it stopped.
//!
//! `cargo run --example open_file`

use reduce_core::Reduce;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};

#[derive(Reduce)]
#[reduce(name = "app.LineReader")]
struct LineReader {
    path: PathBuf,
    /// How far lines have been handed out, in bytes. The file's own position runs ahead of it, for reads are buffered.
    position: u64,
    #[reduce(skip, rebuild = open_at)]
    file: BufReader<File>,
}

/// Opens the file and goes to where reading stopped.
fn open_at(path: &Path, position: u64) -> io::Result<BufReader<File>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(position))?;
    Ok(BufReader::new(file))
}

impl LineReader {
    fn open(path: PathBuf) -> io::Result<Self> {
        Ok(LineReader { file: open_at(&path, 0)?, path, position: 0 })
    }

    fn next_line(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        self.position += self.file.read_line(&mut line)? as u64;
        Ok((!line.is_empty()).then(|| line.trim_end().to_string()))
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("poem.txt");
    std::fs::write(&path, "one for the reader\ntwo for the dump\nthree for the load\nfour\n")?;

    let mut reader = LineReader::open(path)?;
    println!("first process:  {:?}", reader.next_line()?);
    println!("first process:  {:?}", reader.next_line()?);

    // As a checkpoint of a long job would do it: to a file, and on another day back from it.
    let checkpoint = folder.path().join("checkpoint");
    reduce_core::to_writer(File::create(&checkpoint)?, &reader)?;
    drop(reader);
    println!("checkpoint:     {} bytes", std::fs::metadata(&checkpoint)?.len());

    let mut reader: LineReader = reduce_core::from_reader(File::open(&checkpoint)?)?;
    let third = reader.next_line()?;
    println!("second process: {third:?}");
    assert_eq!(third.as_deref(), Some("three for the load"));
    println!("second process: {:?}", reader.next_line()?);
    println!("second process: {:?}", reader.next_line()?);
    Ok(())
}
