//! Stepping over a column without decoding it: a step for each of its blocks, however many rows they have.

use super::open::{FEW_VARIANTS, bits, count, has_fields, row_count, total};
use crate::block;
use crate::column::{Column, Layout, Shape};
use crate::error::Error;
use crate::read::Input;

/// Steps over a column of so many rows, and all below it. What it holds is not checked.
pub(crate) fn pass(
    layout: &Layout,
    at: Column,
    rows: u32,
    input: &mut Input<'_>,
) -> Result<(), Error> {
    // Nothing stands for no rows.
    let Some(shape) = layout.shape(at).filter(|_| rows > 0) else { return Ok(()) };
    let words = rows as usize;
    match shape {
        Shape::Unit => Ok(()),
        Shape::Word(code) => match bits(code) {
            8 => block::pass::<u8>(words, input),
            16 => block::pass::<u16>(words, input),
            32 => block::pass::<u32>(words, input),
            64 => block::pass::<u64>(words, input),
            _ => block::pass::<u128>(words, input),
        },
        Shape::Str | Shape::Bytes => block::pass_text(words, input),
        Shape::Record { first, count } => {
            for place in 0..count {
                pass(layout, Column(first.0.saturating_add(place)), rows, input)?;
            }
            Ok(())
        }
        Shape::Array { length, element } => {
            let total = row_count(u64::from(rows).saturating_mul(length), input)?;
            pass(layout, element, total, input)
        }
        Shape::Option { inner } => {
            let held = count(rows, input)?;
            block::pass::<u8>(words, input)?;
            pass(layout, inner, held, input)
        }
        Shape::Enum { first, count: variants } => {
            match variants {
                ..=FEW_VARIANTS => block::pass::<u8>(words, input)?,
                _ => block::pass::<u32>(words, input)?,
            }
            for variant in 0..variants {
                let variant = Column(first.0.saturating_add(variant));
                if has_fields(layout, variant) {
                    let held = count(rows, input)?;
                    pass(layout, variant, held, input)?;
                }
            }
            Ok(())
        }
        Shape::List { element } => {
            let total = total(rows, input)?;
            block::pass::<u32>(words, input)?;
            pass(layout, element, total, input)
        }
        Shape::Map { key } => {
            let total = total(rows, input)?;
            block::pass::<u32>(words, input)?;
            pass(layout, key, total, input)?;
            pass(layout, key.behind(1), total, input)
        }
    }
}
