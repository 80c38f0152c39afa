//! Whether a trait has objects: what stands in the way, as far as its tokens show it. The rest is
//! for the compiler to say.

use crate::ctxt::Ctxt;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    FnArg, GenericParam, Generics, ItemTrait, Signature, TraitItem, Type, TypeParamBound,
    WherePredicate,
};

/// Reports everything that stands in the way.
pub fn compatible(cx: &Ctxt, item: &ItemTrait) -> bool {
    let mut errors = Vec::new();
    let mut report = |error| errors.push(error);
    modifiers(item, &mut report);
    generics(item, &mut report);
    supertraits(item, &mut report);
    for member in &item.items {
        match member {
            TraitItem::Const(constant) => report(error(
                constant.ident.span(),
                "a trait object has no associated constants; make it a method that takes `&self`",
            )),
            TraitItem::Type(ty) if !sized(&ty.generics) => report(error(
                ty.ident.span(),
                "each `dyn` of a trait with an associated type would need a name of its own; add \
                 `where Self: Sized` to it or remove it",
            )),
            TraitItem::Fn(method) if !sized(&method.sig.generics) => {
                signature(&method.sig, &mut report);
            }
            _ => {}
        }
    }
    let compatible = errors.is_empty();
    errors.into_iter().for_each(|error| cx.error(error));
    compatible
}

fn error(span: Span, message: impl std::fmt::Display) -> syn::Error {
    syn::Error::new(span, message)
}

/// `auto trait` and what else may come.
fn modifiers(item: &ItemTrait, report: &mut impl FnMut(syn::Error)) {
    if let Err(error) = item.modifiers.require_empty() {
        report(error);
    }
}

/// `Shape<T>` would be one trait an argument.
fn generics(item: &ItemTrait, report: &mut impl FnMut(syn::Error)) {
    if let Some(param) = item.generics.params.first() {
        let name = param_name(param);
        let message = format!(
            "each `dyn {}<..>` would need a name of its own; remove the parameter `{name}`, or move \
             what depends on it to another trait",
            item.ident
        );
        report(syn::Error::new_spanned(param, message));
    }
    if sized(&item.generics) {
        report(error(item.ident.span(), "a trait with `where Self: Sized` has no objects"));
    }
}

fn param_name(param: &GenericParam) -> String {
    match param {
        GenericParam::Lifetime(param) => param.lifetime.to_string(),
        GenericParam::Type(param) => param.ident.to_string(),
        GenericParam::Const(param) => param.ident.to_string(),
    }
}

/// The traits of the prelude that need to know the type itself.
fn supertraits(item: &ItemTrait, report: &mut impl FnMut(syn::Error)) {
    const SIZED: [&str; 8] =
        ["Sized", "Clone", "Copy", "Default", "PartialEq", "Eq", "PartialOrd", "Ord"];
    for bound in &item.supertraits {
        let TypeParamBound::Trait(bound) = bound else { continue };
        if let Some(ident) = bound.path.get_ident()
            && SIZED.iter().any(|name| ident == name)
            && bound.maybe.is_none()
        {
            let message = format!(
                "a trait object knows no `{ident}`, which is about the type behind it; remove it \
                 from the supertraits"
            );
            report(syn::Error::new_spanned(bound, message));
        }
    }
}

/// A method that can be called without knowing the type. One error a method: they have one remedy.
fn signature(signature: &Signature, report: &mut impl FnMut(syn::Error)) {
    if let Some((span, what)) = undispatchable(signature) {
        let method = &signature.ident;
        let message =
            format!("a trait object has no {what}; add `where Self: Sized` to `{method}`");
        report(error(span, message));
    }
}

fn undispatchable(signature: &Signature) -> Option<(Span, &'static str)> {
    if signature.receiver().is_none() {
        return Some((signature.ident.span(), "functions without `self`"));
    }
    if let Some(keyword) = signature.asyncness {
        return Some((keyword.span, "methods that are `async`"));
    }
    let params = &signature.generics.params;
    if let Some(param) = params.iter().find(|param| !matches!(param, GenericParam::Lifetime(_))) {
        return Some((param_span(param), "generic methods"));
    }
    let arguments = signature.inputs.iter().filter_map(|argument| match argument {
        FnArg::Typed(argument) => Some(argument.ty.to_token_stream()),
        FnArg::Receiver(_) => None,
    });
    arguments.chain([signature.output.to_token_stream()]).find_map(|tokens| {
        let opaque = opaque(tokens.clone()).map(|span| (span, "methods with an `impl Trait`"));
        let this = mentions_self(tokens);
        opaque.or(this.map(|span| (span, "methods with `Self` in their signature")))
    })
}

fn param_span(param: &GenericParam) -> Span {
    match param {
        GenericParam::Lifetime(param) => param.lifetime.span(),
        GenericParam::Type(param) => param.ident.span(),
        GenericParam::Const(param) => param.ident.span(),
    }
}

/// `where Self: Sized`
fn sized(generics: &Generics) -> bool {
    let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    predicates.into_iter().any(|predicate| match predicate {
        WherePredicate::Type(predicate) => {
            let this = matches!(&predicate.bounded_ty, Type::Path(ty) if ty.path.is_ident("Self"));
            this && predicate.bounds.iter().any(|bound| match bound {
                TypeParamBound::Trait(bound) => {
                    let last = bound.path.segments.last();
                    bound.maybe.is_none() && last.is_some_and(|last| last.ident == "Sized")
                }
                _ => false,
            })
        }
        _ => false,
    })
}

/// An `impl Trait` anywhere in a type.
fn opaque(tokens: TokenStream) -> Option<Span> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if ident == "impl" => Some(ident.span()),
        TokenTree::Group(group) => opaque(group.stream()),
        _ => None,
    })
}

/// The type itself; not what it projects to, `Self::Item` or `<Self as Iterator>::Item`, which a
/// supertrait may fix.
fn mentions_self(tokens: TokenStream) -> Option<Span> {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let found = match token {
            TokenTree::Group(group) => mentions_self(group.stream()),
            TokenTree::Ident(ident) if ident == "Self" && !projects(tokens.peek()) => {
                Some(ident.span())
            }
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Whether the `Self` in front of the token is only where a path begins.
fn projects(next: Option<&TokenTree>) -> bool {
    match next {
        Some(TokenTree::Punct(punct)) => punct.as_char() == ':',
        Some(TokenTree::Ident(ident)) => *ident == "as",
        _ => false,
    }
}
