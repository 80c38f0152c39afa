//! Values as types of yours, by way of a value's own stream; and as fields of them.

use super::{Record, Value};
use crate::error::Error;
use crate::expand::Expand;
use crate::read::adapt::{Node, astray};
use crate::read::{Plan, Reader};

/// A value of any type, as a field or an element: its type stands in front of it.
///
/// ```
/// use reduce_core::{Reduce, Value};
///
/// #[derive(Reduce)]
/// struct Event {
///     name: String,
///     details: Value,
/// }
///
/// let details = Value::of(&(404u16, "not found"))?;
/// let bytes = reduce_core::to_vec(&Event { name: "http".into(), details })?;
/// let event: Event = reduce_core::from_slice(&bytes)?;
/// assert_eq!(event.details[0].as_u64(), Some(404));
/// # Ok::<(), reduce_core::Error>(())
/// ```
impl<'de> Expand<'de> for Value {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        r.any_value()
    }

    /// Where another type was before, a value of that.
    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        match r.plans.node(plan) {
            Node::Any => r.unknown_by(plan),
            _ => Err(astray(r)),
        }
    }
}

impl Value {
    /// The value as a type of yours: it is dumped as a stream of its own, which is loaded with default settings.
    ///
    /// ```
    /// use reduce_core::Value;
    ///
    /// let value = Value::from(vec![Some("pear"), None]);
    /// assert_eq!(value.to::<Vec<Option<String>>>()?, [Some("pear".to_string()), None]);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the value is of another type, or the type cannot hold it.
    pub fn to<T: for<'de> Expand<'de>>(&self) -> Result<T, Error> {
        crate::from_slice(&self.to_vec()?)
    }
}

impl Record {
    /// The value of a field as a type of yours, as [`Value::to`].
    ///
    /// # Errors
    ///
    /// When there is no such field, or it holds a value that the type cannot hold.
    pub fn get_as<T: for<'de> Expand<'de>>(&self, name: &str) -> Result<T, Error> {
        let value = self.get(name).ok_or_else(|| self.missing(name))?;
        value.to::<T>().map_err(|error| error.in_field_named(name))
    }

    /// Takes a field out as a value of a type of yours. Where that fails, the field stays.
    ///
    /// # Errors
    ///
    /// As [`get_as`](Self::get_as).
    pub fn take_as<T: for<'de> Expand<'de>>(&mut self, name: &str) -> Result<T, Error> {
        let value = self.get_as(name)?;
        self.remove(name);
        Ok(value)
    }
}
