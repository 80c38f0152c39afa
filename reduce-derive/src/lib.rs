//! The derive macro of `reduce-core`, and the attribute for traits with objects.
//!
//! Use it through `reduce_core::Reduce`; this crate has no API of its own. An item runs through one
//! file a stage: `attr` (one parser per level) -> `ast` (the model, borrowing the syn nodes) ->
//! `check` (rules across fields) -> `bound` (where clauses) -> `describe`, `reducer`, `expander`
//! (the impls; `reading`, `calls`, `state`, `collect`, `part`, `row`, `pod` and `implements` add to them) -> `wrap`. Errors of all stages gather in one `Ctxt`; when there are any, `fallback`
//! stands in for the impls. `object` is a pipeline of its own, on the same attributes.

mod ast;
mod attr;
mod bound;
mod call;
mod calls;
mod case;
mod check;
mod collect;
mod column;
mod ctxt;
mod describe;
mod expander;
mod fallback;
mod habit;
mod implements;
mod key;
mod local;
mod near_miss;
mod object;
mod part;
mod pod;
mod reading;
mod reducer;
mod row;
mod rows;
mod state;
#[cfg(test)]
mod tests;
mod usage;
mod way;
mod wrap;

use proc_macro2::TokenStream;
use syn::DeriveInput;

/// It belongs to `reduce_core`, where the
/// [page on attributes](https://docs.rs/reduce-core/latest/reduce_core/attributes/index.html) explains `#[reduce(...)]`.
#[proc_macro_derive(Reduce, attributes(reduce))]
pub fn derive_reduce(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = syn::parse_macro_input!(input as DeriveInput);
    expand(&input).into()
}

/// Use it as `reduce_core::object`, on a trait: `Box<dyn Trait>`, `Rc<dyn Trait>` and `Arc<dyn Trait>`, with `Send` and
/// `Sync` or without, can then be fields. `#[object(name = "geo.Shape")]` is the trait's name in streams, in place of the
/// one that it has in Rust; `crate = path` says where `reduce_core` is.
///
/// The types behind the objects are those with `#[reduce(implements(Trait))]`, and those that a registry is told of. The
/// trait gets `Any` as a supertrait, so they are `'static`.
#[proc_macro_attribute]
pub fn object(
    arguments: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    object::object(arguments.into(), item.into()).into()
}

fn expand(input: &DeriveInput) -> TokenStream {
    let cx = ctxt::Ctxt::new();
    let attrs = attr::Container::parse(&cx, &input.attrs);
    let private = wrap::Private::new(attrs.crate_path.as_ref());
    let model = ast::Input::new(&cx, input, attrs);
    if let Some(model) = &model {
        check::check(&cx, model);
    }
    match (cx.check(), model) {
        (Ok(()), Some(model)) => wrap::wrap([
            describe::describe(&model, &private),
            reducer::reducer(&model, &private),
            expander::expander(&model, &private),
            pod::raw(&model, &private),
        ]),
        (Ok(()), None) => TokenStream::new(),
        (Err(error), _) => fallback::fallback(input, &private, &error),
    }
}
