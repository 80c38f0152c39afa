//! Attributes of a variant.

use super::{Keys, parse};
use crate::ctxt::Ctxt;
use crate::key::{Key, Level};
use syn::{Attribute, LitStr};

pub struct Variant {
    pub keys: Keys,
    pub rename: Option<LitStr>,
    pub aliases: Vec<LitStr>,
}

impl Variant {
    pub fn parse(cx: &Ctxt, attrs: &[Attribute]) -> Self {
        let mut rename = None;
        let mut aliases = Vec::new();
        let keys = parse(cx, attrs, Level::Variant, |key, item| {
            match key {
                Key::Rename => rename = Some(item.name()?),
                Key::Alias => aliases.push(item.name()?),
                Key::Other => item.flag()?,
                other => unreachable!("{other} is not a key of variants"),
            }
            Ok(())
        });
        Variant { keys, rename, aliases }
    }
}
