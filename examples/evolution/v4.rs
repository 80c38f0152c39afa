//! The fourth release: there are bows beside swords, rests are logged, and a score is kept; so is what later releases add.

pub use crate::v1::Sword;
pub use crate::v3::{Location, three};
use reduce_core::{Reduce, Unknown, Value};

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
    // Stored from now on. Made of what there is where a stream lacks it.
    #[reduce(rebuild = score, from(gold, log))]
    pub score: u64,
    // Fields of later releases, saved again as they were.
    #[reduce(unknown)]
    pub later: Unknown,
}

/// A `Sword` becomes the variant that holds one.
#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "quest.Weapon")]
pub enum Weapon {
    Sword(Sword),
    Bow { arrows: u16 },
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
    /// No longer lost: it is saved again as it was.
    #[reduce(other)]
    Later(Value),
}

/// What the releases before would have counted.
pub fn score(gold: u32, log: &[Event]) -> u64 {
    let won = log.iter().filter(|event| matches!(event, Event::Fought { won: true, .. }));
    won.fold(u64::from(gold), |score, _| score.saturating_add(1000))
}

pub fn sample() -> Save {
    Save {
        hero: "Dov".into(),
        gold: 33,
        weapon: Weapon::Bow { arrows: 20 },
        companion: Some("Ivy".into()),
        log: vec![Event::Rested { hours: 8 }, Event::Fought { foe: "wolf".into(), won: true }],
        location: Location { town: "forest".into(), room: 9 },
        hearts: 6,
        most_hearts: 6,
        score: 4_200,
        later: Unknown::default(),
    }
}
