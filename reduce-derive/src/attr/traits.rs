//! `implements(Shape, geo::Draw + Send)`: the trait objects that a type can be.

use super::item::{self, Item};
use crate::ctxt::Ctxt;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Path, Token, TraitBound, TypeParamBound};

/// A trait, and whether its objects are `Send` and `Sync`.
pub struct Object {
    pub path: Path,
    auto: [Option<Path>; 2],
}

const AUTO: [&str; 2] = ["Send", "Sync"];

impl Object {
    /// `geo::Draw + Send`
    pub fn bounds(&self) -> TokenStream {
        let path = &self.path;
        let auto = self.auto.iter().flatten();
        quote!(#path #(+ #auto)*)
    }

    /// Tells two of them apart.
    fn written(&self) -> String {
        let auto = self.auto.iter().zip(AUTO).filter(|(path, _)| path.is_some());
        let auto: String = auto.map(|(_, name)| format!(" + {name}")).collect();
        let path = self.path.to_token_stream().to_string();
        path.replace(' ', "") + &auto
    }
}

/// Every trait of the list that can be read; the others' errors go to `cx`.
pub fn traits(cx: &Ctxt, item: &Item) -> syn::Result<Vec<Object>> {
    const SHOWN: &str = "Shape, geo::Draw";
    let list = item.list(SHOWN)?;
    if list.is_empty() {
        let message = format!("the list is empty; expected `{}({SHOWN})`", item.key);
        return Err(syn::Error::new(item.key.span(), message));
    }
    let mut objects: Vec<Object> = Vec::new();
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            let first = input.span();
            match object(item::rest_of_item(input)?, first) {
                Ok(object) => {
                    let written = object.written();
                    if objects.iter().any(|earlier| earlier.written() == written) {
                        cx.error_at(&object.path, format!("`{written}` is named twice"));
                    } else {
                        objects.push(object);
                    }
                }
                Err(error) => cx.error(error),
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(())
    };
    parser.parse2(list)?;
    Ok(objects)
}

/// `first` is where the trait should begin.
fn object(tokens: TokenStream, first: Span) -> syn::Result<Object> {
    const EXPECTED: &str = "expected the name of a trait, like `Shape` or `geo::Draw + Send`";
    if tokens.is_empty() {
        return Err(syn::Error::new(first, EXPECTED));
    }
    let parser = |input: ParseStream<'_>| {
        let keyword: Option<Token![dyn]> = input.parse()?;
        let bounds = Punctuated::<TypeParamBound, Token![+]>::parse_separated_nonempty(input)?;
        Ok((keyword, bounds))
    };
    let parsed = parser.parse2(tokens.clone());
    let (keyword, bounds) = parsed.map_err(|_| syn::Error::new_spanned(&tokens, EXPECTED))?;
    if let Some(keyword) = keyword {
        return Err(syn::Error::new_spanned(keyword, "write the trait without `dyn`"));
    }
    let (mut path, mut auto) = (None, [None, None]);
    for bound in bounds {
        let bound = match bound {
            TypeParamBound::Trait(bound) if is_plain(&bound) => bound,
            other => return Err(syn::Error::new_spanned(other, EXPECTED)),
        };
        let last = bound.path.segments.last().map(|last| last.ident.to_string());
        match AUTO.iter().position(|name| last.as_deref() == Some(name)) {
            Some(at) => {
                if auto[at].replace(bound.path.clone()).is_some() {
                    let message = format!("`{}` is named twice", AUTO[at]);
                    return Err(syn::Error::new_spanned(bound, message));
                }
            }
            None if path.is_none() => path = Some(bound.path),
            None => {
                return Err(syn::Error::new_spanned(
                    bound,
                    "only `Send` and `Sync` go with another trait; list this one after a comma",
                ));
            }
        }
    }
    match path {
        Some(path) => Ok(Object { path, auto }),
        None => Err(syn::Error::new_spanned(
            tokens,
            "`Send` and `Sync` say nothing alone; write them after a trait, like `Shape + Send`",
        )),
    }
}

/// Neither `?Trait` nor `for<'a> Trait<'a>` nor in parentheses.
fn is_plain(bound: &TraitBound) -> bool {
    bound.maybe.is_none() && bound.lifetimes.is_none() && bound.paren_token.is_none()
}
