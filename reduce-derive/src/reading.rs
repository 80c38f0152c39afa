//! Emits the statements that make the fields of one record: those that the stream has, what fills in for those that it
//! lacks, and those that are not stored.

use crate::ast::{Field, Input, Record, Role, Source};
use crate::attr::Function;
use crate::call::{Argument, Call};
use crate::wrap::Private;
use crate::{local, way};
use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

/// A statement for each field: the kept ones, those of them that a function makes, then the skipped ones, then what state
/// fields are until they are set.
pub fn fields(input: &Input<'_>, record: &Record<'_>, private: &Private) -> TokenStream {
    let kept = kept(input, record, private);
    let skipped = record.skipped().map(|field| skipped_field(record, field, private));
    let state = record.state().map(|field| default_field(field, private));
    quote!(#kept #(#skipped)* #(#state)*)
}

/// ```text
/// let mut __fields = __mode.fields(r)?;
/// let __field0 = part::<f64>().expand(0, "x", &mut __fields, r)?;
/// ReadFields::end(&mut __fields, r)?;
/// ```
pub fn kept(input: &Input<'_>, record: &Record<'_>, private: &Private) -> TokenStream {
    if let Some(inner) = input.inner() {
        return whole(inner, private);
    }
    let stored = match input.attrs.upgrades.is_empty() {
        true => stored(record, Role::Kept, private),
        false => upgraded(input, record, private),
    };
    let late = record.kept().filter(|field| field.is_late());
    let late = late.map(|field| late_field(record, field, private));
    quote!(#stored #(#late)*)
}

/// The same for kept or state fields, without what functions make of others.
pub fn stored(record: &Record<'_>, role: Role, private: &Private) -> TokenStream {
    let reads = record.of_role(role).enumerate().map(|(index, field)| {
        let (span, value) = value(field, index, private);
        let local = local::located(local::field(field.index), span);
        quote_spanned!(span=> let #local = #value;)
    });
    let unknown = record.unknown().filter(|_| role == Role::Kept);
    let reads = reads.chain(unknown.map(|field| unknown_fields(field, private)));
    within(role, reads.collect(), private)
}

/// `let __field0: Value = keep_variant::<Value>(__mode.other(r)?);`
pub fn other(field: &Field<'_>, private: &Private) -> TokenStream {
    let ty = field.ty;
    let p = private.path();
    let (mode, r) = (local::mode(), local::reader());
    let local = local::located(local::field(field.index), ty.span());
    let value = quote!(#p::Mode::other(#mode, #r)?);
    let at = private.at(ty.span());
    quote_spanned!(ty.span()=> let #local: #ty = #at::keep_variant::<#ty>(#value);)
}

/// `let __field2: Unknown = keep_fields::<Unknown>(ReadFields::unknown(&mut __fields, r)?);`
fn unknown_fields(field: &Field<'_>, private: &Private) -> TokenStream {
    let (ty, p) = (field.ty, private.path());
    let (fields, r) = (local::fields(), local::reader());
    let local = local::located(local::field(field.index), ty.span());
    let value = quote!(#p::ReadFields::unknown(&mut #fields, #r)?);
    let at = private.at(ty.span());
    quote_spanned!(ty.span()=> let #local: #ty = #at::keep_fields::<#ty>(#value);)
}

/// The kept fields of a type with upgrade functions:
///
/// ```text
/// let mut __fields = __mode.upgraded(
///     &[Step {
///         from: 1,
///         function: "from_one",
///         run: &|__record, __context| upgrade(callee(from_one), __record, __context),
///     }],
///     r,
/// )?;
/// let __field0 = match ReadFields::made(&mut __fields, 0, r)? {
///     Some(__value) => made(__value, "x", |__conversion, __mode, r| part::<f64>().whole(__mode, r), r)?,
///     None => part::<f64>().expand(0, "x", &mut __fields, r)?,
/// };
/// ReadFields::end(&mut __fields, r)?;
/// ```
fn upgraded(input: &Input<'_>, record: &Record<'_>, private: &Private) -> TokenStream {
    let p = private.path();
    let (mode, fields, r) = (local::mode(), local::fields(), local::reader());
    let mut upgrades: Vec<_> = input.attrs.upgrades.iter().collect();
    upgrades.sort_by_key(|upgrade| upgrade.from.number);
    let steps = upgrades.into_iter().map(|upgrade| {
        let from = Literal::u32_unsuffixed(upgrade.from.number);
        let text = &upgrade.function.text;
        let call = Call::new(&upgrade.function, "", private);
        let run = call.upgrade();
        quote!(#p::Step { from: #from, function: #text, run: #run })
    });
    let reads = record.kept().enumerate().map(|(index, field)| {
        let (span, usual) = value(field, index, private);
        let local = local::located(local::field(field.index), span);
        let made = made(field, private);
        let value = local::value();
        let index = Literal::usize_unsuffixed(index);
        quote_spanned! {span=>
            let #local = match #p::ReadFields::made(&mut #fields, #index, #r)? {
                #p::Some(#value) => #made,
                #p::None => #usual,
            };
        }
    });
    let unknown = record.unknown().map(|field| unknown_fields(field, private));
    quote! {
        let mut #fields = #mode.upgraded(&[#(#steps),*], #r)?;
        #(#reads)*
        #unknown
        #p::ReadFields::end(&mut #fields, #r)?;
    }
}

/// What an upgrade function made for a field.
///
/// ```text
/// made(__value, "x", |__conversion, __mode, r| match __conversion {          // convert = parse
///     1 => conversion::<f64, _>(callee(parse)).whole(Site { .. }, __mode, r),
///     _ => part::<f64>().whole(__mode, r),
/// }, r)?
/// ```
fn made(field: &Field<'_>, private: &Private) -> TokenStream {
    let p = private.path();
    let (span, part) = way::to_load(field, private);
    let (value, conversion) = (local::value(), local::conversion());
    let (mode, r, at) = (local::mode(), local::reader(), &field.at);
    let (part_mode, part_r) = (local::located(mode.clone(), span), local::located(r.clone(), span));
    let mut whole = quote_spanned!(span=> #part.whole(#part_mode, #part_r));
    let mut which = quote!(_);
    if !field.attrs.converts.is_empty() {
        let arms = field.attrs.converts.iter().zip(1..).map(|(function, number)| {
            let number = Literal::usize_unsuffixed(number);
            let call = Call::new(function, at, private);
            let (bind, convert) = (call.bind(), call.convert_whole(field.ty));
            quote!(#number => { #bind #convert })
        });
        whole = quote!(match #conversion { #(#arms)* _ => #whole, });
        which = conversion.to_token_stream();
    }
    let read = quote!(|#which, #mode, #r| #whole);
    let Some(filling) = field.filling() else {
        return quote!(#p::made(#value, #at, #read, #r)?);
    };
    let made = quote!(#p::made_or(#value, #at, #read, #r)?);
    let default = match filling {
        Source::Rebuild(_) => return made,
        Source::Default => default(field, private),
        Source::DefaultFunction(function) => {
            let call = Call::new(function, at, private);
            let (bind, default) = (call.bind(), call.default(field.ty));
            quote!({ #bind #default })
        }
    };
    quote! {
        match #made {
            #p::Some(#value) => #value,
            #p::None => #default,
        }
    }
}

/// Statements that read fields, between where the fields begin and where they end.
pub fn within(role: Role, reads: Vec<TokenStream>, private: &Private) -> TokenStream {
    let (mode, fields, r) = (local::mode(), local::fields(), local::reader());
    let begin = if role == Role::State { quote!(state) } else { quote!(fields) };
    let p = private.path();
    match (reads.is_empty(), role) {
        (false, _) => {}
        (true, Role::State) => return quote!(#p::ReadFields::end(&mut #mode.state(#r)?, #r)?;),
        (true, _) => return quote!(#mode.no_fields(#r)?;),
    }
    quote! {
        let mut #fields = #mode.#begin(#r)?;
        #(#reads)*
        #p::ReadFields::end(&mut #fields, #r)?;
    }
}

/// The one field of a transparent type, which leaves no step in an error's path:
///
/// ```text
/// let __field0 = part::<f64>().whole(__mode, r)?;
/// ```
fn whole(field: &Field<'_>, private: &Private) -> TokenStream {
    let (span, part) = way::to_load(field, private);
    let local = local::located(local::field(field.index), span);
    let mode = local::located(local::mode(), span);
    let r = local::located(local::reader(), span);
    quote_spanned!(span=> let #local = #part.whole(#mode, #r)?;)
}

/// What the stream has, or what fills in; an `Option` where a function of other fields would.
///
/// ```text
/// part::<f64>().expand(0, "x", &mut __fields, r)?
/// part::<f64>().expand_or(0, "x", &mut __fields, r)?                // rebuild = measure
/// match part::<f64>().expand_or(0, "x", &mut __fields, r)? {        // default
///     Some(__value) => __value,
///     None => <f64 as Default>::default(),
/// }
/// ```
pub fn value(field: &Field<'_>, index: usize, private: &Private) -> (Span, TokenStream) {
    let p = private.path();
    let (span, part) = way::to_load(field, private);
    let fields = local::located(local::fields(), span);
    let r = local::located(local::reader(), span);
    let (index, at) = (Literal::usize_unsuffixed(index), &field.at);
    let Some(filling) = field.filling() else {
        let expand = quote_spanned!(span=> #part.expand(#index, #at, &mut #fields, #r)?);
        return (span, converted(field, &index, expand, private));
    };
    let expand_or = quote_spanned!(span=> #part.expand_or(#index, #at, &mut #fields, #r)?);
    let expand_or = converted(field, &index, expand_or, private);
    let default = match filling {
        Source::Rebuild(_) => return (span, expand_or),
        Source::Default => default(field, private),
        Source::DefaultFunction(function) => {
            let call = Call::new(function, at, private);
            let (bind, default) = (call.bind(), call.default(field.ty));
            quote!({ #bind #default })
        }
    };
    let value = local::value();
    let expand = quote! {
        match #expand_or {
            #p::Some(#value) => #value,
            #p::None => #default,
        }
    };
    (span, expand)
}

/// ```text
/// match ReadFields::conversion(&mut __fields, 0, r)? {                            // convert = parse
///     1 => {
///         let __callee = callee(parse);
///         conversion::<f64, _>(__callee).expand(0, Site { .. }, &mut __fields, r)?
///     }
///     _ => part::<f64>().expand(0, "x", &mut __fields, r)?,
/// }
/// ```
fn converted(
    field: &Field<'_>,
    index: &Literal,
    expand: TokenStream,
    private: &Private,
) -> TokenStream {
    let converts = &field.attrs.converts;
    if converts.is_empty() {
        return expand;
    }
    let p = private.path();
    let (fields, r) = (local::fields(), local::reader());
    let arms = converts.iter().zip(1..).map(|(function, number)| {
        let number = Literal::usize_unsuffixed(number);
        let call = Call::new(function, &field.at, private);
        let convert = call.convert(field.ty, index, field.filling().is_some());
        let bind = call.bind();
        quote!(#number => { #bind #convert })
    });
    quote! {
        match #p::ReadFields::conversion(&mut #fields, #index, #r)? {
            #(#arms)*
            _ => #expand,
        }
    }
}

/// ```text
/// let __field1 = match __field1 {
///     Some(__value) => __value,
///     None => {
///         let __callee = callee(measure);
///         rebuild::<(&f64,), f64, _, _>(__callee, (&__field0,), Site { .. }, r)?
///     }
/// };
/// ```
fn late_field(record: &Record<'_>, field: &Field<'_>, private: &Private) -> TokenStream {
    let Some(Source::Rebuild(function)) = field.filling() else { return TokenStream::new() };
    let p = private.path();
    let (setup, made) = rebuilt(record, field, function, private);
    let (value, local) = (local::value(), local::field(field.index));
    quote! {
        let #local = match #local {
            #p::Some(#value) => #value,
            #p::None => { #setup #made }
        };
    }
}

/// ```text
/// let __field1 = <Cache as Default>::default();                  // skip, default
/// let __callee = callee(empty);                                  // skip, default = empty
/// let __field1 = default_from::<Cache, _>(__callee, "cache", r)?;
/// let __callee = callee(connect);                                // skip, rebuild = connect
/// let __field1 = rebuild::<(&PathBuf,), Connection, _, _>(__callee, (&__field0,), Site { .. }, r)?;
/// ```
fn skipped_field(record: &Record<'_>, field: &Field<'_>, private: &Private) -> TokenStream {
    match field.source() {
        // Only under a container's `rebuild`, which makes no single field.
        None => TokenStream::new(),
        Some(Source::Default) => default_field(field, private),
        Some(Source::DefaultFunction(function)) => {
            let call = Call::new(function, &field.at, private);
            let local = call.local(field.index);
            let (bind, default) = (call.bind(), call.default(field.ty));
            quote!(#bind let #local = #default;)
        }
        Some(Source::Rebuild(function)) => {
            let local = local::located(local::field(field.index), function.path.span());
            let (setup, made) = rebuilt(record, field, function, private);
            quote!(#setup let #local = #made;)
        }
    }
}

/// The call of a field's `rebuild` function, and the statements in front of it.
fn rebuilt(
    record: &Record<'_>,
    field: &Field<'_>,
    function: &Function,
    private: &Private,
) -> (TokenStream, TokenStream) {
    let call = Call::new(function, &field.at, private);
    let handed = record.handed(field).into_iter();
    let arguments: Vec<Argument> = handed.map(|other| call.lend(other)).collect();
    let context = field.attrs.context.as_ref();
    let bind = call.bind();
    let fetch = context.map(|context| call.fetch(context));
    (quote!(#bind #fetch), call.rebuild(field.ty, context, &arguments))
}

/// `let __field1 = <Cache as Default>::default();`
fn default_field(field: &Field<'_>, private: &Private) -> TokenStream {
    let span = field.ty.span();
    let local = local::located(local::field(field.index), span);
    let default = default(field, private);
    quote_spanned!(span=> let #local = #default;)
}

/// `<Cache as Default>::default()`
fn default(field: &Field<'_>, private: &Private) -> TokenStream {
    let ty = field.ty;
    let p = private.at(ty.span());
    quote_spanned!(ty.span()=> <#ty as #p::Default>::default())
}
