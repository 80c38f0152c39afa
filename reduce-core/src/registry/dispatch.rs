//! The dispatch table: foreign types with their functions, overrides, and layers.

use super::foreign::{self, Answer};
use super::{Inner, Registry, usable};
use crate::context::Context;
use crate::error::{BoxError, Error, ErrorKind};
use crate::expand::Expand;
use crate::program::text::Name;
use crate::reduce::Reduce;
use alloc::format;
use alloc::sync::Arc;
use core::any::{TypeId, type_name};

/// What a pair of functions is for.
#[derive(Clone, Copy)]
enum Role {
    /// A type that the registry does not know.
    New,
    /// One that it knows.
    Override,
}

impl Registry {
    /// Says how a type of another crate is stored: the reducer makes *parts* of a value, the expander makes a value of
    /// parts. The counterpart of [`copyreg.pickle`](https://docs.python.org/3/library/copyreg.html#copyreg.pickle).
    ///
    /// `#[reduce(dispatch)]` fields use it, and trait objects that the type was registered for with
    /// [`implement`](Self::implement). The parts are any type that can be stored and borrows nothing: a number, a path, a
    /// tuple, a struct of yours. Each of the two functions may return a `Result`. Both sides need the name; each may have
    /// functions of its own. The expander runs after the whole stream was found well formed.
    ///
    /// The static way is an [`Adapter`](crate::Adapter): it needs no registry.
    ///
    /// ```
    /// use reduce_core::{Dumper, Loader, Reduce, Registry};
    ///
    /// mod other_crate {
    ///     pub struct Socket(pub u16);
    ///     impl Socket {
    ///         pub fn connect(port: u16) -> Result<Self, String> {
    ///             if port == 0 { Err("no port".into()) } else { Ok(Socket(port)) }
    ///         }
    ///     }
    /// }
    /// use other_crate::Socket;
    ///
    /// #[derive(Reduce)]
    /// struct Client {
    ///     name: String,
    ///     #[reduce(dispatch)]
    ///     socket: Socket,
    /// }
    ///
    /// let mut registry = Registry::new();
    /// registry.reducer("net.Socket", |socket: &Socket| socket.0, Socket::connect)?;
    ///
    /// let client = Client { name: "c1".into(), socket: Socket(80) };
    /// let bytes = Dumper::new().registry(&registry).to_vec(&client)?;
    /// let again: Client = Loader::new().registry(&registry).from_slice(&bytes)?;
    /// assert_eq!((again.name.as_str(), again.socket.0), ("c1", 80));
    ///
    /// let lost = Client { name: "c2".into(), socket: Socket(0) };
    /// let bytes = Dumper::new().registry(&registry).to_vec(&lost)?;
    /// let error = Loader::new().registry(&registry).from_slice::<Client>(&bytes).err().unwrap();
    /// assert_eq!(error.to_string(), "socket: the expander of `net.Socket` failed: no port");
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the name or the type is registered already, or the registry is in use.
    pub fn reducer<T, P, R, E, HowR, HowE>(
        &mut self,
        name: &str,
        reducer: impl Fn(&T) -> R + Send + Sync + 'static,
        expander: impl Fn(P) -> E + Send + Sync + 'static,
    ) -> Result<&mut Self, Error>
    where
        T: 'static,
        P: Reduce + for<'de> Expand<'de> + 'static,
        R: Answer<P, HowR>,
        E: Answer<T, HowE>,
    {
        self.foreign(
            Role::New,
            name,
            move |value: &T, _: &Context<'_>| reducer(value).answer(),
            move |parts: P, _: &Context<'_>| expander(parts).answer(),
        )
    }

