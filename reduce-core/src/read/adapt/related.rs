//! Whether a stream's value may be one of our type, before its fields are looked at: by name.

use crate::program::table::{Definition, Ref, Table};
use alloc::collections::BTreeSet;

/// Whether the roots have the same name, below what is around them. Fields' types need not: there the field's name says
/// what it is.
pub(crate) fn is_related(theirs: &Table<'_>, root: Ref, ours: &Table<'_>) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = alloc::vec![(root, ours.root)];
    while let Some((of_theirs, of_ours)) = open.pop() {
        if !seen.insert((of_theirs, of_ours)) {
            continue;
        }
        let (a, b) = (theirs.at(of_theirs), ours.at(of_ours));
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
            (Definition::Map(k, v), Definition::List(pair)) => {
                if let Some((x, y)) = parts(ours, *pair) {
                    open.extend([(*k, x), (*v, y)]);
                }
            }
            (Definition::List(pair), Definition::Map(x, y)) => {
                if let Some((k, v)) = parts(theirs, *pair) {
                    open.extend([(k, *x), (v, *y)]);
                }
            }
            // Where one has nothing like it, what it holds stands for it.
            _ => match (around(a), around(b)) {
                (Some(Around::Pointer(a)), Some(Around::Pointer(b)))
                | (Some(Around::List(a)), Some(Around::List(b))) => open.push((a, b)),
                (Some(Around::Pointer(a)), _) => open.push((a, of_ours)),
                (_, Some(Around::Pointer(b))) => open.push((of_theirs, b)),
                _ => continue,
            },
        }
    }
    true
}

/// What stands around a type.
enum Around {
    List(Ref),
    /// Or an option: either may be there on one side alone.
    Pointer(Ref),
}

fn around(definition: &Definition<'_>) -> Option<Around> {
    match definition {
        Definition::List(of) | Definition::Array(_, of) => Some(Around::List(*of)),
        Definition::Option(of) | Definition::Shared(of) | Definition::Weak(of) => {
            Some(Around::Pointer(*of))
        }
        _ => None,
    }
}

/// Those of a pair, of which a list is like a map.
fn parts(table: &Table<'_>, pair: Ref) -> Option<(Ref, Ref)> {
    match table.at(pair) {
        Some((_, Definition::Tuple(parts))) => match parts[..] {
            [key, value] => Some((key, value)),
            _ => None,
        },
        _ => None,
    }
}
