//! Emits how the elements of a list in columns are read: field by field of all rows at first, where a value is made of its
//! fields alone, and each from its slot where it is not.

use crate::ast::{Data, Field, Input, Role};
use crate::part::is_read_as_its_own;
use crate::wrap::Private;
use crate::{column, local, way};
use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::Lifetime;

/// ```text
/// fn expand_slots(__rows: usize, __mode: Slot, r: &mut Reader<'_, 'de>) -> Result<Vec<Self>, Error> {
///     each_row(__rows, __mode, r)
///     each_slot(__rows, __mode, r, <Self as Expand<'de>>::expand_by)      // where functions make values
/// }
/// ```
///
/// and with it `fn expand_rows<'__rows, const __WITHIN: bool>(..)`, whose body `record` and `enumeration` show.
///
/// A list's elements are many: their expander is put into the loop, which `expand_slot`, that other callers have as well,
/// would not be.
pub fn expand(input: &Input<'_>, de: &Lifetime, private: &Private) -> TokenStream {
    let p = private.path();
    let (rows, mode, r) = (local::rows(), local::mode(), local::reader());
    let within = local::within();
    let body = fields(input, private)
        .map(|fields| record(fields, de, private))
        .or_else(|| Some(enumeration(&variants(input, private)?, de, private)));
    let elements = match &body {
        Some(_) => quote!(#p::each_row(#rows, #mode, #r)),
        None => quote!(#p::each_slot(#rows, #mode, #r, <Self as #p::Expand<#de>>::expand_by)),
    };
    let side_by_side = body.map(|body| {
        quote! {
            #[inline(always)]
            fn expand_rows<'__rows, const #within: #p::bool>(
                #rows: #p::Rows<'__rows, #de>,
            ) -> #p::Result<
                impl #p::FnMut(#p::usize, &mut #p::Reader<'_, #de>) -> #p::Result<Self, #p::Error>,
                #p::Error,
            > {
                #body
            }
        }
    });
    quote! {
        fn expand_slots(
            #rows: #p::usize,
            #mode: #p::Slot,
            #r: &mut #p::Reader<'_, #de>,
        ) -> #p::Result<#p::Vec<Self>, #p::Error> {
            #elements
        }
        #side_by_side
    }
}

/// ```text
/// let __fields = __rows.parts()?;
/// let mut __field0 = part::<f64>().rows(0, __fields)?;
/// Ok(move |__row: usize, r: &mut Reader<'_, 'de>| {
///     Ok(Self { x: part::<f64>().in_row("x", &mut __field0, __row, r)? })
/// })
/// ```
fn record(fields: &[Field<'_>], de: &Lifetime, private: &Private) -> TokenStream {
    let p = private.path();
    let (rows, parts, row, r) = (local::rows(), local::fields(), local::row(), local::reader());
    let begin = fields.iter().enumerate().map(|(index, field)| {
        let (span, part) = way::to_load(field, private);
        let local = local::located(local::field(field.index), span);
        let parts = local::located(local::fields(), span);
        let index = Literal::usize_unsuffixed(index);
        quote_spanned!(span=> let mut #local = #part.rows(#index, #parts)?;)
    });
    let members = fields.iter().map(|field| {
        let (span, part) = way::to_load(field, private);
        let local = local::located(local::field(field.index), span);
        let (row, r) = (local::located(local::row(), span), local::located(local::reader(), span));
        let (member, at) = (&field.member, &field.at);
        let value = quote_spanned!(span=> #part.in_row(#at, &mut #local, #row, #r)?);
        quote!(#member: #value)
    });
    quote! {
        let #parts = #rows.parts()?;
        #(#begin)*
        #p::Ok(move |#row: #p::usize, #r: &mut #p::Reader<'_, #de>| {
            #p::Ok(Self { #(#members),* })
        })
    }
}

/// ```text
/// let __rows = __rows.variants()?;
/// Ok(move |__row: usize, _: &mut Reader<'_, 'de>| Ok(match of_row(__rows, __row) {
///     1 => Self::Square {},
///     _ => Self::Circle {},
/// }))
/// ```
fn enumeration(values: &[TokenStream], de: &Lifetime, private: &Private) -> TokenStream {
    let p = private.path();
    let (rows, row) = (local::rows(), local::row());
    // Each number is that of a variant: the column was looked at.
    let [first, others @ ..] = values else { return TokenStream::new() };
    let arms = others.iter().zip(1..).map(|(value, number)| {
        let number = Literal::u8_unsuffixed(number);
        quote!(#number => #value,)
    });
    quote! {
        let #rows = #rows.variants()?;
        #p::Ok(move |#row: #p::usize, _: &mut #p::Reader<'_, #de>| {
            #p::Ok(match #p::of_row(#rows, #row) {
                #(#arms)*
                _ => #first,
            })
        })
    }
}

/// The fields of a struct whose value is made of what is stored, and of nothing else.
fn fields<'i, 'a>(input: &'i Input<'a>, private: &Private) -> Option<&'i [Field<'a>]> {
    let Data::Struct(record) = &input.data else { return None };
    let plain = |field: &Field<'_>| {
        field.role == Role::Kept
            && field.filling().is_none()
            && field.attrs.converts.is_empty()
            && !field.pod
            && is_read_as_its_own(field.ty)
    };
    let fields = &record.fields;
    let is_plain = is_plain(input, private)
        && input.inner().is_none()
        && !fields.is_empty()
        && fields.iter().all(plain);
    is_plain.then_some(fields)
}

/// The values of an enum without fields.
fn variants(input: &Input<'_>, private: &Private) -> Option<Vec<TokenStream>> {
    let Data::Enum(variants) = &input.data else { return None };
    let is_plain = is_plain(input, private)
        && variants.len() <= FEW_VARIANTS
        && variants.iter().all(|variant| variant.record.fields.is_empty());
    is_plain.then(|| {
        let value = |ident| quote!(Self::#ident {});
        variants.iter().map(|variant| value(variant.ident)).collect()
    })
}

/// Up to so many variants, their numbers take a byte.
const FEW_VARIANTS: usize = 1 << 8;

/// No function of the user's runs when a value is made.
fn is_plain(input: &Input<'_>, private: &Private) -> bool {
    let attrs = &input.attrs;
    column::knows_columns(input, private)
        && attrs.rebuild.is_none()
        && attrs.validate.is_none()
        && attrs.upgrades.is_empty()
}
