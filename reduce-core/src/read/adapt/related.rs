//! Whether a stream's value may be one of our type, before its fields are looked at: by name.

use crate::program::table::{Definition, Ref, Table};
use alloc::collections::BTreeSet;

/// Whether the roots have the same name, below what is around them. Fields' types need not: there the field's name says
/// what it is.
pub(crate) fn is_related(theirs: &Table<'_>, root: Ref, ours: &Table<'_>) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = alloc::vec![(root, ours.root)];
    while let Some((a, b)) = open.pop() {
        let (a, b) = (theirs.at(a), ours.at(b));
        let pair = (a.map(|(at, _)| at), b.map(|(at, _)| at));
        if !seen.insert(pair) {
            continue;
        }
        let (Some((_, a)), Some((_, b))) = (a, b) else { continue };
        match (a, b) {
            (Definition::Record { name, .. }, Definition::Record { name: other, .. })
            | (Definition::Enum { name, .. }, Definition::Enum { name: other, .. }) => {
                if name != other {
                    return false;
                }
            }
            (Definition::Map(k, v), Definition::Map(x, y)) => {
                open.push((*k, *x));
                open.push((*v, *y));
            }
            (Definition::Tuple(a), Definition::Tuple(b)) => {
                open.extend(a.iter().copied().zip(b.iter().copied()));
            }
            _ => match (around(a), around(b)) {
                (Some(a), Some(b)) => open.push((a, b)),
                _ => continue,
            },
        }
    }
    true
}

/// What a list, an option or a pointer holds.
fn around(definition: &Definition<'_>) -> Option<Ref> {
    match definition {
        Definition::List(of)
        | Definition::Array(_, of)
        | Definition::Option(of)
        | Definition::Shared(of)
        | Definition::Weak(of) => Some(*of),
        _ => None,
    }
}
