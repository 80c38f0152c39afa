//! What a session of loads keeps from one message to the next: objects, types, and where it stands.

use super::adapt::{self, Plans};
use super::memo::{MarkedEnd, Memo};
use super::open::{self, Frame, Root, Terms};
use super::{Input, Reader};
use crate::error::{Error, ErrorKind};
use crate::header::Header;
use crate::limits::Limits;
use crate::program::table::{Definition, Ref, Silent, Table};
use crate::program::{FIRST_INDEX, Program, TypeDef, equal, program_of, text};
use crate::registry::{self, Registry};
use crate::scan::Met;
use crate::sequence::Position;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::any::TypeId;

/// What a session keeps from one message to the next.
pub(super) struct Kept {
    objects: Objects,
    types: Types,
    pub position: Position,
}

#[derive(Default)]
struct Objects {
    memo: Memo,
    /// Their types.
    met: Met,
}

#[derive(Default)]
struct Types {
    /// The definitions of the messages that have some, as they stood there behind their lengths.
    blocks: Vec<Box<[u8]>>,
    /// The table that they make, where its names are those of our own types: those are there as long as the process. Else it is put together when it is needed.
    table: Option<Rc<Table<'static>>>,
    /// Types of ours that were found to be those of a place; and whether their values are checked first.
    roots: BTreeMap<(TypeId, u64), bool>,
}

impl Default for Kept {
    fn default() -> Self {
        let (objects, types) = (Objects::default(), Types::default());
        Kept { objects, types, position: Position::START }
    }
}

impl Kept {
    /// Loads a message; it is kept if that succeeds.
    pub(super) fn load<'de>(
        &mut self,
        terms: Terms<'_, 'de>,
        frame: Frame<'de>,
        message: &[u8],
        value: &mut dyn Root<'de>,
    ) -> Result<(), Error> {
        let def = value.def();
        let (header, mut input) = (frame.header, frame.content);
        if header.continued {
            let at = input.offset();
            if let Some(error) = Position::read(&mut input)?.misplaced(self.position) {
                return Err(error.with_offset(at));
            }
        }
        let opened = self.types.open(def(), header, input, terms)?;
        input.take(opened.bytes)?;
        let Opened { table, root, changed, checked, new, .. } = opened;
        let settings = &terms.loader.settings;
        settings.check_allowed()?;
        if let (Some(registry), Some(all)) = (settings.registry(), &table) {
            registry.refuse_in(all)?;
        }
        let definitions = match &table {
            Some(table) => table.definitions.len(),
            None => usize::try_from(self.position.definitions).unwrap_or(usize::MAX),
        };
        let mut going = Going::on(&mut self.objects);
        if let Some(table) = table.as_deref().filter(|_| checked) {
            terms.check(table, root, input, header, &mut going.objects.met)?;
        }
        let mut budget = terms.budget(input);
        let made;
        let plans = match &table {
            Some(table)
                if changed || table.definitions.iter().any(|of| of.registered().is_some()) =>
            {
                made = terms.plans(changed.then_some(def), table, &mut budget)?;
                &made
            }
            _ => Plans::NONE,
        };
        let limits = terms.loader.settings.limits;
        going.expand(terms.reader(input, table, budget, plans), header, root, limits, value)?;
        let objects = going.done()?;
        self.position = self.position.after(message, objects, definitions);
        if let Some(New { blocks, table }) = new {
            self.types.blocks.extend(blocks);
            self.types.table = table;
        }
        if !changed {
            self.types.roots.entry((def().key(), number(root))).or_insert(checked);
        }
        Ok(())
    }
}

/// A type as it is referred to.
fn number(of: Ref) -> u64 {
    match of {
        Ref::Primitive(code) => u64::from(code),
        Ref::Index(index) => (index as u64).saturating_add(u64::from(FIRST_INDEX)),
    }
}

/// A message, opened.
struct Opened<'t> {
    /// All types, unless the value has no use for them.
    table: Option<Rc<Table<'t>>>,
    root: Ref,
    /// It is not our type's program.
    changed: bool,
    /// The value is checked first.
    checked: bool,
    /// Present where the message has definitions of its own.
    new: Option<New>,
    /// How many bytes the programs take.
    bytes: usize,
}

/// What a message adds to the types.
struct New {
    blocks: Vec<Box<[u8]>>,
    table: Option<Rc<Table<'static>>>,
}

