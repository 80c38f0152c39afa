//! `version = N` and `upgrade(M = path, ...)`.

use super::Function;
use super::item::{self, Item, Value};
use proc_macro2::Ident;
use syn::parse::{ParseStream, Parser};
use syn::{LitInt, Token};

/// A version as a literal.
pub struct Version {
    pub number: u32,
    /// Where it is written.
    pub literal: LitInt,
}

/// A step from one version of a record to the next.
pub struct Upgrade {
    pub from: Version,
    pub function: Function,
}

/// `version = 2`
pub fn version(item: &Item) -> syn::Result<Version> {
    let value = item.equals("1")?;
    let Ok(literal) = syn::parse2(value.clone()) else {
        let message = format!("expected a whole number: `{} = 1`", item.key);
        return Err(syn::Error::new_spanned(value, message));
    };
    let version = number(literal)?;
    if version.number == 0 {
        return Err(syn::Error::new(
            version.literal.span(),
            "versions are counted from 1; a type has version 0 as long as it states none",
        ));
    }
    Ok(version)
}

/// `upgrade(1 = from_one, 2 = from_two)`
pub fn upgrades(item: &Item) -> syn::Result<Vec<Upgrade>> {
    let list = item.list("1 = path")?;
    if list.is_empty() {
        let message = format!("the list is empty; expected `{}(1 = path)`", item.key);
        return Err(syn::Error::new(item.key.span(), message));
    }
    let mut found = Vec::new();
    let mut errors: Option<syn::Error> = None;
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            match upgrade(input, &item.key) {
                Ok(upgrade) => found.push(upgrade),
                Err(error) => {
                    item::rest_of_item(input)?;
                    match &mut errors {
                        Some(errors) => errors.combine(error),
                        None => errors = Some(error),
                    }
                }
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(())
    };
    parser.parse2(list)?;
    match errors {
        Some(errors) => Err(errors),
        None => Ok(found),
    }
}

/// `1 = from_one`
fn upgrade(input: ParseStream<'_>, key: &Ident) -> syn::Result<Upgrade> {
    const EXPECTED: &str = "expected a version and a function, like `1 = from_one`";
    let fork = input.fork();
    let (Ok(literal), Ok(eq)) = (fork.parse::<LitInt>(), fork.parse::<Token![=]>()) else {
        let found = item::rest_of_item(input)?;
        return Err(if found.is_empty() {
            input.error(EXPECTED)
        } else {
            syn::Error::new_spanned(found, EXPECTED)
        });
    };
    input.parse::<LitInt>()?;
    input.parse::<Token![=]>()?;
    let value = item::value(input)?;
    if value.is_empty() {
        return Err(syn::Error::new_spanned(eq, EXPECTED));
    }
    let function = Item { key: key.clone(), value: Value::Equals(eq, value) }.function()?;
    Ok(Upgrade { from: number(literal)?, function })
}

fn number(literal: LitInt) -> syn::Result<Version> {
    match literal.base10_parse() {
        Ok(number) => Ok(Version { number, literal }),
        Err(_) if literal.base10_digits().starts_with('-') => {
            Err(syn::Error::new(literal.span(), "a version is not negative"))
        }
        Err(_) => {
            let message = format!("a version is at most {}", u32::MAX);
            Err(syn::Error::new(literal.span(), message))
        }
    }
}
