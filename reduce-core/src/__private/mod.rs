//! All that generated code may name. Not for use by hand: it changes without notice.

mod fields;
mod keep;
mod object;
mod part;
mod rebuild;
mod upgrade;

pub use crate::adapter::Adapter;
pub use crate::column::{Column, Slot};
pub use crate::describe::Describe;
pub use crate::dispatch::Dispatch;
pub use crate::error::Error;
pub use crate::expand::{Expand, Pointee, each_slot};
pub use crate::impls::stored::{AsIs, Content, In, InMap, Pointed, Way, WayBack, WayOut};
pub use crate::impls::{Lent, LentInArrays};
pub use crate::persistent::{ById, BySessionId};
pub use crate::pod::{Fixed, InPlace, Raw};
pub use crate::program::{CallDef, DefFn, Field, Fields, PartDef, TypeDef, Variant, When};
pub use crate::read::columns::{Rows, each_row, of_row};
pub use crate::read::{Collect, Install, Mode, Native, Plan, ReadFields, Reader, Target, install};
pub use crate::reduce::Reduce;
pub use crate::registry::{Casts, Implementations, Object};
#[cfg(feature = "inventory")]
pub use crate::registry::{Registration, by_name, by_own_name};
pub use crate::row::{Row, RowMut, Width};
pub use crate::unknown::Unknown;
pub use crate::value::Value;
pub use crate::write::{Columns, Writer};
pub use crate::{__reduce_casts as casts, __reduce_dynamic_pointee as dynamic_pointee};
pub use alloc::borrow::Cow;
pub use alloc::boxed::Box;
pub use alloc::rc::{Rc, Weak as RcWeak};
pub use alloc::sync::{Arc, Weak as ArcWeak};
pub use alloc::vec::Vec;
pub use core::any::{Any, TypeId};
pub use core::clone::Clone;
pub use core::convert::{From, TryFrom};
pub use core::default::Default;
pub use core::marker::{Copy, PhantomData, Sized};
pub use core::mem::{offset_of, size_of};
pub use core::ops::FnMut;
pub use core::option::Option::{self, None, Some};
pub use core::primitive::{bool, str, u8, usize};
pub use core::result::Result::{self, Err, Ok};
pub(crate) use fields::in_field;
pub use fields::{
    Restores, StandsFor, adapted, each_variant, expand_field, expand_variant, expand_via,
    mark_out_of_band, nested_expand, nested_reduce, no_variant, reduce_field, reduce_variant,
    reduce_via, unmark_out_of_band,
};
#[cfg(feature = "inventory")]
pub use inventory;
pub use keep::{KeepsFields, KeepsVariant, keep_fields, keep_variant};
pub use object::{
    Behind, dangling_object_arc, dangling_object_rc, expand_object, make_object_arc,
    make_object_rc, object_is_two_phase, reduce_behind, reduce_behind_kept, reduce_object,
    reduce_object_kept, reduce_object_state, refer_behind, refer_to_object, type_id_of,
};
pub use part::{adapting, owning, part, stored};
/// What generated code does with `#[reduce(pod)]` records.
pub mod pod {
    pub use crate::pod::{
        borrow_elements, expand, expand_array, expand_elements, get_row, laid_out, lend, put_row,
        reduce, reduce_elements, width,
    };
}
pub use rebuild::*;
pub use upgrade::{Made, Step, Upgrades, made, made_or, upgrade};
