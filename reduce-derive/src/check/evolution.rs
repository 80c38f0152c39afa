//! What has changed since: versions and their upgrades, earlier types of a field, and what the type does not know.

use crate::ast::{Data, Field, Input, Record, Role, Style};
use crate::ctxt::Ctxt;
use crate::key::Key;
use crate::usage::Usage;
use std::collections::BTreeMap;

/// The upgrades are steps from one version to the next, one each, up to the type's own.
pub fn upgrades(cx: &Ctxt, input: &Input<'_>) {
    let keys = &input.attrs.keys;
    let Some(ident) = keys.get(Key::Upgrade) else { return };
    if let Data::Enum(_) = &input.data {
        cx.error_at(
            ident,
            "`upgrade` is for structs, whose fields make one record; move a variant's fields into a \
             struct, or load an earlier enum with `via` or `convert`",
        );
        return;
    }
    if let Some(ident) = input.state().find_map(|field| field.attrs.keys.get(Key::State)) {
        cx.error_at(
            ident,
            "`state` cannot stand together with the type's `upgrade`, which gets all fields of a \
             record at once, and state is read later; remove one of the two",
        );
    }
    for field in input.fields().filter(|field| field.is_stored() && !field.is_adapted()) {
        for lifetime in Usage::of(input.ident, input.generics, [field.ty]).lifetimes {
            let message = format!(
                "`upgrade` functions put owned values into a record, from which nothing borrows for \
                 `{lifetime}`; store an owned type such as `String`"
            );
            cx.error_at(&lifetime, message);
        }
    }
    let Some(version) = &input.attrs.version else { return };
    let mut steps = BTreeMap::new();
    for upgrade in &input.attrs.upgrades {
        let (from, literal) = (upgrade.from.number, &upgrade.from.literal);
        if from >= version.number {
            let message = format!(
                "an upgrade from version {from} leads to a later version than the type's own, which \
                 is {}",
                version.number
            );
            cx.error_at(literal, message);
        } else if steps.insert(from, literal).is_some() {
            cx.error_at(
                literal,
                format!("a second upgrade from version {from}; remove one of the two"),
            );
        }
    }
    let next = steps.iter().find(|&(from, _)| {
        let next = from + 1;
        next < version.number && !steps.contains_key(&next)
    });
    if let Some((from, literal)) = next
        && !keys.broken
    {
        cx.error_at(
            literal,
            format!(
                "this leads to version {0}, and nothing leads on from there to version {1}; add \
                 `upgrade({0} = path)`",
                from + 1,
                version.number
            ),
        );
    }
}

/// An earlier type has one way to the field's own.
pub fn converts(cx: &Ctxt, field: &Field<'_>) {
    let converts = &field.attrs.converts;
    for (at, convert) in converts.iter().enumerate() {
        if converts.iter().take(at).any(|earlier| earlier.text == convert.text) {
            cx.error_at(&convert.path, format!("`{}` is named twice", convert.text));
        }
    }
}

/// What a stream has beyond the type goes to one place.
pub fn one_for_unknown(cx: &Ctxt, record: &Record<'_>) {
    let mut fields = record.of_role(Role::Unknown);
    let Some(first) = fields.next() else { return };
    for second in fields {
        if let Some(ident) = second.attrs.keys.get(Key::Unknown) {
            let first = first.written();
            cx.error_at(
                ident,
                format!("`{first}` keeps the unknown fields already; remove one of the two"),
            );
        }
    }
}

/// It has no form of its own, and keeps what others refuse.
pub fn unknown_field(cx: &Ctxt, input: &Input<'_>, field: &Field<'_>) {
    let keys = &field.attrs.keys;
    let Some(ident) = keys.get(Key::Unknown) else { return };
    for key in Key::ALL.iter().filter(|key| **key != Key::Unknown) {
        if let Some((second, ident)) = keys.second(Key::Unknown, *key) {
            let first = if second == Key::Unknown { *key } else { Key::Unknown };
            cx.error_at(
                ident,
                format!(
                    "{second} cannot stand together with {first}: the field holds what streams have \
                     beyond the type, and nothing of its own; remove one of the two"
                ),
            );
            return;
        }
    }
    if let Data::Enum(_) = &input.data {
        cx.error_at(
            ident,
            "`unknown` is for fields of structs; move the variant's fields into a struct",
        );
    } else if input.transparent() {
        cx.error_at(
            ident,
            "`unknown` has no effect under `transparent`, which has no fields in streams; remove one \
             of the two",
        );
    } else if matches!(&input.data, Data::Struct(record) if record.style == Style::Tuple) {
        cx.error_at(
            ident,
            "`unknown` is for structs whose fields have names, for it keeps fields by name; give them \
             names",
        );
    } else if input.attrs.keys.has(Key::Rebuild) {
        cx.error_at(
            ident,
            "`unknown` cannot stand together with the type's `rebuild`, whose function is not handed what the \
             type does not know; remove one of the two",
        );
    } else if input.attrs.keys.has(Key::DenyUnknown) {
        cx.error_at(
            ident,
            "`unknown` keeps the fields that the type's `deny_unknown` refuses; remove one of the two",
        );
    }
}

/// An unknown variant goes to one place, which holds nothing but it.
pub fn other_variant(cx: &Ctxt, input: &Input<'_>) {
    let Data::Enum(variants) = &input.data else { return };
    let mut first = None;
    for variant in variants {
        let keys = &variant.attrs.keys;
        let Some(ident) = keys.get(Key::Other) else { continue };
        let record = &variant.record;
        if let Some(first) = first.replace(variant.ident) {
            cx.error_at(
                ident,
                format!("`{first}` takes the unknown variants already; remove one of the two"),
            );
        } else if let Some((_, second)) = keys.second(Key::Other, Key::Alias) {
            cx.error_at(
                second,
                "`alias` has no effect beside `other`, which takes every name that the others do not; \
                 remove one of the two",
            );
        } else if !matches!(
            (record.style, record.fields.as_slice()),
            (Style::Unit, _) | (Style::Tuple, [_])
        ) {
            let name = variant.ident;
            cx.error_at(
                ident,
                format!(
                    "`other` is for a variant without fields, or with the unknown variant as its \
                     field: `{name}` or `{name}(Value)`"
                ),
            );
        } else if let (Some((_, second)), [_]) =
            (keys.second(Key::Other, Key::Rename), record.fields.as_slice())
        {
            cx.error_at(
                second,
                "`rename` has no effect beside `other` on a variant with a field, which stands in streams \
                 under the names of the variants that it holds; remove one of the two",
            );
        } else if let [field] = record.fields.as_slice()
            && let Some(key) = field.attrs.keys.first()
        {
            cx.error_at(
                key,
                format!("`{key}` has no effect here: the field holds the unknown variant as it is"),
            );
        }
    }
}
