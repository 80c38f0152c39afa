//! Attributes of a field.

use super::item::Value;
use super::{Function, Keys, parse};
use crate::ctxt::Ctxt;
use crate::key::{Key, Level};
use syn::{Attribute, LitStr, Member, Type};

pub struct Field {
    pub keys: Keys,
    pub default: Option<Default>,
    pub rebuild: Option<Function>,
    pub from: Option<Vec<Member>>,
    pub context: Option<Type>,
    pub rename: Option<LitStr>,
    pub aliases: Vec<LitStr>,
    /// From what the field was earlier.
    pub converts: Vec<Function>,
    pub with: Option<Type>,
    /// `persistent(Id)`: the type of the id.
    pub id: Option<Type>,
}

pub enum Default {
    /// `default`: the trait's.
    Trait,
    /// `default = path`
    Function(Function),
}

impl Field {
    pub fn parse(cx: &Ctxt, attrs: &[Attribute]) -> Self {
        let mut default = None;
        let mut rebuild = None;
        let mut from = None;
        let mut context = None;
        let mut rename = None;
        let mut aliases = Vec::new();
        let mut converts = Vec::new();
        let mut with = None;
        let mut id = None;
        let keys = parse(cx, attrs, Level::Field, |key, item| {
            match key {
                Key::Skip | Key::State | Key::Dispatch | Key::OutOfBand | Key::Unknown => {
                    item.flag()?;
                }
                Key::Shared => item.no()?,
                Key::Default => {
                    default = Some(match item.value {
                        Value::Absent => Default::Trait,
                        Value::Equals(..) | Value::List(..) => Default::Function(item.maker()?),
                    });
                }
                Key::Rebuild => rebuild = Some(item.function()?),
                Key::From => from = Some(item.listed_fields()?),
                Key::Context => context = Some(item.listed_type()?),
                Key::Rename => rename = Some(item.name()?),
                Key::Alias => aliases.push(item.name()?),
                Key::Convert => converts.push(item.function()?),
                Key::With => with = Some(item.ty()?),
                Key::Persistent => match item.value {
                    Value::Absent => {}
                    Value::Equals(..) | Value::List(..) => id = Some(item.listed_type()?),
                },
                other => unreachable!("{other} is not a key of fields"),
            }
            Ok(())
        });
        Field { keys, default, rebuild, from, context, rename, aliases, converts, with, id }
    }
}
