//! Registries that let objects of unknown types through.

use super::{Object, Registry};
use crate::error::Error;
use crate::value::UnknownObject;
use core::any::Any;

impl Registry {
    /// Has loads make an [`UnknownObject`] of what stands behind a `dyn Any` (with `Send` and `Sync` or without) and is not
    /// registered by the name, or the code, that the stream has for it; and has dumps write it as what it was. Without this
    /// such an object is an error, and behind a trait of yours it is one in any case, unless the trait is
    /// [implemented](Self::implement) for `UnknownObject`.
    ///
    /// No code runs for what is not known: the object is read by the stream's own program, within the limits, as a
    /// [`Value`](crate::Value) is.
    ///
    /// ```
    /// use reduce_core::{Loader, Registry, UnknownObject};
    /// use std::any::Any;
    ///
    /// # let mut theirs = Registry::new();
    /// # theirs.register_as::<(String, u32)>("shop.Line")?;
    /// # let object: Box<dyn Any> = Box::new(("pear".to_string(), 3u32));
    /// # let bytes = reduce_core::Dumper::new().registry(&theirs).to_vec(&object)?;
    /// let mut registry = Registry::new();
    /// registry.keep_unknown()?;
    /// let object: Box<dyn Any> = Loader::new().registry(&registry).from_slice(&bytes)?;
    /// let object = object.downcast_ref::<UnknownObject>().unwrap();
    /// assert_eq!(object.to_string(), r#"dyn shop.Line(("pear", 3))"#);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the registry is in use.
    pub fn keep_unknown(&mut self) -> Result<&mut Self, Error> {
        let inner = self.unfrozen()?;
        inner.keeps_unknown = true;
        <dyn Any as Object<UnknownObject>>::casts(&mut inner.casts);
        <dyn Any + Send as Object<UnknownObject>>::casts(&mut inner.casts);
        <dyn Any + Send + Sync as Object<UnknownObject>>::casts(&mut inner.casts);
        Ok(self)
    }

    /// Whether this registry or one that it was made over keeps what is unknown.
    pub(crate) fn keeps_unknown(&self) -> bool {
        self.layers().any(|layer| layer.keeps_unknown)
    }

    /// Whether nothing can stand behind a trait object.
    pub(crate) fn is_of_no_use(&self) -> bool {
        self.is_empty() && !self.keeps_unknown()
    }
}
