//! Snapshots of expansions, formatted, and the errors of wrong items.

mod adapted;
mod errors;
mod evolution;
mod expansions;
mod identity;
mod implements;
mod object;
mod rules;
mod state;

use proc_macro2::TokenStream;
use syn::DeriveInput;

fn expand(item: TokenStream) -> TokenStream {
    let item: DeriveInput = syn::parse2(item).expect("the item is not a struct, enum or union");
    crate::expand(&item)
}

/// The impls as rustfmt would show them, with the path to the runtime shortened to `__p`.
fn impls(item: TokenStream) -> String {
    let expansion = expand(item).to_string().replace(":: reduce_core :: __private", "__p");
    let mut file = syn::parse_file(&expansion).expect("the expansion is not Rust");
    let Some(syn::Item::Const(wrap)) = file.items.pop() else { panic!("expected `const _`") };
    let syn::Expr::Block(block) = *wrap.expr else { panic!("expected a block") };
    assert!(file.items.is_empty(), "expected `const _` alone");
    let items = block.block.stmts.into_iter().map(|stmt| match stmt {
        syn::Stmt::Item(item) => item,
        _ => panic!("expected impls"),
    });
    file.items = items.collect();
    prettyplease::unparse(&file)
}

/// The messages of an item's errors.
fn errors(item: TokenStream) -> Vec<String> {
    let file: syn::File = syn::parse2(expand(item)).expect("the expansion is not Rust");
    let messages = file.items.iter().filter_map(|item| match item {
        syn::Item::Macro(item) => {
            assert!(item.mac.path.segments.last().unwrap().ident == "compile_error");
            Some(item.mac.parse_body::<syn::LitStr>().unwrap().value())
        }
        _ => None,
    });
    messages.collect()
}
