//! Large arrays that are not copied into the stream: the dump lends them to a file, the load borrows them from it.
//!
//! `cargo run --release --example big_arrays`

use reduce_core::{Dumper, Loader, Reduce, disassemble};
use std::borrow::Cow;
use std::error::Error;
use std::fs::{self, File};
use std::io::Write;

/// A scan of a body, slice by slice.
#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "scan.Scan")]
struct Scan<'a> {
    patient: Cow<'a, str>,
    slices: Vec<Slice<'a>>,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "scan.Slice")]
struct Slice<'a> {
    millimeters: f32,
    width: u32,
    /// Offered to whoever takes buffers; in the stream, where nobody does.
    #[reduce(out_of_band)]
    pixels: Cow<'a, [u16]>,
}

/// Slices lie at multiples of a page in the file, so that the numbers in them lie right for what borrows them.
const PAGE: usize = 4096;

fn main() -> Result<(), Box<dyn Error>> {
    let scan = Scan { patient: "ann".into(), slices: (0..16u8).map(|n| slice(n, 1000)).collect() };
    let path = std::env::temp_dir().join(format!("reduce_big_arrays_{}", std::process::id()));
    let mut file = File::create(&path)?;

    // The pixels go from the value to the file; the stream only says that there is a buffer.
    let (mut places, mut end) = (Vec::new(), 0);
    let dumper = Dumper::new();
    let stream = dumper
        .buffers(|pixels| {
            file.write_all(pixels)?;
            let padded = pixels.len().next_multiple_of(PAGE);
            file.write_all(&vec![0; padded - pixels.len()])?;
            places.push(end..end + pixels.len());
            end += padded;
            Ok(true)
        })
        .to_vec(&scan)?;
    println!("stream: {} bytes; file: {end} bytes in {} buffers", stream.len(), places.len());

    // A program would map the file into memory; this one reads it at once.
    let content = fs::read(&path)?;
    fs::remove_file(&path)?;
    let buffers = places.iter().map(|place| &content[place.clone()]);
    let loader = Loader::new();
    let again: Scan<'_> = loader.buffers(buffers).from_slice(&stream)?;
    assert_eq!(again, scan);
    // All of them, unless this machine is big endian, or its allocator puts large memory at odd addresses.
    let borrowed = |slice: &&Slice<'_>| matches!(slice.pixels, Cow::Borrowed(_));
    let count = again.slices.iter().filter(borrowed).count();
    println!("{} slices, {count} of them borrowed from the file's bytes", again.slices.len());

    // Without its buffers a stream is not loaded, but it can be read.
    println!("{}", loader.from_slice::<Scan<'_>>(&stream).unwrap_err());
    let listing = disassemble(&stream)?.to_string();
    listing
        .lines()
        .filter(|line| line.contains("buffer"))
        .take(3)
        .for_each(|line| println!("{line}"));

    // Without a taker, all of it is in the stream.
    let whole = reduce_core::to_vec(&scan)?;
    println!("in band: {} bytes", whole.len());
    assert_eq!(reduce_core::from_slice::<Scan<'_>>(&whole)?, scan);
    Ok(())
}

fn slice(n: u8, width: u32) -> Slice<'static> {
    let pixels: Vec<u16> = (0..width * width).map(|at| (at % 4093) as u16 ^ u16::from(n)).collect();
    Slice { millimeters: f32::from(n) * 0.5, width, pixels: pixels.into() }
}
