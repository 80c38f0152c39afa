//! One order, and one name, for each type: programs that are the same have the same text.

use super::model::{Declaration, Label, Model};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec;
use alloc::vec::Vec;

/// Sorts the declarations by name, those of one name by what they hold; leaves out what no root reaches, and keeps one of
/// those that are the same all the way down. Roots are sorted by name.
pub(super) fn order(model: &mut Model) {
    let reached = reached(model);
    let classes = classes(model, &reached);
    let mut sorted: BTreeMap<usize, Declaration> = BTreeMap::new();
    for (at, declaration) in model.declarations.iter().enumerate() {
        if let Some(&class) = classes.get(&at) {
            sorted.entry(class).or_insert_with(|| declaration.clone());
        }
    }
    let place = |at: &mut usize| *at = classes.get(at).copied().unwrap_or(0);
    model.declarations = sorted.into_values().collect();
    let mut last = Label::default();
    for declaration in &mut model.declarations {
        declaration.for_each_declared(&mut { place });
        let again = last.number > 0 && last.name == declaration.name.name;
        declaration.name.number = if again { last.number.saturating_add(1) } else { 1 };
        last.clone_from(&declaration.name);
    }
    model.roots.iter_mut().for_each(|root| root.of.for_each_declared(&mut { place }));
    model.roots.sort();
}

/// The declarations that a root refers to, however far down.
fn reached(model: &Model) -> BTreeSet<usize> {
    let (mut reached, mut next) = (BTreeSet::new(), vec![]);
    for root in &model.roots {
        root.of.clone().for_each_declared(&mut |at| next.push(*at));
    }
    while let Some(at) = next.pop() {
        if reached.insert(at)
            && let Some(declaration) = model.declaration(at)
        {
            declaration.clone().for_each_declared(&mut |at| next.push(*at));
        }
    }
    reached
}

/// A class for each declaration: the same one for those that are the same all the way down. Classes begin as the names and
/// are split by what the declarations hold, until that splits no more; they count up in the order of the names.
fn classes(model: &Model, reached: &BTreeSet<usize>) -> BTreeMap<usize, usize> {
    let reached = || {
        let declarations = model.declarations.iter().enumerate();
        declarations.filter(|(at, _)| reached.contains(at))
    };
    let names = reached().map(|(at, declaration)| (at, &declaration.name.name));
    let (mut classes, mut count) = ranks(names.collect());
    loop {
        let contents = reached().map(|(at, declaration)| {
            let mut content = declaration.clone();
            content.name.number = 0;
            content.for_each_declared(&mut |of| *of = classes.get(of).copied().unwrap_or(0));
            (at, (classes.get(&at).copied(), content))
        });
        let (split, more) = ranks(contents.collect());
        if more == count {
            return classes;
        }
        (classes, count) = (split, more);
    }
}

/// The place of each key among all the different ones, and how many those are.
fn ranks<K: Ord>(keys: Vec<(usize, K)>) -> (BTreeMap<usize, usize>, usize) {
    let all: BTreeSet<&K> = keys.iter().map(|(_, key)| key).collect();
    let ranks: BTreeMap<&K, usize> = all.into_iter().enumerate().map(|(n, key)| (key, n)).collect();
    let of = |key| ranks.get(key).copied().unwrap_or(0);
    (keys.iter().map(|(at, key)| (*at, of(key))).collect(), ranks.len())
}
