//! Emits what a `pod` record is and does: it is copied between memory and the stream as a whole. What its program says, how it
//! is adapted and what it is in columns comes from its fields, as for any record.

use crate::ast::{Data, Field, Input};
use crate::key::Key;
use crate::wrap::Private;
use crate::{local, way};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Lifetime;
use syn::spanned::Spanned;

/// ```text
/// const WIDTH: Width = pod::width::<Self>(&[<Fixed<f64> as Describe>::WIDTH]);
/// ```
pub fn describe(input: &Input<'_>, private: &Private) -> Option<TokenStream> {
    let fields = fields(input)?;
    let p = private.path();
    let widths = fields.iter().map(|field| {
        let ty = field.ty;
        let p = private.at(ty.span());
        // As in the fields' descriptions, so that one error is reported of the two.
        quote_spanned!(ty.span()=> <#p::Fixed<#ty> as #p::Describe>::WIDTH)
    });
    Some(quote!(const WIDTH: #p::Width = #p::pod::width::<Self>(&[#(#widths),*]);))
}

/// ```text
/// fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
///     pod::reduce(self, w)
/// }
/// ```
///
/// and the same for elements that lie side by side, and for rows of fixed width.
pub fn reduce(private: &Private) -> TokenStream {
    let p = private.path();
    let (this, elements) = (local::this(), local::elements());
    let (writer, row) = (local::writer(), local::row());
    quote! {
        #[inline]
        fn reduce(&#this, #writer: &mut #p::Writer<'_>) -> #p::Result<(), #p::Error> {
            #p::pod::reduce(#this, #writer)
        }
        #[inline]
        fn reduce_elements(
            #elements: &[Self],
            #writer: &mut #p::Writer<'_>,
        ) -> #p::Result<(), #p::Error> {
            #p::pod::reduce_elements(#elements, #writer)
        }
        #[inline]
        fn put_row(&#this, #row: &mut #p::RowMut<'_>) {
            #p::pod::put_row(#this, #row)
        }
    }
}

/// ```text
/// fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
///     pod::expand(r)
/// }
/// ```
///
/// and the same for the elements of lists and arrays, copied or lent, and for rows of fixed width.
pub fn expand(de: &Lifetime, private: &Private) -> TokenStream {
    let p = private.path();
    let (count, elements) = (local::rows(), local::elements());
    let (r, row) = (local::reader(), local::row());
    quote! {
        #[inline]
        fn expand(#r: &mut #p::Reader<'_, #de>) -> #p::Result<Self, #p::Error> {
            #p::pod::expand(#r)
        }
        fn expand_elements(
            #count: #p::usize,
            #r: &mut #p::Reader<'_, #de>,
        ) -> #p::Result<#p::Vec<Self>, #p::Error> {
            #p::pod::expand_elements(#count, #r)
        }
        fn expand_array<const __N: #p::usize>(
            #r: &mut #p::Reader<'_, #de>,
        ) -> #p::Result<[Self; __N], #p::Error> {
            #p::pod::expand_array(#r)
        }
        fn borrow_elements<'__a>(
            #count: #p::usize,
            #r: &mut #p::Reader<'_, #de>,
        ) -> #p::Result<#p::Cow<'__a, [Self]>, #p::Error>
        where
            #de: '__a,
        {
            #p::pod::borrow_elements(#count, #r)
        }
        #[inline]
        fn lend(#elements: &[#p::u8]) -> #p::Option<&[Self]> {
            #p::pod::lend(#elements)
        }
        #[inline]
        fn get_row(#row: &mut #p::Row<'_>) -> Self {
            #p::pod::get_row(#row)
        }
    }
}

/// ```text
/// impl Raw for Point {
///     const RAW_WIDTH: Width = <Self as Describe>::WIDTH;
///     const SAME: bool = true;
///     fn raw_def() -> &'static TypeDef { <Self as Describe>::def() }
///     fn adapt_raw<'de>(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
///         <Self as Expand<'de>>::adapt(plan, r)
///     }
///     fn swapped(self) -> Self { Self { x: stored::<InPlace, f64>().swapped(self.x) } }
/// }
/// impl Lent for Point {
///     const NAME: &'static str = "Point";
///     const AS_STORED: bool = true;
///     fn lent(bytes: &[u8]) -> Option<&[Self]> { pod::lend(bytes) }
/// }
/// impl LentInArrays for Point {}
/// const _: () = pod::laid_out(&[(offset_of!(Point, x), size_of::<f64>())]);
/// ```
///
/// At the key, for a type that is no plain data.
pub fn raw(input: &Input<'_>, private: &Private) -> TokenStream {
    let Some(fields) = fields(input) else { return TokenStream::new() };
    let Some(key) = input.attrs.keys.get(Key::Pod) else { return TokenStream::new() };
    let p = private.path();
    let (ident, name) = (input.ident, input.ident.to_string());
    let (this, mode, r) = (local::this(), local::mode(), local::reader());
    let elements = local::elements();
    let mut at_key = ident.clone();
    at_key.set_span(ident.span().located_at(key.span()));
    let swapped = fields.iter().map(|field| {
        let member = &field.member;
        let (span, part) = way::to_load(field, private);
        let this = local::located(local::this(), span);
        quote_spanned!(span=> #member: #part.swapped(#this.#member))
    });
    let places = fields.iter().map(|field| {
        let (member, ty) = (&field.member, field.ty);
        quote!((#p::offset_of!(#ident, #member), #p::size_of::<#ty>()))
    });
    quote! {
        #[automatically_derived]
        impl #p::Raw for #at_key {
            const RAW_WIDTH: #p::Width = <Self as #p::Describe>::WIDTH;
            const SAME: #p::bool = true;
            fn raw_def() -> &'static #p::TypeDef {
                <Self as #p::Describe>::def()
            }
            fn adapt_raw<'__de>(
                #mode: #p::Plan,
                #r: &mut #p::Reader<'_, '__de>,
            ) -> #p::Result<Self, #p::Error> {
                <Self as #p::Expand<'__de>>::adapt(#mode, #r)
            }
            fn swapped(#this) -> Self {
                Self { #(#swapped),* }
            }
        }
        #[automatically_derived]
        impl #p::Lent for #ident {
            const NAME: &'static #p::str = #name;
            const AS_STORED: #p::bool = true;
            fn lent(#elements: &[#p::u8]) -> #p::Option<&[Self]> {
                #p::pod::lend(#elements)
            }
        }
        #[automatically_derived]
        impl #p::LentInArrays for #ident {}
        const _: () = #p::pod::laid_out(&[#(#places),*]);
    }
}

/// The fields of a `pod` record.
fn fields<'i, 'a>(input: &'i Input<'a>) -> Option<&'i [Field<'a>]> {
    match &input.data {
        Data::Struct(record) if input.pod() => Some(&record.fields),
        Data::Struct(_) | Data::Enum(_) => None,
    }
}
