//! In which order objects stand ahead of the root, found from who refers to whom.

#![expect(
    clippy::indexing_slicing,
    reason = "numbers of objects in a memo, none of which comes from bytes"
)]

use alloc::vec;
use alloc::vec::Vec;

/// One object refers to another, by their numbers in the memo; not from its queued state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub from: usize,
    pub to: usize,
    /// The other must not be one that is being written: a strong pointer, or a weak one to a slice.
    pub firm: bool,
}

/// What is known of an object that a weak reference refers to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Target {
    /// No weak reference refers to it.
    #[default]
    No,
    /// Met in front of every weak reference to it.
    Known,
    /// Met behind one.
    Late,
}

/// How deep objects may nest where weak references stand in front of them, before one is written ahead: well below the
/// depth that a load allows.
const NEST: usize = 32;

/// The objects to write ahead, first to last.
///
/// Where a weak reference stands in front of its object, the object is written there, so an object must not hold one
/// that it is so written inside of. Objects that reach each other, strongly or weakly, are a *component*. What a
/// component reaches is written in front of it; so nothing outside of it is open. All of a component of several objects
/// is written inside of the one that is written first, which goes ahead: see [`Trials`]. An object that is a component
/// of its own goes ahead only where it would nest too deep.
///
/// Moved is what is late, what that reaches, and each component of several objects: what moves takes its queued state
/// along, by which any of them could be met elsewhere first. Takes time linear in objects and links.
pub(super) fn ahead(targets: &[Target], links: &[Link]) -> Vec<usize> {
    let links = Links::new(targets.len(), links);
    let components = Components::new(&links);
    let mut moved = vec![false; components.count];
    let mut held = vec![false; targets.len()];
    // Who refers comes in front of what it refers to.
    for family in components.each().rev() {
        let late = family.iter().any(|&object| targets[object] == Target::Late);
        let component = components.of[family[0]];
        moved[component] |= late || family.len() > 1;
        for link in family.iter().flat_map(|&object| links.of(object)) {
            let other = components.of[link.to];
            moved[other] |= moved[component];
            held[link.to] |= link.firm && other == component;
        }
    }
    let mut trials = Trials::new(&links, &components);
    // How deep an object nests that is written in front of what it refers to.
    let mut nest = vec![0; targets.len()];
    let mut ahead = Vec::new();
    for family in components.each() {
        let component = components.of[family[0]];
        let may_begin = |object: &usize| !held[*object] && targets[*object] != Target::No;
        let first = if family.len() > 1 {
            trials.first(family.iter().copied().filter(may_begin))
        } else {
            let below =
                links.of(family[0]).iter().filter(|link| components.of[link.to] != component);
            nest[family[0]] = below.map(|link| nest[link.to] + 1).max().unwrap_or(0);
            let deep = nest[family[0]] >= NEST && moved[component];
            Some(family[0]).filter(|object| deep && may_begin(object))
        };
        if let Some(first) = first {
            // What refers to it later finds it written.
            family.iter().for_each(|&object| nest[object] = 0);
            ahead.push(first);
        }
    }
    ahead
}

/// Finds the object of a component that all others can be written inside of, by trying.
///
/// It is one that no other one holds, or the one that holds it would be written inside of it. Most often there is just one
/// such: a parent of children that refer back to it. Where parts have several owners, it depends on which of them the
/// parts refer back to: each is tried, in time that is linear for all components together.
struct Trials<'a> {
    links: &'a Links,
    components: &'a Components,
    /// For each object, the last trial that began to write it, and the last one that ended.
    begun: Vec<usize>,
    ended: Vec<usize>,
    count: usize,
    /// How many more links may be looked at.
    left: usize,
}

/// How often each link may be looked at on average,
const LOOKS: usize = 64;
/// and how many looks there are in any case: values of a few hundred objects are searched to the end.
const FREE_LOOKS: usize = 1 << 20;

impl<'a> Trials<'a> {
    fn new(links: &'a Links, components: &'a Components) -> Self {
        let left = links.sorted.len().saturating_mul(LOOKS).saturating_add(FREE_LOOKS);
        Trials { links, components, begun: Vec::new(), ended: Vec::new(), count: 0, left }
    }

    /// The first of some objects of one component that will do; if none does, the error will be about the first.
    fn first(&mut self, mut objects: impl Iterator<Item = usize> + Clone) -> Option<usize> {
        let mut rest = objects.clone();
        if rest.by_ref().nth(1).is_none() {
            return objects.next();
        }
        self.begun.resize(self.components.of.len(), 0);
        self.ended.resize(self.components.of.len(), 0);
        objects.clone().find(|&object| self.succeeds(object)).or_else(|| objects.next())
    }

