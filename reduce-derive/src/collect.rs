//! Emits `Expand::collect`: the walk over the types that a load may meet.

use crate::ast::{Field, Input};
use crate::local;
use crate::wrap::Private;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use std::collections::HashSet;
use syn::Lifetime;
use syn::spanned::Spanned;

/// ```text
/// fn collect(c: &mut Collect<'de>) {
///     if c.enter::<Self>() {
///         collect_field::<f64>(c);
///     }
/// }
/// ```
///
/// One line a type, however many fields have it. A type without fields keeps the trait's own.
pub fn collect(input: &Input<'_>, de: &Lifetime, private: &Private) -> Option<TokenStream> {
    let p = private.path();
    let c = local::collector();
    let stored: Vec<TokenStream> = match &input.attrs.via {
        Some(via) => vec![via.to_token_stream()],
        None => {
            let fields = input.records().into_iter().flat_map(|record| record.stored());
            fields.map(|field| stored_type(field, private)).collect()
        }
    };
    let mut seen = HashSet::new();
    let types = stored.iter().filter(|ty| seen.insert(ty.to_string())).map(|ty| {
        let p = private.at(ty.span());
        let c = local::located(c.clone(), ty.span());
        quote_spanned!(ty.span()=> #p::collect_field::<#ty>(#c);)
    });
    let types: Vec<TokenStream> = types.collect();
    (!types.is_empty()).then(|| {
        quote! {
            fn collect(#c: &mut #p::Collect<#de>) {
                if #c.enter::<Self>() {
                    #(#types)*
                }
            }
        }
    })
}

/// The field's type, or the one in which an adapter stores it: `<Adapter as Adapter<f64>>::Stored`.
fn stored_type(field: &Field<'_>, private: &Private) -> TokenStream {
    let ty = field.ty;
    match &field.attrs.with {
        None => ty.to_token_stream(),
        Some(adapter) => {
            let p = private.at(adapter.span());
            quote_spanned!(adapter.span()=> <#adapter as #p::Adapter<#ty>>::Stored)
        }
    }
}
