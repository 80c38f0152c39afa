//! What stands around and in front of generated code: `const _` and the path to the runtime.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

/// `::reduce_core::__private`, or `path::__private` under `crate = path`.
pub struct Private {
    root: Option<TokenStream>,
}

impl Private {
    pub fn new(crate_path: Option<&syn::Path>) -> Self {
        Private { root: crate_path.map(ToTokens::to_token_stream) }
    }

    /// The path where nothing the user wrote is to blame.
    pub fn path(&self) -> TokenStream {
        self.at(Span::call_site())
    }

    /// The path as if it had been written at `span`.
    pub fn at(&self, span: Span) -> TokenStream {
        match &self.root {
            None => quote_spanned!(span=> ::reduce_core::__private),
            Some(root) => {
                // The location moves, the resolution stays: the path may hold a `$crate`.
                let root = root.clone().into_iter().map(|mut token: TokenTree| {
                    token.set_span(token.span().located_at(span));
                    token
                });
                let root: TokenStream = root.collect();
                quote_spanned!(span=> #root::__private)
            }
        }
    }
}

/// Impls in a scope of their own:
///
/// ```text
/// #[doc(hidden)]
/// #[allow(...)]
/// const _: () = { impl ... };
/// ```
///
/// The allowed lints look at paths, and at uses of what the user marked deprecated or uninhabited;
/// code with the span of a field's type counts as the user's for them.
pub fn wrap(impls: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    let impls = impls.into_iter();
    quote! {
        #[doc(hidden)]
        #[allow(deprecated, unreachable_code, unused_qualifications, clippy::absolute_paths)]
        const _: () = {
            #(#impls)*
        };
    }
}
