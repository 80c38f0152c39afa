//! All that generated code may name. Not for use by hand: it changes without notice.

mod fields;
mod part;
mod rebuild;

pub use crate::adapter::Adapter;
pub use crate::describe::Describe;
pub use crate::error::Error;
pub use crate::expand::Expand;
pub use crate::program::{DefFn, Field, Fields, TypeDef, Variant};
pub use crate::read::Reader;
pub use crate::reduce::Reduce;
pub use crate::write::Writer;
pub use core::convert::{From, TryFrom};
pub use core::default::Default;
pub use core::marker::{Copy, PhantomData, Sized};
pub use core::option::Option::{self, None, Some};
pub use core::result::Result::{self, Err, Ok};
pub use fields::{
    adapted, enter_expand, enter_reduce, expand_field, expand_variant, expand_via, no_variant,
    reduce_field, reduce_variant, reduce_via, via_reduced,
};
pub use part::{adapting, part};
pub use rebuild::*;
