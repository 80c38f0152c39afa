//! The values of attribute keys, each with an error that shows how it is written.

use super::item::{Item, Value};
use proc_macro2::{Delimiter, Span, TokenStream};
use quote::ToTokens;
use syn::parse::{Parse, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprPath, Ident, LitStr, Member, Path, Token, Type, WherePredicate};

/// A function of the user's.
pub struct Function {
    pub path: ExprPath,
    /// As the user wrote it, for errors at load.
    pub text: String,
}

impl Item {
    /// `key`
    pub fn flag(&self) -> syn::Result<()> {
        let key = &self.key;
        let message = format!("`{key}` takes no value; write `{key}` alone");
        match &self.value {
            Value::Absent => Ok(()),
            Value::Equals(eq, value) => {
                Err(syn::Error::new_spanned(quote::quote!(#eq #value), message))
            }
            Value::List(list) => Err(syn::Error::new(list.span(), message)),
        }
    }

    /// `key = false`
    pub fn no(&self) -> syn::Result<()> {
        let value = self.equals("false")?;
        match syn::parse2::<syn::LitBool>(value.clone()) {
            Ok(no) if !no.value => Ok(()),
            Ok(yes) => Err(syn::Error::new_spanned(
                yes,
                format!("`{0} = true` is how pointers are stored anyway; remove it", self.key),
            )),
            Err(_) => Err(syn::Error::new_spanned(value, format!("write `{} = false`", self.key))),
        }
    }

    /// `key = "text"`
    pub fn string(&self) -> syn::Result<LitStr> {
        let value = self.equals("\"...\"")?;
        syn::parse2(value.clone()).map_err(|_| {
            let key = &self.key;
            syn::Error::new_spanned(value, format!("expected a string: `{key} = \"...\"`"))
        })
    }

    /// `key = "a.B"`: a string that can name something in a stream.
    pub fn name(&self) -> syn::Result<LitStr> {
        let name = self.string()?;
        let text = name.value();
        if text.is_empty() {
            return Err(syn::Error::new(name.span(), "a name must not be empty"));
        }
        if let Some(control) = text.chars().find(|c| c.is_control()) {
            return Err(syn::Error::new(
                name.span(),
                format!("a name must not contain the control character {control:?}"),
            ));
        }
        Ok(name)
    }

    /// `key = function` or `key = "function"`
    pub fn function(&self) -> syn::Result<Function> {
        self.path_to_function("")
    }

    /// As [`function`](Self::function), where a value comes to mind first: `default = "EUR"`.
    pub fn maker(&self) -> syn::Result<Function> {
        let value = self.equals("path")?;
        if let Ok(text) = syn::parse2::<LitStr>(value.clone())
            && is_text(&text.value())
        {
            let message = format!(
                "a string is read as the path to a function, and `{}` is not written like one; name a function that \
                 returns the value, or write the path without quotes",
                text.token()
            );
            return Err(syn::Error::new(text.span(), message));
        }
        self.path_to_function("; name a function that returns the value")
    }

    /// `hint` is what else to say of what is none.
    fn path_to_function(&self, hint: &str) -> syn::Result<Function> {
        const EXAMPLE: &str = "like `connect` or `Pool::open`";
        let value = self.equals("path")?;
        let (tokens, text) = self.unquoted(value)?;
        let fail = |message: String| Err(syn::Error::new_spanned(value, message));
        let Ok(mut expr) = syn::parse2::<Expr>(tokens.clone()) else {
            if syn::parse2::<Path>(tokens).is_ok() {
                return fail(format!(
                    "`{text}` needs a turbofish in front of its type arguments, like `open::<T>`"
                ));
            }
            return fail(format!("`{text}` is not a path to a function, {EXAMPLE}{hint}"));
        };
        // What a `macro_rules!` passes on may be in invisible delimiters.
        while let Expr::Group(group) = expr {
            expr = *group.expr;
        }
        match expr {
            Expr::Path(path) => Ok(Function { path, text }),
            Expr::Closure(_) => fail(format!(
                "`{}` takes a path to a function, not a closure; move the closure's body into a \
                 function and name it here",
                self.key
            )),
            Expr::Call(call) => fail(format!(
                "name the function without calling it: `{}`",
                written(&call.func.to_token_stream())
            )),
            _ => fail(format!("`{text}` is not a path to a function, {EXAMPLE}{hint}")),
        }
    }

    /// `key = path::to::module` or the same as a string.
    pub fn module(&self) -> syn::Result<Path> {
        let value = self.equals("path")?;
        let (tokens, text) = self.unquoted(value)?;
        Path::parse_mod_style.parse2(tokens).map_err(|_| {
            syn::Error::new_spanned(
                value,
                format!("`{text}` is not a path to a crate, like `reduce` or `other::reduce_core`"),
            )
        })
    }

    /// `key = Type` or `key = "Type"`
    pub fn ty(&self) -> syn::Result<Type> {
        self.type_in(self.equals("Type")?)
    }

    /// `key(Type)` or `key("Type")`
    pub fn listed_type(&self) -> syn::Result<Type> {
        self.type_in(&self.list("Type")?)
    }

    /// `key(a, b)` or, for positions, `key(0, 1)`
    pub fn listed_fields(&self) -> syn::Result<Vec<Member>> {
        let list = self.list("a, b")?;
        let fields = Punctuated::<Member, Token![,]>::parse_terminated.parse2(list.clone());
        fields.map(|fields| fields.into_iter().collect()).map_err(|_| {
            syn::Error::new_spanned(
                list,
                format!("expected names of fields, like `{0}(a, b)` or `{0}(0, 1)`", self.key),
            )
        })
    }

    /// `key = "T: Bound, U: Bound"`
    pub fn predicates(&self) -> syn::Result<Vec<WherePredicate>> {
        let text = self.string()?;
        // The derive's, at the literal: the compiler is not to suggest edits to a string.
        let span = Span::mixed_site().located_at(text.span());
        let tokens = LitStr::new(&text.value(), span);
        let predicates =
            tokens.parse_with(Punctuated::<WherePredicate, Token![,]>::parse_terminated);
        predicates.map(|predicates| predicates.into_iter().collect()).map_err(|error| {
            syn::Error::new(
                text.span(),
                format!("expected where predicates, like `\"T: Reduce, U: Default\"`: {error}"),
            )
        })
    }

    /// The tokens after `=`.
    pub fn equals(&self, shown: &str) -> syn::Result<&TokenStream> {
        let key = &self.key;
        let message = format!("expected a value: `{key} = {shown}`");
        match &self.value {
            Value::Equals(_, value) if !value.is_empty() => {
                // No value goes on after a string.
                let mut tokens = value.clone().into_iter();
                let first = tokens.next().into_token_stream();
                let rest: TokenStream = tokens.collect();
                if !rest.is_empty() && syn::parse2::<LitStr>(first).is_ok() {
                    let message = format!("expected a comma after the value of `{key}`");
                    return Err(syn::Error::new_spanned(rest, message));
                }
                Ok(value)
            }
            Value::Equals(eq, _) => Err(syn::Error::new_spanned(eq, message)),
            Value::Absent => Err(syn::Error::new(key.span(), message)),
            Value::List(list) => Err(syn::Error::new(list.span(), message)),
        }
    }

    /// The tokens between parentheses.
    pub fn list(&self, shown: &str) -> syn::Result<TokenStream> {
        let key = &self.key;
        let message = format!("expected a list: `{key}({shown})`");
        match &self.value {
            Value::List(list) if list.delimiter() == Delimiter::Parenthesis => Ok(list.stream()),
            Value::List(list) => Err(syn::Error::new(list.span(), message)),
            Value::Absent => Err(syn::Error::new(key.span(), message)),
            Value::Equals(eq, value) => {
                Err(syn::Error::new_spanned(quote::quote!(#eq #value), message))
            }
        }
    }

    fn type_in(&self, value: &TokenStream) -> syn::Result<Type> {
        if value.is_empty() {
            return Err(syn::Error::new(
                self.key.span(),
                "expected a type between the parentheses",
            ));
        }
        let (tokens, text) = self.unquoted(value)?;
        match syn::parse2(tokens) {
            // `A +` and `A + B` are read as trait objects of an old edition.
            Ok(Type::TraitObject(object)) if object.dyn_token.is_none() => {}
            Ok(ty) => return Ok(ty),
            Err(_) => {}
        }
        Err(syn::Error::new_spanned(value, format!("`{text}` is not a type")))
    }

    /// A value that may be written bare or as a string: its tokens and how the user wrote it.
    fn unquoted(&self, value: &TokenStream) -> syn::Result<(TokenStream, String)> {
        let Ok(text) = syn::parse2::<LitStr>(value.clone()) else {
            return Ok((value.clone(), written(value)));
        };
        let tokens = text.parse_with(TokenStream::parse).map_err(|error| {
            syn::Error::new(text.span(), format!("`{}` cannot be read: {error}", text.value()))
        })?;
        Ok((tokens, text.value()))
    }
}

/// Whether a string holds a text rather than the path to a function. A name that begins with a capital is no function's.
fn is_text(string: &str) -> bool {
    match syn::parse_str::<Ident>(string) {
        Ok(_) => string.starts_with(char::is_uppercase),
        Err(_) => string.chars().all(|c| c.is_alphanumeric() || " _-+.,;/!?'".contains(c)),
    }
}

/// Tokens without the spaces that printing them adds: `Pool::open::<T>`.
fn written(tokens: &TokenStream) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let spaced = tokens.to_string();
    let mut text = String::with_capacity(spaced.len());
    let mut letters = spaced.chars().peekable();
    while let Some(letter) = letters.next() {
        let before = text.chars().next_back();
        let needed = before.is_some_and(|before| before == ',' || is_word(before))
            && letters.peek().is_some_and(|&after| before == Some(',') || is_word(after));
        if !letter.is_whitespace() || needed {
            text.push(letter);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn texts_are_told_from_paths() {
        for text in ["EUR", "Unknown", "", "not known", "n/a", "0", "-1", "1.5", "Élan"] {
            assert!(is_text(text), "{text}");
        }
        let paths = [
            "euro",
            "Currency::euro",
            "Vec::<u8>::new",
            "<T as Default>::default",
            "euro()",
            "|| 0",
        ];
        for path in paths {
            assert!(!is_text(path), "{path}");
        }
    }

    #[test]
    fn paths_are_shown_as_one_writes_them() {
        assert_eq!(written(&quote!(Pool::open::<Vec<T>>)), "Pool::open::<Vec<T>>");
        assert_eq!(written(&quote!(<Pool as Open>::open)), "<Pool as Open>::open");
        assert_eq!(written(&quote!(pair::<A, B>)), "pair::<A, B>");
        assert_eq!(written(&quote!(::std::mem::take)), "::std::mem::take");
    }
}
