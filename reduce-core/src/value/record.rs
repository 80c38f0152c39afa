//! Records: fields by name. What an upgrade function changes.

use super::Value;
use super::items::Items;
use super::types::Type;
use crate::error::{Error, ErrorKind};
use crate::near_miss::nearest;
use crate::reduce::Reduce;
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::{Index, IndexMut};

/// What the records of one definition have in common.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub name: Arc<str>,
    pub version: u64,
    pub fields: Vec<FieldShape>,
    /// The definition: nothing where the fields are no longer those.
    pub of: Option<Type>,
    /// Whether a list without fields says that its fields have names.
    pub named: bool,
    /// Present while it is upgraded: fields that are as the stream has them belong to this record.
    pub upgraded: Option<Arc<()>>,
}

impl Shape {
    /// Fields that went by their positions keep those as names, wherever they come to stand.
    fn name_all(&mut self) {
        for (place, field) in self.fields.iter_mut().enumerate() {
            field.name.get_or_insert_with(|| format!("{place}").into());
        }
    }
}

/// A field but for its value.
#[derive(Clone, Debug)]
pub(super) struct FieldShape {
    /// Nothing where it goes by its position.
    pub name: Option<Arc<str>>,
    pub of: Option<Type>,
    pub state: bool,
    /// The place of the field of the stream that it still is.
    pub origin: Option<usize>,
}

/// A record: the fields of a struct or of a variant, by name and in order, as an upgrade function sees and changes them.
///
/// Fields without names go by their positions, `"0"`, `"1"`. Errors name the field and the nearest one that there is.
///
/// ```
/// use reduce_core::{BoxError, Record, Reduce, Value};
///
/// #[derive(Reduce)]
/// struct Person {
///     first: String,
///     last: String,
///     age: u8,
/// }
///
/// fn upgrade(old: &mut Record) -> Result<(), BoxError> {
///     let (first, last) = (old.take_as::<String>("first")?, old.take_as::<String>("last")?);
///     old.insert("name", format!("{first} {last}"))?;
///     old.rename("age", "years")?;
///     Ok(())
/// }
///
/// let mut value = Value::of(&Person { first: "Ann".into(), last: "Lee".into(), age: 40 })?;
/// upgrade(value.as_record_mut().unwrap())?;
/// assert_eq!(value.to_string(), r#"Person { years: 40, name: "Ann Lee" }"#);
///
/// let error = value.as_record_mut().unwrap().take("nam").unwrap_err();
/// assert!(error.to_string().ends_with("has no field `nam`; did you mean `name`?"));
/// # Ok::<(), BoxError>(())
/// ```
#[derive(Clone)]
pub struct Record {
    pub(super) shape: Arc<Shape>,
    pub(super) items: Items,
}

