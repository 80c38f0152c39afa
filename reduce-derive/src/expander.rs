//! Emits `impl Expand`: the expander, which puts a value together from the stream.
//!
//! Order of work: kept fields as declared, then those of them that the stream lacks and a function makes, then skipped
//! fields as declared (a `from(...)` may name an earlier one; `reading` has all of these), then the value, then `validate`,
//! then state fields (see `state`).

use crate::ast::{Data, Input, Record, Role};
use crate::attr::Function;
use crate::call::{Argument, Call};
use crate::wrap::Private;
use crate::{bound, collect, column, local, part, pod, reading, row, rows, state};
use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

/// ```text
/// impl<'de> Expand<'de> for Point {
///     fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
///         <Self as Expand<'de>>::expand_by(Native, r)
///     }
///     fn expand_by<M: Mode<'de>>(__mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
///         let mut __fields = __mode.fields(r)?;
///         let __field0 = part::<f64>().expand(0, "x", &mut __fields, r)?;
///         ReadFields::end(&mut __fields, r)?;
///         Ok(Self { x: __field0 })
///     }
/// }
/// ```
///
/// The one body is compiled for streams whose program is the type's own, in which the fields follow each other, and for
/// those that are adapted.
pub fn expander(input: &Input<'_>, private: &Private) -> TokenStream {
    let p = private.path();
    let ident = input.ident;
    let (generics, de) = bound::expand(input, private);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (_, ty_generics, _) = input.generics.split_for_impl();
    let body = body(input, private);
    let (any, mode, r) = (local::any_mode(), local::mode(), local::reader());
    // Where there is state, the value without it is only the first half.
    let (method, state) = if input.has_state() {
        (quote!(expand_kept), Some(state::expand(input, &de, private)))
    } else {
        (quote!(expand_by), None)
    };
    let slots = column::knows_columns(input, private).then(|| rows::expand(input, &de, private));
    let inline = slots.is_some().then(|| quote!(#[inline(always)]));
    let (expand, row) = if input.pod() {
        (pod::expand(&de, private), None)
    } else {
        let expand = quote! {
            fn expand(#r: &mut #p::Reader<'_, #de>) -> #p::Result<Self, #p::Error> {
                <Self as #p::Expand<#de>>::expand_by(#p::Native, #r)
            }
        };
        (expand, row::expand(input, private))
    };
    let collect = collect::collect(input, &de, private);
    quote! {
        #[automatically_derived]
        impl #impl_generics #p::Expand<#de> for #ident #ty_generics #where_clause {
            #expand
            #inline
            fn #method<#any: #p::Mode<#de>>(
                #mode: #any,
                #r: &mut #p::Reader<'_, #de>,
            ) -> #p::Result<Self, #p::Error> {
                #body
            }
            #state
            #slots
            #row
            #collect
        }
    }
}

/// ```text
/// let __value = ..;
/// let __callee = callee(check);
/// validate::<Self, _, _>(__callee, &__value, Site { at: "", function: "check" }, r)?;
/// Ok(__value)
/// ```
fn body(input: &Input<'_>, private: &Private) -> TokenStream {
    let p = private.path();
    let (setup, value) = value(input, private);
    let Some(function) = &input.attrs.validate else {
        return quote! {
            #setup
            #p::Ok(#value)
        };
    };
    let local = local::value();
    let call = Call::new(function, "", private);
    let bind = call.bind();
    let validate = call.validate(&local);
    quote! {
        #setup
        let #local = #value;
        #bind
        #validate
        #p::Ok(#local)
    }
}

