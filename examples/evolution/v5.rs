//! The fifth release, today's: the hero has a mood.

pub use crate::v3::{Location, three};
pub use crate::v4::{Event, Sword, Weapon, score};
use reduce_core::Reduce;

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "quest.Save")]
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
    #[reduce(default = three)]
    pub hearts: u8,
    #[reduce(default = three)]
    pub most_hearts: u8,
    #[reduce(rebuild = score, from(gold, log))]
    pub score: u64,
    #[reduce(default)]
    pub mood: Mood,
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
        hearts: 1,
        most_hearts: 7,
        score: 90_000,
        mood: Mood::Merry,
    }
}
