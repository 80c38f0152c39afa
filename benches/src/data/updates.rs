//! 1,000 messages of a game at sea to its players: what each sees of ships and of the ground, in many small numbers.

use crate::Random;

records! {
    /// Messages to many players.
    pub struct Updates {
        /// In the order in which they were sent.
        pub updates: Vec<Update>,
    }

    /// What a player sees.
    pub struct Update {
        /// The ships and what they shoot.
        pub contacts: Vec<Contact>,
        /// Points.
        pub score: u32,
        /// How large the world is.
        pub world_radius: f32,
        /// Ground that has come into sight.
        pub terrain: Vec<Terrain>,
    }

    /// A ship, or what it shoots.
    pub struct Contact {
        /// How badly it was hit.
        pub damage: u8,
        /// Which one it is.
        pub id: u32,
        /// What it is, when that can be seen.
        pub kind: Option<Kind>,
        /// Where it means to go.
        pub guidance: Guidance,
        /// Whose it is.
        pub player: Option<u16>,
        /// Which of its weapons are loaded.
        pub reloads: Vec<bool>,
        /// Where it is.
        pub transform: Transform,
        /// Whither its turrets point.
        pub turrets: Vec<i16>,
    }

    /// Where a ship means to go.
    pub struct Guidance {
        /// The direction.
        pub angle: i16,
        /// Whether below the surface.
        pub submerge: bool,
        /// The speed.
        pub velocity: i16,
    }

    /// Where a ship is.
    pub struct Transform {
        /// Above the water, or below.
        pub altitude: i8,
        /// The direction.
        pub angle: i16,
        /// To the east, and to the north.
        pub position: [f32; 2],
        /// The speed.
        pub velocity: i16,
    }

    /// A square of ground.
    pub struct Terrain {
        /// Which one.
        pub square: [i8; 2],
        /// Its heights, packed.
        pub heights: Vec<u8>,
    }
}

choices! {
    /// What a ship is.
    #[allow(missing_docs, reason = "names of kinds of ships say what they are")]
    pub enum Kind {
        #[default]
        Barge,
        Brig,
        Buoy,
        Caravel,
        Carrier,
        Clipper,
        Corvette,
        Cruiser,
        Cutter,
        Destroyer,
        Dinghy,
        Dredger,
        Ferry,
        Freighter,
        Frigate,
        Galley,
        Gunboat,
        Hovercraft,
        Icebreaker,
        Junk,
        Ketch,
        Lifeboat,
        Mine,
        Minelayer,
        Missile,
        Monitor,
        Pontoon,
        Sampan,
        Schooner,
        Shell,
        Skiff,
        Sloop,
        Submarine,
        Tanker,
        Torpedo,
        Trawler,
        Trimaran,
        Tug,
        Whaler,
        Yacht,
    }
}

const KINDS: [Kind; 40] = {
    use Kind::*;
    [
        Barge, Brig, Buoy, Caravel, Carrier, Clipper, Corvette, Cruiser, Cutter, Destroyer, Dinghy,
        Dredger, Ferry, Freighter, Frigate, Galley, Gunboat, Hovercraft, Icebreaker, Junk, Ketch,
        Lifeboat, Mine, Minelayer, Missile, Monitor, Pontoon, Sampan, Schooner, Shell, Skiff,
        Sloop, Submarine, Tanker, Torpedo, Trawler, Trimaran, Tug, Whaler, Yacht,
    ]
};

const UPDATES: usize = 1_000;

impl Updates {
    /// The messages that are measured.
    #[must_use]
    pub fn sample() -> Self {
        let mut random = Random::new(4);
        Updates { updates: (0..UPDATES).map(|_| update(&mut random)).collect() }
    }
}

fn update(random: &mut Random) -> Update {
    Update {
        contacts: random.list(0, 54, contact),
        score: random.below(100_000),
        world_radius: random.unit32() * 1000.0,
        terrain: random.list(0, 2, terrain),
    }
}

fn contact(random: &mut Random) -> Contact {
    Contact {
        damage: random.below(256) as u8,
        id: random.bits32(),
        kind: (!random.once_in(10)).then(|| *random.pick(&KINDS)),
        guidance: Guidance {
            angle: angle(random),
            submerge: random.once_in(2),
            velocity: angle(random),
        },
        player: random.maybe(2, |random| random.bits32() as u16),
        reloads: random.list(0, 20, |random| random.once_in(2)),
        transform: Transform {
            altitude: random.within(-128, 128) as i8,
            angle: angle(random),
            position: [random.unit32() * 2000.0 - 1000.0, random.unit32() * 2000.0 - 1000.0],
            velocity: angle(random),
        },
        turrets: random.list(0, 5, angle),
    }
}

/// Any direction, or any speed.
fn angle(random: &mut Random) -> i16 {
    random.bits32() as u16 as i16
}

fn terrain(random: &mut Random) -> Terrain {
    Terrain {
        square: [random.within(-64, 64) as i8, random.within(-64, 64) as i8],
        heights: random.list(4, 200, |random| random.below(256) as u8),
    }
}
