//! Objects behind trait objects whose types are not registered, kept as they were.

use super::dump::write;
use super::infer::Graphs;
use super::object::Registered;
use super::parts::DynKind;
use super::types::{Def, Table, Type, number};
use super::universe::VALUE;
use super::{DynValue, Items, Value};
use crate::error::Error;
use crate::write::Writer;
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::fmt;

/// An object behind a `dyn Any` whose type is not registered here: what it is registered as elsewhere, and its value.
/// [`Registry::keep_unknown`](crate::Registry::keep_unknown) has loads make it.
///
/// It is dumped under the same name, or code, with the same program and value, so that whoever knows the type gets the object
/// back. The counterpart in Python is a class that
/// [`find_class`](https://docs.python.org/3/library/pickle.html#pickle.Unpickler.find_class) makes up for a missing one; here it
/// is written again as what it was.
///
/// Objects of a load that several unknown ones refer to go on to be shared by them. Of one that known parts of the value refer to
/// as well they have a copy, and of each other they have copies too. What cannot be copied is an error, as with
/// [`unknown`](crate::attributes#unknown) fields, and so is a shared object of an unknown type with
/// [state](crate::attributes#state).
///
/// ```
/// use reduce_core::{Dumper, Loader, Reduce, Registry, UnknownObject};
/// use std::any::Any;
///
/// #[derive(Reduce)]
/// #[reduce(name = "plugin.Blur")]
/// struct Blur {
///     radius: f32,
/// }
///
/// // A program that has the plugin ...
/// let mut plugins = Registry::new();
/// plugins.register::<Blur>()?;
/// let effects: Vec<Box<dyn Any>> = vec![Box::new(Blur { radius: 2.5 })];
/// let bytes = Dumper::new().registry(&plugins).to_vec(&effects)?;
///
/// // ... and one that has not.
/// let mut none = Registry::new();
/// none.keep_unknown()?;
/// let effects: Vec<Box<dyn Any>> = Loader::new().registry(&none).from_slice(&bytes)?;
/// let blur = effects[0].downcast_ref::<UnknownObject>().unwrap();
/// assert_eq!(blur.registered().to_string(), "plugin.Blur");
/// assert_eq!(blur.value()["radius"].as_f64(), Some(2.5));
///
/// let bytes = Dumper::new().registry(&none).to_vec(&effects)?;
/// let effects: Vec<Box<dyn Any>> = Loader::new().registry(&plugins).from_slice(&bytes)?;
/// assert_eq!(effects[0].downcast_ref::<Blur>().unwrap().radius, 2.5);
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[derive(Clone)]
pub struct UnknownObject {
    registered: Registered,
    /// The type that is registered.
    concrete: Type,
    value: Value,
}

impl UnknownObject {
    /// An object of the registered type in this place of a stream's table.
    pub(crate) fn new(table: &Arc<Table>, index: usize, value: Value) -> Option<Self> {
        let (registered, concrete) = match table.get(number(index))? {
            Def::Named(name, of) => (Registered::Name(name.clone()), *of),
            Def::Coded(code, of) => (Registered::Code(*code), *of),
            _ => return None,
        };
        Some(UnknownObject { registered, concrete: Type::new(table, concrete), value })
    }

    /// What its type is registered as, where it is known.
    pub fn registered(&self) -> &Registered {
        &self.registered
    }

    /// The object; [`Value::to`] makes a type of yours of it.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The object, to change it.
    pub fn value_mut(&mut self) -> &mut Value {
        &mut self.value
    }

    /// The object alone.
    pub fn into_value(self) -> Value {
        self.value
    }

    /// Writes what it is registered as, and the value.
    pub(crate) fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        let graphs = Rc::new(Graphs::of(&self.value));
        let of = match w.universe().import(&self.concrete) {
            VALUE => VALUE,
            hint => w.universe().type_of(&self.value, Some(hint), &graphs)?,
        };
        w.registered_value(&self.registered, of)?;
        write(&self.value, of, &graphs, w)
    }

    /// The same as a value.
    fn to_dyn(&self) -> Value {
        let kind = DynKind {
            of: Type::over(Def::Dyn("Any".into())),
            registered: self.registered.clone(),
            concrete: self.concrete.clone(),
        };
        Value::Dyn(DynValue { kind: Arc::new(kind), items: Items::one(self.value.clone()) })
    }
}

/// Equal values of one name.
impl PartialEq for UnknownObject {
    fn eq(&self, other: &Self) -> bool {
        self.registered == other.registered && self.value == other.value
    }
}

impl fmt::Debug for UnknownObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tuple = f.debug_tuple("UnknownObject");
        tuple.field(&format_args!("{}", self.registered)).field(&self.value).finish()
    }
}

/// As a [`Value`] with a trait object is shown.
impl fmt::Display for UnknownObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_dyn(), f)
    }
}
