//! Whether two values are equal: found without recursion, and with an end where objects go in circles.

use super::items::Items;
use super::object::ObjectRef;
use super::{Record, Value};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::slice;

/// As the values of the types would be: floats as floats, shared objects by what they are, and where both are of one arena by
/// identity. The types that a value keeps beside what it holds do not count, widths of numbers do.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        Comparison::default().run(slice::from_ref(self), slice::from_ref(other))
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        alike(self, other) && Comparison::default().run(self.values(), other.values())
    }
}

/// What is left to be compared of objects.
#[derive(Default)]
struct Comparison {
    objects: Vec<(ObjectRef, ObjectRef)>,
    /// Those that were met: equal, or the whole is not.
    met: BTreeSet<((usize, usize), (usize, usize))>,
}

impl Comparison {
    /// Whether as many values are equal, the objects that they refer to included.
    fn run(&mut self, a: &[Value], b: &[Value]) -> bool {
        let mut equal = self.values(a, b);
        while equal && let Some((a, b)) = self.objects.pop() {
            equal = self.values(slice::from_ref(&a), slice::from_ref(&b));
        }
        equal
    }

    /// Whether they are equal but for the objects that they refer to.
    fn values(&mut self, a: &[Value], b: &[Value]) -> bool {
        let mut left: Vec<_> = a.iter().zip(b).collect();
        while let Some((a, b)) = left.pop() {
            if !self.bare(a, b) {
                return false;
            }
            let (Some(a), Some(b)) = (a.items(), b.items()) else { continue };
            let (a, b) = (Items::as_slice(a), Items::as_slice(b));
            if a.len() != b.len() {
                return false;
            }
            left.extend(a.iter().zip(b));
        }
        true
    }

    /// Whether they are equal but for what they hold.
    fn bare(&mut self, a: &Value, b: &Value) -> bool {
        match (a, b) {
            (Value::Unit, Value::Unit)
            | (Value::List(_), Value::List(_))
            | (Value::Array(_), Value::Array(_))
            | (Value::Tuple(_), Value::Tuple(_))
            | (Value::Map(_), Value::Map(_))
            | (Value::Optional(_), Value::Optional(_))
            | (Value::Persistent(_), Value::Persistent(_)) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Char(a), Value::Char(b)) => a == b,
            (Value::U8(a), Value::U8(b)) => a == b,
            (Value::U16(a), Value::U16(b)) => a == b,
            (Value::U32(a), Value::U32(b)) => a == b,
            (Value::U64(a), Value::U64(b)) => a == b,
            (Value::U128(a), Value::U128(b)) => a == b,
            (Value::I8(a), Value::I8(b)) => a == b,
            (Value::I16(a), Value::I16(b)) => a == b,
            (Value::I32(a), Value::I32(b)) => a == b,
            (Value::I64(a), Value::I64(b)) => a == b,
            (Value::I128(a), Value::I128(b)) => a == b,
            (Value::F32(a), Value::F32(b)) => a == b,
            (Value::F64(a), Value::F64(b)) => a == b,
            (Value::Str(a), Value::Str(b)) => a == b,
            (Value::OsText(a), Value::OsText(b)) => a == b,
            (Value::Bytes(a), Value::Bytes(b)) | (Value::ByteArray(a), Value::ByteArray(b)) => {
                a == b
            }
            (Value::Record(a), Value::Record(b)) => alike(a, b),
            (Value::Enum(a), Value::Enum(b)) => {
                a.enum_name() == b.enum_name()
                    && a.version() == b.version()
                    && alike(a.fields(), b.fields())
            }
            (Value::Dyn(a), Value::Dyn(b)) | (Value::Dispatch(a), Value::Dispatch(b)) => {
                a.registered() == b.registered() && a.trait_name() == b.trait_name()
            }
            (Value::Shared(a), Value::Shared(b)) | (Value::Weak(a), Value::Weak(b)) => {
                match (a.id().zip(b.id()), a.upgrade().zip(b.upgrade())) {
                    (Some((a_id, b_id)), Some(objects)) => {
                        if a_id != b_id && self.met.insert((a_id, b_id)) {
                            self.objects.push(objects);
                        }
                        true
                    }
                    _ => a.id().is_none() && b.id().is_none(),
                }
            }
            (Value::Unread(a), Value::Unread(b)) => a.is(b),
            _ => false,
        }
    }
}

/// Whether records have the same name and the same fields, their values aside.
fn alike(a: &Record, b: &Record) -> bool {
    a.name() == b.name()
        && a.version() == b.version()
        && a.len() == b.len()
        && a.iter().zip(b.iter()).all(|((a, _), (b, _))| a == b)
}
