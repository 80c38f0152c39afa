//! Emits the trait and the impls for its objects, which leave all work to the runtime.

use crate::wrap::Private;
use crate::{local, wrap};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{ItemTrait, parse_quote};

/// ```text
/// trait Shape: Behind { .. }
/// const _: () = {
///     impl Describe for dyn Shape { .. }
///     impl Reduce for dyn Shape { .. }
///     impl<'de> Pointee<'de> for dyn Shape { .. }
///     impl<__T: Shape + 'static> Object<__T> for dyn Shape { .. }
///     // and the same for `dyn Shape + Send`, `dyn Shape + Sync`, `dyn Shape + Send + Sync`
/// };
/// ```
pub fn emit(mut item: ItemTrait, name: &str, private: &Private) -> TokenStream {
    let p = private.path();
    item.supertraits.push(parse_quote!(#p::Behind));
    let ident = &item.ident;
    let (send, sync) = (quote!(::core::marker::Send), quote!(::core::marker::Sync));
    let impls = [quote!(), quote!(+ #send), quote!(+ #sync), quote!(+ #send + #sync)].map(|auto| {
        let bounds = quote!(#ident #auto);
        object(&bounds, name, private)
    });
    let impls = wrap::wrap(impls);
    quote!(#item #impls)
}

/// ```text
/// impl Describe for dyn Shape {
///     fn def() -> &'static TypeDef {
///         const { &TypeDef::dynamic::<Self>("geo.Shape") }
///     }
/// }
/// impl Reduce for dyn Shape {
///     fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
///         reduce_behind::<Self>(self, "geo.Shape", w)
///     }
///     ..
/// }
/// impl<'de> Pointee<'de> for dyn Shape {
///     dynamic_pointee!('de);
/// }
/// impl<__T: Shape + 'static> Object<__T> for dyn Shape {
///     fn casts(c: &mut Casts) {
///         casts!(c, __T, dyn Shape);
///     }
/// }
/// ```
///
/// Each `self` becomes a `&dyn Any` on its way: the supertrait, which is `Any` and a name for errors,
/// is what makes that possible.
fn object(bounds: &TokenStream, name: &str, private: &Private) -> TokenStream {
    let p = private.path();
    let (this, w, c) = (local::this(), local::writer(), local::collector());
    quote! {
        #[automatically_derived]
        impl #p::Describe for dyn #bounds {
            fn def() -> &'static #p::TypeDef {
                const { &#p::TypeDef::dynamic::<Self>(#name) }
            }
        }
        #[automatically_derived]
        impl #p::Reduce for dyn #bounds {
            fn reduce(&#this, #w: &mut #p::Writer<'_>) -> #p::Result<(), #p::Error> {
                #p::reduce_behind::<Self>(#this, #name, #w)
            }
            fn reduce_kept(&#this, #w: &mut #p::Writer<'_>) -> #p::Result<(), #p::Error> {
                #p::reduce_behind_kept::<Self>(#this, #name, #w)
            }
            fn reduce_state(&#this, #w: &mut #p::Writer<'_>) -> #p::Result<(), #p::Error> {
                #p::reduce_object_state(#this, #name, #w)
            }
            fn referable(&#this, #w: &mut #p::Writer<'_>) -> #p::Result<(), #p::Error> {
                #p::refer_behind::<Self>(#this, #name, #w)
            }
            fn two_phase(&#this, #w: &#p::Writer<'_>) -> bool {
                #p::object_is_two_phase(#this, #w)
            }
            fn identity(&#this) -> #p::TypeId {
                #p::type_id_of(#this)
            }
        }
        #[automatically_derived]
        impl<'de> #p::Pointee<'de> for dyn #bounds {
            #p::dynamic_pointee!('de);
        }
        #[automatically_derived]
        impl<__T: #bounds + 'static> #p::Object<__T> for dyn #bounds {
            fn casts(#c: &mut #p::Casts) {
                #p::casts!(#c, __T, dyn #bounds);
            }
        }
    }
}
