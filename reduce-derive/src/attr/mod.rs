//! `#[reduce(...)]`: one parser per level. What a value looks like is decided here; whether values
//! go together is decided in `check`.

mod container;
mod field;
mod item;
mod object;
mod traits;
mod value;
mod variant;
mod version;

pub use container::{Bound, Container};
pub use field::{Default, Field};
pub use object::Trait;
pub use value::Function;
pub use variant::Variant;

use crate::ctxt::Ctxt;
use crate::habit;
use crate::key::{Key, Level, Support};
use crate::near_miss::did_you_mean;
use item::Item;
use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, Meta};

/// The keys written on one type, variant or field, in source order.
#[derive(Default)]
pub struct Keys {
    written: Vec<(Key, Ident)>,
    /// Some part could not be understood: rules about what is missing would only guess.
    pub broken: bool,
}

impl Keys {
    pub fn get(&self, key: Key) -> Option<&Ident> {
        self.written.iter().find(|(written, _)| *written == key).map(|(_, ident)| ident)
    }

    pub fn has(&self, key: Key) -> bool {
        self.get(key).is_some()
    }

    pub fn first(&self) -> Option<&Ident> {
        self.written.first().map(|(_, ident)| ident)
    }

    /// The second of two keys in source order, if both are written.
    pub fn second(&self, a: Key, b: Key) -> Option<(Key, &Ident)> {
        let mut found = self.written.iter().filter(|(key, _)| *key == a || *key == b);
        let (first, _) = found.next()?;
        // The first of the two may be one that repeats.
        found.find(|(key, _)| key != first).map(|(key, ident)| (*key, ident))
    }
}

/// Hands each item with a key of this level to `take`, and reports everything else.
fn parse(
    cx: &Ctxt,
    attrs: &[Attribute],
    level: Level,
    mut take: impl FnMut(Key, &Item) -> syn::Result<()>,
) -> Keys {
    let mut keys = Keys::default();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("reduce")) {
        match list(cx, attr) {
            Some(list) => parse_list(cx, list, level, &mut keys, &mut take),
            None => keys.broken = true,
        }
    }
    keys
}

/// The same for the items of one list.
fn parse_list(
    cx: &Ctxt,
    list: TokenStream,
    level: Level,
    keys: &mut Keys,
    mut take: impl FnMut(Key, &Item) -> syn::Result<()>,
) {
    let items = item::split(list, level.example(), |error| {
        cx.error(error);
        keys.broken = true;
    });
    for item in &items {
        if let Err(error) = known(item, level, keys).and_then(|key| {
            keys.written.push((key, item.key.clone()));
            take(key, item)
        }) {
            cx.error(error);
            keys.broken = true;
        }
    }
}

/// The list of one attribute, if there is one.
fn list(cx: &Ctxt, attr: &Attribute) -> Option<TokenStream> {
    const EXPECTED: &str = "expected a list of keys, like `#[reduce(skip, default)]`";
    match &attr.meta {
        Meta::List(list) if list.tokens.is_empty() => {
            cx.error_at(list, format!("the list is empty; {EXPECTED}"));
            None
        }
        Meta::List(list) => Some(list.tokens.clone()),
        Meta::Path(_) | Meta::NameValue(_) => {
            cx.error_at(&attr.meta, EXPECTED);
            None
        }
    }
}

/// The item's key, if it may stand here and for the first time.
fn known(item: &Item, level: Level, keys: &Keys) -> syn::Result<Key> {
    let name = item.key.to_string();
    let fail = |message: String| Err(syn::Error::new(item.key.span(), message));
    let Some(key) = Key::find(&name) else {
        if let Some(instead) = habit::instead(&name) {
            return fail(format!("`{name}` is a key of serde's; {instead}"));
        }
        let near = did_you_mean(&name, Key::names_at(level));
        let near = if near.is_empty() {
            did_you_mean(&name, Key::ALL.iter().map(|key| key.name()))
        } else {
            near
        };
        if near.is_empty() {
            let all: Vec<String> = Key::names_at(level).map(|name| format!("`{name}`")).collect();
            return fail(format!(
                "unknown key `{name}`; the keys of {} are {}",
                level.owner(),
                all.join(", ")
            ));
        }
        return fail(format!("unknown key `{name}`{near}"));
    };
    match key.support(level) {
        Support::No => fail(format!("{key} belongs {}, not {}", key.places(), level.place())),
        Support::Yes if keys.has(key) && !key.repeats() => {
            fail(format!("duplicate key {key}; remove one of the two"))
        }
        Support::Yes => Ok(key),
    }
}
