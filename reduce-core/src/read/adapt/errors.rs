//! What is said of values that no plan can make ours, and what a user can do about it.

use super::{Node, Plan, Source};
use crate::error::{Error, ErrorKind};
use crate::opcode;
use crate::program::table::{Definition, Ref, Table};
use crate::program::text::{self, Name, TypeName};
use crate::program::{TypeDef, program_of};
use crate::read::Reader;
use alloc::format;
use alloc::string::String;

/// One variant of the stream's enum can become what ours is, and the value is of another one.
#[cold]
pub(super) fn other_variant(
    found: u64,
    wanted: &str,
    theirs: Ref,
    r: &Reader<'_, '_>,
    at: usize,
) -> Error {
    let of = r.table().and_then(|table| Some((table, table.at(theirs)?)));
    let Some((table, (_, Definition::Enum { variants, .. }))) = of else { return astray(r) };
    let Some((found, _)) = usize::try_from(found).ok().and_then(|n| variants.get(n)) else {
        let message = format!("`{}` has no variant {found}", TypeName(table, theirs));
        return Error::new(ErrorKind::Malformed, message).with_offset(at);
    };
    let message = format!(
        "the stream has the variant `{}` of `{}`, of which only `{}` can be loaded here; make the field an enum \
         with both, or give it a `convert` function from that enum",
        Name(found),
        TypeName(table, theirs),
        Name(wanted),
    );
    Error::new(ErrorKind::TypeMismatch, message).with_offset(at)
}

/// Nothing of the stream's type can be one of ours.
#[cold]
pub(super) fn unfit(ours: &'static TypeDef, theirs: Ref, root: bool, r: &Reader<'_, '_>) -> Error {
    match r.table() {
        Some(table) => unfit_in(ours, theirs, root, table).with_offset(r.offset()),
        None => astray(r),
    }
}

/// The same, by the table of the stream.
#[cold]
pub(crate) fn unfit_in(
    ours: &'static TypeDef,
    theirs: Ref,
    root: bool,
    table: &Table<'_>,
) -> Error {
    let is_value = theirs == Ref::Primitive(opcode::VALUE);
    let theirs = named(table, theirs);
    let ours = match program_of(ours).table() {
        Ok(table) => named(table, table.root),
        Err(error) => return error,
    };
    // The kind alone tells a struct from the enum that it became.
    let (theirs, ours) = match (theirs, ours) {
        ((_, theirs), (_, ours)) if theirs != ours => (theirs, ours),
        ((theirs_kind, theirs), (ours_kind, ours)) => {
            (format!("{theirs_kind}{theirs}"), format!("{ours_kind}{ours}"))
        }
    };
    let fix = match root {
        // `to_vec(&value)` has compiled, and seemed to be what `value.to_vec()` is.
        true if is_value => {
            "; load it as a `Value`, or dump it with `Value::to_vec`, which writes the value as the type that it is of"
        }
        true => "",
        false => {
            "; on a field, `#[reduce(convert = path)]` names a function that makes one of the other"
        }
    };
    let message = format!("the stream has {theirs}, which cannot become {ours}{fix}");
    Error::new(ErrorKind::TypeMismatch, message)
}

/// A type's kind, where it has a name, and the type.
fn named(table: &Table<'_>, of: Ref) -> (&'static str, String) {
    let kind = match table.at(of) {
        Some((_, Definition::Record { .. })) => "the struct ",
        Some((_, Definition::Enum { .. })) => "the enum ",
        _ => "",
    };
    (kind, format!("`{}`", TypeName(table, of)))
}

/// A field of ours is not in the stream, and nothing is said of what it is then.
#[cold]
pub(super) fn missing(plan: Plan, index: usize, r: &Reader<'_, '_>) -> Error {
    let message = match r.plans.node(plan) {
        Node::Fields(list) => {
            let Some(Source::Missing { name, renamed, .. }) = list.ours.get(index) else {
                return astray(r);
            };
            let candidate = match &**renamed {
                "" => String::new(),
                renamed => format!(
                    " (the stream has a field `{renamed}` of this type, which no field takes)"
                ),
            };
            format!(
                "the stream has no field `{name}` for `{}`; if it is new, say what it is then: `#[reduce(default)]`, \
                 `#[reduce(default = path)]` or `#[reduce(rebuild = path)]`; if it was renamed, say what it was: \
                 `#[reduce(alias = \"...\")]`{candidate}",
                list.name
            )
        }
        Node::Upgrade(plan) => {
            let field = plan.ours.get(index).map_or("", |field| field.shown(index));
            format!(
                "the record has no field `{field}` after its upgrade, which `{}` needs; have the upgrade function \
                 insert it, or say what it is then: `#[reduce(default)]`",
                plan.name
            )
        }
        _ => return astray(r),
    };
    r.input.error(ErrorKind::TypeMismatch, message)
}

/// What cannot be adapted shows both programs: of the innermost type that has one of its own.
#[cold]
pub(crate) fn compared(
    error: Error,
    plan: Plan,
    ours: &'static TypeDef,
    r: &Reader<'_, '_>,
) -> Error {
    if error.kind() != ErrorKind::TypeMismatch || error.has_detail() {
        return error;
    }
    match (r.table(), program_of(ours).table()) {
        (Some(theirs), Ok(ours)) => {
            let detail = text::both((theirs, r.plans.theirs(plan)), (ours, ours.root));
            error.with_detail(detail)
        }
        _ => error,
    }
}

/// A plan of another kind than the type that follows it.
#[cold]
pub(crate) fn astray(r: &Reader<'_, '_>) -> Error {
    r.input.error(
        ErrorKind::TypeMismatch,
        "the type's description is not the one that its expander reads",
    )
}
