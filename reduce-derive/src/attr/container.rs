//! Attributes of a type.

use super::item::{self, Item};
use super::traits::{Object, traits};
use super::version::{Upgrade, Version, upgrades, version};
use super::{Function, Keys, parse};
use crate::case::Case;
use crate::ctxt::Ctxt;
use crate::key::{Key, Level};
use crate::near_miss::did_you_mean;
use syn::{Attribute, LitStr, Path, Type, WherePredicate};

pub struct Container {
    pub keys: Keys,
    pub name: Option<LitStr>,
    pub rebuild: Option<Function>,
    pub context: Option<Type>,
    pub validate: Option<Function>,
    pub via: Option<Type>,
    pub implements: Vec<Object>,
    pub bound: Bound,
    pub crate_path: Option<Path>,
    pub rename_all: Option<Case>,
    pub rename_all_fields: Option<Case>,
    pub version: Option<Version>,
    pub upgrades: Vec<Upgrade>,
}

/// What stands in for the inferred where predicates.
#[derive(Default)]
pub enum Bound {
    #[default]
    Inferred,
    /// `bound = "..."`: of all impls.
    All(Vec<WherePredicate>),
    /// `bound(reduce = "...", expand = "...")`: of the impls named.
    Sides { reduce: Option<Vec<WherePredicate>>, expand: Option<Vec<WherePredicate>> },
}

impl Container {
    pub fn parse(cx: &Ctxt, attrs: &[Attribute]) -> Self {
        let mut name = None;
        let mut rebuild = None;
        let mut context = None;
        let mut validate = None;
        let mut via = None;
        let mut implements = Vec::new();
        let mut bound = Bound::Inferred;
        let mut crate_path = None;
        let mut rename_all = None;
        let mut rename_all_fields = None;
        let mut stated = None;
        let mut steps = Vec::new();
        let keys = parse(cx, attrs, Level::Container, |key, item| {
            match key {
                Key::Name => name = Some(item.name()?),
                Key::Rebuild => rebuild = Some(item.function()?),
                Key::Context => context = Some(item.listed_type()?),
                Key::Validate => validate = Some(item.function()?),
                Key::Via => via = Some(item.ty()?),
                Key::Implements => implements = traits(cx, item)?,
                Key::Transparent | Key::Pod | Key::DenyNewer | Key::DenyUnknown => item.flag()?,
                Key::Bound => bound = bounds(cx, item)?,
                Key::Crate => crate_path = Some(item.module()?),
                Key::RenameAll => rename_all = Some(case(item)?),
                Key::RenameAllFields => rename_all_fields = Some(case(item)?),
                Key::Version => stated = Some(version(item)?),
                Key::Upgrade => steps.extend(upgrades(item)?),
                other => unreachable!("{other} is not a key of types"),
            }
            Ok(())
        });
        Container {
            keys,
            name,
            rebuild,
            context,
            validate,
            via,
            implements,
            bound,
            crate_path,
            rename_all,
            rename_all_fields,
            version: stated,
            upgrades: steps,
        }
    }
}

/// `bound = "..."` or `bound(reduce = "...", expand = "...")`
fn bounds(cx: &Ctxt, item: &Item) -> syn::Result<Bound> {
    const SHOWN: &str = "reduce = \"...\", expand = \"...\"";
    let item::Value::List(..) = &item.value else {
        return item.predicates().map(Bound::All);
    };
    let list = item.list(SHOWN)?;
    let (mut reduce, mut expand) = (None, None);
    let sides = item::split(list.clone(), "reduce", |error| cx.error(error));
    if list.is_empty() {
        return Err(syn::Error::new(item.key.span(), format!("expected `bound({SHOWN})`")));
    }
    for side in &sides {
        let place = match side.key.to_string().as_str() {
            "reduce" => &mut reduce,
            "expand" => &mut expand,
            other => {
                let near = did_you_mean(other, ["reduce", "expand"]);
                let message =
                    format!("`bound(...)` takes `reduce` and `expand`, not `{other}`{near}");
                cx.error_at(&side.key, message);
                continue;
            }
        };
        if place.is_some() {
            cx.error_at(&side.key, format!("duplicate key `{}`; remove one of the two", side.key));
            continue;
        }
        match side.predicates() {
            Ok(predicates) => *place = Some(predicates),
            Err(error) => cx.error(error),
        }
    }
    Ok(Bound::Sides { reduce, expand })
}

fn case(item: &Item) -> syn::Result<Case> {
    let name = item.string()?;
    let text = name.value();
    Case::find(&text).ok_or_else(|| {
        let near = did_you_mean(&text, Case::names());
        let message = if near.is_empty() {
            let all: Vec<String> = Case::names().map(|name| format!("`{name}`")).collect();
            format!("unknown case `{text}`; the cases are {}", all.join(", "))
        } else {
            format!("unknown case `{text}`{near}")
        };
        syn::Error::new(name.span(), message)
    })
}