    /// As [`reducer`](Self::reducer), of functions that get the session's [`Context`].
    ///
    /// ```
    /// use reduce_core::{Context, Dispatch, Dumper, Loader, Reduce, Registry};
    ///
    /// mod other_crate {
    ///     pub struct Connection(pub String);
    /// }
    /// use other_crate::Connection;
    ///
    /// struct Pool { host: &'static str }
    ///
    /// #[derive(Reduce)]
    /// struct Job {
    ///     #[reduce(with = Option<Dispatch>)]
    ///     connection: Option<Connection>,
    /// }
    ///
    /// let mut registry = Registry::new();
    /// registry.reducer_with(
    ///     "app.Connection",
    ///     |connection: &Connection, _| connection.0.split('/').nth(1).map(str::to_string).ok_or("no table"),
    ///     |table: String, context: &Context<'_>| {
    ///         context.require::<Pool>().map(|pool| Connection(format!("{}/{table}", pool.host)))
    ///     },
    /// )?;
    ///
    /// let job = Job { connection: Some(Connection("old/users".into())) };
    /// let bytes = Dumper::new().registry(&registry).to_vec(&job)?;
    /// let loader = Loader::new().registry(&registry).context(Pool { host: "new" });
    /// assert_eq!(loader.from_slice::<Job>(&bytes)?.connection.unwrap().0, "new/users");
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`reducer`](Self::reducer).
    pub fn reducer_with<T, P, R, E, HowR, HowE>(
        &mut self,
        name: &str,
        reducer: impl Fn(&T, &Context<'_>) -> R + Send + Sync + 'static,
        expander: impl Fn(P, &Context<'_>) -> E + Send + Sync + 'static,
    ) -> Result<&mut Self, Error>
    where
        T: 'static,
        P: Reduce + for<'de> Expand<'de> + 'static,
        R: Answer<P, HowR>,
        E: Answer<T, HowE>,
    {
        self.foreign(
            Role::New,
            name,
            move |value: &T, context: &Context<'_>| reducer(value, context).answer(),
            move |parts: P, context: &Context<'_>| expander(parts, context).answer(),
        )
    }

    /// Has a registered type stored in another way: the counterpart of pickle's
    /// [`reducer_override`](https://docs.python.org/3/library/pickle.html#pickle.Pickler.reducer_override).
    ///
    /// It holds where the registry is asked: behind trait objects, and in `#[reduce(dispatch)]` fields. Other fields of the
    /// type have a program of their own, fixed when they were compiled, and are stored as their derive says.
    ///
    /// With a new name, dumps use the new way, and loads know both names. With the name that the type has, streams in
    /// the old way are refused. A [layer](Self::over) overrides for one session, and leaves its base as it is.
    ///
    /// ```
    /// use reduce_core::{Dumper, Loader, Reduce, Registry};
    /// use std::any::Any;
    ///
    /// #[derive(Reduce)]
    /// #[reduce(name = "app.User")]
    /// struct User {
    ///     name: String,
    ///     password: String,
    /// }
    ///
    /// let mut registry = Registry::new();
    /// registry.register::<User>()?;
    ///
    /// // For what leaves the house.
    /// let mut public = Registry::over(&registry);
    /// public.override_reducer(
    ///     "app.User.public",
    ///     |user: &User| user.name.clone(),
    ///     |name: String| User { name, password: String::new() },
    /// )?;
    ///
    /// let user: Box<dyn Any> = Box::new(User { name: "ann".into(), password: "secret".into() });
    /// let bytes = Dumper::new().registry(&public).to_vec(&user)?;
    /// assert!(!bytes.windows(6).any(|part| part == b"secret"));
    /// let again: Box<dyn Any> = Loader::new().registry(&public).from_slice(&bytes)?;
    /// assert_eq!(again.downcast::<User>().unwrap().name, "ann");
    ///
    /// // Streams in the type's own way are still read.
    /// let bytes = Dumper::new().registry(&registry).to_vec(&user)?;
    /// let again: Box<dyn Any> = Loader::new().registry(&public).from_slice(&bytes)?;
    /// assert_eq!(again.downcast::<User>().unwrap().password, "secret");
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the type is not registered, the name is another type's, or the registry is in use.
    pub fn override_reducer<T, P, R, E, HowR, HowE>(
        &mut self,
        name: &str,
        reducer: impl Fn(&T) -> R + Send + Sync + 'static,
        expander: impl Fn(P) -> E + Send + Sync + 'static,
    ) -> Result<&mut Self, Error>
    where
        T: 'static,
        P: Reduce + for<'de> Expand<'de> + 'static,
        R: Answer<P, HowR>,
        E: Answer<T, HowE>,
    {
        self.foreign(
            Role::Override,
            name,
            move |value: &T, _: &Context<'_>| reducer(value).answer(),
            move |parts: P, _: &Context<'_>| expander(parts).answer(),
        )
    }

    /// As [`override_reducer`](Self::override_reducer), of functions that get the session's [`Context`].
    ///
    /// ```
    /// use reduce_core::{Context, Dumper, Loader, Reduce, Registry};
    /// use std::any::Any;
    ///
    /// #[derive(Reduce)]
    /// struct Price(u64);
    ///
    /// struct Rate(u64);
    ///
    /// let mut registry = Registry::new();
    /// registry.register::<Price>()?.override_reducer_with(
    ///     "Price",
    ///     |price: &Price, context: &Context<'_>| context.require::<Rate>().map(|rate| price.0 * rate.0),
    ///     |amount: u64, _| Price(amount),
    /// )?;
    /// let price: Box<dyn Any> = Box::new(Price(5));
    /// let bytes = Dumper::new().registry(&registry).context(Rate(3)).to_vec(&price)?;
    /// let again: Box<dyn Any> = Loader::new().registry(&registry).from_slice(&bytes)?;
    /// assert_eq!(again.downcast::<Price>().unwrap().0, 15);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`override_reducer`](Self::override_reducer).
    pub fn override_reducer_with<T, P, R, E, HowR, HowE>(
        &mut self,
        name: &str,
        reducer: impl Fn(&T, &Context<'_>) -> R + Send + Sync + 'static,
        expander: impl Fn(P, &Context<'_>) -> E + Send + Sync + 'static,
    ) -> Result<&mut Self, Error>
    where
        T: 'static,
        P: Reduce + for<'de> Expand<'de> + 'static,
        R: Answer<P, HowR>,
        E: Answer<T, HowE>,
    {
        self.foreign(
            Role::Override,
            name,
            move |value: &T, context: &Context<'_>| reducer(value, context).answer(),
            move |parts: P, context: &Context<'_>| expander(parts, context).answer(),
        )
    }

    /// What the four above do.
    fn foreign<T, P>(
        &mut self,
        role: Role,
        name: &str,
        reducer: impl Fn(&T, &Context<'_>) -> Result<P, BoxError> + Send + Sync + 'static,
        expander: impl Fn(P, &Context<'_>) -> Result<T, BoxError> + Send + Sync + 'static,
    ) -> Result<&mut Self, Error>
    where
        T: 'static,
        P: Reduce + for<'de> Expand<'de> + 'static,
    {
        let entry = foreign::entry(name, reducer, expander);
        match role {
            Role::New => {
                self.add::<T>(name, entry)?;
            }
            Role::Override => {
                self.overridable::<T>(name)?;
                self.put::<T>(name, entry)?;
            }
        }
        Ok(self)
    }

    /// A type can be overridden under a name.
    fn overridable<T: 'static>(&mut self, name: &str) -> Result<(), Error> {
        self.unfrozen()?;
        let Some(own) = self.name_of(TypeId::of::<T>()) else {
            return Err(Error::new(
                ErrorKind::Registry,
                format!(
                    "`{}` is not registered, so there is nothing to override; use `Registry::reducer`",
                    type_name::<T>()
                ),
            ));
        };
        if name == own {
            return Ok(());
        }
        usable(name)?;
        self.unused(name)
    }

    /// A registry that knows all that `base` knows, and takes more: for what one session adds to what all have.
    ///
    /// What it lacks is looked up in `base`, which is frozen by that. No name and no type of the base can be registered
    /// again; [`override_reducer`](Self::override_reducer) is for that. In Python it is the
    /// [`dispatch_table`](https://docs.python.org/3/library/pickle.html#pickle.Pickler.dispatch_table) of one pickler, chained in
    /// front of the one of `copyreg`.
    ///
    /// ```
    /// use reduce_core::{Dumper, Loader, Registry};
    /// use std::any::Any;
    ///
    /// let mut base = Registry::new();
    /// base.register_as::<u32>("app.u32")?;
    ///
    /// let mut session = Registry::over(&base);
    /// session.register_as::<String>("session.text")?;
    /// assert!(session.register_as::<bool>("app.u32").is_err());
    /// assert_eq!((base.len(), session.len()), (1, 2));
    ///
    /// let values: Vec<Box<dyn Any>> = vec![Box::new(7u32), Box::new("seven".to_string())];
    /// let bytes = Dumper::new().registry(&session).to_vec(&values)?;
    /// let again: Vec<Box<dyn Any>> = Loader::new().registry(&session).from_slice(&bytes)?;
    /// assert_eq!(again[0].downcast_ref::<u32>(), Some(&7));
    /// assert!(Loader::new().registry(&base).from_slice::<Vec<Box<dyn Any>>>(&bytes).is_err());
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    #[must_use]
    pub fn over(base: &Registry) -> Self {
        Registry { inner: Arc::new(Inner { base: Some(base.clone()), ..Inner::default() }) }
    }

    /// The error of a name that is taken.
    pub(super) fn unused(&self, name: &str) -> Result<(), Error> {
        match self.by_name(name) {
            None => Ok(()),
            Some(entry) => Err(Error::new(
                ErrorKind::Registry,
                format!(
                    "the name `{}` is registered already, for `{}`",
                    Name(name),
                    entry.rust_name
                ),
            )),
        }
    }
}