    /// Whether its component can be written from an object on.
    fn succeeds(&mut self, first: usize) -> bool {
        self.count += 1;
        let component = self.components.of[first];
        self.begun[first] = self.count;
        let mut open = vec![(first, self.links.of(first).iter())];
        while let Some((object, rest)) = open.last_mut() {
            let Some(link) = rest.next() else {
                self.ended[*object] = self.count;
                open.pop();
                continue;
            };
            if self.left == 0 {
                return false;
            }
            self.left -= 1;
            if self.components.of[link.to] != component {
                continue;
            }
            if self.begun[link.to] != self.count {
                self.begun[link.to] = self.count;
                open.push((link.to, self.links.of(link.to).iter()));
            } else if link.firm && self.ended[link.to] != self.count {
                return false;
            }
        }
        true
    }
}

/// Links by the object that they go from.
struct Links {
    sorted: Vec<Link>,
    /// Where those of each object begin, and the end of all.
    begin: Vec<usize>,
}

impl Links {
    fn new(objects: usize, links: &[Link]) -> Self {
        let mut begin = vec![0; objects + 1];
        for link in links {
            begin[link.from + 1] += 1;
        }
        for object in 0..objects {
            begin[object + 1] += begin[object];
        }
        let (mut next, mut sorted) = (begin.clone(), links.to_vec());
        for link in links {
            sorted[next[link.from]] = *link;
            next[link.from] += 1;
        }
        Links { sorted, begin }
    }

    fn of(&self, object: usize) -> &[Link] {
        &self.sorted[self.begin[object]..self.begin[object + 1]]
    }
}

/// Which objects reach each other, by Tarjan's algorithm, without recursion.
struct Components {
    /// The component of each object. What a component reaches has a lower number.
    of: Vec<usize>,
    count: usize,
    /// All objects, those of lower components first.
    order: Vec<usize>,
}

/// The component of an object whose component has not ended.
const OPEN: usize = usize::MAX;

impl Components {
    fn new(links: &Links) -> Self {
        let objects = links.begin.len() - 1;
        let mut found =
            Components { of: vec![OPEN; objects], count: 0, order: Vec::with_capacity(objects) };
        // When each object was met, from 1 on; and the earliest open one that it reaches.
        let (mut met, mut low, mut time) = (vec![0; objects], vec![0; objects], 0);
        let (mut open, mut path) = (Vec::new(), Vec::new());
        for start in 0..objects {
            if met[start] == 0 {
                path.push((start, 0));
            }
            while let Some((object, next)) = path.last_mut() {
                let object = *object;
                if *next == 0 {
                    time += 1;
                    (met[object], low[object]) = (time, time);
                    open.push(object);
                }
                let rest = &links.of(object)[*next..];
                let seen = |link: &&Link| met[link.to] != 0;
                let passed = rest.iter().take_while(seen);
                for link in passed.clone().filter(|link| found.of[link.to] == OPEN) {
                    low[object] = low[object].min(met[link.to]);
                }
                let passed = passed.count();
                if let Some(link) = rest.get(passed) {
                    *next += passed + 1;
                    path.push((link.to, 0));
                    continue;
                }
                path.pop();
                if let Some((from, _)) = path.last() {
                    low[*from] = low[*from].min(low[object]);
                }
                if low[object] == met[object] {
                    found.close(object, &mut open);
                }
            }
        }
        found
    }

    /// The objects of each component.
    fn each(&self) -> impl DoubleEndedIterator<Item = &[usize]> {
        self.order.chunk_by(|a, b| self.of[*a] == self.of[*b])
    }

