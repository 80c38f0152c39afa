//! Emits `impl Reduce`: the reducer, which takes a value apart into the stream.

use crate::ast::{Data, Field, Input, Variant};
use crate::key::Key;
use crate::wrap::Private;
use crate::{bound, column, local, pod, row, state, way};
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

/// ```text
/// impl Reduce for Point {
///     fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
///         part::<f64>().reduce(&self.x, "x", w)?;
///         Ok(())
///     }
/// }
/// ```
pub fn reducer(input: &Input<'_>, private: &Private) -> TokenStream {
    let p = private.path();
    let ident = input.ident;
    let this = local::this();
    let generics = bound::reduce(input, private);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (_, ty_generics, _) = input.generics.split_for_impl();
    let methods = if input.has_state() {
        state::reduce(input, private)
    } else if input.pod() {
        pod::reduce(private)
    } else {
        let writer = if writes(input) { local::writer().into_token_stream() } else { quote!(_) };
        let body = body(input, private);
        quote! {
            fn reduce(&#this, #writer: &mut #p::Writer<'_>) -> #p::Result<(), #p::Error> {
                #body
            }
        }
    };
    let rows = column::rows(input, private);
    let row = if input.pod() { None } else { row::reduce(input, private) };
    quote! {
        #[automatically_derived]
        impl #impl_generics #p::Reduce for #ident #ty_generics #where_clause {
            #methods
            #rows
            #row
        }
    }
}

/// Whether the body uses the writer: not for structs of no fields and enums of no variants.
fn writes(input: &Input<'_>) -> bool {
    input.attrs.via.is_some()
        || match &input.data {
            Data::Struct(record) => record.kept().next().is_some() || record.unknown().is_some(),
            Data::Enum(variants) => !variants.is_empty(),
        }
}

fn body(input: &Input<'_>, private: &Private) -> TokenStream {
    let this = local::this();
    let w = local::writer();
    // via = Stored:
    //   nested_reduce::<Stored>(w, |w| part::<Stored>().reduce(&reduce_via::<Self, Stored>(self), "", w))
    if let Some(via) = &input.attrs.via {
        let span = via.span();
        let p = private.at(span);
        let (this, w) = (local::located(this, span), local::located(w, span));
        return quote_spanned! {span=>
            #p::nested_reduce::<#via>(#w, |#w| {
                #p::part::<#via>().reduce(&#p::reduce_via::<Self, #via>(#this), "", #w)
            })
        };
    }
    // A transparent type leaves no step in an error's path.
    if let Some(inner) = input.inner() {
        return reduce_field(inner, &borrowed(inner, input.packed), "", private);
    }
    match &input.data {
        Data::Struct(record) => {
            fields(record.kept().chain(record.unknown()), input.packed, private)
        }
        // match *self { Self::Circle { .. } => { .. } }
        Data::Enum(variants) => {
            let arms =
                variants.iter().enumerate().map(|(index, variant)| arm(index, variant, private));
            quote! {
                match *#this {
                    #(#arms)*
                }
            }
        }
    }
}

/// ```text
/// part::<f64>().reduce(&self.x, "x", w)?;
/// Ok(())
/// ```
pub fn fields<'f, 'a: 'f>(
    fields: impl Iterator<Item = &'f Field<'a>>,
    packed: bool,
    private: &Private,
) -> TokenStream {
    let p = private.path();
    let fields =
        fields.map(|field| reduce_field(field, &borrowed(field, packed), &field.at, private));
    quote! {
        #(#fields?;)*
        #p::Ok(())
    }
}

/// ```text
/// Self::Circle { radius: ref __field0, .. } => {
///     reduce_variant(1, w)?;
///     part::<f64>().reduce(__field0, "Circle.radius", w)?;
///     Ok(())
/// }
/// ```
fn arm(index: usize, variant: &Variant<'_>, private: &Private) -> TokenStream {
    let p = private.path();
    let w = local::writer();
    let ident = variant.ident;
    let index = Literal::usize_unsuffixed(index);
    let bindings = variant.record.kept().map(|field| {
        let member = &field.member;
        let local = local::field(field.index);
        quote!(#member: ref #local,)
    });
    let others = variant.record.skipped().next().map(|_| quote!(..));
    let fields = variant.record.kept().map(|field| {
        let borrowed = local::located(local::field(field.index), field.ty.span());
        reduce_field(field, &borrowed, &field.at, private)
    });
    quote! {
        Self::#ident { #(#bindings)* #others } => {
            #p::reduce_variant(#index, #w)?;
            #(#fields?;)*
            #p::Ok(())
        }
    }
}

/// `&self.x`; a field of a packed struct is copied first: `&{ self.x }`.
fn borrowed(field: &Field<'_>, packed: bool) -> TokenStream {
    let this = local::located(local::this(), field.ty.span());
    let member = &field.member;
    if packed {
        quote_spanned!(field.ty.span()=> &{ #this.#member })
    } else {
        quote_spanned!(field.ty.span()=> &#this.#member)
    }
}

/// `part::<f64>().reduce(&self.x, "x", w)` at the field's type or adapter; with `out_of_band`
/// `unmark_out_of_band(part::<f64>().reduce(&self.x, "x", mark_out_of_band(w)), w)`.
fn reduce_field(
    field: &Field<'_>,
    borrowed: &impl ToTokens,
    at: &str,
    private: &Private,
) -> TokenStream {
    let (span, part) = way::to_dump(field, private);
    let w = local::located(local::writer(), span);
    if field.attrs.keys.has(Key::OutOfBand) {
        let p = private.at(span);
        quote_spanned! {span=>
            #p::unmark_out_of_band(
                #part.reduce(#borrowed, #at, #p::mark_out_of_band(#w)),
                #w
            )
        }
    } else {
        quote_spanned!(span=> #part.reduce(#borrowed, #at, #w))
    }
}
