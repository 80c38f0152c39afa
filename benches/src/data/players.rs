//! 500 players of a game as it saves them: nested lists, options, choices, ids, and texts from a small stock.

use super::Lend;
use crate::Random;

records! {
    /// All players of a world.
    #[reduce(name = "game.Players")]
    pub struct Players {
        /// In no order.
        pub players: Vec<Player>,
    }

    /// A player.
    #[reduce(name = "game.Player")]
    pub struct Player {
        /// How it plays.
        pub mode: Mode,
        /// How it played before.
        pub previous_mode: Mode,
        /// Points.
        pub score: i64,
        /// Where it is.
        pub dimension: String,
        /// Which slot is in use.
        pub selected_slot: u32,
        /// What it holds.
        pub held: Item,
        /// Where it begins again.
        pub spawn_dimension: Option<String>,
        /// ... to the east.
        pub spawn_x: i64,
        /// ... up.
        pub spawn_y: i64,
        /// ... to the south.
        pub spawn_z: i64,
        /// Whether it begins there whatever happens.
        pub spawn_forced: Option<bool>,
        /// How long it has been asleep.
        pub sleep_timer: u16,
        /// How tired it is.
        pub exhaustion: f32,
        /// How well fed it is.
        pub saturation: f32,
        /// When it eats next.
        pub food_timer: u32,
        /// Experience.
        pub level: u32,
        /// How near the next level is.
        pub level_progress: f32,
        /// Experience of all levels.
        pub experience: i32,
        /// Where its luck comes from.
        pub luck_seed: i32,
        /// What it carries.
        pub inventory: Vec<Item>,
        /// What it keeps elsewhere.
        pub chest: Vec<Item>,
        /// What it can do.
        pub abilities: Abilities,
        /// Where it went below.
        pub portal: Option<[f64; 3]>,
        /// What it rides.
        pub vehicle: Option<Vehicle>,
        /// What sits on its left shoulder.
        pub left_shoulder: Option<Entity>,
        /// What sits on its right shoulder.
        pub right_shoulder: Option<Entity>,
        /// Whether it has reached the end.
        pub seen_credits: bool,
        /// What it knows to make.
        pub recipes: RecipeBook,
    }

    /// Some of a thing.
    #[reduce(name = "game.Item")]
    pub struct Item {
        /// How many.
        pub count: i8,
        /// Where.
        pub slot: u8,
        /// What.
        pub id: String,
    }

    /// What a player can do.
    #[reduce(name = "game.Abilities")]
    pub struct Abilities {
        /// On foot.
        pub walk_speed: f32,
        /// In the air.
        pub fly_speed: f32,
        /// Whether it is allowed to fly.
        pub may_fly: bool,
        /// Whether it flies.
        pub flying: bool,
        /// Whether nothing hurts it.
        pub invulnerable: bool,
        /// Whether it is allowed to build.
        pub may_build: bool,
        /// Whether building costs nothing.
        pub instant_build: bool,
    }

    /// A player's mount.
    #[reduce(name = "game.Vehicle")]
    pub struct Vehicle {
        /// Its id.
        pub id: [u32; 4],
        /// Itself.
        pub entity: Entity,
    }

    /// A thing that moves.
    #[reduce(name = "game.Entity")]
    pub struct Entity {
        /// What it is.
        pub kind: String,
        /// Where.
        pub position: [f64; 3],
        /// Whereto, and how fast.
        pub motion: [f64; 3],
        /// Which way it looks.
        pub rotation: [f32; 2],
        /// How far it has fallen.
        pub fall_distance: f32,
        /// How long it burns.
        pub fire: u16,
        /// How long it can hold its breath.
        pub air: u16,
        /// Whether it stands on the ground.
        pub on_ground: bool,
        /// Whether it floats.
        pub no_gravity: bool,
        /// Whether nothing hurts it.
        pub invulnerable: bool,
        /// When it can pass a portal again.
        pub portal_cooldown: i32,
        /// Its id.
        pub uuid: [u32; 4],
        /// What it is called.
        pub name: Option<String>,
        /// Whether that shows.
        pub name_visible: bool,
        /// Whether it makes no sound.
        pub silent: bool,
        /// Whether it shines.
        pub glowing: bool,
    }

    /// What a player knows to make.
    #[reduce(name = "game.RecipeBook")]
    pub struct RecipeBook {
        /// What it knows.
        pub known: Vec<String>,
        /// What it has not looked at.
        pub fresh: Vec<String>,
        /// Whether what cannot be made now is hidden.
        pub crafting_filter: bool,
        /// Whether that page is open.
        pub crafting_open: bool,
        /// The same of the furnace.
        pub furnace_filter: bool,
        /// The same of the furnace.
        pub furnace_open: bool,
        /// The same of the blast furnace.
        pub blasting_filter: bool,
        /// The same of the blast furnace.
        pub blasting_open: bool,
        /// The same of the smoker.
        pub smoker_filter: bool,
        /// The same of the smoker.
        pub smoker_open: bool,
    }
}

