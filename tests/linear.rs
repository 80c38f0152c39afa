//! The work of a dump and a load grows with the number of objects and no faster: counted, not timed.

#[allow(dead_code)]
mod corpus;

use corpus::every::Untyped;
use corpus::large::{self, Family};
use reduce::whole;
use reduce_core::{Adapter, BoxError, Context, Dumper, Error, ErrorKind, Limits, Loader, Reduce};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};

/// Counts how often it is taken apart and put together.
struct Counted;

#[derive(Default)]
struct Counts {
    reduced: Cell<usize>,
    expanded: Cell<usize>,
}

impl Adapter<u32> for Counted {
    type Stored = u32;
    fn reduce(value: &u32, context: &Context<'_>) -> Result<u32, BoxError> {
        let counts = context.require::<Counts>()?;
        counts.reduced.set(counts.reduced.get() + 1);
        Ok(*value)
    }
    fn expand(value: u32, context: &Context<'_>) -> Result<u32, BoxError> {
        let counts = context.require::<Counts>()?;
        counts.expanded.set(counts.expanded.get() + 1);
        Ok(value)
    }
}

#[derive(Reduce)]
struct Node {
    #[reduce(with = Counted)]
    id: u32,
    before: RefCell<Weak<Node>>,
    #[reduce(state)]
    edges: RefCell<Vec<Rc<Node>>>,
}

/// So many objects, each with three strong edges: to the next one, to itself, and to any.
fn graph(count: usize) -> Vec<Rc<Node>> {
    let node =
        |id| Rc::new(Node { id: id as u32, before: RefCell::default(), edges: RefCell::default() });
    let nodes: Vec<_> = (0..count).map(node).collect();
    let mut random = 7usize;
    for (id, node) in nodes.iter().enumerate() {
        random = random.wrapping_mul(1_103_515_245).wrapping_add(12_345) % (1 << 31);
        let edges = [nodes[(id + 1) % count].clone(), node.clone(), nodes[random % count].clone()];
        node.edges.borrow_mut().extend(edges);
    }
    nodes
}

fn take_apart(nodes: &[Rc<Node>]) {
    nodes.iter().for_each(|node| drop(node.edges.take()));
}

/// A dump, and how many objects were taken apart for it.
fn dump(nodes: &Vec<Rc<Node>>) -> (Vec<u8>, usize) {
    let counts = Counts::default();
    let bytes = Dumper::new().with_context(&counts).to_vec(nodes).unwrap();
    (bytes, counts.reduced.get())
}

/// Whether a load of so many objects keeps to the limits.
fn loads(bytes: &[u8], count: usize, limits: Limits) -> bool {
    let counts = Counts::default();
    let loader = Loader::new().limits(limits);
    match loader.with_context(&counts).from_slice::<Vec<Rc<Node>>>(bytes) {
        Ok(nodes) => {
            take_apart(&nodes);
            assert_eq!((nodes.len(), counts.expanded.get()), (count, count));
            true
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Limit);
            false
        }
    }
}

