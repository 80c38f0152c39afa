//! What a field may borrow, and whose identity it may leave out.

use crate::ast::{Field, Input, Role};
use crate::attr::Bound;
use crate::ctxt::Ctxt;
use crate::key::Key;
use crate::part;
use crate::usage::Usage;
use crate::way;
use syn::Type;

/// What is shared outlives the load, and a context is found by its `'static` type: neither borrows.
pub fn borrowed_beyond_the_load(cx: &Ctxt, input: &Input<'_>, field: &Field<'_>) {
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
pub fn borrowed_for_static(cx: &Ctxt, input: &Input<'_>, field: &Field<'_>) {
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

pub fn static_context(cx: &Ctxt, input: &Input<'_>, context: &Type) {
    for lifetime in Usage::of(input.ident, input.generics, [context]).lifetimes {
        let message = format!(
            "a context is found by its type, which cannot borrow for `{lifetime}`; hand over an \
             owned value"
        );
        cx.error_at(&lifetime, message);
    }
}

/// `shared = false` is about the pointers that the field's type names.
pub fn identity(cx: &Ctxt, field: &Field<'_>) {
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
