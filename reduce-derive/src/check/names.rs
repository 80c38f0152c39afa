//! Names in streams, and the earlier ones that `alias` gives: no two owners of one.

use crate::ast::{Data, Input, Record};
use crate::ctxt::Ctxt;
use proc_macro2::TokenStream;
use quote::ToTokens;
use std::collections::HashMap;
use std::ptr;
use syn::{LitStr, Member};

/// A variant or a field, and what it is called in streams.
struct Owner<'a> {
    written: String,
    name: &'a str,
    /// Where its name is to be seen.
    at: TokenStream,
    aliases: &'a [LitStr],
}

/// Streams know variants by name.
pub fn variant_names(cx: &Ctxt, input: &Input<'_>) {
    let Data::Enum(variants) = &input.data else { return };
    let owners = variants.iter().map(|variant| Owner {
        written: variant.ident.to_string(),
        name: &variant.name,
        at: match &variant.attrs.rename {
            Some(name) => name.to_token_stream(),
            None => variant.ident.to_token_stream(),
        },
        aliases: &variant.attrs.aliases,
    });
    unique(cx, "variant", &owners.collect::<Vec<_>>());
}

/// Streams know fields by name, and those of tuples by their positions, which are names to an alias.
pub fn field_names(cx: &Ctxt, record: &Record<'_>) {
    let owners = record.stored().map(|field| Owner {
        written: field.written(),
        name: &field.name,
        at: match (&field.attrs.rename, &field.member) {
            (Some(name), _) => name.to_token_stream(),
            (None, Member::Named(ident)) => ident.to_token_stream(),
            (None, Member::Unnamed(_)) => field.ty.to_token_stream(),
        },
        aliases: &field.attrs.aliases,
    });
    unique(cx, "field", &owners.collect::<Vec<_>>());
}

/// Reports the second of two owners of a name; every name comes before every alias.
fn unique(cx: &Ctxt, what: &str, owners: &[Owner<'_>]) {
    let mut of_name: HashMap<String, &Owner<'_>> = HashMap::new();
    for owner in owners {
        let Owner { name, written, at, .. } = owner;
        if let Some(first) = of_name.get(*name) {
            let first = &first.written;
            cx.error_at(
                at,
                format!(
                    "the {what} `{written}` would have the name \"{name}\" in streams, which \
                     `{first}` has already; choose another with `rename`"
                ),
            );
        } else {
            of_name.insert((*name).to_owned(), owner);
        }
    }
    for owner in owners {
        for alias in owner.aliases {
            let name = alias.value();
            let Some(first) = of_name.get(&name) else {
                of_name.insert(name, owner);
                continue;
            };
            let (written, has) = (&owner.written, &first.written);
            let message = if !ptr::eq(owner, *first) {
                format!(
                    "the {what} `{written}` would take \"{name}\" from streams, which `{has}` \
                     takes already; a name leads to one {what} alone"
                )
            } else if owner.name == name {
                format!("\"{name}\" is the name of `{written}` anyway; remove the alias")
            } else {
                format!("the alias \"{name}\" is given twice; remove one of the two")
            };
            cx.error_at(alias, message);
        }
    }
}
