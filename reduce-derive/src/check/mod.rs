//! Rules across keys, fields and variants: one function a rule. A rule about what is missing stays
//! silent where an attribute could not be read.

mod borrow;
mod evolution;
mod names;
mod pod;
mod source;

use crate::ast::{Data, Field, Input, Role};
use crate::attr::Keys;
use crate::ctxt::Ctxt;
use crate::key::Key;

pub fn check(cx: &Ctxt, input: &Input<'_>) {
    let keys = &input.attrs.keys;
    container_pairs(cx, input);
    pod::pod(cx, input);
    requires(cx, keys, Key::Context, "rebuild = path", Key::Rebuild);
    rename_all_fields_of_enums(cx, input);
    names::variant_names(cx, input);
    if keys.has(Key::Via) {
        via_ignores_fields(cx, input);
        return;
    }
    if let Some(context) = &input.attrs.context {
        borrow::static_context(cx, input, context);
    }
    rebuild_of_enum(cx, input);
    transparent(cx, input);
    if !input.transparent() {
        requires(cx, keys, Key::Upgrade, "version = N", Key::Version);
        requires(cx, keys, Key::DenyNewer, "version = N", Key::Version);
        evolution::upgrades(cx, input);
    }
    evolution::other_variant(cx, input);
    for record in input.records() {
        names::field_names(cx, record);
        evolution::one_for_unknown(cx, record);
        for field in &record.fields {
            if field.role == Role::Unknown {
                evolution::unknown_field(cx, input, field);
                continue;
            }
            field_pairs(cx, field);
            borrow::borrowed_beyond_the_load(cx, input, field);
            borrow::borrowed_for_static(cx, input, field);
            borrow::identity(cx, field);
            evolution::converts(cx, field);
            if field.role == Role::State {
                state_field(cx, input, field);
            } else if field.role == Role::Skipped && keys.has(Key::Rebuild) {
                source::container_makes_field(cx, field);
            } else {
                source::skip_needs_source(cx, field);
                let keys = &field.attrs.keys;
                requires(cx, keys, Key::From, "rebuild = path", Key::Rebuild);
                requires(cx, keys, Key::Context, "rebuild = path", Key::Rebuild);
                source::from_fields(cx, input, record, field);
                source::field_arguments(cx, record, field);
            }
        }
    }
    source::container_arguments(cx, input);
}

