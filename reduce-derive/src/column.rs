//! Emits what a type says and does of lists of it that lie in columns: all values of one field together.
//!
//! A type knows columns where each of its fields is stored by its type alone. What has state, is stored as another type, or
//! keeps what it does not know, stays in rows, and so do lists of what holds it.

use crate::ast::{Data, Field, Input, Variant};
use crate::key::Key;
use crate::local;
use crate::way;
use crate::wrap::Private;
use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

/// Whether the field is stored by its type alone.
pub fn is_plain(field: &Field<'_>, private: &Private) -> bool {
    let directed = field.is_adapted() || way::field_way(field, private).is_some();
    !directed && !field.attrs.keys.has(Key::OutOfBand)
}

/// `<f64 as Describe>::PART` at the type; `<Fixed<u32> as Describe>::PART` in a `pod` record.
pub fn field_part(field: &Field<'_>, private: &Private) -> TokenStream {
    let (ty, span) = (field.ty, field.ty.span());
    let p = private.at(span);
    if field.pod {
        return quote_spanned!(span=> <#p::Fixed<#ty> as #p::Describe>::PART);
    }
    quote_spanned!(span=> <#ty as #p::Describe>::PART)
}

/// Whether lists of the type may lie in columns, as far as the type says.
pub fn knows_columns(input: &Input<'_>, private: &Private) -> bool {
    let special = input.attrs.via.is_some() || input.packed || input.has_state();
    let empty = matches!(&input.data, Data::Enum(variants) if variants.is_empty());
    let other = match &input.data {
        Data::Struct(_) => false,
        Data::Enum(variants) => variants.iter().any(|variant| variant.other().is_some()),
    };
    let mut records = input.records().into_iter();
    !special
        && !empty
        && !other
        && records.all(|record| {
            record.unknown().is_none() && record.kept().all(|field| is_plain(field, private))
        })
}

/// ```text
/// const PART: PartDef = PartDef::derived(Self::def);
/// const PART: PartDef = <f64 as Describe>::PART.stored_as(Self::def);     // transparent
/// ```
pub fn part(input: &Input<'_>, private: &Private) -> Option<TokenStream> {
    if !knows_columns(input, private) {
        return None;
    }
    let p = private.path();
    let part = match input.inner() {
        Some(inner) => {
            let part = field_part(inner, private);
            quote!(#part.stored_as(Self::def))
        }
        None => quote!(#p::PartDef::derived(Self::def)),
    };
    Some(quote!(const PART: #p::PartDef = #part;))
}

/// ```text
/// fn reduce_rows(rows: &[&Self], column: Column, columns: &mut Columns<'_>) -> Result<(), Error> {
///     let parts = columns.first_part(column)?;
///     part::<f64>().reduce_column(rows, |row| &row.x, parts.part(0), columns)?;
///     Ok(())
/// }
/// ```
pub fn rows(input: &Input<'_>, private: &Private) -> Option<TokenStream> {
    if !knows_columns(input, private) {
        return None;
    }
    let p = private.path();
    let (rows, column, columns) = (local::rows(), local::column(), local::columns());
    let first = local::parts();
    let body = match &input.data {
        Data::Struct(record) => {
            let (begin, fields): (_, Vec<TokenStream>) = match input.inner() {
                Some(inner) => (None, vec![field(inner, &quote!(#column), private)]),
                None => {
                    let begin = quote!(let #first = #columns.first_part(#column)?;);
                    let kept = record.kept().enumerate();
                    let kept = kept.map(|(index, kept)| field(kept, &part_of(index), private));
                    (Some(begin), kept.collect())
                }
            };
            if fields.is_empty() {
                return Some(quote! {
                    fn reduce_rows(
                        _: &[&Self],
                        _: #p::Column,
                        _: &mut #p::Columns<'_>,
                    ) -> #p::Result<(), #p::Error> {
                        #p::Ok(())
                    }
                });
            }
            quote!(#begin #(#fields?;)*)
        }
        Data::Enum(variants) => {
            let (tags, alone) = (tags(variants), variants.len() == 1);
            let variants = variants.iter().enumerate();
            let (column, columns) = (&column, &columns);
            let fields = variants.map(|(place, variant)| {
                let kept = variant.record.kept().enumerate();
                let kept = kept.map(|(index, field)| {
                    variant_field(variant, alone, field, &part_of(index), private)
                });
                let kept: Vec<TokenStream> = kept.collect();
                let place = Literal::usize_unsuffixed(place);
                let begin = quote!(let #first = #columns.first_field(#column, #place)?;);
                let begin = (!kept.is_empty()).then_some(begin);
                quote!(#begin #(#kept?;)*)
            });
            quote! {
                #columns.variants(#column, #p::each_variant(#rows, #tags))?;
                #(#fields)*
            }
        }
    };
    Some(quote! {
        fn reduce_rows(
            #rows: &[&Self],
            #column: #p::Column,
            #columns: &mut #p::Columns<'_>,
        ) -> #p::Result<(), #p::Error> {
            #body
            #p::Ok(())
        }
    })
}

/// `parts.part(0)`: a field's column.
fn part_of(index: usize) -> TokenStream {
    let (first, index) = (local::parts(), Literal::usize_unsuffixed(index));
    quote!(#first.part(#index))
}

/// `part::<f64>().reduce_column(rows, |row| &row.x, column, columns)` at the field's type.
fn field(field: &Field<'_>, column: &TokenStream, private: &Private) -> TokenStream {
    let (span, part) = way::to_dump(field, private);
    let (rows, columns) = (local::located(local::rows(), span), local::columns());
    let (row, member) = (local::located(local::row(), span), &field.member);
    quote_spanned!(span=> #part.reduce_column(#rows, |#row| &#row.#member, #column, #columns))
}

/// The number of a row's variant:
///
/// ```text
/// |row| match *row {
///     Self::Circle { .. } => 0,
///     Self::Square { .. } => 1,
/// }
/// ```
fn tags(variants: &[Variant<'_>]) -> TokenStream {
    let row = local::row();
    let arms = variants.iter().enumerate().map(|(place, variant)| {
        let (ident, place) = (variant.ident, Literal::usize_unsuffixed(place));
        quote!(Self::#ident { .. } => #place,)
    });
    quote!(|#row| match *#row { #(#arms)* })
}

/// ```text
/// part::<f64>().reduce_variant_column(
///     rows,
///     |row| match *row {
///         Self::Circle { radius: ref __field0, .. } => Some(__field0),
///         _ => None,      // where there are others
///     },
///     parts.part(0),
///     columns,
/// )
/// ```
fn variant_field(
    variant: &Variant<'_>,
    alone: bool,
    field: &Field<'_>,
    column: &TokenStream,
    private: &Private,
) -> TokenStream {
    let (span, part) = way::to_dump(field, private);
    let p = private.at(span);
    let (rows, columns) = (local::located(local::rows(), span), local::columns());
    let row = local::located(local::row(), span);
    let held = local::located(local::field(field.index), span);
    let (ident, member) = (variant.ident, &field.member);
    let others = (!alone).then(|| quote_spanned!(span=> _ => #p::None,));
    quote_spanned! {span=>
        #part.reduce_variant_column(
            #rows,
            |#row| match *#row {
                Self::#ident { #member: ref #held, .. } => #p::Some(#held),
                #others
            },
            #column,
            #columns,
        )
    }
}
