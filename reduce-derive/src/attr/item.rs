//! Splits the list of an attribute into items, before anyone looks at their values: so a value
//! that cannot be read costs that value, and the items after it are still checked.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Token};

/// `key`, `key = value` or `key(list)`.
pub struct Item {
    pub key: Ident,
    pub value: Value,
}

pub enum Value {
    Absent,
    Equals(Token![=], TokenStream),
    List(Group),
}

/// The items of a list; `report` gets what is not an item. `example` is a key for its errors.
pub fn split(list: TokenStream, example: &str, mut report: impl FnMut(syn::Error)) -> Vec<Item> {
    let mut items = Vec::new();
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            match item(input, example) {
                Ok(item) => items.push(item),
                Err(error) => {
                    report(error);
                    rest_of_item(input)?;
                }
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(())
    };
    if let Err(error) = parser.parse2(list) {
        report(error);
    }
    items
}

fn item(input: ParseStream<'_>, example: &str) -> syn::Result<Item> {
    if !input.peek(Ident::peek_any) {
        let found = rest_of_item(input)?;
        return Err(if found.is_empty() {
            input.error(format!("expected a key, like `{example}`, in front of this comma"))
        } else {
            syn::Error::new_spanned(found, format!("expected a key, like `{example}`"))
        });
    }
    let key = input.call(Ident::parse_any)?;
    let value = if input.peek(Token![=]) {
        Value::Equals(input.parse()?, value(input)?)
    } else if input.peek(syn::token::Paren)
        || input.peek(syn::token::Bracket)
        || input.peek(syn::token::Brace)
    {
        Value::List(input.parse()?)
    } else {
        Value::Absent
    };
    let rest = rest_of_item(input)?;
    if rest.is_empty() {
        return Ok(Item { key, value });
    }
    Err(syn::Error::new_spanned(
        rest,
        match value {
            Value::Absent => format!("expected a comma, `=` or `(...)` after `{key}`"),
            Value::Equals(..) | Value::List(..) => {
                format!("expected a comma after the value of `{key}`")
            }
        },
    ))
}

/// A closure is read as one, since it may have commas of its own.
pub fn value(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let closure = input.peek(Token![|])
        || input.peek(Token![||])
        || input.peek(Token![move])
        || input.peek(Token![async]);
    if closure && input.fork().parse::<Expr>().is_ok() {
        return input.parse::<Expr>().map(|closure| closure.to_token_stream());
    }
    rest_of_item(input)
}

/// Everything up to the next comma that is not between angle brackets.
pub fn rest_of_item(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut rest = TokenStream::new();
    let mut depth = 0_usize;
    let mut before = ' ';
    while !input.is_empty() && (depth > 0 || !input.peek(Token![,])) {
        let token: TokenTree = input.parse()?;
        let mut this = ' ';
        if let TokenTree::Punct(punct) = &token {
            this = punct.as_char();
            match this {
                '<' => depth += 1,
                // Not the end of `->` or `=>`.
                '>' if before != '-' && before != '=' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        before = this;
        rest.append(token);
    }
    Ok(rest)
}
