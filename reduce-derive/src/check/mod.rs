//! Rules across keys, fields and variants: one function a rule. A rule about what is missing stays
//! silent where an attribute could not be read.

mod names;

use crate::ast::{Data, Field, Input, Record, Role, Source, Style, member_name};
use crate::attr::{Bound, Keys};
use crate::ctxt::Ctxt;
use crate::key::Key;
use crate::near_miss::did_you_mean;
use crate::part;
use crate::usage::Usage;
use crate::way;
use syn::{Member, Type};

/// The runtime's impls for rebuild functions go up to this many fields (a context not counted).
const MOST_ARGUMENTS: usize = 16;

pub fn check(cx: &Ctxt, input: &Input<'_>) {
    container_pairs(cx, input);
    requires(cx, &input.attrs.keys, Key::Context, Key::Rebuild);
    rename_all_fields_of_enums(cx, input);
    names::variant_names(cx, input);
    if input.attrs.keys.has(Key::Via) {
        via_ignores_fields(cx, input);
        return;
    }
    if let Some(context) = &input.attrs.context {
        static_context(cx, input, context);
    }
    rebuild_of_enum(cx, input);
    transparent(cx, input);
    let container_rebuild = input.attrs.keys.has(Key::Rebuild);
    for record in input.records() {
        names::field_names(cx, record);
        for field in &record.fields {
            field_pairs(cx, field);
            borrowed_beyond_the_load(cx, input, field);
            borrowed_for_static(cx, input, field);
            identity(cx, field);
            if field.role == Role::State {
                state_field(cx, input, field);
            } else if container_rebuild {
                container_makes_fields(cx, field);
            } else {
                skip_needs_source(cx, field);
                source_needs_skip(cx, field);
                requires(cx, &field.attrs.keys, Key::From, Key::Rebuild);
                requires(cx, &field.attrs.keys, Key::Context, Key::Rebuild);
                from_fields(cx, record, field);
                field_arguments(cx, record, field);
            }
        }
    }
    container_arguments(cx, input);
}

/// What is shared outlives the load, and a context is found by its `'static` type: neither borrows.
fn borrowed_beyond_the_load(cx: &Ctxt, input: &Input<'_>, field: &Field<'_>) {
    if matches!(field.role, Role::Kept | Role::State) && !field.is_adapted() {
        let mut usage = Usage::of(input.ident, input.generics, []);
        usage.field(field);
        for lifetime in &usage.shared_lifetimes {
            let message = format!(
                "what is behind `Rc`, `Arc` or `Weak` may outlive the load, so it cannot borrow \
                 for `{lifetime}`; store an owned type there"
            );
            cx.error_at(lifetime, message);
        }
    }
    if let Some(context) = &field.attrs.context {
        static_context(cx, input, context);
    }
    if field.is_looked_up() {
        for lifetime in Usage::of(input.ident, input.generics, [field.ty]).lifetimes {
            let message = format!(
                "the registry finds a field's functions by its type, which cannot borrow for \
                 `{lifetime}`; store an owned type there"
            );
            cx.error_at(&lifetime, message);
        }
    }
}

/// The bytes of a load do not live for `'static`, unless a `bound` says that they do.
fn borrowed_for_static(cx: &Ctxt, input: &Input<'_>, field: &Field<'_>) {
    let own_bound = match &input.attrs.bound {
        Bound::Inferred | Bound::Sides { expand: None, .. } => false,
        Bound::All(_) | Bound::Sides { expand: Some(_), .. } => true,
    };
    let stored = matches!(field.role, Role::Kept | Role::State) && field.attrs.with.is_none();
    if own_bound || !stored {
        return;
    }
    for lifetime in part::static_borrows(field.ty) {
        cx.error_at(
            lifetime,
            "the bytes that are loaded do not live for `'static`; borrow for a lifetime parameter \
             of the type, or store an owned type such as `String` (`Cow<'static, _>` is loaded \
             owned where it is the whole type of a field)",
        );
    }
}

fn static_context(cx: &Ctxt, input: &Input<'_>, context: &Type) {
    for lifetime in Usage::of(input.ident, input.generics, [context]).lifetimes {
        let message = format!(
            "a context is found by its type, which cannot borrow for `{lifetime}`; hand over an \
             owned value"
        );
        cx.error_at(&lifetime, message);
    }
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
        ],
    );
}

/// A skipped field is not in the stream, and has one source.
fn field_pairs(cx: &Ctxt, field: &Field<'_>) {
    const STORED: &str = "a skipped field is not stored; remove one of the two";
    const SOURCES: &str = "both say what the skipped field becomes; remove one of the two";
    const STORES: &str = "both say how the field is stored; remove one of the two";
    const STATE: &str = "a state field is read from the stream, and is the `Default` of its type \
                         until then; remove one of the two";
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
            (Key::Skip, Key::With, STORED),
            (Key::Skip, Key::State, STORED),
            (Key::Skip, Key::Dispatch, STORED),
            (Key::Skip, Key::Persistent, STORED),
            (Key::With, Key::Dispatch, STORES),
            (Key::With, Key::Persistent, STORES),
            (Key::Dispatch, Key::Persistent, STORES),
            (Key::Default, Key::Rebuild, SOURCES),
            (Key::State, Key::Default, STATE),
            (Key::State, Key::Rebuild, STATE),
            (Key::State, Key::From, STATE),
            (Key::State, Key::Context, STATE),
        ],
    );
}

