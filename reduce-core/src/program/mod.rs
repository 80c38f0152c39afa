//! Programs: how a type is written, as bytes. Built from descriptions once per process, read from streams.

mod build;
mod cache;
mod call;
mod def;
mod equal;
mod fingerprint;
pub(crate) mod table;
pub(crate) mod text;

use crate::error::Error;
use crate::limits::Limits;
use crate::read::Input;
use alloc::boxed::Box;
use alloc::sync::Arc;
use once_cell::race::OnceBox;
use table::{Definition, Table};

pub(crate) use build::Types;
pub(crate) use cache::{Cache, program_of};
pub use call::{CallDef, When};
pub(crate) use call::{MADE, WHOLE};
pub use def::{DefFn, Field, Fields, PartDef, TypeDef, Variant};
pub(crate) use def::{Kind, Versions};
pub(crate) use equal::equal;
pub(crate) use fingerprint::{Code, codes, fingerprint};

/// A type is referred to by a number: below this one it is a primitive's opcode, from here on a place in the table.
pub(crate) const FIRST_INDEX: u8 = 0x40;

/// The count of fields is shifted by this many bits, to make room for flags.
pub(crate) const FIELD_FLAGS: u32 = 2;
/// Flag: every field has a name in front of its type.
pub(crate) const NAMED_FIELDS: u64 = 1;
/// Flag, reserved: the state fields follow, as a second list of fields.
pub(crate) const STATE_FIELDS: u64 = 2;

/// The program of a type and of all types below it.
#[derive(Debug)]
pub(crate) struct Program {
    /// As it stands in a stream: a length, then that many bytes of definitions and the root's type.
    pub block: Box<[u8]>,
    /// What stands for it in messages that do not carry it.
    pub fingerprint: u64,
    /// Loading it runs functions of the user.
    pub rebuilds: bool,
    /// Loading it from a stream of another program may run functions of the user.
    pub adapts: bool,
    /// A value of any type occurs in it, whose type may be any of the stream's table.
    pub has_value: bool,
    /// The table, for objects that add to it.
    pub types: Arc<Types>,
    table: OnceBox<Table<'static>>,
}

impl Program {
    /// The program as a stream's reader sees it: read once, for loads that check the data first.
    pub(crate) fn table(&'static self) -> Result<&'static Table<'static>, Error> {
        self.table.get_or_try_init(|| {
            Table::read(&mut Input::new(&self.block), &Limits::DEFAULT).map(Box::new)
        })
    }

    /// Whether a value may hold shared objects, of its own or behind trait objects.
    pub(crate) fn may_hold_shared(&'static self) -> Result<bool, Error> {
        self.table().map(Table::may_hold_shared)
    }

    /// Whether a value may hold weak pointers, of its own or behind trait objects.
    pub(crate) fn may_hold_weak(&'static self) -> Result<bool, Error> {
        let table = self.table()?;
        let definitions = (0..).map_while(|index| table.get(index));
        Ok({ definitions }.any(|definition| {
            matches!(definition, Definition::Weak(_) | Definition::Dyn(_) | Definition::Dispatch)
        }))
    }
}
