//! The ten-minute tour: a plain type, a skipped field, and what the bytes say.
//!
//! `cargo run --example quickstart`

use reduce_core::Reduce;
use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;

#[derive(Reduce, Debug, Clone, PartialEq)]
struct Track {
    title: String,
    length: Duration,
    rating: Rating,
}

#[derive(Reduce, Debug, Clone, PartialEq)]
enum Rating {
    None,
    Stars(u8),
    Words { by: String, text: String },
}

#[derive(Reduce, Debug)]
#[reduce(name = "music.Album", validate = has_tracks)]
struct Album {
    artist: String,
    tracks: Vec<Track>,
    /// Not stored: made again from the kept fields when the album is loaded.
    #[reduce(skip, rebuild = index, from(tracks))]
    by_title: HashMap<String, usize>,
}

/// The compiler checks this signature against the field's attribute.
fn index(tracks: &[Track]) -> HashMap<String, usize> {
    tracks.iter().enumerate().map(|(n, track)| (track.title.clone(), n)).collect()
}

fn has_tracks(album: &Album) -> Result<(), String> {
    if album.tracks.is_empty() { Err(format!("no tracks by {}", album.artist)) } else { Ok(()) }
}

fn main() -> Result<(), Box<dyn Error>> {
    let tracks = vec![
        Track {
            title: "Overture".into(),
            length: Duration::from_secs(312),
            rating: Rating::Stars(5),
        },
        Track {
            title: "Interlude".into(),
            length: Duration::from_millis(48_500),
            rating: Rating::Words { by: "Ann".into(), text: "too short".into() },
        },
        Track { title: "Coda".into(), length: Duration::from_secs(95), rating: Rating::None },
    ];
    let album = Album { artist: "The Examples".into(), by_title: index(&tracks), tracks };

    let bytes = reduce_core::to_vec(&album)?;
    println!("{} tracks in {} bytes", album.tracks.len(), bytes.len());

    let again: Album = reduce_core::from_slice(&bytes)?;
    assert_eq!(again.tracks, album.tracks);
    println!("\"Coda\" is track {} of {}", again.by_title["Coda"] + 1, again.artist);

    // The bytes hold the programs of the types as well: anyone can read what they would do, without doing it.
    println!("\n{}", reduce_core::disassemble(&bytes)?);

    // What `validate` refuses, no load lets through.
    let empty = Album { artist: "Nobody".into(), tracks: vec![], by_title: HashMap::new() };
    let refused = reduce_core::from_slice::<Album>(&reduce_core::to_vec(&empty)?).unwrap_err();
    println!("refused: {refused}");
    Ok(())
}
