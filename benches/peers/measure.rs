//! Time, taken in turns: every peer runs once in each round, so that what disturbs the machine disturbs all of them, and
//! the median of the rounds counts.

use reduce_benches::contest::{Case, Once, Work};
use std::fmt;
use std::time::Duration;

/// How much time is given to each work of each peer.
pub struct Effort {
    budget: Duration,
    least_rounds: usize,
    most_rounds: usize,
}

impl Effort {
    pub const FULL: Effort =
        Effort { budget: Duration::from_millis(400), least_rounds: 7, most_rounds: 401 };
    pub const SHORT: Effort =
        Effort { budget: Duration::from_millis(30), least_rounds: 3, most_rounds: 101 };
}

/// What the tables compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Time(Work),
    Size,
    /// The size, compressed.
    Zstd,
}

impl Column {
    pub const ALL: [Column; 6] = [
        Column::Time(Work::Dump),
        Column::Time(Work::Load),
        Column::Time(Work::View),
        Column::Time(Work::Changed),
        Column::Size,
        Column::Zstd,
    ];
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Column::Time(work) => work.fmt(f),
            Column::Size => f.write_str("size"),
            Column::Zstd => f.write_str("zstd size"),
        }
    }
}

/// What was measured of a data set.
pub struct Measured {
    pub name: &'static str,
    pub about: &'static str,
    pub peers: Vec<PeerMeasured>,
}

/// What was measured of a peer.
pub struct PeerMeasured {
    pub name: &'static str,
    pub size: usize,
    pub zstd: Option<usize>,
    /// The median time of each work, in nanoseconds.
    pub works: Vec<(Work, f64)>,
}

impl PeerMeasured {
    /// Nanoseconds, or bytes.
    pub fn figure(&self, column: Column) -> Option<f64> {
        match column {
            Column::Time(work) => {
                self.works.iter().find(|(of, _)| *of == work).map(|(_, time)| *time)
            }
            Column::Size => Some(self.size as f64),
            Column::Zstd => self.zstd.map(|size| size as f64),
        }
    }

    /// Whether it is measured against, which neither we are nor a bare copy of memory is.
    pub fn is_peer(&self) -> bool {
        !self.name.starts_with(OURS) && self.name != MEMCPY
    }
}

/// How the tables call `reduce-core`, in its default settings.
pub const OURS: &str = "reduce";
/// ... with a fingerprint in place of programs.
pub const FINGERPRINT: &str = "reduce, fingerprint";
/// ... and what is no peer.
pub const MEMCPY: &str = "memcpy";

impl Measured {
    /// What was measured of one.
    pub fn figure(&self, name: &str, column: Column) -> Option<f64> {
        self.peers.iter().find(|peer| peer.name == name)?.figure(column)
    }

    /// The least of all peers.
    pub fn best(&self, column: Column) -> Option<(&'static str, f64)> {
        self.peers
            .iter()
            .filter(|peer| peer.is_peer())
            .filter_map(|peer| Some((peer.name, peer.figure(column)?)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

/// A sample is of at least this length, or of as many runs as are held at a time.
const SAMPLE: Duration = Duration::from_micros(50);
/// As many loaded values are held at a time.
const HELD: u128 = 1024;

pub fn measure(case: &Case, effort: &Effort) -> Measured {
    let mut contestants = (case.contestants)(None);
    let mut peers: Vec<PeerMeasured> = contestants
        .iter()
        .map(|it| PeerMeasured { name: it.name, size: it.size, zstd: it.zstd, works: Vec::new() })
        .collect();
    for work in Work::ALL {
        let mut turns: Vec<Turn<'_>> = Vec::new();
        for (place, contestant) in contestants.iter_mut().enumerate() {
            if let Some((_, once)) = contestant.works.iter_mut().find(|(of, _)| *of == work) {
                turns.push(Turn::new(place, once));
            }
        }
        for round in 0..effort.most_rounds {
            for turn in &mut turns {
                if round < effort.least_rounds || turn.spent < effort.budget {
                    turn.take();
                }
            }
        }
        for turn in &mut turns {
            peers[turn.place].works.push((work, turn.median()));
        }
    }
    Measured { name: case.name, about: case.about, peers }
}

/// A peer's work in the rounds.
struct Turn<'a> {
    place: usize,
    once: &'a mut Once,
    times: usize,
    spent: Duration,
    /// Of one run each, in nanoseconds.
    samples: Vec<f64>,
}

impl<'a> Turn<'a> {
    fn new(place: usize, once: &'a mut Once) -> Self {
        once(1);
        let one = once(1).as_nanos().max(1);
        let times = (SAMPLE.as_nanos() / one).clamp(1, HELD);
        let times = usize::try_from(times).expect("a small number");
        Turn { place, once, times, spent: Duration::ZERO, samples: Vec::new() }
    }

    /// Once to have the peer's code and data at hand, and then in earnest.
    fn take(&mut self) {
        (self.once)(1);
        let took = (self.once)(self.times);
        self.spent += took;
        self.samples.push(took.as_secs_f64() * 1e9 / self.times as f64);
    }

    fn median(&mut self) -> f64 {
        self.samples.sort_by(f64::total_cmp);
        self.samples[self.samples.len() / 2]
    }
}
