//! Emits `impl Expand`: the expander, which puts a value together from the stream.
//!
//! Order of work: kept fields as declared, then skipped fields as declared (a `from(...)` may name
//! an earlier one), then the value, then `validate`, then state fields (see `state`).

use crate::ast::{Data, Field, Input, Record, Role, Source};
use crate::attr::Function;
use crate::call::{Argument, Call};
use crate::wrap::Private;
use crate::{bound, collect, local, part, state, way};
use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

/// ```text
/// impl<'de> Expand<'de> for Point {
///     fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
///         let __field0 = part::<f64>().expand("x", r)?;
///         Ok(Self { x: __field0 })
///     }
/// }
/// ```
pub fn expander(input: &Input<'_>, private: &Private) -> TokenStream {
    let p = private.path();
    let ident = input.ident;
    let (generics, de) = bound::expand(input, private);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (_, ty_generics, _) = input.generics.split_for_impl();
    let body = body(input, private);
    let reader = if reads(input) { local::reader().into_token_stream() } else { quote!(_) };
    // Where there is state, the value without it is only the first half.
    let (method, state) = if input.has_state() {
        let state = state::expand(input, &de, private);
        (
            quote!(expand_kept<__M: #p::Mode<#de>>(_: __M, #reader: &mut #p::Reader<'_, #de>)),
            Some(state),
        )
    } else {
        (quote!(expand(#reader: &mut #p::Reader<'_, #de>)), None)
    };
    let collect = collect::collect(input, &de, private);
    quote! {
        #[automatically_derived]
        impl #impl_generics #p::Expand<#de> for #ident #ty_generics #where_clause {
            fn #method -> #p::Result<Self, #p::Error> {
                #body
            }
            #state
            #collect
        }
    }
}

/// Whether the body uses the reader: not for structs that are made of defaults alone.
fn reads(input: &Input<'_>) -> bool {
    let attrs = &input.attrs;
    attrs.via.is_some()
        || attrs.rebuild.is_some()
        || attrs.validate.is_some()
        || match &input.data {
            Data::Enum(_) => true,
            Data::Struct(record) => record.fields.iter().any(|field| match field.source() {
                None => field.role == Role::Kept,
                Some(Source::Default | Source::DefaultFunction(_)) => false,
                Some(Source::Rebuild(_)) => true,
            }),
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
    //   expand_via::<Self, Stored, _>(nested_expand(r, |r| part::<Stored>().expand("", r))?, r)?
    if let Some(via) = &input.attrs.via {
        let span = via.span();
        let p = private.at(span);
        let r = local::located(local::reader(), span);
        let part = part::part(via, private);
        return (
            TokenStream::new(),
            quote_spanned! {span=>
                #p::expand_via::<Self, #via, _>(
                    #p::nested_expand(#r, |#r| #part.expand("", #r))?,
                    #r
                )?
            },
        );
    }
    match &input.data {
        Data::Struct(record) => match &input.attrs.rebuild {
            None => {
                let fields = fields(input, record, private);
                let members = members(record, private);
                (fields, quote!(Self { #members }))
            }
            Some(function) => {
                let kept = record.kept().map(|field| kept_field(input, field, private));
                let (calls, value) = container_rebuild(input, record, function, private);
                (quote!(#(#kept)* #calls), value)
            }
        },
        Data::Enum(_) => (TokenStream::new(), variants(input, private)),
    }
}

/// ```text
/// match expand_variant("Shape", 2, r)? {
///     0 => Self::Point {},
///     1 => {
///         let __field0 = part::<f64>().expand("Circle.radius", r)?;
///         Self::Circle { radius: __field0 }
///     }
///     _ => return no_variant("Shape", r),
/// }
/// ```
fn variants(input: &Input<'_>, private: &Private) -> TokenStream {
    let Data::Enum(variants) = &input.data else { return TokenStream::new() };
    let p = private.path();
    let r = local::reader();
    let name = &input.name;
    let count = Literal::usize_unsuffixed(variants.len());
    let arms = variants.iter().enumerate().map(|(index, variant)| {
        let index = Literal::usize_unsuffixed(index);
        let ident = variant.ident;
        let fields = fields(input, &variant.record, private);
        let members = members(&variant.record, private);
        if fields.is_empty() {
            quote!(#index => Self::#ident { #members },)
        } else {
            quote! {
                #index => {
                    #fields
                    Self::#ident { #members }
                }
            }
        }
    });
    quote! {
        match #p::expand_variant(#name, #count, #r)? {
            #(#arms)*
            _ => return #p::no_variant(#name, #r),
        }
    }
}

/// `x: __field0, ..` for a struct expression. It fits tuples as well: `0: __field0`.
fn members(record: &Record<'_>, private: &Private) -> TokenStream {
    let p = private.path();
    let members = record.fields.iter().map(|field| {
        let member = &field.member;
        match field.role {
            Role::Phantom => quote!(#member: #p::PhantomData),
            Role::Kept | Role::Skipped | Role::State => {
                // At the field, for what the borrow checker has to say.
                let local = local::located(local::field(field.index), field.ty.span());
                quote!(#member: #local)
            }
        }
    });
    quote!(#(#members),*)
}

/// A statement for each field: the kept ones, then the skipped ones, then what state fields are
/// until they are set.
fn fields(input: &Input<'_>, record: &Record<'_>, private: &Private) -> TokenStream {
    let kept = record.kept().map(|field| kept_field(input, field, private));
    let skipped = record.skipped().map(|field| skipped_field(record, field, private));
    let state = record.state().map(|field| default_field(field, private));
    quote!(#(#kept)* #(#skipped)* #(#state)*)
}

/// `let __field0 = part::<f64>().expand("x", r)?;`
pub fn kept_field(input: &Input<'_>, field: &Field<'_>, private: &Private) -> TokenStream {
    let (span, read) = read(input, field, private);
    let local = local::located(local::field(field.index), span);
    quote_spanned!(span=> let #local = #read;)
}

/// `part::<f64>().expand("x", r)?` at the field's type. With an adapter,
/// `adapting::<Adapter, f64>().expand("x", r)?` at the adapter. A transparent type leaves no step
/// in an error's path: it is at `""`.
pub fn read(input: &Input<'_>, field: &Field<'_>, private: &Private) -> (Span, TokenStream) {
    let (span, part) = way::to_load(field, private);
    let r = local::located(local::reader(), span);
    let at = if input.transparent() { "" } else { &field.at };
    (span, quote_spanned!(span=> #part.expand(#at, #r)?))
}

/// `let __field1 = <Cache as Default>::default();`
fn default_field(field: &Field<'_>, private: &Private) -> TokenStream {
    let ty = field.ty;
    let span = ty.span();
    let p = private.at(span);
    let local = local::located(local::field(field.index), span);
    quote_spanned!(span=> let #local = <#ty as #p::Default>::default();)
}

/// ```text
/// let __field1 = <Cache as Default>::default();                  // skip, default
/// let __callee = callee(empty);                                  // skip, default = empty
/// let __field1 = default_from::<Cache, _>(__callee);
/// let __callee = callee(connect);                                // skip, rebuild = connect
/// let __field1 = rebuild::<(&PathBuf,), Connection, _, _>(__callee, (&__field0,), Site { .. }, r)?;
/// ```
fn skipped_field(record: &Record<'_>, field: &Field<'_>, private: &Private) -> TokenStream {
    let ty = field.ty;
    match field.source() {
        // Only under a container's `rebuild`, which makes no single field.
        None => TokenStream::new(),
        Some(Source::Default) => default_field(field, private),
        Some(Source::DefaultFunction(function)) => {
            let call = Call::new(function, &field.at, private);
            let local = call.local(field.index);
            let bind = call.bind();
            let default = call.default(ty);
            quote!(#bind let #local = #default;)
        }
        Some(Source::Rebuild(function)) => {
            let call = Call::new(function, &field.at, private);
            let local = call.local(field.index);
            let lent: Vec<&Field<'_>> = match &field.attrs.from {
                Some(from) => from.iter().filter_map(|member| record.find(member)).collect(),
                None => record.kept().collect(),
            };
            let arguments: Vec<Argument> = lent.into_iter().map(|lent| call.lend(lent)).collect();
            let context = field.attrs.context.as_ref();
            let bind = call.bind();
            let fetch = context.map(|context| call.fetch(context));
            let rebuild = call.rebuild(ty, context, &arguments);
            quote!(#bind #fetch let #local = #rebuild;)
        }
    }
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
