//! Emits what `state` fields add to the three impls: a value is made without them and can be referred
//! to before they are read, so that cycles close.

use crate::ast::{Data, Field, Input, Record, Role};
use crate::wrap::Private;
use crate::{local, part, reading, reducer};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::Lifetime;
use syn::spanned::Spanned;

/// ```text
/// const HAS_STATE: bool = true;
/// const TWO_PHASE: bool = <Cell<u8> as Describe>::CELL && <RefCell<Next> as Describe>::CELL;
/// ```
///
/// Nothing is known of what an adapter's field is: it counts as no cell.
pub fn describe(input: &Input<'_>, private: &Private) -> Option<TokenStream> {
    let cells = input.state().map(|field| {
        let ty = field.ty;
        let p = private.at(ty.span());
        quote_spanned!(ty.span()=> <#ty as #p::Describe>::CELL)
    });
    let two_phase = if adapted(input) { quote!(false) } else { quote!(#(#cells)&&*) };
    input.has_state().then(|| {
        quote! {
            const HAS_STATE: bool = true;
            const TWO_PHASE: bool = #two_phase;
        }
    })
}

/// ```text
/// fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
///     <Self as Reduce>::reduce_kept(self, w)?;
///     <Self as Reduce>::reduce_state(self, w)
/// }
/// fn reduce_kept(&self, w: &mut Writer<'_>) -> Result<(), Error> { .. }
/// fn reduce_state(&self, w: &mut Writer<'_>) -> Result<(), Error> { .. }
/// ```
pub fn reduce(input: &Input<'_>, private: &Private) -> TokenStream {
    let Some(record) = record(input) else { return TokenStream::new() };
    let p = private.path();
    let (this, w) = (local::this(), local::writer());
    let stored = || record.kept().chain(record.unknown());
    let kept = reducer::fields(stored(), input.packed, private);
    let state = reducer::fields(record.state(), input.packed, private);
    let writer = if stored().next().is_some() { w.to_token_stream() } else { quote!(_) };
    quote! {
        fn reduce(&#this, #w: &mut #p::Writer<'_>) -> #p::Result<(), #p::Error> {
            <Self as #p::Reduce>::reduce_kept(#this, #w)?;
            <Self as #p::Reduce>::reduce_state(#this, #w)
        }
        fn reduce_kept(&#this, #writer: &mut #p::Writer<'_>) -> #p::Result<(), #p::Error> {
            #kept
        }
        fn reduce_state(&#this, #w: &mut #p::Writer<'_>) -> #p::Result<(), #p::Error> {
            #state
        }
    }
}

/// All but `expand`, and `expand_kept`, which is the `expand_by` of a type without state:
///
/// ```text
/// fn expand_by<M: Mode<'de>>(__mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
///     let mut __value = <Self as Expand<'de>>::expand_kept(__mode, r)?;
///     let mut __fields = __mode.state(r)?;
///     __value.next = part::<RefCell<Next>>().expand(0, "next", &mut __fields, r)?;
///     ReadFields::end(&mut __fields, r)?;
///     Ok(__value)
/// }
/// fn expand_state<M: Mode<'de>>(__mode: M, r: &mut Reader<'_, 'de>) -> Result<Install<Self>, Error>
/// where Self: 'static { .. }
/// fn settable(&self) -> bool {
///     part::<RefCell<Next>>().settable(&self.next)
/// }
/// ```
pub fn expand(input: &Input<'_>, de: &Lifetime, private: &Private) -> TokenStream {
    let Some(record) = record(input) else { return TokenStream::new() };
    let p = private.path();
    let (this, r, value) = (local::this(), local::reader(), local::value());
    let (any, mode) = (local::any_mode(), local::mode());
    let assigned = record.state().enumerate().map(|(index, field)| {
        let (span, read) = reading::value(field, index, private);
        let (value, member) = (local::located(value.clone(), span), &field.member);
        quote_spanned!(span=> #value.#member = #read;)
    });
    let assigned = reading::within(Role::State, assigned.collect(), private);
    let install = install(input, record, private);
    let settable = record.state().map(|field| {
        let (ty, member) = (field.ty, &field.member);
        let part = part::part(ty, private);
        let this = local::located(this.clone(), ty.span());
        quote_spanned!(ty.span()=> #part.settable(&#this.#member))
    });
    let settable = if adapted(input) { quote!(false) } else { quote!(#(#settable)&&*) };
    quote! {
        fn expand_by<#any: #p::Mode<#de>>(
            #mode: #any,
            #r: &mut #p::Reader<'_, #de>,
        ) -> #p::Result<Self, #p::Error> {
            let mut #value = <Self as #p::Expand<#de>>::expand_kept(#mode, #r)?;
            #assigned
            #p::Ok(#value)
        }
        fn expand_state<#any: #p::Mode<#de>>(
            #mode: #any,
            #r: &mut #p::Reader<'_, #de>,
        ) -> #p::Result<#p::Install<Self>, #p::Error>
        where
            Self: 'static,
        {
            #install
        }
        fn settable(&#this) -> bool {
            #settable
        }
    }
}

/// ```text
/// let mut __fields = __mode.state(r)?;
/// let __field1 = part::<RefCell<Next>>().expand(0, "next", &mut __fields, r)?;
/// ReadFields::end(&mut __fields, r)?;
/// Ok(install::<Self>(move |__target| match __target {
///     Target::Unique(__this) => { __this.next = __field1; }
///     Target::Shared(__this) => { part::<RefCell<Next>>().set(&__this.next, __field1); }
/// }))
/// ```
fn install(input: &Input<'_>, record: &Record<'_>, private: &Private) -> TokenStream {
    let p = private.path();
    let (target, object) = (local::target(), local::object());
    let read = reading::stored(record, Role::State, private);
    let assigned = record.state().map(|field| {
        let (object, local, member) = at_type(field);
        quote_spanned!(field.ty.span()=> #object.#member = #local;)
    });
    let shared = if adapted(input) {
        // `settable` says no to begin with.
        quote!(#p::Target::Shared(_) => {})
    } else {
        let set = record.state().map(|field| {
            let ty = field.ty;
            let part = part::part(ty, private);
            let (object, local, member) = at_type(field);
            quote_spanned!(ty.span()=> #part.set(&#object.#member, #local);)
        });
        quote!(#p::Target::Shared(#object) => { #(#set)* })
    };
    quote! {
        #read
        #p::Ok(#p::install::<Self>(move |#target| match #target {
            #p::Target::Unique(#object) => { #(#assigned)* }
            #shared
        }))
    }
}

/// The object, the state's variable and the field, for code at the field's type.
fn at_type<'f>(field: &'f Field<'_>) -> (proc_macro2::Ident, proc_macro2::Ident, &'f syn::Member) {
    let span = field.ty.span();
    let object = local::located(local::object(), span);
    (object, local::located(local::field(field.index), span), &field.member)
}

/// Some state field is stored through an adapter.
fn adapted(input: &Input<'_>) -> bool {
    input.state().any(|field| field.is_adapted())
}

fn record<'i, 'a>(input: &'i Input<'a>) -> Option<&'i Record<'a>> {
    match &input.data {
        Data::Struct(record) => Some(record),
        Data::Enum(_) => None,
    }
}
