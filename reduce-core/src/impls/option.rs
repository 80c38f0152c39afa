//! `Option`.

use crate::column::Slot;
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::program::TypeDef;
use crate::read::adapt::{Node, astray};
use crate::read::{Collect, Mode, Plan, Reader};
use crate::reduce::Reduce;
use crate::write::Writer;

impl<T: Describe> Describe for Option<T> {
    fn def() -> &'static TypeDef {
        const { &TypeDef::option::<Self>(T::def) }
    }
}

impl<T: Reduce> Reduce for Option<T> {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        match self {
            None => {
                w.byte(0);
                Ok(())
            }
            Some(value) => {
                w.byte(1);
                value.reduce(w)
            }
        }
    }
}

impl<'de, T: Expand<'de>> Expand<'de> for Option<T> {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        if r.input.option()? { T::expand(r).map(Some) } else { Ok(None) }
    }

    #[inline]
    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        match r.columns()?.option(slot)? {
            Some(value) => T::expand_slot(value, r).map(Some),
            None => Ok(None),
        }
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        match r.plans.node(plan) {
            Node::Some(value) => value.value(r).map(Some),
            Node::Option(value) => {
                if r.input.option()? {
                    value.value(r).map(Some)
                } else {
                    Ok(None)
                }
            }
            _ => Err(astray(r)),
        }
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect(c);
    }
}
