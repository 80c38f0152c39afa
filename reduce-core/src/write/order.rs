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
    pub strong: bool,
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
/// component reaches is written in front of it; so nothing outside of it is open. Of a component of several objects,
/// those go ahead that no other one of it holds: a parent, then, in front of the children that refer back to it. An
/// object that is a component of its own goes ahead only where it would nest too deep.
///
/// Moved is what is late, what that reaches, and each component of several objects: what moves takes its queued state
/// along, by which any of them could be met elsewhere first. Takes time linear in objects and links.
pub(super) fn ahead(targets: &[Target], links: &[Link]) -> Vec<usize> {
    let links = Links::new(targets.len(), links);
    let components = Components::new(&links);
    let mut family = vec![false; components.count];
    let mut moved = vec![false; components.count];
    let mut before = None;
    for &object in &components.order {
        let component = components.of[object];
        family[component] |= before == Some(component);
        moved[component] |= targets[object] == Target::Late || family[component];
        before = Some(component);
    }
    let mut held = vec![false; targets.len()];
    // Who refers comes in front of what it refers to.
    for &object in components.order.iter().rev() {
        let component = components.of[object];
        for link in links.of(object) {
            let other = components.of[link.to];
            moved[other] |= moved[component];
            held[link.to] |= link.strong && other == component;
        }
    }
    // How deep an object nests that is written in front of what it refers to.
    let mut nest = vec![0; targets.len()];
    let mut ahead = Vec::new();
    for &object in &components.order {
        let component = components.of[object];
        let below = links.of(object).iter().filter(|link| components.of[link.to] != component);
        let depth = below.map(|link| nest[link.to] + 1).max().unwrap_or(0);
        let first = moved[component] && !held[object] && targets[object] != Target::No;
        if first && (family[component] || depth >= NEST) {
            ahead.push(object);
        } else {
            nest[object] = depth;
        }
    }
    ahead
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
        let links = |pairs: &[(usize, usize)], strong| {
            pairs.iter().map(|&(from, to)| Link { from, to, strong }).collect::<Vec<_>>()
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
        // Closed to a ring, it is one component.
        let ring = [&chain[..], &[(LENGTH - 1, 0)]].concat();
        assert_eq!(ahead(&[Late; LENGTH], &links(&[], &ring)).len(), LENGTH);
        assert_eq!(ahead(&[Late; LENGTH], &links(&chain, &[(LENGTH - 1, 0)])), [0]);
    }
}
