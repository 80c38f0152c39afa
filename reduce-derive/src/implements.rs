//! Emits `Describe::implementations`: the trait objects from which a value of the type may be read.

use crate::ast::Input;
use crate::local;
use crate::wrap::Private;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

/// ```text
/// fn implementations(c: &mut Implementations<'_>) where Self: Sized + 'static {
///     c.add::<dyn Shape, Self>();
/// }
/// ```
///
/// Each line stands at its trait, for a type that does not implement it.
pub fn implements(input: &Input<'_>, private: &Private) -> Option<TokenStream> {
    let p = private.path();
    let c = local::collector();
    let objects = input.attrs.implements.iter().map(|object| {
        let span = object.path.span();
        let (c, bounds) = (local::located(c.clone(), span), object.bounds());
        quote_spanned!(span=> #c.add::<dyn #bounds, Self>();)
    });
    (!input.attrs.implements.is_empty()).then(|| {
        quote! {
            fn implementations(#c: &mut #p::Implementations<'_>)
            where
                Self: #p::Sized + 'static,
            {
                #(#objects)*
            }
        }
    })
}