impl Record {
    /// A record without fields, of this name and version 0.
    ///
    /// ```
    /// use reduce_core::Record;
    ///
    /// let mut point = Record::new("geo.Point");
    /// point.insert("x", 1.5)?;
    /// point.insert("y", 2.0)?;
    /// assert_eq!(point.get("x").and_then(|x| x.as_f64()), Some(1.5));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        let shape = Shape {
            name: name.into(),
            version: 0,
            fields: Vec::new(),
            of: None,
            named: true,
            upgraded: None,
        };
        Record { shape: Arc::new(shape), items: Items::default() }
    }

    /// The name of the type, or of the variant.
    pub fn name(&self) -> &str {
        &self.shape.name
    }

    /// The version of the type; 0 where it states none.
    pub fn version(&self) -> u64 {
        self.shape.version
    }

    /// Sets name and version: an upgrade function need not, for the name in a stream is not looked up.
    pub fn set_name(&mut self, name: impl Into<Arc<str>>, version: u64) {
        let shape = self.changed();
        shape.name = name.into();
        shape.version = version;
    }

    /// How many fields there are, state fields included.
    pub fn len(&self) -> usize {
        self.items.as_slice().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The fields in order, each with its name, state fields last.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Cow<'_, str>, &Value)> {
        self.items.as_slice().iter().enumerate().map(|(place, value)| (self.field(place), value))
    }

    /// The values in order.
    pub fn values(&self) -> &[Value] {
        self.items.as_slice()
    }

    /// The values in order, to change them.
    pub fn values_mut(&mut self) -> &mut [Value] {
        if self.shape.upgraded.is_some() {
            let shape = Arc::make_mut(&mut self.shape);
            shape.fields.iter_mut().for_each(|field| field.origin = None);
        }
        self.items.vec_mut()
    }

    /// Whether there is a field of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.items.as_slice().get(self.place(name)?)
    }

    /// The value of a field, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        let place = self.place(name)?;
        self.touch(place);
        self.items.vec_mut().get_mut(place)
    }

    /// The field at a place may be changed: it is no longer what the stream has.
    fn touch(&mut self, place: usize) {
        if self.shape.upgraded.is_some()
            && let Some(field) = Arc::make_mut(&mut self.shape).fields.get_mut(place)
        {
            field.origin = None;
        }
    }

    /// Puts another value into a field that there is; returns the old one.
    ///
    /// # Errors
    ///
    /// When there is no such field.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) -> Result<Value, Error> {
        match self.get_mut(name) {
            Some(place) => Ok(core::mem::replace(place, value.into())),
            None => Err(self.missing(name)),
        }
    }

    /// Adds a field behind the others (state fields stay last).
    ///
    /// # Errors
    ///
    /// When there is such a field already.
    pub fn insert(
        &mut self,
        name: impl Into<Arc<str>>,
        value: impl Into<Value>,
    ) -> Result<(), Error> {
        let name = name.into();
        if self.contains(&name) {
            return Err(self.exists(&name));
        }
        let shape = self.changed();
        shape.name_all();
        let state = |field: &FieldShape| field.state;
        let place = shape.fields.iter().position(state).unwrap_or(shape.fields.len());
        shape
            .fields
            .insert(place, FieldShape { name: Some(name), of: None, state: false, origin: None });
        self.items.vec_mut().insert(place, value.into());
        Ok(())
    }

    /// Adds a field with a value of a type of yours.
    ///
    /// # Errors
    ///
    /// When there is such a field already, or the value cannot be dumped.
    ///
    /// ```
    /// use reduce_core::Record;
    /// use std::time::Duration;
    ///
    /// let mut job = Record::new("app.Job");
    /// job.insert_from("timeout", &Duration::from_secs(5))?;
    /// assert_eq!(job.get_as::<Duration>("timeout")?, Duration::from_secs(5));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    pub fn insert_from<T: Reduce + ?Sized>(
        &mut self,
        name: impl Into<Arc<str>>,
        value: &T,
    ) -> Result<(), Error> {
        let name = name.into();
        let value = Value::of(value).map_err(|error| error.in_field_named(&name))?;
        self.insert(name, value)
    }

    /// Takes a field out: the record has it no longer.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let place = self.place(name)?;
        let shape = self.changed();
        shape.name_all();
        shape.fields.remove(place);
        Some(self.items.vec_mut().remove(place))
    }

    /// Takes a field out, as [`remove`](Self::remove).
    ///
    /// # Errors
    ///
    /// When there is no such field.
    pub fn take(&mut self, name: &str) -> Result<Value, Error> {
        self.remove(name).ok_or_else(|| self.missing(name))
    }

    /// Gives a field another name, at its place.
    ///
    /// # Errors
    ///
    /// When there is no such field, or one of the new name already.
    pub fn rename(&mut self, name: &str, to: impl Into<Arc<str>>) -> Result<(), Error> {
        let to = to.into();
        let place = self.place(name).ok_or_else(|| self.missing(name))?;
        if self.place(&to).is_some_and(|other| other != place) {
            return Err(self.exists(&to));
        }
        if let Some(field) = self.changed().fields.get_mut(place) {
            field.name = Some(to);
        }
        Ok(())
    }

    /// The fields with their names.
    pub fn into_fields(mut self) -> Vec<(String, Value)> {
        let names: Vec<_> = (0..self.len()).map(|place| self.field(place).into_owned()).collect();
        names.into_iter().zip(self.items.take()).collect()
    }

    /// The name of the field at a place.
    pub(super) fn field(&self, place: usize) -> Cow<'_, str> {
        match self.shape.fields.get(place).and_then(|field| field.name.as_ref()) {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(format!("{place}")),
        }
    }

    /// Whether its fields have names.
    pub(super) fn is_named(&self) -> bool {
        self.shape.fields.iter().any(|field| field.name.is_some())
    }

    pub(super) fn place(&self, name: &str) -> Option<usize> {
        let fields = &self.shape.fields;
        let named = fields.iter().position(|field| field.name.as_deref() == Some(name));
        named.or_else(|| {
            let place = name.parse::<usize>().ok()?;
            // Written as a position is.
            let by_position = fields.get(place)?.name.is_none() && self.field(place) == name;
            by_position.then_some(place)
        })
    }

    /// The shape, which is no longer that of the definition.
    fn changed(&mut self) -> &mut Shape {
        let shape = Arc::make_mut(&mut self.shape);
        shape.of = None;
        shape
    }

    #[cold]
    pub(super) fn missing(&self, name: &str) -> Error {
        let names: Vec<_> = (0..self.len()).map(|place| self.field(place)).collect();
        let mut message = format!("the record `{}` has no field `{name}`", self.name());
        match nearest(name, names.iter().map(AsRef::as_ref)) {
            Some(near) => message.push_str(&format!("; did you mean `{near}`?")),
            None if names.is_empty() => message.push_str("; it has none"),
            None => message.push_str(&format!("; it has `{}`", names.join("`, `"))),
        }
        Error::new(ErrorKind::InvalidValue, message)
    }

    #[cold]
    fn exists(&self, name: &str) -> Error {
        let of = self.name();
        let message = format!(
            "the record `{of}` has a field `{name}` already; `set` puts another value into it"
        );
        Error::new(ErrorKind::InvalidValue, message)
    }
}

