//! Reads the item that `#[object]` is written on.

use crate::ctxt::Ctxt;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Item, ItemTrait};

/// `None` if it is not a trait.
pub fn parse(cx: &Ctxt, item: &TokenStream) -> Option<ItemTrait> {
    const TYPE: &str = "`object` is for traits; on a type, write `#[derive(Reduce)]` and \
                        `#[reduce(implements(Trait))]`";
    const OTHER: &str = "`object` is for traits";
    match syn::parse2(item.clone()) {
        Ok(Item::Trait(item)) => return Some(item),
        Ok(Item::Struct(item)) => cx.error_at(item.struct_token, TYPE),
        Ok(Item::Enum(item)) => cx.error_at(item.enum_token, TYPE),
        Ok(Item::Union(item)) => cx.error_at(item.union_token, TYPE),
        Ok(Item::Type(item)) => cx.error_at(item.type_token, OTHER),
        Ok(Item::Impl(item)) => cx.error_at(
            item.impl_token,
            "`object` is for traits; write it where the trait is declared",
        ),
        Ok(Item::TraitAlias(item)) => cx.error_at(
            item.trait_token,
            "`object` is for traits, not for aliases of them; write it where the trait is declared",
        ),
        Ok(other) => cx.error_at(other.to_token_stream(), OTHER),
        Err(error) => cx.error(error),
    }
    None
}