/// Two keys that cannot stand together, and why.
type Pair = (Key, Key, &'static str);

/// Reports each pair at its second key, and no key twice.
fn pairs(cx: &Ctxt, keys: &Keys, pairs: &[Pair]) {
    let mut reported = Vec::new();
    for &(a, b, why) in pairs {
        let Some((second, ident)) = keys.second(a, b) else { continue };
        if !reported.contains(&second) {
            reported.push(second);
            let first = if second == a { b } else { a };
            cx.error_at(ident, format!("{second} cannot stand together with {first}: {why}"));
        }
    }
}

/// `transparent` and `via` leave the name and the fields' names to another type.
fn container_pairs(cx: &Ctxt, input: &Input<'_>) {
    const INNER: &str = "a transparent type is described as its field is; remove one of the two";
    const OTHER: &str = "`via` stores another type, which has a name and fields of its own; remove \
                         one of the two";
    const VERSIONS: &str = "`via` stores another type, which has versions of its own; remove one \
                            of the two";
    const BOTH: &str = "both say what is stored in the type's place; remove one of the two";
    const MADE: &str = "`via` makes the value with `TryFrom`; remove one of the two";
    const NAMELESS: &str = "a trait object is found by its type's name, and what is stored here has \
                            that of another type; remove one of the two";
    pairs(
        cx,
        &input.attrs.keys,
        &[
            (Key::Transparent, Key::Via, BOTH),
            (Key::Transparent, Key::Implements, NAMELESS),
            (Key::Via, Key::Implements, NAMELESS),
            (Key::Transparent, Key::Name, INNER),
            (Key::Transparent, Key::RenameAll, INNER),
            (Key::Transparent, Key::RenameAllFields, INNER),
            (Key::Via, Key::Rebuild, MADE),
            (Key::Via, Key::Name, OTHER),
            (Key::Via, Key::RenameAll, OTHER),
            (Key::Via, Key::RenameAllFields, OTHER),
            (Key::Transparent, Key::Version, INNER),
            (Key::Transparent, Key::Upgrade, INNER),
            (Key::Transparent, Key::DenyNewer, INNER),
            (Key::Transparent, Key::DenyUnknown, INNER),
            (Key::Via, Key::Version, VERSIONS),
            (Key::Via, Key::Upgrade, VERSIONS),
            (Key::Via, Key::DenyNewer, VERSIONS),
            (Key::Via, Key::DenyUnknown, OTHER),
        ],
    );
}

/// A skipped field is not in the stream, and has one source.
fn field_pairs(cx: &Ctxt, field: &Field<'_>) {
    const STORED: &str = "a skipped field is not stored; remove one of the two";
    const SOURCES: &str = "both say what the field becomes where it does not come from the \
                           stream; remove one of the two";
    const STORES: &str = "both say how the field is stored; remove one of the two";
    const STATE: &str = "a state field is set when the value exists already, and is not made from \
                         the other fields; remove one of the two";
    const ADAPTER: &str = "what the adapter stores has pointers of its own; remove one of the two";
    const CYCLE: &str =
        "a cycle closes by the identity of what is referred to; remove one of the two";
    pairs(
        cx,
        &field.attrs.keys,
        &[
            (Key::Skip, Key::Shared, STORED),
            (Key::Skip, Key::OutOfBand, STORED),
            (Key::With, Key::Shared, ADAPTER),
            (Key::Dispatch, Key::Shared, STORES),
            (Key::Persistent, Key::Shared, STORES),
            (Key::State, Key::Shared, CYCLE),
            (Key::Skip, Key::Rename, STORED),
            (Key::Skip, Key::Alias, STORED),
            (Key::Skip, Key::Convert, STORED),
            (Key::Skip, Key::With, STORED),
            (Key::Skip, Key::State, STORED),
            (Key::Skip, Key::Dispatch, STORED),
            (Key::Skip, Key::Persistent, STORED),
            (Key::With, Key::Dispatch, STORES),
            (Key::With, Key::Persistent, STORES),
            (Key::Dispatch, Key::Persistent, STORES),
            (Key::Default, Key::Rebuild, SOURCES),
            (Key::State, Key::Rebuild, STATE),
            (Key::State, Key::From, STATE),
            (Key::State, Key::Context, STATE),
        ],
    );
}

/// A key that only adds to another one.
fn requires(cx: &Ctxt, keys: &Keys, key: Key, shown: &str, other: Key) {
    if let Some(ident) = keys.get(key)
        && !keys.has(other)
        && !keys.broken
    {
        cx.error_at(ident, format!("{key} requires `{shown}` beside it"));
    }
}

/// `rename_all_fields` is for the fields of variants.
fn rename_all_fields_of_enums(cx: &Ctxt, input: &Input<'_>) {
    if let (Data::Struct(_), Some(ident)) =
        (&input.data, input.attrs.keys.get(Key::RenameAllFields))
        && !input.transparent()
        && !input.attrs.keys.has(Key::Via)
    {
        cx.error_at(ident, "`rename_all_fields` is for enums; write `rename_all` on a struct");
    }
}

/// `via` does not look at fields and variants.
fn via_ignores_fields(cx: &Ctxt, input: &Input<'_>) {
    const WHY: &str = "has no effect under `via`, which stores another type; remove it";
    let report = |keys: &Keys| {
        if let Some(ident) = keys.first()
            && !keys.broken
        {
            cx.error_at(ident, format!("`{ident}` {WHY}"));
        }
    };
    if let Data::Enum(variants) = &input.data {
        variants.iter().for_each(|variant| report(&variant.attrs.keys));
    }
    input.fields().for_each(|field| report(&field.attrs.keys));
}

/// One function cannot know which variant to make from which fields.
fn rebuild_of_enum(cx: &Ctxt, input: &Input<'_>) {
    if let (Data::Enum(_), Some(ident)) = (&input.data, input.attrs.keys.get(Key::Rebuild)) {
        cx.error_at(
            ident,
            "`rebuild` on an enum does not say which variant it makes; write `skip, rebuild = path` \
             on a field, or `via = Type` on the enum",
        );
    }
}

/// A transparent type is a struct around one stored field, which has no name in the stream.
fn transparent(cx: &Ctxt, input: &Input<'_>) {
    let Some(ident) = input.attrs.keys.get(Key::Transparent) else { return };
    let Data::Struct(record) = &input.data else {
        cx.error_at(ident, "`transparent` is for structs; use `via = Type` on an enum");
        return;
    };
    let broken = record.fields.iter().any(|field| field.attrs.keys.broken);
    match record.stored().count() {
        1 => {}
        _ if broken => {}
        0 => cx.error_at(ident, "`transparent` needs a field that is stored; this type has none"),
        kept => cx.error_at(
            ident,
            format!(
                "`transparent` needs one field that is stored; this type has {kept}: `skip` the \
                 others or remove `transparent`"
            ),
        ),
    }
    for field in &record.fields {
        if field.role != Role::Skipped {
            transparent_field(cx, field);
        }
    }
}

/// What is stored in the type's place is no field of a record.
fn transparent_field(cx: &Ctxt, field: &Field<'_>) {
    const NAME: &str = "the field of a `transparent` type has no name in streams";
    const LACKS: &str =
        "the field of a `transparent` type is the whole value, which no stream lacks";
    const OLD: &str = "the field of a `transparent` type is the whole value; `convert` belongs on \
                       the fields that hold this type";
    let rules = [
        (Key::Rename, NAME),
        (Key::Alias, NAME),
        (Key::Default, LACKS),
        (Key::Rebuild, LACKS),
        (Key::Convert, OLD),
    ];
    for (key, why) in rules {
        if let Some(ident) = field.attrs.keys.get(key) {
            cx.error_at(ident, format!("{why}; remove {key}"));
        }
    }
}

/// State is set on a value that stands already, field by field.
fn state_field(cx: &Ctxt, input: &Input<'_>, field: &Field<'_>) {
    let Some(ident) = field.attrs.keys.get(Key::State) else { return };
    if let Data::Enum(_) = &input.data {
        cx.error_at(
            ident,
            "`state` is for fields of structs: an enum may be another variant by the time its \
             state is set; move the variant's fields into a struct",
        );
    } else if input.transparent() {
        cx.error_at(
            ident,
            "`state` has no effect under `transparent`, which stores the field in the type's place; \
             remove one of the two",
        );
    } else if input.packed {
        cx.error_at(
            ident,
            "`state` is set through a reference, which `#[repr(packed)]` does not allow; remove one \
             of the two",
        );
    }
}
