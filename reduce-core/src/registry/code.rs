//! Codes: small numbers that both sides have agreed on, in place of the names of registered types.

use super::{Entry, Registry, empty};
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::program::table::{Ref, Table};
use crate::program::text::{Name, TypeName};
use crate::program::{Code, codes, equal, program_of};
use crate::programs::Programs;
use crate::read::{Input, Plan};
use alloc::format;
use core::any::{TypeId, type_name};

impl Registry {
    /// Has streams name a registered type by a number instead of its name; both sides must have agreed on it. Loads
    /// go on to take the name too. Codes below 128 take one byte. The counterpart of `copyreg.add_extension`.
    ///
    /// The type's program is in the stream as ever: where the other side gives the number to another type, its load is an
    /// error. With [`Dumper::fingerprint`](crate::Dumper::fingerprint) its fingerprint is.
    ///
    /// ```
    /// use reduce_core::{Dumper, Loader, Reduce, Registry};
    /// use std::any::Any;
    ///
    /// #[derive(Reduce)]
    /// #[reduce(name = "app.events.Clicked")]
    /// struct Clicked(u32);
    ///
    /// let mut registry = Registry::new();
    /// registry.register::<Clicked>()?.code::<Clicked>(1)?;
    ///
    /// let event: Box<dyn Any> = Box::new(Clicked(7));
    /// let bytes = Dumper::new().registry(&registry).to_vec(&event)?;
    /// let again: Box<dyn Any> = Loader::new().registry(&registry).from_slice(&bytes)?;
    /// assert_eq!(again.downcast_ref::<Clicked>().unwrap().0, 7);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the code is given already, the type has one or is not registered here (a layer gives codes to types of its
    /// own), or the registry is in use.
    pub fn code<T: 'static>(&mut self, code: u32) -> Result<&mut Self, Error> {
        let id = TypeId::of::<T>();
        if let Some(entry) = self.with_code(code) {
            return Err(Error::new(
                ErrorKind::Registry,
                format!("the code {code} is given already, to `{}`", entry.rust_name),
            ));
        }
        let inner = self.unfrozen()?;
        let entry = inner.names.get(&id).and_then(|name| inner.by_name.get_mut(name));
        let Some(entry) = entry else {
            return Err(Error::new(
                ErrorKind::Registry,
                format!("`{}` is not registered: it needs a name before a code", type_name::<T>()),
            ));
        };
        if let Some(other) = entry.code {
            return Err(Error::new(
                ErrorKind::Registry,
                format!("`{}` has a code already, {other}", entry.rust_name),
            ));
        }
        entry.code = Some(code);
        inner.codes.insert(code, id);
        Ok(self)
    }

    /// The entry of the type that has a code.
    pub(super) fn with_code(&self, code: u32) -> Option<&Entry> {
        let id = self.layers().find_map(|layer| layer.codes.get(&code))?;
        self.by_name(self.name_of(*id)?)
    }
}

/// The entry of a code in a stream, whose program must be the one of the type.
pub(crate) fn coded<'s>(
    registry: Option<&'s Registry>,
    code: u64,
    of: Ref,
    table: &Table<'_>,
    planned: Option<Option<Plan>>,
) -> Result<&'s Entry, Error> {
    let of_type = TypeName(table, of);
    let Some(registry) = registry.filter(|registry| !registry.is_of_no_use()) else {
        let what = format!("the code {code} (`{of_type}`) stands for a registered type");
        return Err(empty(registry.is_some(), &what));
    };
    let found = u32::try_from(code).ok().and_then(|code| registry.with_code(code));
    let Some(entry) = found else {
        return Err(unknown(code, &format!("{of_type}"), registry));
    };
    if planned.is_some() || equal((entry.def)(), of, table) {
        return Ok(entry);
    }
    Err(Error::new(
        ErrorKind::TypeMismatch,
        format!(
            "the code {code} is given to `{}` here, whose program is not the one of `{of_type}` in the stream",
            entry.rust_name
        ),
    ))
}

/// Reads the codes of a message, whose programs must be those of the types that have the codes; they continue the table.
pub(crate) fn of_message<'l>(
    registry: Option<&Registry>,
    known: Option<&'l Programs>,
    input: &mut Input<'_>,
    table: &mut Table<'l>,
    limits: &Limits,
) -> Result<(), Error> {
    for Code { code, fingerprint, at } in codes(input)? {
        let at = at.start;
        let Some(registry) = registry.filter(|registry| !registry.is_of_no_use()) else {
            return Err(empty(
                registry.is_some(),
                &format!("the code {code} stands for a registered type"),
            )
            .with_offset(at));
        };
        let found = u32::try_from(code).ok().and_then(|code| registry.with_code(code));
        let Some(entry) = found else {
            let error = registry.refusal(&format!("of the code {code}"), false);
            let error = error.unwrap_or_else(|| {
                let message = format!("no type is registered with the code {code}");
                Error::new(ErrorKind::Registry, message)
            });
            return Err(error.with_offset(at));
        };
        let program = program_of((entry.def)());
        if program.fingerprint != fingerprint {
            if let Some(block) = known.and_then(|known| known.block(fingerprint)) {
                let theirs = Table::read(&mut Input::new(block), limits);
                let appended = theirs.and_then(|theirs| table.append(&theirs, code, limits));
                appended.map_err(|error| error.with_offset(at))?;
                continue;
            }
            let (name, ours) = (entry.rust_name, program.fingerprint);
            return Err(Error::new(
                ErrorKind::TypeMismatch,
                format!(
                    "the code {code} is given to `{name}` here, whose fingerprint is {ours:016x}, not {fingerprint:016x}"
                ),
            )
            .with_offset(at));
        }
        table.append(program.table()?, code, limits).map_err(|error| error.with_offset(at))?;
    }
    Ok(())
}

#[cold]
fn unknown(code: u64, of: &str, registry: &Registry) -> Error {
    let refusal = registry.refusal(&format!("`{}`, by its code {code}", Name(of)), false);
    if let Some(refusal) = refusal {
        return refusal;
    }
    let also = match registry.by_name(of).map(|entry| entry.code) {
        Some(Some(other)) => format!("; `{}` has the code {other} here", Name(of)),
        Some(None) => format!("; `{}` is registered here without a code", Name(of)),
        None => "".into(),
    };
    Error::new(
        ErrorKind::Registry,
        format!("no type is registered with the code {code}, which is `{of}` in the stream{also}"),
    )
}
