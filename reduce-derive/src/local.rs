//! The local variables of generated code.
//!
//! `mixed_site` keeps them apart from the user's names. Where they stand in code that carries the
//! span of an attribute or a type, only their location moves there, so that an error points to it.
//! Hygiene does not keep a pattern from being a constant of that name, so they begin with `__`.

use proc_macro2::{Ident, Span};
use quote::format_ident;

fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// `self`, which is hygienic like any local.
pub fn this() -> Ident {
    local("self")
}

pub fn writer() -> Ident {
    local("__writer")
}

/// Some values of the type.
pub fn rows() -> Ident {
    local("__rows")
}

/// Values that lie side by side.
pub fn elements() -> Ident {
    local("__elements")
}

/// One of them; or its bytes, where those are of fixed width.
pub fn row() -> Ident {
    local("__row")
}

/// The column that the values are added to.
pub fn column() -> Ident {
    local("__column")
}

/// The column of the first part of a record or a variant.
pub fn parts() -> Ident {
    local("__parts")
}

/// All columns of the list.
pub fn columns() -> Ident {
    local("__columns")
}

pub fn reader() -> Ident {
    local("__reader")
}

/// Whether the stream's program is the type's own.
pub fn mode() -> Ident {
    local("__mode")
}

/// Its type.
pub fn any_mode() -> Ident {
    local("__Mode")
}

/// Whether rows are those of a part of another type.
pub fn within() -> Ident {
    local("__WITHIN")
}

/// The way through the fields of a record.
pub fn fields() -> Ident {
    local("__fields")
}

/// The number of the variant.
pub fn variant() -> Ident {
    local("__variant")
}

pub fn value() -> Ident {
    local("__value")
}

/// All of it at `span`, hygiene included: rustc reports a function that does not fit at this argument,
/// and goes back to the derive where the argument's hygiene is another than its call's.
pub fn callee(span: Span) -> Ident {
    Ident::new("__callee", span)
}

/// The collector of the types that a load meets.
pub fn collector() -> Ident {
    local("__collector")
}

/// What a state is set on.
pub fn target() -> Ident {
    local("__target")
}

/// The value that a state is set on.
pub fn object() -> Ident {
    local("__this")
}

/// Which conversion is to be taken.
pub fn conversion() -> Ident {
    local("__conversion")
}

/// The record that is upgraded.
pub fn record() -> Ident {
    local("__record")
}

pub fn context() -> Ident {
    local("__context")
}

/// The field that stands `index`-th in its struct or variant.
pub fn field(index: usize) -> Ident {
    format_ident!("__field{index}", span = Span::mixed_site())
}

/// The same variable, as if it had been written at `span`.
pub fn located(mut ident: Ident, span: Span) -> Ident {
    ident.set_span(ident.span().located_at(span));
    ident
}
