//! Rules of records that lie in a stream as in memory.

use super::{Pair, pairs};
use crate::ast::{Data, Field, Input};
use crate::ctxt::Ctxt;
use crate::key::Key;

/// A `pod` record is made of its bytes: it is a struct of one shape, all of whose fields are stored by their types alone, and no
/// function of the user's has a say in it.
pub fn pod(cx: &Ctxt, input: &Input<'_>) {
    let Some(ident) = input.attrs.keys.get(Key::Pod) else { return };
    const COPIED: &str =
        "a `pod` record is copied from its bytes, and no function runs; remove one of the two";
    const INNER: &str = "a transparent type is stored as its field is; remove one of the two";
    const OTHER: &str =
        "`via` stores another type, which may be `pod` itself; remove one of the two";
    const NO_TYPES: &str = "a `pod` record has no type parameters; remove one of the two";
    let rules: &[Pair] = &[
        (Key::Pod, Key::Rebuild, COPIED),
        (Key::Pod, Key::Validate, COPIED),
        (Key::Pod, Key::Via, OTHER),
        (Key::Pod, Key::Transparent, INNER),
        (Key::Pod, Key::Bound, NO_TYPES),
    ];
    pairs(cx, &input.attrs.keys, rules);
    let Data::Struct(record) = &input.data else {
        cx.error_at(
            ident,
            "`pod` is for structs: not all bytes are values of an enum; remove it, or store the enum as a struct with a \
             number for the variant, by `via = Type`",
        );
        return;
    };
    if !input.generics.params.is_empty() {
        cx.error_at(
            &input.generics.params,
            "`pod` is for types without parameters, whose bytes are known here; write a struct for each type that is \
             needed, or remove `pod`",
        );
    }
    if record.fields.is_empty() {
        cx.error_at(ident, "`pod` copies bytes, and this type has no fields; remove it");
    }
    record.fields.iter().for_each(|field| plain_field(cx, field));
}

/// Every field is where it is in memory.
fn plain_field(cx: &Ctxt, field: &Field<'_>) {
    const ALL: &str = "every field of a `pod` record is stored, where it lies in memory";
    const TYPE: &str = "a field of a `pod` record is stored as it lies in memory";
    const PLAIN: &str = "a `pod` record has no pointers and lists in it";
    let rules = [
        (Key::Skip, ALL),
        (Key::State, ALL),
        (Key::Unknown, ALL),
        (Key::With, TYPE),
        (Key::Dispatch, TYPE),
        (Key::Persistent, TYPE),
        (Key::Shared, PLAIN),
        (Key::OutOfBand, PLAIN),
    ];
    for (key, why) in rules {
        if let Some(ident) = field.attrs.keys.get(key) {
            cx.error_at(
                ident,
                format!("{why}; remove {key} from the field, or `pod` from the type"),
            );
        }
    }
}
