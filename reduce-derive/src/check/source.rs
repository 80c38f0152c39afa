//! What fields become that do not come from the stream: `default`, `rebuild`, and the fields that a function gets.

use crate::ast::{Data, Field, Input, Record, Role, Source, Style, member_name};
use crate::ctxt::Ctxt;
use crate::key::Key;
use crate::near_miss::did_you_mean;
use syn::Member;

/// The runtime's impls for rebuild functions go up to this many fields (a context not counted).
const MOST_ARGUMENTS: usize = 16;

/// Under a container's `rebuild` a skipped field is no more than that.
pub fn container_makes_field(cx: &Ctxt, field: &Field<'_>) {
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
pub fn skip_needs_source(cx: &Ctxt, field: &Field<'_>) {
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

/// `from(...)` names fields that exist when the function runs, once each.
pub fn from_fields(cx: &Ctxt, input: &Input<'_>, record: &Record<'_>, field: &Field<'_>) {
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
        } else if let Some(why) = stands_later(input, field, other) {
            cx.error_at(member, why);
        } else if named.iter().any(|&earlier| member_name(earlier) == name) {
            cx.error_at(member, format!("`{name}` is named twice"));
        }
        named.push(member);
    }
}

/// Why the one field does not stand for certain when the other is made: first come the kept fields without `rebuild`, then
/// those with one, then the skipped ones.
fn stands_later(input: &Input<'_>, field: &Field<'_>, other: &Field<'_>) -> Option<String> {
    let (name, made) = (other.written(), field.written());
    if other.role == Role::Skipped && field.role == Role::Kept {
        return Some(format!(
            "`{name}` is skipped, and made after all fields that are kept; name kept fields alone"
        ));
    }
    if other.role == Role::Skipped && input.attrs.keys.has(Key::Rebuild) {
        return Some(format!("`{name}` is skipped, and made by the type's `rebuild`"));
    }
    let earlier = other.index < field.index;
    if other.role == Role::Skipped && !earlier {
        return Some(format!(
            "`{name}` is skipped and declared later, so it does not exist yet; declare it in front \
             of `{made}`"
        ));
    }
    if other.is_late() && field.is_late() && !earlier {
        return Some(format!(
            "`{name}` has a `rebuild` and is declared later, so it may not exist yet; declare it in \
             front of `{made}`"
        ));
    }
    None
}

/// The runtime's impls end somewhere; its error would not say so.
pub fn field_arguments(cx: &Ctxt, record: &Record<'_>, field: &Field<'_>) {
    let (Some(Source::Rebuild(function)), Some(count)) = (
        field.source().or_else(|| field.filling()),
        match &field.attrs.from {
            None if field.attrs.keys.has(Key::From) => None,
            _ => Some(record.handed(field).len()),
        },
    ) else {
        return;
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
pub fn container_arguments(cx: &Ctxt, input: &Input<'_>) {
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
