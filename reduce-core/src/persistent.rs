//! Persistent ids: objects that live elsewhere, stored as their ids and looked up at load.

use crate::adapter::Adapter;
use crate::context::Context;
use crate::describe::Describe;
use crate::error::{BoxError, Error, ErrorKind};
use crate::expand::Expand;
use crate::program::TypeDef;
use crate::read::{Collect, Reader};
use crate::reduce::Reduce;
use crate::registry::{Ids, no_ids};
use crate::write::Writer;
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::marker::PhantomData;

/// An object that lives elsewhere (a row, a texture, the session of a user), and has an id there: what
/// `#[reduce(persistent)]` fields ask for.
///
/// The field is stored as the id. At load the object is looked up, by means of the [`Context`]. The counterpart of
/// pickle's [`persistent_id` and
/// `persistent_load`](https://docs.python.org/3/library/pickle.html#persistence-of-external-objects), by type;
/// [`Registry::persistent`](crate::Registry::persistent) says the same for one session, also for types of other crates.
///
/// ```
/// use reduce_core::{BoxError, ById, Context, Dumper, Loader, Persistent, Reduce};
/// use std::collections::HashMap;
/// use std::rc::Rc;
///
/// struct Texture {
///     path: String,
/// }
///
/// /// The textures that are loaded.
/// struct Textures(HashMap<String, Rc<Texture>>);
///
/// impl Persistent for Texture {
///     type Id = String;
///     type Handle = Rc<Texture>;
///
///     fn id(&self, _: &Context<'_>) -> Result<String, BoxError> {
///         Ok(self.path.clone())
///     }
///
///     fn find(path: String, context: &Context<'_>) -> Result<Rc<Texture>, BoxError> {
///         let textures = &context.require::<Textures>()?.0;
///         Ok(textures.get(&path).ok_or_else(|| format!("no texture {path}"))?.clone())
///     }
/// }
///
/// #[derive(Reduce)]
/// struct Sprite {
///     #[reduce(persistent)]
///     texture: Rc<Texture>,
///     #[reduce(with = Vec<ById>)]
///     frames: Vec<Rc<Texture>>,
/// }
///
/// let brick = Rc::new(Texture { path: "brick.png".into() });
/// let sprite = Sprite { texture: brick.clone(), frames: vec![brick.clone()] };
/// let bytes = reduce_core::to_vec(&sprite)?;
///
/// let textures = Textures(HashMap::from([(brick.path.clone(), brick.clone())]));
/// let again: Sprite = Loader::new().with_context(&textures).from_slice(&bytes)?;
/// assert!(Rc::ptr_eq(&again.texture, &brick) && Rc::ptr_eq(&again.frames[0], &brick));
///
/// let none = Textures(HashMap::new());
/// let error = Loader::new().with_context(&none).from_slice::<Sprite>(&bytes).err().unwrap();
/// assert_eq!(error.to_string(), "texture: the lookup by its id failed: no texture brick.png");
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no persistent id",
    label = "`Persistent` is not implemented for `{Self}`",
    note = "`impl Persistent for {Self}`; or name the type of the id, `#[reduce(persistent(Id))]`, and give the session functions with `Registry::persistent`"
)]
pub trait Persistent {
    /// What is stored. It borrows nothing from the stream.
    type Id: Reduce + for<'de> Expand<'de>;

    /// What a field holds: `Self`, `Rc<Self>` or `Arc<Self>`.
    type Handle;