/// The least limit with which a load succeeds.
fn least(most: u64, enough: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, most);
    assert!(enough(high));
    while low < high {
        let middle = low + (high - low) / 2;
        if enough(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    high
}

fn least_elements(count: usize) -> u64 {
    let nodes = graph(count);
    let (bytes, _) = dump(&nodes);
    take_apart(&nodes);
    least(count as u64 * 16, |units| loads(&bytes, count, Limits::default().elements(units)))
}

fn least_bytes(count: usize) -> u64 {
    let nodes = graph(count);
    let (bytes, _) = dump(&nodes);
    take_apart(&nodes);
    least(count as u64 * 2048, |units| {
        loads(&bytes, count, Limits::default().bytes(units as usize))
    })
}

/// At most 2.1 times for twice as many.
fn at_most_doubled(of_one: u64, of_two: u64) {
    assert!(of_two * 10 <= of_one * 21, "{of_one} for n, {of_two} for 2n");
}

#[test]
fn the_units_of_a_load_grow_as_the_objects_do() {
    const COUNT: usize = 3000;
    let (elements, bytes) = (least_elements(COUNT), least_bytes(COUNT));
    // The list of all, and three edges of each.
    assert_eq!(elements, 4 * COUNT as u64);
    at_most_doubled(elements, least_elements(2 * COUNT));
    at_most_doubled(bytes, least_bytes(2 * COUNT));
    // What so many take at most is enough for as many times more.
    const LARGE: usize = 100_000;
    let nodes = graph(LARGE);
    let (stream, reduced) = dump(&nodes);
    take_apart(&nodes);
    assert_eq!(reduced, LARGE, "one pass");
    let times = LARGE.div_ceil(COUNT);
    let limits = Limits::default().elements(elements * times as u64).bytes(bytes as usize * times);
    assert!(loads(&stream, LARGE, limits));
}

/// How many times each object is taken apart where weak pointers stand before their objects.
fn passes(count: usize, link: impl Fn(&[Rc<Node>])) -> usize {
    let nodes = graph(count);
    link(&nodes);
    let (bytes, reduced) = dump(&nodes);
    take_apart(&nodes);
    assert!(loads(&bytes, count, Limits::default()));
    assert_eq!(reduced % count, 0, "each as often as any other");
    reduced / count
}

#[test]
fn a_dump_takes_three_passes_at_most_whatever_the_weak_pointers() {
    let set = |from: &Rc<Node>, to: &Rc<Node>| *from.before.borrow_mut() = Rc::downgrade(to);
    let back = |nodes: &[Rc<Node>]| nodes.windows(2).for_each(|pair| set(&pair[1], &pair[0]));
    let on = |nodes: &[Rc<Node>]| nodes.windows(2).for_each(|pair| set(&pair[0], &pair[1]));
    for count in [100, 200] {
        assert_eq!(passes(count, |_| ()), 1);
        assert_eq!(passes(count, back), 1);
        assert_eq!(passes(count, on), 3);
        // A ring of weak pointers, either way round.
        let last = count - 1;
        assert_eq!(passes(count, |nodes| (back(nodes), set(&nodes[0], &nodes[last])).0), 3);
        assert_eq!(passes(count, |nodes| (on(nodes), set(&nodes[last], &nodes[0])).0), 3);
    }
}

#[test]
fn a_chain_of_weak_pointers_ahead_of_their_objects_takes_no_depth() {
    // Each refers to the next one: the last one is written first.
    let nodes = graph(20_000);
    for pair in nodes.windows(2) {
        *pair[0].before.borrow_mut() = Rc::downgrade(&pair[1]);
    }
    let (bytes, reduced) = dump(&nodes);
    assert_eq!(reduced, 3 * nodes.len());
    let counts = Counts::default();
    let loaded: Vec<Rc<Node>> = Loader::new().with_context(&counts).from_slice(&bytes).unwrap();
    for pair in loaded.windows(2) {
        assert!(Rc::ptr_eq(&pair[0].before.borrow().upgrade().unwrap(), &pair[1]));
    }
    assert_eq!(
        loaded.iter().map(|node| node.id).collect::<Vec<_>>(),
        (0..20_000).collect::<Vec<_>>()
    );
    take_apart(&nodes);
    take_apart(&loaded);
}

/// A way to read bytes.
type Way<'w> = (String, Box<dyn Fn(&[u8]) -> Result<(), Error> + 'w>);

