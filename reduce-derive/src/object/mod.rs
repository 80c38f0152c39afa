//! `#[object]` on a trait: its trait objects can be dumped and loaded.
//!
//! `attr` reads the arguments, `parse` the trait, `compatible` says whether it has objects at all,
//! `emit` writes the impls.

mod compatible;
mod emit;
mod parse;

use crate::attr;
use crate::ctxt::Ctxt;
use crate::wrap::Private;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;

pub fn object(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let cx = Ctxt::new();
    let attrs = attr::Trait::parse(&cx, arguments);
    let private = Private::new(attrs.crate_path.as_ref());
    // An argument that cannot be read costs that argument: the impls stand, and so their uses do.
    let output = match parse::parse(&cx, &item) {
        Some(item) if compatible::compatible(&cx, &item) => {
            let name = attrs.name.map_or_else(|| item.ident.unraw().to_string(), |n| n.value());
            emit::emit(item, &name, &private)
        }
        Some(item) => item.into_token_stream(),
        None => item,
    };
    match cx.check() {
        Ok(()) => output,
        Err(error) => {
            let errors = error.to_compile_error();
            quote!(#errors #output)
        }
    }
}
