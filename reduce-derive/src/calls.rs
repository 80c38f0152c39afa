//! Emits which functions of the user's a load calls, in their order, as constant data: what a dry run goes by.

use crate::ast::{Data, Field, Input, Record, Role, Source};
use crate::attr::Function;
use crate::wrap::Private;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// In place of an argument's place: `MADE` and `WHOLE` of the runtime.
const MADE: u16 = u16::MAX;
const WHOLE: u16 = u16::MAX - 1;

/// `.calls(const { &[..] })` with one of these for each function:
///
/// ```text
/// CallDef::new(When::Skipped, "connection", "connect", &[("db_path", 0)])
/// CallDef::new(When::Skipped, "Open.file", "open", &[("path", 0)]).in_variant(2)
/// ```
pub fn calls(input: &Input<'_>, private: &Private) -> Option<TokenStream> {
    let p = private.path();
    let mut calls = Vec::new();
    let mut upgrades: Vec<_> = input.attrs.upgrades.iter().collect();
    upgrades.sort_by_key(|upgrade| upgrade.from.number);
    for upgrade in upgrades {
        let from = Literal::u32_unsuffixed(upgrade.from.number);
        calls.push(call(quote!(Upgrade(#from)), "", &upgrade.function, &[("", WHOLE)], private));
    }
    match &input.data {
        Data::Struct(record) => calls.extend(of_record(record, private)),
        Data::Enum(variants) => {
            for (index, variant) in variants.iter().enumerate() {
                let index = Literal::usize_unsuffixed(index);
                let own = of_record(&variant.record, private);
                calls.extend(own.map(|call| quote!(#call.in_variant(#index))));
            }
        }
    }
    if let (Some(function), Data::Struct(record)) = (&input.attrs.rebuild, &input.data) {
        let kept: Vec<&Field<'_>> = record.kept().collect();
        let arguments = arguments(record, &kept);
        let arguments: Vec<_> = arguments.iter().map(|(name, at)| (name.as_str(), *at)).collect();
        calls.push(call(quote!(Whole), "", function, &arguments, private));
    }
    if input.attrs.via.is_some() {
        calls.push({
            let whole = Literal::u16_unsuffixed(WHOLE);
            quote!(#p::CallDef::new(#p::When::Via, "", "try_from", &[("", #whole)]))
        });
    }
    if let Some(function) = &input.attrs.validate {
        calls.push(call(quote!(Validate), "", function, &[("", WHOLE)], private));
    }
    (!calls.is_empty()).then(|| quote!(.calls(const { &[#(#calls),*] })))
}

/// The functions of a record's fields: those of the stored ones, those that are made of these, and those of skipped ones.
fn of_record<'r>(
    record: &'r Record<'r>,
    private: &'r Private,
) -> impl Iterator<Item = TokenStream> + 'r {
    let stored = record.kept().chain(record.state()).enumerate();
    let stored = stored.flat_map(move |(place, field)| of_stored(place, field, private));
    let kept = record.kept().enumerate().filter(|(_, field)| field.is_late());
    let late = kept.filter_map(move |(place, field)| {
        let place = Literal::usize_unsuffixed(place);
        rebuilt(quote!(Late(#place)), record, field, field.filling()?, private)
    });
    let skipped = record.skipped().filter_map(move |field| match field.source()? {
        Source::DefaultFunction(function) => {
            Some(call(quote!(NoArguments), &field.at, function, &[], private))
        }
        source => rebuilt(quote!(Skipped), record, field, source, private),
    });
    stored.chain(late).chain(skipped)
}

fn of_stored(place: usize, field: &Field<'_>, private: &Private) -> Vec<TokenStream> {
    let at = Literal::usize_unsuffixed(place);
    let own = [(field.written(), u16::try_from(place).unwrap_or(MADE))];
    let own: Vec<_> = own.iter().map(|(name, at)| (name.as_str(), *at)).collect();
    let converts = field.attrs.converts.iter().zip(1..).map(|(function, number)| {
        let number = Literal::usize_unsuffixed(number);
        call(quote!(Convert(#at, #number)), &field.at, function, &own, private)
    });
    let mut calls: Vec<TokenStream> = converts.collect();
    if let Some(Source::DefaultFunction(function)) = field.filling() {
        calls.push(call(quote!(Fill(#at)), &field.at, function, &[], private));
    }
    calls
}

fn rebuilt(
    when: TokenStream,
    record: &Record<'_>,
    field: &Field<'_>,
    source: Source<'_>,
    private: &Private,
) -> Option<TokenStream> {
    let Source::Rebuild(function) = source else { return None };
    let arguments = arguments(record, &record.handed(field));
    let arguments: Vec<_> = arguments.iter().map(|(name, at)| (name.as_str(), *at)).collect();
    Some(call(when, &field.at, function, &arguments, private))
}

/// What a function gets: each field's name, and its place among the kept ones.
fn arguments(record: &Record<'_>, handed: &[&Field<'_>]) -> Vec<(String, u16)> {
    let place = |field: &Field<'_>| {
        let place = record.of_role(Role::Kept).position(|kept| kept.index == field.index);
        place.and_then(|place| u16::try_from(place).ok()).unwrap_or(MADE)
    };
    handed.iter().map(|field| (field.written(), place(field))).collect()
}

fn call(
    when: TokenStream,
    at: &str,
    function: &Function,
    arguments: &[(&str, u16)],
    private: &Private,
) -> TokenStream {
    let p = private.path();
    let function = &function.text;
    let arguments = arguments.iter().map(|(name, at)| {
        let at = Literal::u16_unsuffixed(*at);
        quote!((#name, #at))
    });
    quote!(#p::CallDef::new(#p::When::#when, #at, #function, &[#(#arguments),*]))
}