/// All ways to read the streams of a family.
fn ways<'w>(family: &'w Family, untyped: &'w Untyped) -> Vec<Way<'w>> {
    let types = family.loads.iter().enumerate();
    let mut ways: Vec<Way<'w>> = types
        .map(|(at, load)| -> Way<'w> { (format!("{}, type {at}", family.name), Box::new(load)) })
        .collect();
    if family.whole {
        ways.push((format!("{}, checked", family.name), Box::new(|bytes| untyped.check(bytes))));
        ways.push((format!("{}, a `Value`", family.name), Box::new(|bytes| untyped.value(bytes))));
    }
    ways
}

/// A limit of so many units.
type LimitOf = fn(u64) -> Limits;

/// The least limit under which a load ends as it does under the default ones.
fn least_limit(load: &dyn Fn(&[u8]) -> Result<(), Error>, bytes: &[u8], limits: LimitOf) -> u64 {
    let ends = |result: Result<(), Error>| result.map_err(|error| error.kind());
    let end = ends(load(bytes));
    // What ends at another limit ends there soon enough.
    if end == Err(ErrorKind::Limit) {
        return 0;
    }
    least(64 << 20, |most| corpus::under(limits(most), || ends(load(bytes))) == end)
}

/// Units that what is walked has in any case.
const FREE: u64 = 64 << 10;

#[test]
fn the_units_of_every_kind_of_stream_grow_as_it_does() {
    let untyped = Untyped::new();
    let (mut worst, mut counted) = ((0.0, String::new()), 0);
    let first = if whole() { 400 } else { 20 };
    for family in large::families() {
        let streams = [1, 2, 4, 8].map(|times| (family.bytes)(first * times));
        for (way, load) in ways(&family, &untyped) {
            let limits: [(_, LimitOf); 2] = [
                ("elements", |most| Limits::default().elements(most)),
                ("bytes", |most| Limits::default().bytes(most as usize)),
            ];
            for (unit, limits) in limits {
                let units = streams.each_ref().map(|bytes| least_limit(&*load, bytes, limits));
                counted += 1;
                for pair in units.windows(2) {
                    let ratio = (pair[1] + FREE) as f64 / (pair[0] + FREE) as f64;
                    if ratio > worst.0 {
                        worst = (ratio, format!("{way}: {units:?} {unit}"));
                    }
                }
            }
        }
    }
    let (ratio, what) = worst;
    let figure = format!("{counted} counts, at most {ratio:.2}: {what}");
    reduce::gate("linear units", figure, ratio <= 2.3);
}

/// The shortest of some runs.
fn time(load: &dyn Fn(&[u8]) -> Result<(), Error>, bytes: &[u8]) -> Duration {
    let mut shortest = Duration::MAX;
    for _ in 0..5 {
        let begun = Instant::now();
        let _ = load(bytes);
        shortest = shortest.min(begun.elapsed());
    }
    shortest
}

/// The shortest times that the streams take, where the growth that they show is judged until it is small enough: where the machine
/// was busy, it is measured again.
fn times(
    load: &dyn Fn(&[u8]) -> Result<(), Error>,
    streams: &[Vec<u8>; 4],
    growth: impl Fn(&[f64; 4]) -> f64,
) -> ([f64; 4], f64) {
    let mut least = [f64::INFINITY; 4];
    for _ in 0..8 {
        for (least, bytes) in least.iter_mut().zip(streams) {
            *least = least.min(time(load, bytes).as_secs_f64());
        }
        if growth(&least) <= MOST {
            break;
        }
    }
    (least, growth(&least))
}

/// How many times as long twice as much may take.
const MOST: f64 = 2.3;

/// Only where the gates are run: other tests run beside this one, and time is theirs as well.
#[test]
fn the_time_of_every_kind_of_stream_grows_as_it_does() {
    if !whole() {
        return;
    }
    // What takes no time to speak of has a share of noise that says nothing.
    let noise = 20e-6;
    let untyped = Untyped::new();
    let mut growths = BTreeMap::new();
    for family in large::families() {
        let streams = [1, 2, 4, 8].map(|times| (family.bytes)(7000 * times));
        for (way, load) in ways(&family, &untyped) {
            let measure = |streams: &[Vec<u8>; 4]| {
                times(&*load, streams, |times| ((times[3] + noise) / (times[0] + noise)).cbrt())
            };
            let (mut seen, mut growth) = measure(&streams);
            if growth > MOST {
                // A map of more than the caches hold has its keys compared in memory, ever more of them the larger it is: that
                // is of the machine, and small ones do not show it. They do show work that is not in proportion.
                (seen, growth) = measure(&[1, 2, 4, 8].map(|times| (family.bytes)(700 * times)));
            }
            let seen: Vec<_> = seen.iter().map(|time| format!("{:.1}", time * 1e3)).collect();
            growths.insert(format!("{way}: {} ms", seen.join(", ")), growth);
        }
    }
    let most = growths.iter().max_by(|a, b| a.1.total_cmp(b.1)).unwrap();
    let figure =
        format!("{} measured, at most {:.2} a doubling: {}", growths.len(), most.1, most.0);
    reduce::gate("linear time", figure, *most.1 <= MOST);
}
