//! Calls of the user's functions at load: `rebuild`, `validate`, `default = path`.
//!
//! All tokens of a call carry the span of the function's path, so that a function that does not fit
//! is reported there. There are two statements: the first infers the function's own signature, the
//! second compares it with the one expected.

use crate::ast::Field;
use crate::attr::Function;
use crate::local;
use crate::wrap::Private;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

pub struct Call<'c> {
    function: &'c Function,
    private: &'c Private,
    /// What is made: a field, or `""` for the whole value.
    at: &'c str,
    span: Span,
}

/// An argument of a rebuild function and its type.
pub struct Argument {
    ty: TokenStream,
    value: TokenStream,
}

impl<'c> Call<'c> {
    pub fn new(function: &'c Function, at: &'c str, private: &'c Private) -> Self {
        Call { function, private, at, span: function.path.span() }
    }

    /// The field's variable.
    pub fn local(&self, index: usize) -> Ident {
        local::located(local::field(index), self.span)
    }

    /// A field by reference: `&__field0`, of type `&PathBuf`.
    pub fn lend(&self, field: &Field<'_>) -> Argument {
        let (ty, local) = (field.ty, self.local(field.index));
        Argument {
            ty: quote_spanned!(self.span=> &#ty),
            value: quote_spanned!(self.span=> &#local),
        }
    }

    /// A field by value.
    pub fn hand_over(&self, field: &Field<'_>) -> Argument {
        let local = self.local(field.index);
        Argument { ty: field.ty.to_token_stream(), value: local.into_token_stream() }
    }

    /// `let __callee = callee(connect);`
    pub fn bind(&self) -> TokenStream {
        let p = self.private.at(self.span);
        let path = &self.function.path;
        let callee = local::callee(self.span);
        quote_spanned!(self.span=> let #callee = #p::callee(#path);)
    }

    /// `let __context = context::<Pool>("connection", r)?;` at the context's type.
    pub fn fetch(&self, context: &Type) -> TokenStream {
        let span = context.span();
        let p = self.private.at(span);
        let at = self.at;
        let local = local::located(local::context(), span);
        let r = local::located(local::reader(), span);
        quote_spanned!(span=> let #local = #p::context::<#context>(#at, #r)?;)
    }

    /// `rebuild::<(&Pool, &PathBuf,), Connection, _, _>(__callee, (__context, &__field0,), Site { .. }, r)?`
    pub fn rebuild(
        &self,
        made: &Type,
        context: Option<&Type>,
        arguments: &[Argument],
    ) -> TokenStream {
        let made = made.to_token_stream();
        self.with_arguments("rebuild", &made, context, arguments)
    }

    /// `rebuild_value::<(&Pool, u32,), Self, _, _>(__callee, (__context, __field0,), Site { .. }, r)?`
    pub fn rebuild_value(&self, context: Option<&Type>, arguments: &[Argument]) -> TokenStream {
        let made = quote_spanned!(self.span=> Self);
        self.with_arguments("rebuild_value", &made, context, arguments)
    }

    /// `default_from::<Cache, _>(__callee, "cache", r)?`
    pub fn default(&self, made: &Type) -> TokenStream {
        let p = self.private.at(self.span);
        let callee = local::callee(self.span);
        let r = local::located(local::reader(), self.span);
        let at = self.at;
        quote_spanned!(self.span=> #p::default_from::<#made, _>(#callee, #at, #r)?)
    }

    /// `conversion::<f64, _>(__callee).expand(0, Site { .. }, &mut __fields, r)?`, or `expand_or` where the stream may lack
    /// it.
    pub fn convert(&self, made: &Type, index: &Literal, lacking: bool) -> TokenStream {
        let expand = Ident::new(if lacking { "expand_or" } else { "expand" }, self.span);
        let p = self.private.at(self.span);
        let callee = local::callee(self.span);
        let fields = local::located(local::fields(), self.span);
        let r = local::located(local::reader(), self.span);
        let site = self.site();
        quote_spanned! {self.span=>
            #p::conversion::<#made, _>(#callee).#expand(#index, #site, &mut #fields, #r)?
        }
    }

    /// `conversion::<f64, _>(__callee).whole(Site { .. }, __mode, r)`
    pub fn convert_whole(&self, made: &Type) -> TokenStream {
        let p = self.private.at(self.span);
        let callee = local::callee(self.span);
        let mode = local::located(local::mode(), self.span);
        let r = local::located(local::reader(), self.span);
        let site = self.site();
        quote_spanned!(self.span=> #p::conversion::<#made, _>(#callee).whole(#site, #mode, #r))
    }

    /// `&|__record, __context| { let __callee = callee(from_one); upgrade(__callee, __record, __context) }`
    pub fn upgrade(&self) -> TokenStream {
        let p = self.private.at(self.span);
        let callee = local::callee(self.span);
        let bind = self.bind();
        let record = local::located(local::record(), self.span);
        let context = local::located(local::context(), self.span);
        quote_spanned! {self.span=>
            &|#record, #context| { #bind #p::upgrade(#callee, #record, #context) }
        }
    }

    /// `validate::<Self, _, _>(__callee, &__value, Site { .. }, r)?;`
    pub fn validate(&self, value: &Ident) -> TokenStream {
        let p = self.private.at(self.span);
        let callee = local::callee(self.span);
        let value = local::located(value.clone(), self.span);
        let r = local::located(local::reader(), self.span);
        let site = self.site();
        quote_spanned!(self.span=> #p::validate::<Self, _, _>(#callee, &#value, #site, #r)?;)
    }

    fn with_arguments(
        &self,
        runtime: &str,
        made: &TokenStream,
        context: Option<&Type>,
        arguments: &[Argument],
    ) -> TokenStream {
        let p = self.private.at(self.span);
        let runtime = Ident::new(runtime, self.span);
        let callee = local::callee(self.span);
        let r = local::located(local::reader(), self.span);
        let site = self.site();
        // The context comes first.
        let context = context.map(|context| Argument {
            ty: quote_spanned!(self.span=> &#context),
            value: local::located(local::context(), self.span).into_token_stream(),
        });
        let (types, values): (Vec<_>, Vec<_>) =
            context.iter().chain(arguments).map(|argument| (&argument.ty, &argument.value)).unzip();
        quote_spanned! {self.span=>
            #p::#runtime::<(#(#types,)*), #made, _, _>(#callee, (#(#values,)*), #site, #r)?
        }
    }

    /// `Site { at: "connection", function: "connect" }`
    fn site(&self) -> TokenStream {
        let p = self.private.at(self.span);
        let (at, function) = (self.at, &self.function.text);
        quote_spanned!(self.span=> #p::Site { at: #at, function: #function })
    }
}
