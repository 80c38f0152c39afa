//! One type over five releases of a game, with a file that each of them wrote.
//!
//! `cargo run --example evolution`
//!
//! A program has the last of these modules alone, and the files of its users are all that is left of the others. Here all
//! five are kept, so that each can write its file, and can show what it makes of a later one.
//!
//! A release more is a module `v6`, and its file:
//!
//! ```text
//! cargo run --example evolution -- write
//! ```
//!
//! writes the files that are not there yet, and adds the programs of their types to `schema.txt`. Files that are there are
//! never written anew: they are what users have.

#[allow(dead_code, reason = "what only earlier releases do")]
mod v1;
mod v2;
mod v3;
mod v4;
mod v5;

use reduce_core::{BoxError, Error, Reduce, from_slice, schema, to_vec};
use std::fs;
use std::path::{Path, PathBuf};
use v5::{Event, Health, Location, Mood, Save, Sword, Weapon};

/// What a release wrote, and what today's type makes of it.
struct Release {
    name: &'static str,
    what_changed: &'static str,
    writes: fn() -> Result<Vec<u8>, BoxError>,
    /// Loads a file of any release with the type of this one.
    loads: fn(&[u8]) -> Result<(), Error>,
    programs: fn() -> schema::Check,
    today: fn() -> Save,
}

fn releases() -> [Release; 5] {
    [
        Release {
            name: "v1",
            what_changed: "the first release",
            writes: || Ok(to_vec(&v1::sample())?),
            loads: |bytes| from_slice::<v1::Save>(bytes).map(drop),
            programs: schema_of::<v1::Save>,
            today: || Save {
                hero: "Ada".into(),
                gold: 120,                                  // a `u16`
                weapon: Weapon::Sword(Sword { damage: 7 }), // a `Sword`
                companion: Some("Rex".into()),              // a `String`
                location: Location::default(),              // was not there: `default`
                health: Health { hearts: 3, of: 3 },        // was not there: `default`
                log: vec![
                    Event::Entered("harbour".into()),
                    Event::Fought { foe: "crab".into(), won: true },
                ],
                score: 1_120, // was not there: `rebuild = score`
                mood: Mood::Calm,
            },
        },
        Release {
            name: "v2",
            what_changed: "`place` and the hearts are new, `gold` went from u16 to u32",
            writes: || Ok(to_vec(&v2::sample())?),
            loads: |bytes| from_slice::<v2::Save>(bytes).map(drop),
            programs: schema_of::<v2::Save>,
            today: || Save {
                hero: "Bea".into(),
                gold: 70_000,
                weapon: Weapon::Sword(Sword { damage: 9 }),
                companion: Some("Tom".into()),
                location: Location { town: "castle".into(), room: 12 }, // `place` was "castle/12": `alias`, `convert`
                health: Health { hearts: 2, of: 5 }, // `hearts` and `most_hearts`: `upgrade`
                log: vec![Event::Fought { foe: "bat".into(), won: false }],
                score: 70_000,
                mood: Mood::Calm,
            },
        },
        Release {
            name: "v3",
            what_changed: "`place` became `location`, a struct; `companion` went from String to Option<String>",
            writes: || Ok(to_vec(&v3::sample())?),
            loads: |bytes| from_slice::<v3::Save>(bytes).map(drop),
            programs: schema_of::<v3::Save>,
            today: || Save {
                hero: "Cyd".into(),
                gold: 5,
                weapon: Weapon::Sword(Sword { damage: 12 }),
                companion: None,
                location: Location { town: "swamp".into(), room: 4 },
                health: Health { hearts: 4, of: 6 },
                log: vec![Event::Entered("swamp".into())],
                score: 5,
                mood: Mood::Calm,
            },
        },
        Release {
            name: "v4",
            what_changed: "`weapon` became an enum, events have a variant more, there is a `score`, and unknown fields are kept",
            writes: || Ok(to_vec(&v4::sample())?),
            loads: |bytes| from_slice::<v4::Save>(bytes).map(drop),
            programs: schema_of::<v4::Save>,
            today: || Save {
                hero: "Dov".into(),
                gold: 33,
                weapon: Weapon::Bow { arrows: 20 },
                companion: Some("Ivy".into()),
                location: Location { town: "forest".into(), room: 9 },
                health: Health { hearts: 6, of: 6 },
                log: vec![
                    Event::Rested { hours: 8 },
                    Event::Fought { foe: "wolf".into(), won: true },
                ],
                score: 4_200, // was there, and is not made again
                mood: Mood::Calm,
            },
        },
        Release {
            name: "v5",
            what_changed: "`hearts` and `most_hearts` became `health`, events have a variant more, and there is a `mood`",
            writes: || Ok(to_vec(&v5::sample())?),
            loads: |bytes| from_slice::<Save>(bytes).map(drop),
            programs: schema_of::<Save>,
            today: v5::sample,
        },
    ]
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/evolution")
}

