//! The generics of the three impls: where predicates, inferred or the user's, and the lifetime of
//! what is borrowed from the input.
//!
//! Inferred are, for each type parameter (or projection of one) that a stored field's type uses,
//! the trait itself, and `'static` for what is behind `Rc`, `Arc` or `Weak`. Fields that are skipped
//! or stored through an adapter, and `PhantomData`, ask for nothing; those whose functions the registry
//! knows by their type, for `'static`. A type with `implements` is
//! described where it does implement those traits: `where Self: Shape`.

use crate::ast::{Field, Input, Role, Source};
use crate::attr::Bound;
use crate::usage::{Usage, mentions_type_param};
use crate::wrap::Private;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{GenericParam, Generics, Lifetime, LifetimeParam, Type, WherePredicate, parse_quote};

/// `impl<T> Describe for Pair<T> where T: Describe`
pub fn describe(input: &Input<'_>, private: &Private) -> Generics {
    let predicates = match &input.attrs.bound {
        Bound::All(predicates) => predicates.clone(),
        Bound::Inferred | Bound::Sides { .. } => described(input, private),
    };
    with_predicates(input, input.generics.clone(), predicates)
}

/// `impl<T> Reduce for Pair<T> where T: Reduce`
pub fn reduce(input: &Input<'_>, private: &Private) -> Generics {
    let p = private.path();
    let mut predicates = match &input.attrs.bound {
        Bound::All(predicates) => predicates.clone(),
        Bound::Sides { reduce: Some(predicates), .. } => with_described(input, private, predicates),
        Bound::Inferred | Bound::Sides { reduce: None, .. } => {
            inferred(input, &usage(input), &quote!(#p::Reduce))
        }
    };
    if input.packed {
        // A packed field is copied before it is borrowed.
        for ty in stored_types(input) {
            if mentions_type_param(input.generics, ty) {
                predicates.push(parse_quote!(#ty: #p::Copy));
            }
        }
    }
    with_predicates(input, input.generics.clone(), predicates)
}

/// `impl<'de, T> Expand<'de> for Pair<T> where T: Expand<'de>`, and the lifetime.
pub fn expand(input: &Input<'_>, private: &Private) -> (Generics, Lifetime) {
    let p = private.path();
    let usage = usage(input);
    let predicates = |de: &Lifetime| match &input.attrs.bound {
        Bound::All(predicates) => predicates.clone(),
        Bound::Sides { expand: Some(predicates), .. } => with_described(input, private, predicates),
        Bound::Inferred | Bound::Sides { expand: None, .. } => {
            // What an upgrade function makes is loaded from bytes of its own.
            let bound = match input.attrs.upgrades.is_empty() {
                true => quote!(#p::Expand<#de>),
                false => quote!(for<'__value> #p::Expand<'__value>),
            };
            let mut predicates = inferred(input, &usage, &bound);
            for field in input.fields() {
                let ty = field.ty;
                // What a state field is until it is set; a container's `rebuild` makes it itself.
                let starts = field.role == Role::State && input.attrs.rebuild.is_none();
                let source = field.source().or_else(|| field.filling());
                if (starts || matches!(source, Some(Source::Default)))
                    && mentions_type_param(input.generics, ty)
                {
                    predicates.push(parse_quote!(#ty: #p::Default));
                }
            }
            predicates
        }
    };
    let named = match &input.attrs.bound {
        Bound::All(named) | Bound::Sides { expand: Some(named), .. } => quote!(#(#named),*),
        Bound::Inferred | Bound::Sides { expand: None, .. } => TokenStream::new(),
    };
    let fields = input.fields().map(|field| field.ty);
    let via = input.attrs.via.iter();
    let de = de_lifetime(input.generics, quote!(#named #(#fields)* #(#via)*));
    let generics = with_lifetime(input.generics, &de, usage.lifetimes.iter().cloned());
    (with_predicates(input, generics, predicates(&de)), de)
}

/// `'de`, or the first of `'__de`, `'__de2`, ... where the item declares that itself.
/// A `bound` may use it: only where it is declared does it count.
pub fn de_lifetime(generics: &Generics, others: TokenStream) -> Lifetime {
    let mut declared: Vec<String> =
        generics.lifetimes().map(|param| param.lifetime.ident.to_string()).collect();
    let clause = &generics.where_clause;
    let params = &generics.params;
    declared_by_for(quote!(#params #clause #others), &mut declared);
    let mut name = "de".to_owned();
    let mut next = 2;
    while declared.contains(&name) {
        name = if name == "de" {
            "__de".to_owned()
        } else {
            next += 1;
            format!("__de{}", next - 1)
        };
    }
    Lifetime::new(&format!("'{name}"), Span::call_site())
}

/// Puts `'de: 'a + 'b` in front of the other parameters.
pub fn with_lifetime(
    generics: &Generics,
    de: &Lifetime,
    outlives: impl IntoIterator<Item = Lifetime>,
) -> Generics {
    let mut generics = generics.clone();
    let mut param = LifetimeParam::new(de.clone());
    param.bounds.extend(outlives);
    generics.params.insert(0, GenericParam::Lifetime(param));
    generics
}

/// The types whose impls are called: the fields', or the one that `via` names.
fn stored_types<'i>(input: &'i Input<'_>) -> Vec<&'i Type> {
    match &input.attrs.via {
        Some(via) => vec![via],
        None => stored_fields(input).into_iter().map(|field| field.ty).collect(),
    }
}

fn stored_fields<'i, 'a>(input: &'i Input<'a>) -> Vec<&'i Field<'a>> {
    let fields = input.records().into_iter().flat_map(|record| record.stored());
    fields.filter(|field| !field.is_adapted()).collect()
}

fn usage<'i>(input: &'i Input<'_>) -> Usage<'i> {
    let mut usage = Usage::of(input.ident, input.generics, &input.attrs.via);
    if input.attrs.via.is_none() {
        stored_fields(input).into_iter().for_each(|field| usage.field(field));
    }
    usage
}

fn inferred(input: &Input<'_>, usage: &Usage<'_>, bound: &TokenStream) -> Vec<WherePredicate> {
    let bounded = usage.bounded.iter().map(|ty| parse_quote!(#ty: #bound));
    let shared = usage.shared.iter().map(|ty| parse_quote!(#ty: 'static));
    let looked_up = input
        .fields()
        .filter(|field| field.is_looked_up() && mentions_type_param(input.generics, field.ty))
        .map(|field| {
            let ty = field.ty;
            parse_quote!(#ty: 'static)
        });
    bounded.chain(shared).chain(looked_up).collect()
}

fn described(input: &Input<'_>, private: &Private) -> Vec<WherePredicate> {
    let p = private.path();
    inferred(input, &usage(input), &quote!(#p::Describe))
}

/// A side's own predicates need not imply `Describe`, on which `Reduce` and `Expand` build.
fn with_described(
    input: &Input<'_>,
    private: &Private,
    predicates: &[WherePredicate],
) -> Vec<WherePredicate> {
    predicates.iter().cloned().chain(described(input, private)).collect()
}

/// Adds the impl's own predicates, and those that all three impls need.
fn with_predicates(
    input: &Input<'_>,
    mut generics: Generics,
    mut predicates: Vec<WherePredicate>,
) -> Generics {
    // One instance may implement a trait and another not. A method of an impl cannot ask for more
    // than the trait's own does, so the impl asks.
    if !generics.params.iter().all(|param| matches!(param, GenericParam::Lifetime(_))) {
        for object in &input.attrs.implements {
            let bounds = object.bounds();
            predicates.push(parse_quote!(Self: #bounds));
        }
    }
    if !predicates.is_empty() {
        generics.make_where_clause().predicates.extend(predicates);
    }
    generics
}

/// The lifetimes that a `for<'a>` somewhere in the tokens declares.
fn declared_by_for(tokens: TokenStream, declared: &mut Vec<String>) {
    let mut binder = false;
    let mut before = None;
    for token in tokens {
        match &token {
            TokenTree::Group(group) => declared_by_for(group.stream(), declared),
            TokenTree::Ident(ident) if binder => declared.push(ident.to_string()),
            TokenTree::Punct(punct) => match punct.as_char() {
                '<' => binder = before.as_deref() == Some("for"),
                '>' => binder = false,
                _ => {}
            },
            TokenTree::Ident(_) | TokenTree::Literal(_) => {}
        }
        before = Some(token.to_token_stream().to_string());
    }
}