/// `shared = false` is about the pointers that the field's type names.
fn identity(cx: &Ctxt, field: &Field<'_>) {
    if let Some(ident) = field.attrs.keys.get(Key::Shared)
        && !field.attrs.keys.broken
    {
        if way::has_keys(field.ty) {
            cx.error_at(ident, "`shared = false` reaches the values of a map, not its keys");
        } else if !way::reaches(field.ty) {
            cx.error_at(
                ident,
                "`shared = false` is about the `Rc`s and `Arc`s in the field's type, and this one \
                 names none; remove it",
            );
        }
    }
}

/// A key that only adds to another one.
fn requires(cx: &Ctxt, keys: &Keys, key: Key, other: Key) {
    if let Some(ident) = keys.get(key)
        && !keys.has(other)
        && !keys.broken
    {
        cx.error_at(ident, format!("{key} requires `{} = path` beside it", other.name()));
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
        if let Some(ident) = field.attrs.keys.get(Key::Rename)
            && field.role != Role::Skipped
        {
            cx.error_at(
                ident,
                "the field of a `transparent` type has no name in streams; remove `rename`",
            );
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

/// Under a container's `rebuild` a field is kept or skipped, nothing else.
fn container_makes_fields(cx: &Ctxt, field: &Field<'_>) {
    for key in [Key::Default, Key::Rebuild, Key::From, Key::Context] {
        if let Some(ident) = field.attrs.keys.get(key) {
            let message = format!(
                "{key} has no effect here: the type's `rebuild` makes the whole value; write \
                 `skip` alone"
            );
            cx.error_at(ident, message);
            return;
        }
    }
}

/// `skip` says what is left out, not what takes its place.
fn skip_needs_source(cx: &Ctxt, field: &Field<'_>) {
    let keys = &field.attrs.keys;
    if let Some(ident) = keys.get(Key::Skip)
        && !keys.has(Key::Default)
        && !keys.has(Key::Rebuild)
        && !keys.broken
    {
        cx.error_at(
            ident,
            "`skip` does not say what the field becomes at load; add `default`, `default = path` \
             or `rebuild = path`",
        );
    }
}

/// A kept field comes from the stream.
fn source_needs_skip(cx: &Ctxt, field: &Field<'_>) {
    let keys = &field.attrs.keys;
    if keys.has(Key::Skip) || keys.broken {
        return;
    }
    if let Some(ident) = keys.get(Key::Rebuild) {
        cx.error_at(ident, "`rebuild` requires `skip` on the same field");
    }
    if let Some(ident) = keys.get(Key::Default)
        && !keys.has(Key::Rebuild)
    {
        cx.error_at(
            ident,
            "`default` for streams that lack the field is not supported yet by this version of \
             reduce-core; remove it, or add `skip` if the field is not to be stored",
        );
    }
}

/// `from(...)` names fields that exist when the function runs, once each.
fn from_fields(cx: &Ctxt, record: &Record<'_>, field: &Field<'_>) {
    let (Some(from), true) = (&field.attrs.from, field.attrs.keys.has(Key::Rebuild)) else {
        return;
    };
    let mut named: Vec<&Member> = Vec::new();
    for member in from {
        let name = member_name(member);
        let Some(other) = record.find(member) else {
            let fields: Vec<String> = record.fields.iter().map(Field::written).collect();
            let hint = match (record.style, member) {
                (Style::Tuple, Member::Named(_)) => {
                    "; name the fields of a tuple by position, like `from(0)`".to_owned()
                }
                _ => did_you_mean(&name, fields.iter().map(String::as_str)),
            };
            cx.error_at(member, format!("there is no field `{name}`{hint}"));
            continue;
        };
        if other.index == field.index {
            cx.error_at(member, format!("`{name}` is the field that the function makes"));
        } else if other.role == Role::State {
            cx.error_at(
                member,
                format!(
                    "`{name}` is state, which is set when all else has been made; remove `state` \
                     from it or name another field"
                ),
            );
        } else if other.role == Role::Skipped && other.index > field.index {
            cx.error_at(
                member,
                format!(
                    "`{name}` is skipped and declared later, so it does not exist yet; declare it \
                     in front of `{}`",
                    field.written()
                ),
            );
        } else if named.iter().any(|&earlier| member_name(earlier) == name) {
            cx.error_at(member, format!("`{name}` is named twice"));
        }
        named.push(member);
    }
}

/// The runtime's impls end somewhere; its error would not say so.
fn field_arguments(cx: &Ctxt, record: &Record<'_>, field: &Field<'_>) {
    let Some(Source::Rebuild(function)) = field.source() else { return };
    let count = match &field.attrs.from {
        Some(from) => from.len(),
        None if field.attrs.keys.has(Key::From) => return,
        None => record.kept().count(),
    };
    if count > MOST_ARGUMENTS {
        cx.error_at(
            &function.path,
            format!(
                "a `rebuild` function takes at most {MOST_ARGUMENTS} fields, this one would get \
                 {count}; name those it needs with `from(...)`"
            ),
        );
    }
}

/// The same for the container's function, which gets every kept field.
fn container_arguments(cx: &Ctxt, input: &Input<'_>) {
    let (Data::Struct(record), Some(function)) = (&input.data, &input.attrs.rebuild) else {
        return;
    };
    let count = record.kept().count();
    if count > MOST_ARGUMENTS {
        cx.error_at(
            &function.path,
            format!(
                "a `rebuild` function takes at most {MOST_ARGUMENTS} fields, this one would get \
                 {count}; use `via = Type`, or `skip, rebuild = path` on the fields that are made"
            ),
        );
    }
}
