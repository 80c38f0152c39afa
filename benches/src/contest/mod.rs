//! Peers with data sets, ready to be measured. Every peer proves that it can store a value before it is measured.

mod cases;

pub use cases::{CASES, Case};

use crate::data::{Lend, table};
use crate::peer::{Lender, Peer};
use std::fmt;
use std::hint::black_box;
use std::ops::Deref;
use std::rc::Rc;
use std::time::Duration;

/// What is measured of a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// A value to bytes, in memory that is used again.
    Dump,
    /// Bytes to a value.
    Load,
    /// Bytes to a value whose texts lie in the bytes.
    View,
    /// Bytes to a value of a type that has changed.
    Changed,
}

impl Work {
    /// All of them.
    pub const ALL: [Work; 4] = [Work::Dump, Work::Load, Work::View, Work::Changed];
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Work::Dump => "dump",
            Work::Load => "load",
            Work::View => "load borrowed",
            Work::Changed => "load changed",
        })
    }
}

/// Does a work so many times, and says how long that took; what was loaded is dropped after that.
pub type Once = Box<dyn FnMut(usize) -> Duration>;

/// How long something takes. The counter of instructions knows this function by its name.
#[inline(never)]
pub fn timed(work: impl FnOnce()) -> Duration {
    let start = now();
    work();
    now().saturating_sub(start)
}

/// The processor's time of this thread: what other programs take does not count.
#[cfg(unix)]
fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.try_into().expect("a time since the thread's start")
}

/// The time of day.
#[cfg(not(unix))]
fn now() -> Duration {
    std::time::SystemTime::UNIX_EPOCH.elapsed().expect("a time since the epoch")
}

/// A peer with a data set.
pub struct Contestant {
    /// How the tables call it.
    pub name: &'static str,
    /// How many bytes a dump gives.
    pub size: usize,
    /// The same compressed at zstd's level 3.
    pub zstd: Option<usize>,
    /// What it can do.
    pub works: Vec<(Work, Once)>,
}

/// Peers that have proved themselves.
struct Contest<'a, T> {
    only: Option<&'a str>,
    value: Rc<T>,
    all: Vec<Contestant>,
}

/// Bytes at an address that is a multiple of 16.
#[derive(Default)]
struct Bytes {
    words: Vec<u128>,
    length: usize,
}

impl Bytes {
    fn of(bytes: &[u8]) -> Self {
        let mut words = vec![0; bytes.len().div_ceil(size_of::<u128>())];
        bytemuck::cast_slice_mut(&mut words)[..bytes.len()].copy_from_slice(bytes);
        Bytes { words, length: bytes.len() }
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.words)[..self.length]
    }
}

impl<'a, T: PartialEq + 'static> Contest<'a, T> {
    fn new(only: Option<&'a str>, value: T) -> Self {
        Contest { only, value: Rc::new(value), all: Vec::new() }
    }

    fn contestants(self) -> Vec<Contestant> {
        self.all
    }

    /// A peer dumps and loads the value.
    fn owning<P: Peer<T> + 'static>(mut self) -> Self {
        if self.takes(P::NAME) {
            self.enter::<P>();
        }
        self
    }

    /// ... and loads it with borrowed texts.
    fn lending<P: Lender<T> + 'static>(mut self) -> Self
    where
        T: Lend,
    {
        if self.takes(P::NAME) {
            let bytes = self.enter::<P>();
            let mut peer = P::new();
            assert!(self.value.is(&peer.view(&bytes)), "{} lends another value", P::NAME);
            let view: Once = Box::new(move |times| {
                let mut made = Vec::with_capacity(times);
                timed(|| (0..times).for_each(|_| made.push(peer.view(black_box(&bytes)))))
            });
            self.work(Work::View, view);
        }
        self
    }

    fn takes(&self, name: &str) -> bool {
        self.only.is_none_or(|only| only == name)
    }

    /// The peer's bytes of the value.
    fn enter<P: Peer<T> + 'static>(&mut self) -> Rc<Bytes> {
        let mut dumping = P::new();
        let bytes = Bytes::of(dumping.dump(&self.value));
        assert!(dumping.dump(&self.value) == &*bytes, "{} dumps other bytes", P::NAME);
        let bytes = Rc::new(bytes);
        let mut loading = P::new();
        assert!(loading.load(&bytes) == *self.value, "{} loads another value", P::NAME);

        let value = self.value.clone();
        let dump: Once = Box::new(move |times| {
            timed(|| {
                (0..times).for_each(|_| {
                    black_box(dumping.dump(black_box(&value)));
                })
            })
        });
        let loaded = bytes.clone();
        let load: Once = Box::new(move |times| {
            let mut made = Vec::with_capacity(times);
            timed(|| (0..times).for_each(|_| made.push(loading.load(black_box(&loaded)))))
        });
        let works = vec![(Work::Dump, dump), (Work::Load, load)];
        self.all.push(Contestant {
            name: P::NAME,
            size: bytes.len(),
            zstd: compressed(&bytes),
            works,
        });
        bytes
    }

    /// Something more that the peer entered last can do.
    fn work(&mut self, work: Work, once: Once) {
        if let Some(last) = self.all.last_mut() {
            last.works.push((work, once));
        }
    }
}

impl Contest<'_, table::OldTable> {
    /// ... and loads it as a type that has changed.
    fn changing<P: Peer<table::OldTable> + Peer<table::Table> + 'static>(mut self) -> Self {
        if self.takes(<P as Peer<table::OldTable>>::NAME) {
            let bytes = self.enter::<P>();
            let mut peer = <P as Peer<table::Table>>::new();
            let now: table::Table = peer.load(&bytes);
            assert!(now == self.value.now(), "{} adapts wrongly", <P as Peer<table::Table>>::NAME);
            let changed: Once = Box::new(move |times| {
                let mut made: Vec<table::Table> = Vec::with_capacity(times);
                timed(|| (0..times).for_each(|_| made.push(peer.load(black_box(&bytes)))))
            });
            self.work(Work::Changed, changed);
        }
        self
    }
}

#[cfg(feature = "peers")]
fn compressed(bytes: &[u8]) -> Option<usize> {
    Some(zstd::bulk::compress(bytes, 3).expect("memory enough").len())
}

#[cfg(not(feature = "peers"))]
fn compressed(_: &[u8]) -> Option<usize> {
    None
}
