//! Emits `Expand::collect`: the walk over the types that a load may meet.

use crate::ast::{Field, Input};
use crate::wrap::Private;
use crate::{local, part, way};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use std::collections::HashSet;
use std::iter;
use syn::Lifetime;
use syn::spanned::Spanned;

/// ```text
/// fn collect(c: &mut Collect<'de>) {
///     if c.enter::<Self>() {
///         part::<f64>().collect(c);
///     }
/// }
/// ```
///
/// One line a type, however many fields have it. A type without fields keeps the trait's own.
pub fn collect(input: &Input<'_>, de: &Lifetime, private: &Private) -> Option<TokenStream> {
    if input.pod() {
        // Nothing in it is shared.
        return None;
    }
    let p = private.path();
    let c = local::collector();
    let parts: Vec<TokenStream> = match &input.attrs.via {
        Some(via) => vec![part::part(via, private)],
        None => {
            let fields = input.records().into_iter().flat_map(|record| record.stored());
            fields.flat_map(|field| types(field, private)).collect()
        }
    };
    let mut seen = HashSet::new();
    let parts = parts.iter().filter(|part| seen.insert(part.to_string())).map(|part| {
        let c = local::located(c.clone(), part.span());
        quote_spanned!(part.span()=> #part.collect(#c);)
    });
    let parts: Vec<TokenStream> = parts.collect();
    (!parts.is_empty()).then(|| {
        quote! {
            fn collect(#c: &mut #p::Collect<#de>) {
                if #c.enter::<Self>() {
                    #(#parts)*
                }
            }
        }
    })
}

/// What a field is, and what it was:
///
/// ```text
/// part::<f64>()
/// conversion::<f64, _>(callee(parse))
/// ```
fn types(field: &Field<'_>, private: &Private) -> Vec<TokenStream> {
    let ty = field.ty;
    let earlier = field.attrs.converts.iter().map(|function| {
        let span = function.path.span();
        let (p, path) = (private.at(span), &function.path);
        quote_spanned!(span=> #p::conversion::<#ty, _>(#p::callee(#path)))
    });
    iter::once(way::to_load(field, private).1).chain(earlier).collect()
}
