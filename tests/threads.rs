//! Settings and registries are shared by threads, and each dump and load is its thread's own.

use reduce_core::{Dumper, Limits, Loader, Reduce, Registry};
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Barrier};

fn shared_by_threads<T: Send + Sync>() {}

#[test]
fn settings_and_registries_are_send_and_sync() {
    shared_by_threads::<Registry>();
    shared_by_threads::<Dumper>();
    shared_by_threads::<Loader>();
    shared_by_threads::<Limits>();
    shared_by_threads::<reduce_core::Error>();
}

#[reduce_core::object]
trait Part {
    fn weight(&self) -> u64;
    fn rotate(&self);
}

/// A part of a ring, which holds the next one.
#[derive(Reduce)]
#[reduce(name = "threads.Cog", implements(Part))]
struct Cog {
    weight: u64,
    #[reduce(state)]
    next: RefCell<Option<Rc<dyn Part>>>,
    first: Weak<Cog>,
}

impl Part for Cog {
    fn weight(&self) -> u64 {
        self.weight
    }
    fn rotate(&self) {
        self.next.take();
    }
}

#[derive(Reduce)]
#[reduce(name = "threads.Plate", implements(Part))]
struct Plate {
    label: Arc<str>,
    weight: u64,
}

impl Part for Plate {
    fn weight(&self) -> u64 {
        self.weight + self.label.len() as u64
    }
    fn rotate(&self) {}
}

#[derive(Reduce)]
struct Machine {
    cog: Rc<Cog>,
    parts: Vec<Rc<dyn Part>>,
}

fn machine(seed: u64) -> Machine {
    let cog = |weight| Rc::new(Cog { weight, next: RefCell::default(), first: Weak::new() });
    let (one, two) = (cog(seed), cog(seed + 1));
    let plate = Rc::new(Plate { label: format!("plate {seed}").into(), weight: 100 });
    *one.next.borrow_mut() = Some(two.clone());
    *two.next.borrow_mut() = Some(one.clone());
    Machine { parts: vec![two, plate.clone(), one.clone(), plate], cog: one }
}

#[test]
fn eight_threads_dump_and_load_graphs_with_one_registry() {
    const THREADS: u64 = 8;
    const ROUNDS: u64 = 50;
    let mut registry = Registry::new();
    registry.register::<Cog>().unwrap().register::<Plate>().unwrap();
    let dumper = Dumper::new().registry(&registry);
    let loader = Loader::new().registry(&registry);
    let start = Barrier::new(THREADS as usize);
    let streams: Vec<Vec<Vec<u8>>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let (dumper, loader, start) = (&dumper, &loader, &start);
                scope.spawn(move || {
                    // All at once: the first ones to come build the programs.
                    start.wait();
                    (0..ROUNDS)
                        .map(|round| round_trip(thread * ROUNDS + round, dumper, loader))
                        .collect()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    // What one thread wrote, another one reads.
    for (n, bytes) in streams.iter().flatten().enumerate() {
        check(&loader.from_slice(bytes).unwrap(), n as u64);
    }
}

fn round_trip(seed: u64, dumper: &Dumper, loader: &Loader) -> Vec<u8> {
    let machine = machine(seed);
    let bytes = dumper.to_vec(&machine).unwrap();
    machine.cog.rotate();
    check(&loader.from_slice(&bytes).unwrap(), seed);
    bytes
}

/// Finds the machine of `seed`, and takes its ring apart.
fn check(machine: &Machine, seed: u64) {
    let weights: Vec<u64> = machine.parts.iter().map(|part| part.weight()).collect();
    let plate = 100 + format!("plate {seed}").len() as u64;
    assert_eq!(weights, [seed + 1, plate, seed, plate]);
    let cog: Rc<dyn Part> = machine.cog.clone();
    assert!(Rc::ptr_eq(&machine.parts[2], &cog));
    assert!(Rc::ptr_eq(&machine.parts[1], &machine.parts[3]));
    assert!(!Rc::ptr_eq(&machine.parts[0], &machine.parts[2]));
    assert!(machine.cog.first.upgrade().is_none());
    let next = machine.cog.next.take().expect("the ring goes on");
    assert!(Rc::ptr_eq(&next, &machine.parts[0]));
}