choices! {
    /// How a player plays.
    #[reduce(name = "game.Mode")]
    pub enum Mode {
        /// For its life.
        #[default]
        Survival,
        /// As it likes.
        Creative,
        /// By another's rules.
        Adventure,
        /// Not at all.
        Spectator,
    }
}

views! {
    /// All players of a world, borrowed.
    #[reduce(name = "game.Players")]
    pub struct PlayersView<'a> {
        /// In no order.
        #[serde(borrow)]
        pub players: Vec<PlayerView<'a>>,
    }

    /// A player, borrowed.
    #[reduce(name = "game.Player")]
    #[allow(missing_docs, reason = "as those of `Player`")]
    pub struct PlayerView<'a> {
        pub mode: Mode,
        pub previous_mode: Mode,
        pub score: i64,
        pub dimension: &'a str,
        pub selected_slot: u32,
        #[serde(borrow)]
        pub held: ItemView<'a>,
        #[serde(borrow)]
        pub spawn_dimension: Option<&'a str>,
        pub spawn_x: i64,
        pub spawn_y: i64,
        pub spawn_z: i64,
        pub spawn_forced: Option<bool>,
        pub sleep_timer: u16,
        pub exhaustion: f32,
        pub saturation: f32,
        pub food_timer: u32,
        pub level: u32,
        pub level_progress: f32,
        pub experience: i32,
        pub luck_seed: i32,
        #[serde(borrow)]
        pub inventory: Vec<ItemView<'a>>,
        #[serde(borrow)]
        pub chest: Vec<ItemView<'a>>,
        pub abilities: Abilities,
        pub portal: Option<[f64; 3]>,
        #[serde(borrow)]
        pub vehicle: Option<VehicleView<'a>>,
        #[serde(borrow)]
        pub left_shoulder: Option<EntityView<'a>>,
        #[serde(borrow)]
        pub right_shoulder: Option<EntityView<'a>>,
        pub seen_credits: bool,
        #[serde(borrow)]
        pub recipes: RecipeBookView<'a>,
    }

    /// Some of a thing, borrowed.
    #[reduce(name = "game.Item")]
    #[allow(missing_docs, reason = "as those of `Item`")]
    pub struct ItemView<'a> {
        pub count: i8,
        pub slot: u8,
        pub id: &'a str,
    }

    /// A player's mount, borrowed.
    #[reduce(name = "game.Vehicle")]
    #[allow(missing_docs, reason = "as those of `Vehicle`")]
    pub struct VehicleView<'a> {
        pub id: [u32; 4],
        #[serde(borrow)]
        pub entity: EntityView<'a>,
    }

    /// A thing that moves, borrowed.
    #[reduce(name = "game.Entity")]
    #[allow(missing_docs, reason = "as those of `Entity`")]
    pub struct EntityView<'a> {
        pub kind: &'a str,
        pub position: [f64; 3],
        pub motion: [f64; 3],
        pub rotation: [f32; 2],
        pub fall_distance: f32,
        pub fire: u16,
        pub air: u16,
        pub on_ground: bool,
        pub no_gravity: bool,
        pub invulnerable: bool,
        pub portal_cooldown: i32,
        pub uuid: [u32; 4],
        #[serde(borrow)]
        pub name: Option<&'a str>,
        pub name_visible: bool,
        pub silent: bool,
        pub glowing: bool,
    }

    /// What a player knows to make, borrowed.
    #[reduce(name = "game.RecipeBook")]
    #[allow(missing_docs, reason = "as those of `RecipeBook`")]
    pub struct RecipeBookView<'a> {
        #[serde(borrow)]
        pub known: Vec<&'a str>,
        #[serde(borrow)]
        pub fresh: Vec<&'a str>,
        pub crafting_filter: bool,
        pub crafting_open: bool,
        pub furnace_filter: bool,
        pub furnace_open: bool,
        pub blasting_filter: bool,
        pub blasting_open: bool,
        pub smoker_filter: bool,
        pub smoker_open: bool,
    }
}

impl Lend for Players {
    type View<'de> = PlayersView<'de>;

    /// By what both look like, for they have the same fields.
    fn is(&self, view: &PlayersView<'_>) -> bool {
        format!("{:?}", view.players).replace("View", "") == format!("{:?}", self.players)
    }
}

const PLAYERS: usize = 500;