    /// The component that `first` was met first of has ended.
    fn close(&mut self, first: usize, open: &mut Vec<usize>) {
        while let Some(object) = open.pop() {
            self.of[object] = self.count;
            self.order.push(object);
            if object == first {
                break;
            }
        }
        self.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Target::{Known, Late, No};

    fn links(strong: &[(usize, usize)], weak: &[(usize, usize)]) -> Vec<Link> {
        let links = |pairs: &[(usize, usize)], firm| {
            pairs.iter().map(|&(from, to)| Link { from, to, firm }).collect::<Vec<_>>()
        };
        [links(strong, true), links(weak, false)].concat()
    }

    #[test]
    fn nothing_moves_where_nothing_is_late() {
        assert_eq!(ahead(&[], &[]), []);
        assert_eq!(ahead(&[Known, No, Known], &links(&[(0, 1)], &[(1, 2)])), []);
    }

    #[test]
    fn what_nothing_inside_of_it_refers_to_is_written_where_it_is_met() {
        assert_eq!(ahead(&[No, Late, Late], &links(&[], &[(0, 1), (1, 2)])), []);
        assert_eq!(ahead(&[Known, No, Late], &links(&[(2, 0)], &[(1, 2)])), []);
    }

    #[test]
    fn a_parent_goes_in_front_of_its_children() {
        let family = links(&[(1, 0), (2, 1)], &[(0, 1), (1, 2)]);
        assert_eq!(ahead(&[Known, Late, Late], &family), [2]);
        assert_eq!(ahead(&[Late, Late, Late], &family), [2]);
        // So too where another object is late.
        assert_eq!(ahead(&[Known, No, Late], &links(&[(0, 1)], &[(1, 0)])), [0]);
    }

    #[test]
    fn the_owner_that_a_part_knows_goes_in_front_of_the_others() {
        // 2 is a part of 0, 1 and 3, and knows 1.
        let parts = links(&[(0, 2), (1, 2), (3, 2)], &[(2, 1)]);
        assert_eq!(ahead(&[Late, Late, No, Late], &parts), [1]);
    }

    #[test]
    fn a_long_chain_takes_no_recursion() {
        const LENGTH: usize = 100_000;
        let chain: Vec<_> = (1..LENGTH).map(|n| (n - 1, n)).collect();
        // Each of those that go ahead bears a few that do not.
        let order = ahead(&[Late; LENGTH], &links(&[], &chain));
        assert_eq!(order[..2], [LENGTH - 1 - NEST, LENGTH - 1 - 2 * NEST]);
        assert_eq!(order.len(), (LENGTH - 1) / NEST);
        // Closed to a ring, it is one component, and any of it will do.
        let ring = [&chain[..], &[(LENGTH - 1, 0)]].concat();
        assert_eq!(ahead(&[Late; LENGTH], &links(&[], &ring)).len(), 1);
        assert_eq!(ahead(&[Late; LENGTH], &links(&chain, &[(LENGTH - 1, 0)])), [0]);
    }

    /// Whether objects can be written in an order, each where it is met first.
    fn is_order(links: &Links, order: impl IntoIterator<Item = usize>) -> bool {
        fn write(links: &Links, object: usize, open: &mut [Option<bool>]) -> bool {
            open[object] = Some(true);
            let done = links.of(object).iter().all(|link| match open[link.to] {
                None => write(links, link.to, open),
                Some(open) => !(open && link.firm),
            });
            open[object] = Some(false);
            done
        }
        let mut open = vec![None; links.begin.len() - 1];
        order.into_iter().all(|object| open[object].is_some() || write(links, object, &mut open))
    }

    /// All orders of so many objects.
    fn orders(count: usize) -> Vec<Vec<usize>> {
        let Some(last) = count.checked_sub(1) else { return vec![vec![]] };
        let insert = |order: &Vec<usize>, at| [&order[..at], &[last], &order[at..]].concat();
        orders(last).iter().flat_map(|order| (0..count).map(|at| insert(order, at))).collect()
    }

    #[test]
    fn an_order_is_found_wherever_there_is_one() {
        const COUNT: usize = 6;
        let all = orders(COUNT);
        let mut seed = 1u64;
        let mut random = move |below: usize| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap() % below
        };
        let (mut hard, mut none) = (0, 0);
        for _ in 0..4000 {
            // Strong links go up, so that there is no cycle of them.
            let mut pairs = |most, up: bool| -> Vec<(usize, usize)> {
                let pairs = (0..random(most)).map(|_| (random(COUNT), random(COUNT)));
                pairs.filter(|(from, to)| !up || from < to).collect()
            };
            let (strong, weak) = (pairs(12, true), pairs(10, false));
            // In the order in which they are met: mixed.
            let mut both = links(&strong, &weak);
            let count = both.len();
            (0..count).for_each(|at| both.swap(at, random(count)));
            let sorted = Links::new(COUNT, &both);
            let ahead = ahead(&[Late; COUNT], &both);
            let possible = all.iter().any(|order| is_order(&sorted, order.iter().copied()));
            let found = is_order(&sorted, ahead.into_iter().chain(0..COUNT));
            assert_eq!(found, possible, "{both:?}");
            hard += usize::from(possible && !is_order(&sorted, 0..COUNT));
            none += usize::from(!possible);
        }
        assert!(hard > 100 && none > 50, "{hard} need to be moved, {none} have no order");
    }

    #[test]
    fn a_search_that_takes_too_long_is_given_up() {
        // Each owner holds both parts, which know all owners: none can come first.
        const OWNERS: usize = 20_000;
        let owned = (2..OWNERS).flat_map(|owner| [(owner, 0), (owner, 1)]);
        let known = (2..OWNERS).flat_map(|owner| [(0, owner), (1, owner)]);
        let all = links(&owned.collect::<Vec<_>>(), &known.collect::<Vec<_>>());
        let (links, found) = (Links::new(OWNERS, &all), Components::new(&Links::new(OWNERS, &all)));
        let mut trials = Trials::new(&links, &found);
        trials.left = OWNERS;
        assert_eq!(trials.first(2..OWNERS), Some(2));
        assert_eq!(trials.left, 0);
        trials.left = 1;
        assert_eq!(trials.first(7..8), Some(7), "the only one is not tried");
        assert_eq!((trials.left, ahead(&[Late; OWNERS], &all).len()), (1, 1));
    }
}
