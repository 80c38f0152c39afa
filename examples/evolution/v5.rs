//! The fifth release, today's: the hearts are one field, and the hero has a mood.

pub use crate::v3::Location;
pub use crate::v4::{Event, Sword, Weapon, score};
use reduce_core::{BoxError, Record, Reduce};

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
        log: vec![Event::Rested { hours: 2 }, Event::Entered("tower".into())],
        location: Location { town: "tower".into(), room: 1 },
        health: Health { hearts: 1, of: 7 },
        score: 90_000,
        mood: Mood::Merry,
    }
}