const DIMENSIONS: [&str; 3] = ["surface", "depths", "beyond"];
const THINGS: [&str; 8] =
    ["earth", "stone", "pickaxe", "sand", "pebble", "shovel", "breastplate", "bread"];
const RECIPES: [&str; 8] =
    ["planks", "torch", "iron_block", "wool_bed", "oak_stairs", "ladder", "clock", "paper"];
const KINDS: [&str; 6] = ["cow", "zombie", "parrot", "horse", "boat", "rabbit"];
const NAMES: [&str; 4] = ["Rosa", "Hermes", "Old Tom", "Biscuit"];

impl Players {
    /// The players that are measured.
    #[must_use]
    pub fn sample() -> Self {
        let mut random = Random::new(3);
        Players { players: (0..PLAYERS).map(|_| player(&mut random)).collect() }
    }
}

fn player(random: &mut Random) -> Player {
    Player {
        mode: mode(random),
        previous_mode: mode(random),
        score: random.within(0, i64::MAX),
        dimension: text(random, &DIMENSIONS),
        selected_slot: random.below(9),
        held: item(random),
        spawn_dimension: random.maybe(2, |random| text(random, &DIMENSIONS)),
        spawn_x: random.within(-30_000_000, 30_000_000),
        spawn_y: random.within(0, 256),
        spawn_z: random.within(-30_000_000, 30_000_000),
        spawn_forced: random.maybe(2, |random| random.once_in(2)),
        sleep_timer: random.below(24_000) as u16,
        exhaustion: random.unit32(),
        saturation: random.unit32(),
        food_timer: random.below(100),
        level: random.below(30),
        level_progress: random.unit32(),
        experience: random.within(0, 10_000) as i32,
        luck_seed: random.bits32() as i32,
        inventory: random.list(0, 28, item),
        chest: random.list(0, 28, item),
        abilities: abilities(random),
        portal: random.maybe(2, place),
        vehicle: often(random, |random| Vehicle { id: id(random), entity: entity(random) }),
        left_shoulder: often(random, entity),
        right_shoulder: often(random, entity),
        seen_credits: random.once_in(2),
        recipes: recipes(random),
    }
}

/// Two times in three.
fn often<T>(random: &mut Random, make: impl FnOnce(&mut Random) -> T) -> Option<T> {
    (!random.once_in(3)).then(|| make(random))
}

fn text(random: &mut Random, from: &[&str]) -> String {
    (*random.pick(from)).into()
}

fn mode(random: &mut Random) -> Mode {
    *random.pick(&[Mode::Survival, Mode::Creative, Mode::Adventure, Mode::Spectator])
}

fn item(random: &mut Random) -> Item {
    Item {
        count: random.within(-128, 128) as i8,
        slot: random.below(256) as u8,
        id: text(random, &THINGS),
    }
}

fn abilities(random: &mut Random) -> Abilities {
    Abilities {
        walk_speed: random.unit32(),
        fly_speed: random.unit32(),
        may_fly: random.once_in(2),
        flying: random.once_in(2),
        invulnerable: random.once_in(2),
        may_build: random.once_in(2),
        instant_build: random.once_in(2),
    }
}

fn id(random: &mut Random) -> [u32; 4] {
    [(); 4].map(|()| random.bits32())
}

fn place(random: &mut Random) -> [f64; 3] {
    [(); 3].map(|()| random.unit() * 1000.0)
}

fn entity(random: &mut Random) -> Entity {
    Entity {
        kind: text(random, &KINDS),
        position: place(random),
        motion: place(random),
        rotation: [random.unit32() * 360.0, random.unit32() * 180.0],
        fall_distance: random.unit32(),
        fire: random.below(100) as u16,
        air: random.below(300) as u16,
        on_ground: random.once_in(2),
        no_gravity: random.once_in(2),
        invulnerable: random.once_in(2),
        portal_cooldown: random.bits32() as i32,
        uuid: id(random),
        name: random.maybe(2, |random| text(random, &NAMES)),
        name_visible: random.once_in(2),
        silent: random.once_in(2),
        glowing: random.once_in(2),
    }
}

fn recipes(random: &mut Random) -> RecipeBook {
    RecipeBook {
        known: random.list(0, 29, |random| text(random, &RECIPES)),
        fresh: random.list(0, 9, |random| text(random, &RECIPES)),
        crafting_filter: random.once_in(2),
        crafting_open: random.once_in(2),
        furnace_filter: random.once_in(2),
        furnace_open: random.once_in(2),
        blasting_filter: random.once_in(2),
        blasting_open: random.once_in(2),
        smoker_filter: random.once_in(2),
        smoker_open: random.once_in(2),
    }
}