impl Index<&str> for Record {
    type Output = Value;

    /// The value of a field. Panics where there is none: see [`Record::get`].
    #[expect(clippy::panic, reason = "an index that is not there")]
    fn index(&self, name: &str) -> &Value {
        self.get(name).unwrap_or_else(|| panic!("{}", self.missing(name)))
    }
}

impl IndexMut<&str> for Record {
    #[expect(clippy::panic, clippy::indexing_slicing, reason = "an index that is not there")]
    fn index_mut(&mut self, name: &str) -> &mut Value {
        match self.place(name) {
            Some(place) => {
                self.touch(place);
                &mut self.items.vec_mut()[place]
            }
            None => panic!("{}", self.missing(name)),
        }
    }
}

/// A variant of an enum, with its fields.
///
/// ```
/// use reduce_core::{Reduce, Value};
///
/// #[derive(Reduce)]
/// enum Shape {
///     Empty,
///     Circle { radius: f32 },
/// }
///
/// let value = Value::of(&[Shape::Circle { radius: 2.0 }, Shape::Empty])?;
/// let Value::Enum(circle) = &value[0] else { panic!() };
/// assert_eq!((circle.enum_name(), circle.name()), ("Shape", "Circle"));
/// assert_eq!(circle.fields().get("radius"), Some(&Value::F32(2.0)));
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[derive(Clone)]
pub struct EnumValue {
    pub(super) of: Arc<EnumShape>,
    pub(super) record: Record,
}

/// What the variants of an enum have in common.
#[derive(Clone, Debug)]
pub(super) struct EnumShape {
    pub name: Arc<str>,
    pub version: u64,
    /// The definition.
    pub of: Option<Type>,
}

impl EnumValue {
    /// A variant of an enum of this name, with the variant's name and fields.
    pub fn new(enum_name: impl Into<Arc<str>>, mut record: Record) -> Self {
        // Those of a variant are no state.
        record.changed().fields.iter_mut().for_each(|field| field.state = false);
        let of = EnumShape { name: enum_name.into(), version: 0, of: None };
        EnumValue { of: Arc::new(of), record }
    }

    /// The variant's name.
    pub fn name(&self) -> &str {
        self.record.name()
    }

    /// The enum's name.
    pub fn enum_name(&self) -> &str {
        &self.of.name
    }

    /// The enum's version.
    pub fn version(&self) -> u64 {
        self.of.version
    }

    /// The fields, as a record of the variant's name.
    pub fn fields(&self) -> &Record {
        &self.record
    }

    /// The fields, to change them.
    pub fn fields_mut(&mut self) -> &mut Record {
        &mut self.record
    }

    /// The fields alone.
    pub fn into_fields(self) -> Record {
        self.record
    }
}
