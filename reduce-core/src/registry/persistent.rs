//! Persistent ids of a session: functions from an object to its id and back.

use super::Registry;
use super::foreign::Answer;
use crate::context::Context;
use crate::error::{BoxError, Error, ErrorKind};
use crate::expand::Expand;
use crate::reduce::Reduce;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::sync::Arc;
use core::any::{Any, TypeId, type_name};

/// The functions, by the type of the handle: an [`Ids`] each.
pub(super) type PersistentTypes = BTreeMap<TypeId, Functions>;

#[derive(Clone)]
pub(super) struct Functions {
    /// The name of the id's type, for errors.
    id: &'static str,
    ids: Arc<dyn Any + Send + Sync>,
}

type ToId<H, I> = dyn Fn(&H, &Context<'_>) -> Result<I, BoxError> + Send + Sync;
type FromId<H, I> = dyn Fn(I, &Context<'_>) -> Result<H, BoxError> + Send + Sync;

/// From handles of type `H` to their ids and back.
pub(crate) struct Ids<H, I> {
    pub to_id: Box<ToId<H, I>>,
    pub from_id: Box<FromId<H, I>>,
}

impl Registry {
    /// Says for a session how the objects of a `#[reduce(persistent(Id))]` field are stored: by an id, and looked up at
    /// load. The counterpart of pickle's
    /// [`persistent_id` and `persistent_load`](https://docs.python.org/3/library/pickle.html#persistence-of-external-objects).
    ///
    /// `H` is the type of the field, the handle of an object: `Texture`, `Rc<Texture>`, `Arc<Texture>`. `from_id` may return
    /// clones of one `Rc`: so identity is what the lookup makes it. Both functions may return a `Result`; `from_id`
    /// runs after the whole stream was found well formed. [`Persistent`](crate::Persistent) says the same once for all
    /// sessions.
    ///
    /// ```
    /// use reduce_core::{BySessionId, Context, Dumper, Loader, Reduce, Registry};
    /// use std::collections::HashMap;
    /// use std::rc::Rc;
    ///
    /// struct Texture {
    ///     id: u32,
    /// }
    ///
    /// #[derive(Reduce)]
    /// struct Sprite {
    ///     #[reduce(persistent(u32))]
    ///     texture: Rc<Texture>,
    ///     #[reduce(with = Vec<BySessionId<u32>>)]
    ///     frames: Vec<Rc<Texture>>,
    /// }
    ///
    /// struct Textures(HashMap<u32, Rc<Texture>>);
    ///
    /// let mut registry = Registry::new();
    /// registry.persistent(
    ///     |texture: &Rc<Texture>, _| texture.id,
    ///     |id: u32, context: &Context<'_>| {
    ///         let textures = &context.require::<Textures>()?.0;
    ///         textures.get(&id).cloned().ok_or(reduce_core::Error::custom(format!("no texture {id}")))
    ///     },
    /// )?;
    ///
    /// let brick = Rc::new(Texture { id: 7 });
    /// let sprite = Sprite { texture: brick.clone(), frames: vec![brick.clone()] };
    /// let bytes = Dumper::new().registry(&registry).to_vec(&sprite)?;
    ///
    /// let textures = Textures(HashMap::from([(7, brick.clone())]));
    /// let loader = Loader::new().registry(&registry);
    /// let again: Sprite = loader.with_context(&textures).from_slice(&bytes)?;
    /// assert!(Rc::ptr_eq(&again.texture, &brick) && Rc::ptr_eq(&again.frames[0], &brick));
    ///
    /// let none = Textures(HashMap::new());
    /// let error = loader.with_context(&none).from_slice::<Sprite>(&bytes).err().unwrap();
    /// assert_eq!(error.to_string(), "texture: no texture 7");
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the type has ids already, in this registry or in one [below](Self::over), or the registry is in use.
    pub fn persistent<H, I, A, B, HowA, HowB>(
        &mut self,
        to_id: impl Fn(&H, &Context<'_>) -> A + Send + Sync + 'static,
        from_id: impl Fn(I, &Context<'_>) -> B + Send + Sync + 'static,
    ) -> Result<&mut Self, Error>
    where
        H: 'static,
        I: Reduce + for<'de> Expand<'de> + 'static,
        A: Answer<I, HowA>,
        B: Answer<H, HowB>,
    {
        self.unfrozen()?;
        if let Some(functions) = self.functions::<H>() {
            return Err(Error::new(
                ErrorKind::Registry,
                format!("`{}` has ids already, of type `{}`", type_name::<H>(), functions.id),
            ));
        }
        let ids = Ids::<H, I> {
            to_id: Box::new(move |object: &H, context: &Context<'_>| {
                to_id(object, context).answer()
            }),
            from_id: Box::new(move |id: I, context: &Context<'_>| from_id(id, context).answer()),
        };
        let functions = Functions { id: type_name::<I>(), ids: Arc::new(ids) };
        self.unfrozen()?.persistent.insert(TypeId::of::<H>(), functions);
        Ok(self)
    }

    fn functions<H: 'static>(&self) -> Option<&Functions> {
        self.layers().find_map(|layer| layer.persistent.get(&TypeId::of::<H>()))
    }

    /// The functions of a handle whose ids are of type `I`.
    pub(crate) fn ids<H: 'static, I: 'static>(&self) -> Result<&Ids<H, I>, Error> {
        let Some(functions) = self.functions::<H>() else { return Err(no_ids::<H>(true)) };
        functions.ids.downcast_ref().ok_or_else(|| {
            Error::new(
                ErrorKind::Registry,
                format!(
                    "the ids of `{}` are registered as `{}`, and the field stores them as `{}`",
                    type_name::<H>(),
                    functions.id,
                    type_name::<I>()
                ),
            )
        })
    }
}

#[cold]
pub(crate) fn no_ids<H>(registry: bool) -> Error {
    let handle = type_name::<H>();
    let message = if registry {
        format!(
            "`{handle}` has no persistent ids in the session's registry; \
             add functions for them with `Registry::persistent`"
        )
    } else {
        format!(
            "the registry knows the persistent ids of `{handle}`, but the session has no registry; \
             hand one over with `.registry(&registry)`"
        )
    };
    Error::new(ErrorKind::Registry, message)
}