impl Types {
    /// Reads the definitions of a message, and finds its root to be of our type.
    fn open<'t>(
        &'t self,
        def: &'static TypeDef,
        header: Header,
        mut input: Input<'t>,
        terms: Terms<'_, '_>,
    ) -> Result<Opened<'t>, Error> {
        let (program, start) = (program_of(def), input);
        let limits = &terms.loader.settings.limits;
        let bytes = |input: Input<'_>| input.offset().saturating_sub(start.offset());
        let length = input.length()?;
        let block = input.take(length)?;
        let known = self.known(def, block).filter(|_| !header.more);
        if let Some((root, checked)) = known {
            let (changed, new, bytes) = (false, None, bytes(input));
            if !(checked || header.ahead || program.has_value) {
                return Ok(Opened { table: None, root, changed, checked, new, bytes });
            }
            if let Some(table) = &self.table {
                let table = Some(table.clone());
                return Ok(Opened { table, root, changed, checked, new, bytes });
            }
        }
        let mut table = Table::kept(self.blocks.iter().map(|block| &**block), limits)?;
        let before = table.definitions.len();
        table.fill(&mut { start }, limits, &mut Silent)?;
        let changed = known.is_none() && !equal(def, table.root, &table);
        if changed && !adapt::is_related(&table, table.root, program.table()?) {
            return Err(other_type(&table, program).with_offset(start.offset()));
        }
        let mut blocks = Vec::from([block.into()]);
        if header.more {
            let mut content = input;
            table.more(&mut input, limits)?;
            let length = content.length()?;
            blocks.push(content.take(length)?.into());
        }
        let new = if table.definitions.len() > before {
            let mut ours = Vec::from([program.table()?]);
            ours.extend(self.table.as_deref());
            let registry = terms.loader.settings.registry();
            ours.extend(registered(&table, before, registry).filter_map(|ours| ours.table().ok()));
            Some(New { blocks, table: table.with_names_of(&ours).map(Rc::new) })
        } else {
            None
        };
        // What has changed may have held objects that the type knows nothing of, which later messages may refer to.
        let checked = header.more || changed || program.rebuilds || program.may_hold_shared()?;
        let (root, table) = (table.root, Some(Rc::new(table)));
        Ok(Opened { table, root, changed, checked, new, bytes: bytes(input) })
    }

    /// What is known of a root that stands behind no definitions.
    fn known(&self, def: &'static TypeDef, block: &[u8]) -> Option<(Ref, bool)> {
        let mut block = Input::new(block);
        let (count, root) = (block.varint().ok()?, block.varint().ok()?);
        let checked = self.roots.get(&(def.key(), root)).filter(|_| count == 0)?;
        let index = root.checked_sub(u64::from(FIRST_INDEX));
        let root = match index {
            Some(index) => Ref::Index(usize::try_from(index).ok()?),
            None => Ref::Primitive(u8::try_from(root).ok()?),
        };
        block.is_empty().then_some((root, *checked))
    }
}

/// The programs of our own types that stand for the registered ones behind `before` others.
fn registered<'a>(
    table: &'a Table<'_>,
    before: usize,
    registry: Option<&'a Registry>,
) -> impl Iterator<Item = &'static Program> + 'a {
    table.definitions.iter().skip(before).filter_map(move |definition| {
        let entry = match definition {
            Definition::Named(name, of) => {
                registry::named(registry, name, *of, table, None).ok()?
            }
            Definition::Coded(code, of) => {
                registry::coded(registry, *code, *of, table, None).ok()?
            }
            _ => return None,
        };
        Some(program_of((entry.def)()))
    })
}

/// The session's objects while a message is loaded: those of it are let go of, unless it is done, also when a function of
/// the user's panics.
struct Going<'k> {
    objects: &'k mut Objects,
    before: (MarkedEnd, usize),
    done: bool,
}

impl<'k> Going<'k> {
    fn on(objects: &'k mut Objects) -> Self {
        let before = (objects.memo.mark_end(), objects.met.len());
        Going { objects, before, done: false }
    }

    fn expand<'de>(
        &mut self,
        mut reader: Reader<'_, 'de>,
        header: Header,
        root: Ref,
        limits: Limits,
        value: &mut dyn Root<'de>,
    ) -> Result<(), Error> {
        core::mem::swap(&mut reader.memo, &mut self.objects.memo);
        let mut home = Home { memo: &mut self.objects.memo, reader };
        open::expand(&mut home.reader, header, root, limits, value)
    }

    /// How many objects there are by now.
    fn done(mut self) -> Result<usize, Error> {
        let count = self.objects.memo.len();
        if count != self.objects.met.len() {
            return Err(Error::new(
                ErrorKind::Malformed,
                "the value has shared objects that its description does not name",
            ));
        }
        self.objects.memo.end_message();
        self.done = true;
        Ok(count)
    }
}

impl Drop for Going<'_> {
    fn drop(&mut self) {
        if !self.done {
            let (memo, met) = &self.before;
            self.objects.memo.roll_back(memo);
            self.objects.met.truncate(*met);
        }
    }
}

/// Takes the memo back from a reader.
struct Home<'k, 's, 'de> {
    memo: &'k mut Memo,
    reader: Reader<'s, 'de>,
}

impl Drop for Home<'_, '_, '_> {
    fn drop(&mut self) {
        // Where a load broke off inside of a value of any type, the memo is around it.
        if let Some((memo, _)) = self.reader.documents.drain(..).next() {
            self.reader.memo = memo;
        }
        core::mem::swap(self.memo, &mut self.reader.memo);
    }
}

/// The message holds another type.
#[cold]
pub(super) fn other_type(table: &Table<'_>, ours: &'static Program) -> Error {
    let ours = match ours.table() {
        Ok(table) => table,
        Err(error) => return error,
    };
    let message = format!(
        "the stream holds a value of type `{}`, not `{}`",
        text::TypeName(table, table.root),
        text::TypeName(ours, ours.root),
    );
    let detail =
        format!("in the stream:\n{}asked for:\n{}", text::program(table), text::program(ours));
    Error::new(ErrorKind::TypeMismatch, message).with_detail(detail)
}
