//! The fifth release, today's: the hearts are one field, the hero has a mood, and finds things.

pub use crate::v3::Location;
pub use crate::v4::{Sword, Weapon};
use reduce_core::{BoxError, Record, Reduce, Value};

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "quest.Save", version = 1, upgrade(0 = join_hearts))]
pub struct Save {
    #[reduce(rename = "player")]
    pub hero: String,
    pub gold: u32,
    pub weapon: Weapon,
    #[reduce(default)]
    pub companion: Option<String>,
    pub log: Vec<Event>,
    #[reduce(alias = "place", convert = Location::parse, default)]
    pub location: Location,
    #[reduce(default)]
    pub health: Health,
    #[reduce(rebuild = score, from(gold, log))]
    pub score: u64,
    #[reduce(default)]
    pub mood: Mood,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "quest.Event")]
pub enum Event {
    Entered(String),
    Fought {
        foe: String,
        won: bool,
    },
    Rested {
        hours: u8,
    },
    Found(String),
    #[reduce(other)]
    Later(Value),
}

/// What the releases before would have counted.
pub fn score(gold: u32, log: &[Event]) -> u64 {
    let won = log.iter().filter(|event| matches!(event, Event::Fought { won: true, .. }));
    won.fold(u64::from(gold), |score, _| score.saturating_add(1000))
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "quest.Health")]
pub struct Health {
    pub hearts: u8,
    pub of: u8,
}

impl Default for Health {
    fn default() -> Self {
        Health { hearts: 3, of: 3 }
    }
}

/// Names and types cannot say that two fields became one. No release before this one stated a version, so this gets the
/// records of all of them; what it leaves alone goes by names and types, as ever.
fn join_hearts(save: &mut Record) -> Result<(), BoxError> {
    // The first release had no hearts; and the fourth keeps the health of a save that it got from this one.
    if save.contains("hearts") && !save.contains("health") {
        let (hearts, of) = (save.take_as("hearts")?, save.take_as("most_hearts")?);
        save.insert_from("health", &Health { hearts, of })?;
    }
    Ok(())
}

#[derive(Reduce, Debug, PartialEq, Default)]
#[reduce(name = "quest.Mood")]
pub enum Mood {
    #[default]
    Calm,
    Merry,
}

pub fn sample() -> Save {
    Save {
        hero: "Eve".into(),
        gold: 65_000,
        weapon: Weapon::Sword(Sword { damage: 15 }),
        companion: Some("Kit".into()),
        log: vec![Event::Found("key".into()), Event::Entered("tower".into())],
        location: Location { town: "tower".into(), room: 1 },
        health: Health { hearts: 1, of: 7 },
        score: 90_000,
        mood: Mood::Merry,
    }
}
