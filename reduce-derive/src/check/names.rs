//! Names in streams: no two owners of one.

use crate::ast::{Data, Input, Record, Role};
use crate::ctxt::Ctxt;
use proc_macro2::TokenStream;
use quote::ToTokens;
use std::collections::HashMap;
use syn::Member;

/// Streams know variants by name.
pub fn variant_names(cx: &Ctxt, input: &Input<'_>) {
    let Data::Enum(variants) = &input.data else { return };
    unique(
        cx,
        "variant",
        variants.iter().map(|variant| {
            let written = variant.ident.to_string();
            let at = match &variant.attrs.rename {
                Some(name) => name.to_token_stream(),
                None => variant.ident.to_token_stream(),
            };
            (variant.name.clone(), written, at)
        }),
    );
}

/// Streams know named fields by name.
pub fn field_names(cx: &Ctxt, record: &Record<'_>) {
    if !record.is_named(Role::Kept) && !record.is_named(Role::State) {
        return;
    }
    unique(
        cx,
        "field",
        record.stored().map(|field| {
            let at = match (&field.attrs.rename, &field.member) {
                (Some(name), _) => name.to_token_stream(),
                (None, Member::Named(ident)) => ident.to_token_stream(),
                (None, Member::Unnamed(_)) => field.ty.to_token_stream(),
            };
            (field.name.clone(), field.written(), at)
        }),
    );
}

/// Reports the second of two owners of a name.
fn unique(cx: &Ctxt, what: &str, names: impl Iterator<Item = (String, String, TokenStream)>) {
    let mut owners: HashMap<String, String> = HashMap::new();
    for (name, written, at) in names {
        match owners.get(&name) {
            Some(owner) => cx.error_at(
                at,
                format!(
                    "the {what} `{written}` would have the name \"{name}\" in streams, which \
                     `{owner}` has already; choose another with `rename`"
                ),
            ),
            None => {
                owners.insert(name, written);
            }
        }
    }
}