    /// The id of the object.
    ///
    /// # Errors
    ///
    /// Any error ends the dump, with the path to the field: an object that was never saved may have no id.
    fn id(&self, context: &Context<'_>) -> Result<Self::Id, BoxError>;

    /// Looks the object up. It may return clones of one `Rc`. It runs after the whole stream was found well formed.
    ///
    /// # Errors
    ///
    /// Any error ends the load, with the path to the field.
    fn find(id: Self::Id, context: &Context<'_>) -> Result<Self::Handle, BoxError>;
}

/// The type of a field that holds a [`Persistent`] object.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no handle of an object with a persistent id",
    label = "this field cannot be stored by an id",
    note = "`impl Persistent` for the object, with `type Handle = {Self}`; or name the type of the id, `#[reduce(persistent(Id))]`, and give the session functions with `Registry::persistent`"
)]
pub trait Handle: Sized {
    /// The object's.
    type Id: Reduce + for<'de> Expand<'de>;
    /// The object's.
    fn id(&self, context: &Context<'_>) -> Result<Self::Id, BoxError>;
    /// The object's.
    fn find(id: Self::Id, context: &Context<'_>) -> Result<Self, BoxError>;
}

macro_rules! handle {
    ($($handle:ty;)*) => {$(
        impl<T: Persistent<Handle = $handle>> Handle for $handle {
            type Id = T::Id;

            fn id(&self, context: &Context<'_>) -> Result<T::Id, BoxError> {
                T::id(self, context)
            }

            fn find(id: T::Id, context: &Context<'_>) -> Result<Self, BoxError> {
                T::find(id, context)
            }
        }
    )*};
}

handle! {
    T;
    Rc<T>;
    Arc<T>;
}

/// The adapter of `#[reduce(persistent)]`: the handle of a [`Persistent`] object is stored as the object's id.
///
/// `persistent` on a field is `with = ById`. In this form it composes, as every adapter: `with = Vec<ById>`,
/// `with = Option<ById>`. The example of [`Persistent`] uses it.
#[derive(Clone, Copy, Debug)]
pub struct ById;

impl<H: Handle> Adapter<H> for ById {
    type Stored = Id<H::Id>;

    fn reduce(object: &H, context: &Context<'_>) -> Result<Id<H::Id>, BoxError> {
        object.id(context).map(Id).map_err(no_id)
    }

    fn expand(stored: Id<H::Id>, context: &Context<'_>) -> Result<H, BoxError> {
        H::find(stored.0, context).map_err(not_found)
    }
}

/// The adapter of `#[reduce(persistent(Id))]`: a handle is stored as an `Id`, by functions of the session's registry.
///
/// `persistent(u32)` on a field is `with = BySessionId<u32>`. In this form it composes, as every adapter. The example of
/// [`Registry::persistent`](crate::Registry::persistent) uses it.
#[derive(Clone, Copy, Debug)]
pub struct BySessionId<Id>(PhantomData<Id>);

impl<H: 'static, I> Adapter<H> for BySessionId<I>
where
    I: Reduce + for<'de> Expand<'de> + 'static,
{
    type Stored = Id<I>;

    fn reduce(object: &H, context: &Context<'_>) -> Result<Id<I>, BoxError> {
        (ids::<H, I>(context)?.to_id)(object, context).map(Id).map_err(no_id)
    }

    fn expand(stored: Id<I>, context: &Context<'_>) -> Result<H, BoxError> {
        (ids::<H, I>(context)?.from_id)(stored.0, context).map_err(not_found)
    }
}

fn ids<'s, H: 'static, I: 'static>(context: &Context<'s>) -> Result<&'s Ids<H, I>, Error> {
    context.registry().ok_or_else(|| no_ids::<H>(false))?.ids()
}

#[cold]
fn no_id(cause: BoxError) -> BoxError {
    Error::from_cause(ErrorKind::Convert, "the object gave no id", cause).into()
}

#[cold]
fn not_found(cause: BoxError) -> BoxError {
    Error::from_cause(ErrorKind::Convert, "the lookup by its id failed", cause).into()
}

/// An id where an object is meant.
#[derive(Debug)]
pub struct Id<I>(I);

impl<I: Describe> Describe for Id<I> {
    fn def() -> &'static TypeDef {
        const { &TypeDef::persistent::<Self>(I::def) }
    }
}

impl<I: Reduce> Reduce for Id<I> {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.0.reduce(w)
    }
}

impl<'de, I: Expand<'de>> Expand<'de> for Id<I> {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        I::expand(r).map(Id)
    }

    fn collect(c: &mut Collect<'de>) {
        I::collect(c);
    }
}