fn file(release: &Release) -> PathBuf {
    folder().join(release.name).with_extension("stream")
}

/// Writes the files that are not there yet, and the programs of their types.
fn write() -> Result<(), BoxError> {
    for release in releases() {
        let file = file(&release);
        if !file.exists() {
            fs::write(&file, (release.writes)()?)?;
            (release.programs)().overwrite(true).assert();
            println!("wrote {}", file.display());
        }
    }
    Ok(())
}

/// The programs of all releases, beside their files; a crate has this in a test.
fn schema_of<T: Reduce>() -> schema::Check {
    schema::check("examples/evolution/schema.txt").of::<T>()
}

/// Old files, new program.
fn load_earlier_files() -> Result<(), BoxError> {
    for release in releases() {
        let bytes = fs::read(file(&release))?;
        let save: Save = from_slice(&bytes)?;
        println!("{}: {}\n    {save:?}", release.name, release.what_changed);
        assert_eq!(save, (release.today)(), "{}", release.name);
    }
    Ok(())
}

/// New file, old programs.
fn load_with_earlier_programs() -> Result<(), BoxError> {
    let newest = fs::read(folder().join("v5.stream"))?;

    let save: v1::Save = from_slice(&newest)?;
    println!("\nv5.stream in the first release:\n    {save:?}");
    let expected = v1::Save {
        player: "Eve".into(),         // `hero` still has this name in streams
        gold: 65_000,                 // fits in a `u16`, this time
        weapon: Sword { damage: 15 }, // it is a sword
        companion: "Kit".into(),
        log: vec![v1::Event::Unknown, v1::Event::Entered("tower".into())],
    };
    assert_eq!(save, expected);

    // What a release cannot know is an error, and nothing is made up.
    let bow = fs::read(folder().join("v4.stream"))?;
    let error = from_slice::<v1::Save>(&bow).unwrap_err();
    println!("\nv4.stream in the first release:\n    {error}");
    assert_eq!(error.path(), "weapon");
    Ok(())
}

/// A newer save is played on in an older release, and comes back.
fn come_back_from_an_earlier_program() -> Result<(), BoxError> {
    let newest = fs::read(folder().join("v5.stream"))?;
    let mut save: v4::Save = from_slice(&newest)?;
    println!("\nv5.stream in the fourth release:\n    {save:?}");
    save.log.push(v4::Event::Entered("cellar".into()));

    let save: Save = from_slice(&to_vec(&save)?)?;
    println!("... and back:\n    {save:?}");
    let mut expected = v5::sample();
    expected.log.push(Event::Entered("cellar".into()));
    // The fourth release knows neither `health` nor `mood`, nor that things are found.
    assert_eq!(save, expected);
    Ok(())
}

/// Each file, in each release.
fn load_every_file_in_every_release() -> Result<(), BoxError> {
    println!("\nWho loads what:\n           {}", releases().map(|release| release.name).join("  "));
    let mut loaded = Vec::new();
    for written in releases() {
        let bytes = fs::read(file(&written))?;
        let marks = releases().map(|read| if (read.loads)(&bytes).is_ok() { "ok" } else { "--" });
        println!("{}.stream  {}", written.name, marks.join("  "));
        loaded.push(marks.join(" "));
    }
    let expected = [
        "ok ok ok ok ok",
        "-- ok ok ok ok", // 70,000 pieces of gold
        "ok ok ok ok ok",
        "-- -- -- ok ok", // a bow
        "ok ok ok ok ok",
    ];
    assert_eq!(loaded, expected);
    Ok(())
}

/// What is said of all this before the release, without any file of a user.
fn check() -> Result<(), BoxError> {
    let report = schema_of::<Save>().overwrite(false).report()?;
    println!("\nWhat a test says of today's types:\n\n{report}");
    assert!(report.is_ok() && report.is_recorded(), "before a release: `-- write`");
    Ok(())
}

fn main() -> Result<(), BoxError> {
    if std::env::args().nth(1).is_some_and(|argument| argument == "write") {
        return write();
    }
    load_earlier_files()?;
    load_with_earlier_programs()?;
    come_back_from_an_earlier_program()?;
    load_every_file_in_every_release()?;
    check()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_release_says_what_the_story_says() {
        main().unwrap();
    }

    /// The files are those of the modules, and every release loads its own.
    #[test]
    fn every_file_is_what_its_release_writes() {
        for release in releases() {
            let bytes = fs::read(file(&release)).unwrap();
            assert_eq!((release.writes)().unwrap(), bytes, "{}", release.name);
            (release.loads)(&bytes).unwrap();
        }
    }
}
