//! The first release. Its author expected that events and companions would not stay as they were.

use reduce_core::Reduce;

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "quest.Save")]
pub struct Save {
    pub player: String,
    pub gold: u16,
    pub weapon: Sword,
    #[reduce(default)]
    pub companion: String,
    pub log: Vec<Event>,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "quest.Sword")]
pub struct Sword {
    pub damage: u8,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "quest.Event")]
pub enum Event {
    Entered(String),
    Fought {
        foe: String,
        won: bool,
    },
    /// What later releases log.
    #[reduce(other)]
    Unknown,
}

pub fn sample() -> Save {
    Save {
        player: "Ada".into(),
        gold: 120,
        weapon: Sword { damage: 7 },
        companion: "Rex".into(),
        log: vec![
            Event::Entered("harbour".into()),
            Event::Fought { foe: "crab".into(), won: true },
        ],
    }
}
