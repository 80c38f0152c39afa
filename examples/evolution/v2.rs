//! The second release: places and hearts are new, and gold did not fit in 16 bits.

pub use crate::v1::{Event, Sword};
use reduce_core::Reduce;

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "quest.Save")]
pub struct Save {
    pub player: String,
    pub gold: u32,
    pub weapon: Sword,
    #[reduce(default)]
    pub companion: String,
    pub log: Vec<Event>,
    /// "harbour/3".
    #[reduce(default = start)]
    pub place: String,
    #[reduce(default = three)]
    pub hearts: u8,
    #[reduce(default = three)]
    pub most_hearts: u8,
}

fn start() -> String {
    "harbour/0".into()
}

fn three() -> u8 {
    3
}

pub fn sample() -> Save {
    Save {
        player: "Bea".into(),
        gold: 70_000,
        weapon: Sword { damage: 9 },
        companion: "Tom".into(),
        log: vec![Event::Fought { foe: "bat".into(), won: false }],
        place: "castle/12".into(),
        hearts: 2,
        most_hearts: 5,
    }
}
