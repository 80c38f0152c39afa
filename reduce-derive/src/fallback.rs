//! What is emitted beside an error, so that the user reads that error and not its echoes.

use crate::{bound, local, wrap, wrap::Private};
use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

/// The error, and impls that type-check whatever the item looks like:
///
/// ```text
/// compile_error!("...");
/// impl Describe for Point { fn def() -> &'static TypeDef { loop {} } }
/// ...
/// ```
pub fn fallback(input: &DeriveInput, private: &Private, error: &syn::Error) -> TokenStream {
    let errors = error.to_compile_error();
    let p = private.path();
    let ident = &input.ident;
    let this = local::this();
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let de = bound::de_lifetime(&input.generics, TokenStream::new());
    let expand_generics = bound::with_lifetime(&input.generics, &de, []);
    let (expand_impl_generics, _, _) = expand_generics.split_for_impl();
    let impls = wrap::wrap([quote! {
        #[automatically_derived]
        impl #impl_generics #p::Describe for #ident #ty_generics #where_clause {
            fn def() -> &'static #p::TypeDef {
                loop {}
            }
        }
        #[automatically_derived]
        impl #impl_generics #p::Reduce for #ident #ty_generics #where_clause {
            fn reduce(&#this, _: &mut #p::Writer<'_>) -> #p::Result<(), #p::Error> {
                loop {}
            }
        }
        #[automatically_derived]
        impl #expand_impl_generics #p::Expand<#de> for #ident #ty_generics #where_clause {
            fn expand(_: &mut #p::Reader<'_, #de>) -> #p::Result<Self, #p::Error> {
                loop {}
            }
        }
    }]);
    quote! {
        #errors
        #impls
    }
}
