//! What is allocated by a dump into memory that is used again, and by a load, beside what the value itself takes. No peers.
//!
//! `cargo bench -p reduce-benches --bench allocations`

use reduce_benches::data::floats::Floats;
use reduce_benches::data::log::Log;
use reduce_benches::data::mesh::Mesh;
use reduce_benches::data::message::Message;
use reduce_benches::data::players::Players;
use reduce_benches::data::tree::Tree;
use reduce_benches::data::updates::Updates;
use reduce_core::{Dumper, Expand, Loader, Reduce};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, Stats, StatsAlloc};
use std::alloc::System;
use std::hint::black_box;

#[global_allocator]
static COUNTING: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    println!(
        "| allocations (bytes) | of the value itself | dump again | load | dump and load, with a fingerprint |"
    );
    println!("|---|--:|--:|--:|--:|");
    row("log", &Log::sample());
    row("mesh", &Mesh::sample());
    row("players", &Players::sample());
    row("updates", &Updates::sample());
    row("message", &Message::sample());
    row("floats", &Floats::sample());
    row("tree", &Tree::sample());
}

fn row<T: Reduce + for<'de> Expand<'de> + Clone>(name: &str, value: &T) {
    let itself = counted(|| drop(black_box(value.clone())));
    let [(dump, load), (small_dump, small_load)] = [false, true].map(|fingerprint| {
        let (dumper, loader) = (Dumper::new().fingerprint(fingerprint), Loader::new());
        let mut buffer = Vec::new();
        // What is kept from one value to the next is there from the first on.
        for _ in 0..2 {
            buffer.clear();
            dumper.append_to(value, &mut buffer).expect("a plain value");
            drop(loader.from_slice::<T>(&buffer).expect("our own bytes"));
        }
        let dump = counted(|| {
            buffer.clear();
            dumper.append_to(black_box(value), &mut buffer).expect("a plain value");
        });
        let load =
            counted(|| drop(loader.from_slice::<T>(black_box(&buffer)).expect("our own bytes")));
        (dump, load)
    });
    println!("| {name} | {itself} | {dump} | {load} | {small_dump}, {small_load} |");
}

fn counted(work: impl FnOnce()) -> String {
    let region = Region::new(COUNTING);
    work();
    let Stats { allocations, reallocations, bytes_allocated, .. } = region.change();
    format!("{} ({bytes_allocated})", allocations + reallocations)
}
