//! Arguments of `#[object]` on a trait.

use super::{Keys, parse_list};
use crate::ctxt::Ctxt;
use crate::key::{Key, Level};
use proc_macro2::TokenStream;
use syn::{LitStr, Path};

pub struct Trait {
    pub name: Option<LitStr>,
    pub crate_path: Option<Path>,
}

impl Trait {
    pub fn parse(cx: &Ctxt, arguments: TokenStream) -> Self {
        let mut name = None;
        let mut crate_path = None;
        let mut keys = Keys::default();
        parse_list(cx, arguments, Level::Trait, &mut keys, |key, item| {
            match key {
                Key::Name => name = Some(item.name()?),
                Key::Crate => crate_path = Some(item.module()?),
                other => unreachable!("{other} is not a key of traits"),
            }
            Ok(())
        });
        Trait { name, crate_path }
    }
}