/// The statements that come first, and the expression of the value.
fn value(input: &Input<'_>, private: &Private) -> (TokenStream, TokenStream) {
    // via = Stored:
    //   expand_via::<Self, Stored, _>(nested_expand(r, |r| part::<Stored>().whole(__mode, r))?, r)?
    if let Some(via) = &input.attrs.via {
        let span = via.span();
        let p = private.at(span);
        let r = local::located(local::reader(), span);
        let mode = local::located(local::mode(), span);
        let part = part::part(via, private);
        return (
            TokenStream::new(),
            quote_spanned! {span=>
                #p::expand_via::<Self, #via, _>(
                    #p::nested_expand(#r, |#r| #part.whole(#mode, #r))?,
                    #r
                )?
            },
        );
    }
    match &input.data {
        Data::Struct(record) => match &input.attrs.rebuild {
            None => {
                let fields = reading::fields(input, record, private);
                let members = members(record, private);
                (fields, quote!(Self { #members }))
            }
            Some(function) => {
                let kept = reading::kept(input, record, private);
                let (calls, value) = container_rebuild(input, record, function, private);
                (quote!(#kept #calls), value)
            }
        },
        Data::Enum(_) => variants(input, private),
    }
}

/// ```text
/// let (__variant, __mode) = __mode.variant("Shape", 2, r)?;
///
/// match __variant {
///     0 => {
///         __mode.no_fields(r)?;
///         Self::Point {}
///     }
///     1 => {
///         let mut __fields = __mode.fields(r)?;
///         let __field0 = part::<f64>().expand(0, "Circle.radius", &mut __fields, r)?;
///         ReadFields::end(&mut __fields, r)?;
///         Self::Circle { radius: __field0 }
///     }
///     _ => return no_variant("Shape", r),
/// }
/// ```
fn variants(input: &Input<'_>, private: &Private) -> (TokenStream, TokenStream) {
    let Data::Enum(variants) = &input.data else { return Default::default() };
    let p = private.path();
    let (mode, which, r) = (local::mode(), local::variant(), local::reader());
    let name = &input.name;
    let count = Literal::usize_unsuffixed(variants.len());
    let arms = variants.iter().enumerate().map(|(index, variant)| {
        let index = Literal::usize_unsuffixed(index);
        let ident = variant.ident;
        let fields = match variant.other() {
            Some(field) => reading::other(field, private),
            None => reading::fields(input, &variant.record, private),
        };
        let members = members(&variant.record, private);
        quote! {
            #index => {
                #fields
                Self::#ident { #members }
            }
        }
    });
    (
        quote!(let (#which, #mode) = #mode.variant(#name, #count, #r)?;),
        quote! {
            match #which {
                #(#arms)*
                _ => return #p::no_variant(#name, #r),
            }
        },
    )
}

/// `x: __field0, ..` for a struct expression. It fits tuples as well: `0: __field0`.
fn members(record: &Record<'_>, private: &Private) -> TokenStream {
    let p = private.path();
    let members = record.fields.iter().map(|field| {
        let member = &field.member;
        match field.role {
            Role::Phantom => quote!(#member: #p::PhantomData),
            Role::Kept | Role::Skipped | Role::State | Role::Unknown => {
                // At the field, for what the borrow checker has to say.
                let local = local::located(local::field(field.index), field.ty.span());
                quote!(#member: #local)
            }
        }
    });
    quote!(#(#members),*)
}

/// ```text
/// let __callee = callee(make);
/// let __context = context::<Pool>("", r)?;                       // with context(Pool)
/// rebuild_value::<(&Pool, u32,), Self, _, _>(__callee, (__context, __field0,), Site { .. }, r)?
/// ```
fn container_rebuild(
    input: &Input<'_>,
    record: &Record<'_>,
    function: &Function,
    private: &Private,
) -> (TokenStream, TokenStream) {
    let call = Call::new(function, "", private);
    let arguments: Vec<Argument> = record.kept().map(|field| call.hand_over(field)).collect();
    let context = input.attrs.context.as_ref();
    let bind = call.bind();
    let fetch = context.map(|context| call.fetch(context));
    (quote!(#bind #fetch), call.rebuild_value(context, &arguments))
}
