//! The third release: the player is a hero, who may be alone; and a place is no longer text.

pub use crate::v1::{Event, Sword};
use reduce_core::Reduce;

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "quest.Save")]
pub struct Save {
    // Streams keep the name, so that earlier releases find it: for those `alias` is too late.
    #[reduce(rename = "player")]
    pub hero: String,
    pub gold: u32,
    pub weapon: Sword,
    #[reduce(default)]
    pub companion: Option<String>,
    pub log: Vec<Event>,
    #[reduce(alias = "place", convert = Location::parse, default)]
    pub location: Location,
    #[reduce(default = three)]
    pub hearts: u8,
    #[reduce(default = three)]
    pub most_hearts: u8,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "quest.Location")]
pub struct Location {
    pub town: String,
    pub room: u8,
}

impl Location {
    /// From what it was.
    pub fn parse(place: String) -> Result<Self, String> {
        let parts = place.split_once('/').and_then(|(town, room)| Some((town, room.parse().ok()?)));
        let (town, room) = parts.ok_or_else(|| format!("`{place}` is no town and room"))?;
        Ok(Location { town: town.into(), room })
    }
}

impl Default for Location {
    fn default() -> Self {
        Location { town: "harbour".into(), room: 0 }
    }
}

pub fn three() -> u8 {
    3
}

pub fn sample() -> Save {
    Save {
        hero: "Cyd".into(),
        gold: 5,
        weapon: Sword { damage: 12 },
        companion: None,
        log: vec![Event::Entered("swamp".into())],
        location: Location { town: "swamp".into(), room: 4 },
        hearts: 4,
        most_hearts: 6,
    }
}
