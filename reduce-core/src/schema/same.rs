//! Whether two types are stored the same, all the way down, whatever their attributes.

use super::model::{Body, Fields, Model, Type};
use alloc::collections::BTreeSet;
use alloc::vec;
use alloc::vec::Vec;

/// Pairs of types that are still to be compared.
type Open<'m> = Vec<(&'m Type, &'m Type)>;

/// Whether a type of one side is the same as one of the other.
pub(super) fn same(from: &Type, from_model: &Model, to: &Type, to_model: &Model) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![(from, to)]);
    while let Some((from, to)) = open.pop() {
        let (Type::Declared(a), Type::Declared(b)) = (from, to) else {
            if parts(from, to, &mut open) {
                continue;
            }
            return false;
        };
        if !seen.insert((a, b)) {
            continue;
        }
        let (Some(a), Some(b)) = (from_model.declaration(*a), to_model.declaration(*b)) else {
            return false;
        };
        let alike = a.name.name == b.name.name
            && match (&a.body, &b.body) {
                (Body::Struct(a, from), Body::Struct(b, to)) => {
                    a.version == b.version && fields(from, to, &mut open)
                }
                (Body::Enum(a, from), Body::Enum(b, to)) => {
                    let mut variants = from.iter().zip(to);
                    a.version == b.version
                        && from.len() == to.len()
                        && variants.all(|(from, to)| {
                            from.name == to.name && fields(&from.fields, &to.fields, &mut open)
                        })
                }
                (Body::Type(from), Body::Type(to)) => {
                    open.push((from, to));
                    true
                }
                _ => false,
            };
        if !alike {
            return false;
        }
    }
    true
}

/// Whether types without names are alike, and what is in them.
fn parts<'m>(from: &'m Type, to: &'m Type, open: &mut Open<'m>) -> bool {
    match (from, to) {
        (Type::List(from), Type::List(to))
        | (Type::Option(from), Type::Option(to))
        | (Type::Shared(from), Type::Shared(to))
        | (Type::Weak(from), Type::Weak(to))
        | (Type::Persistent(from), Type::Persistent(to)) => open.push((from, to)),
        (Type::Array(n, from), Type::Array(m, to)) if n == m => open.push((from, to)),
        (Type::Map(key, value), Type::Map(to_key, to_value)) => {
            open.extend([(&**key, &**to_key), (&**value, &**to_value)]);
        }
        (Type::Tuple(from), Type::Tuple(to)) if from.len() == to.len() => {
            open.extend(from.iter().zip(to));
        }
        (Type::Primitive(_) | Type::Dyn(_) | Type::Dispatch, _) => return from == to,
        _ => return false,
    }
    true
}

fn fields<'m>(from: &'m Fields, to: &'m Fields, open: &mut Open<'m>) -> bool {
    let mut pairs = from.fields.iter().zip(&to.fields);
    from.named == to.named
        && from.fields.len() == to.fields.len()
        && pairs.all(|(from, to)| {
            open.push((&from.of, &to.of));
            from.name == to.name && from.state == to.state
        })
}
