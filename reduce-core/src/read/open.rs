//! The way from bytes to a value: the header, the programs, the check, the value and its states.

use super::adapt::{self, Plan, Plans};
use super::mode::Mode;
use super::{Buffers, Collect, Input, Loader, Reader, ahead, columns, state};
use crate::canary::{Canary, planted};
use crate::context::Lent;
use crate::error::{Error, ErrorKind};
use crate::expand::Expand;
use crate::header::{self, Header};
use crate::limits::{Budget, Calls, Limits};
use crate::opcode;
use crate::program::table::{Ref, Table};
use crate::program::{DefFn, Program, program_of, text};
use crate::registry;
use crate::scan::{self, Met};
use crate::sequence::Position;
use alloc::rc::Rc;
#[cfg(feature = "std")]
use alloc::vec;
#[cfg(feature = "std")]
use alloc::vec::Vec;

/// What a load goes by.
#[derive(Clone, Copy)]
pub(super) struct Terms<'a, 'b> {
    pub loader: &'a Loader,
    pub lent: &'a [Lent<'a>],
    pub buffers: &'a [&'b [u8]],
    /// What is left of the functions that it may call.
    pub calls: &'a Calls,
}

/// The value at the root, with its type forgotten, so that there is one copy of the way to it and not one for each type.
pub(crate) trait Root<'de> {
    fn def(&self) -> DefFn;

    /// Reads the value; by a plan, where its type has changed.
    fn expand(&mut self, plan: Option<Plan>, r: &mut Reader<'_, 'de>) -> Result<(), Error>;

    /// Adds its shared types.
    fn collect(&self, c: &mut Collect<'de>);
}

struct Place<'v, T>(&'v mut Option<T>);

impl<'de, T: Expand<'de>> Root<'de> for Place<'_, T> {
    fn def(&self) -> DefFn {
        T::def
    }

    fn expand(&mut self, plan: Option<Plan>, r: &mut Reader<'_, 'de>) -> Result<(), Error> {
        let value = match plan {
            None => T::expand(r)?,
            Some(plan) => plan.value(r)?,
        };
        // There is nothing to be dropped, and so no code for it.
        core::mem::forget(self.0.replace(value));
        Ok(())
    }

    fn collect(&self, c: &mut Collect<'de>) {
        T::collect(c);
    }
}

/// The value that a load puts into its place.
#[inline]
pub(crate) fn value<'de, T: Expand<'de>>(
    load: impl FnOnce(&mut dyn Root<'de>) -> Result<(), Error>,
) -> Result<T, Error> {
    let mut value = None;
    load(&mut Place(&mut value))?;
    value.ok_or_else(no_value)
}

/// A load that is done has read the value.
#[cold]
fn no_value() -> Error {
    Error::new(ErrorKind::Malformed, "the root was not read")
}

pub(super) fn from_slice<'de>(
    terms: Terms<'_, 'de>,
    bytes: &'de [u8],
    value: &mut dyn Root<'de>,
) -> Result<(), Error> {
    let frame = Frame::read(bytes)?;
    let program = program_of(value.def()());
    if let Some(data) = terms.plain_data(&frame, program) {
        frame.alone()?;
        return terms.plain(data, frame.header, value);
    }
    let opened = open(frame, program, terms)?;
    // Before a function of the user's runs: the slice is not what the caller takes it for.
    frame.alone()?;
    opened.expand(terms, frame.header, value)
}

/// Hands back what stands behind the value.
pub(super) fn take_from_slice<'de>(
    terms: Terms<'_, 'de>,
    bytes: &'de [u8],
    value: &mut dyn Root<'de>,
) -> Result<&'de [u8], Error> {
    let frame = Frame::read(bytes)?;
    let program = program_of(value.def()());
    match terms.plain_data(&frame, program) {
        Some(data) => terms.plain(data, frame.header, value)?,
        None => open(frame, program, terms)?.expand(terms, frame.header, value)?,
    }
    Ok(frame.behind)
}

/// The stream at the beginning of some bytes.
#[derive(Clone, Copy)]
pub(super) struct Frame<'de> {
    pub header: Header,
    /// What follows the header.
    pub content: Input<'de>,
    pub behind: &'de [u8],
}

impl<'de> Frame<'de> {
    #[inline]
    pub(super) fn read(bytes: &'de [u8]) -> Result<Self, Error> {
        let mut whole = Input::new(bytes);
        let header = header::read(&mut whole)?;
        let length = usize::try_from(header.length)
            .ok()
            .filter(|&length| length <= whole.remaining())
            .ok_or_else(|| whole.end())?;
        let content = whole.sub(length)?;
        Ok(Frame { header, content, behind: whole.rest() })
    }

    /// The data, where there is nothing to be done before it is read: the stream has the definitions of this program and
    /// no others, no objects ahead of the root, no values of any type, and nothing that is checked first.
    #[inline]
    fn plain(&self, program: &Program) -> Option<Input<'de>> {
        let Header { fingerprint, more, ahead, continued, .. } = self.header;
        if more || ahead || continued || program.rebuilds || program.has_value {
            return None;
        }
        match fingerprint {
            None => self.content.behind(&program.block),
            Some(fingerprint) => (fingerprint == program.fingerprint).then_some(self.content),
        }
    }

    /// Nothing stands behind the stream.
    #[inline]
    pub(super) fn alone(&self) -> Result<(), Error> {
        if self.behind.is_empty() || planted(Canary::Trailing) {
            return Ok(());
        }
        let end = self.content.offset().saturating_add(self.content.remaining());
        Err(trailing(end, self.behind.len()))
    }
}

/// A stream of the expected program, or of one that is adapted, opened.
struct Opened<'s, 'de> {
    /// From the objects ahead of the root or from the root on, to the stream's end.
    input: Input<'de>,
    /// All types, where there are more than the root's program has, or objects ahead of the root, or other types than ours.
    table: Option<Rc<Table<'s>>>,
    /// The stream's program is not the type's.
    changed: bool,
    /// The stream's type of the value, where it has objects ahead of it.
    root: Ref,
}

impl<'s, 'de: 's> Opened<'s, 'de> {
    #[inline(never)]
    fn expand(
        self,
        terms: Terms<'s, 'de>,
        header: Header,
        value: &mut dyn Root<'de>,
    ) -> Result<(), Error> {
        let mut budget = terms.budget(self.input);
        let made;
        let plans = match &self.table {
            Some(table) if self.changed || header.more => {
                made = terms.plans(self.changed.then(|| value.def()), table, &mut budget)?;
                &made
            }
            _ => Plans::NONE,
        };
        let (root, limits) = (self.root, terms.loader.settings.limits);
        let reader = &mut terms.reader(self.input, self.table, budget, plans);
        expand(reader, header, root, limits, value)
    }
}

impl<'s, 'de> Terms<'s, 'de> {
    /// As [`Frame::plain`], where not all is to be checked first.
    #[inline]
    fn plain_data(&self, frame: &Frame<'de>, program: &Program) -> Option<Input<'de>> {
        let Loader { settings, check_first, .. } = self.loader;
        frame.plain(program).filter(|_| *check_first != Some(true) && settings.allowed.is_none())
    }

    /// Loads the value of [plain](Frame::plain) data.
    #[inline]
    fn plain(
        self,
        data: Input<'de>,
        header: Header,
        value: &mut dyn Root<'de>,
    ) -> Result<(), Error> {
        let mut reader = self.reader(data, None, self.budget(data), Plans::NONE);
        value.expand(None, &mut reader)?;
        if reader.holds_nothing() {
            let (input, buffers) = (reader.input, reader.buffers);
            // A look at each of its many parts, to find nothing to drop, takes as long as a few fields.
            core::mem::forget(reader);
            close(input, header.fingerprint.is_none())?;
            return buffers.close(input.offset());
        }
        finish(&mut reader, header)
    }

    /// Reads what follows the definitions.
    #[inline]
    pub(super) fn reader<'r>(
        self,
        input: Input<'de>,
        table: Option<Rc<Table<'r>>>,
        budget: Budget,
        plans: &'r Plans,
    ) -> Reader<'r, 'de>
    where
        's: 'r,
    {
        let buffers = Buffers::new(self.buffers);
        let context = self.loader.settings.context(self.lent, Some(self.calls));
        Reader::new(input, table, budget, plans, buffers, context)
    }

    /// What a load of so much may take.
    #[inline]
    pub(super) fn budget(&self, input: Input<'_>) -> Budget {
        let buffers = Buffers::new(self.buffers);
        let limits = &self.loader.settings.limits;
        limits.budget(input.remaining().saturating_add(buffers.bytes()))
    }

    /// How the types of a stream are read that have changed; the root's among them, where it has.
    pub(super) fn plans(
        &self,
        changed: Option<DefFn>,
        table: &Table<'_>,
        budget: &mut Budget,
    ) -> Result<Plans, Error> {
        Plans::build(changed.map(|def| def()), self.loader.settings.registry(), table, budget)
    }
}

/// Opens a stream that is whole by itself.
#[inline(never)]
fn open<'s, 'de: 's>(
    frame: Frame<'de>,
    program: &'static Program,
    terms: Terms<'s, 'de>,
) -> Result<Opened<'s, 'de>, Error> {
    let (header, mut input) = (frame.header, frame.content);
    let limits = &terms.loader.settings.limits;
    let mut changed = false;
    let mut table: Option<Table<'s>> = None;
    match header.fingerprint {
        None if header.continued => return Err(not_alone(input)),
        None if input.rest().starts_with(&program.block) => drop(input.take(program.block.len())?),
        None => {
            changed = true;
            table = Some(other_program(&mut input, program, limits)?);
        }
        Some(fingerprint) if fingerprint == program.fingerprint => {}
        Some(fingerprint) => {
            changed = true;
            let known = terms.loader.programs.as_ref().and_then(|known| known.block(fingerprint));
            let Some(known) = known else {
                return Err(other_fingerprint(fingerprint, program).with_offset(0));
            };
            // Its offsets are none of the stream.
            let found = other_program(&mut Input::new(known), program, limits);
            table = Some(found.map_err(|error| error.with_offset(0))?);
        }
    }
    let registry = terms.loader.settings.registry();
    terms.loader.settings.check_allowed()?;
    if header.more || header.ahead || program.has_value {
        let all = match &mut table {
            Some(all) => all,
            none => none.insert(program.table()?.clone()),
        };
        match header.fingerprint {
            None if header.more => {
                // The table lives as long as its shortest part.
                let mut definitions: Input<'s> = input;
                all.more(&mut definitions, limits)?;
                input.take(definitions.offset().saturating_sub(input.offset()))?;
            }
            Some(_) if header.more => {
                let known = terms.loader.programs.as_ref();
                registry::of_message(registry, known, &mut input, all, limits)?;
            }
            _ => {}
        }
    }
    if let (Some(registry), Some(all)) = (registry, &table) {
        registry.refuse_in(all)?;
    }
    // An object is known by the type that it was made of. Which type of the stream a reference to it says that it has, a load
    // of that very type sees; one that adapts, or passes over what refers to it, does not.
    let unsure =
        |all: &Table<'_>| (changed || registry::changed(registry, all)) && all.may_hold_shared();
    // No function of the user's runs before the whole stream is found well formed.
    let runs = |all: &Table<'_>| registry::rebuilds(registry, all);
    let checks = table.as_ref().is_some_and(unsure)
        || terms.loader.check_first.unwrap_or_else(|| {
            program.rebuilds || changed && program.adapts || table.as_ref().is_some_and(runs)
        });
    if checks {
        let all = match &table {
            Some(all) => all,
            None => program.table()?,
        };
        terms.check(all, all.root, input, header, &mut Met::default())?;
    }
    let root = table.as_ref().map_or(Ref::Primitive(opcode::UNIT), |table| table.root);
    Ok(Opened { input, table: table.map(Rc::new), changed, root })
}

impl Terms<'_, '_> {
    /// Checks what follows the definitions; the objects of earlier messages are those met.
    pub(super) fn check<'t>(
        &self,
        table: &Table<'t>,
        root: Ref,
        input: Input<'t>,
        header: Header,
        met: &mut Met,
    ) -> Result<(), Error> {
        let limits = self.loader.settings.limits;
        scan::check(table, root, input, header, Buffers::new(self.buffers), limits, met)
    }
}

/// Makes the objects ahead of the root, the value, and the states of all objects.
pub(super) fn expand<'de>(
    reader: &mut Reader<'_, 'de>,
    header: Header,
    root: Ref,
    limits: Limits,
    value: &mut dyn Root<'de>,
) -> Result<(), Error> {
    if header.ahead {
        ahead::make(reader, header, root, limits, value)?;
    }
    let plan = reader.plans.root;
    if let Err(error) = value.expand(plan, reader) {
        return Err(match plan {
            None => error,
            Some(plan) => adapt::compared(error, plan, value.def()(), reader),
        });
    }
    finish(reader, header)
}

/// Reads what follows the value: the states of its objects, and the end.
#[inline]
fn finish(reader: &mut Reader<'_, '_>, header: Header) -> Result<(), Error> {
    let stop = header.fingerprint.is_none();
    if let Some(columns) = reader.columns.take() {
        columns::keep(columns);
    }
    if !reader.states.is_empty() {
        return finish_states(reader, stop);
    }
    close(reader.input, stop)?;
    reader.close_buffers()?;
    state::install_all(reader.states.settled())
}

fn finish_states(reader: &mut Reader<'_, '_>, stop: bool) -> Result<(), Error> {
    state::mark(reader)?;
    let mut pending = state::read_all(reader)?;
    pending.extend(reader.states.settled());
    close(reader.input, stop)?;
    reader.close_buffers()?;
    // Only now can cycles come to be: whatever fails before leaves none.
    state::install_all(pending)
}

/// The message continues others, and is loaded by itself.
#[cold]
pub(super) fn not_alone(mut input: Input<'_>) -> Error {
    let at = input.offset();
    match Position::read(&mut input) {
        Ok(position) => match position.misplaced(Position::START) {
            Some(error) => error.with_offset(at),
            None => input.malformed("the message continues nothing"),
        },
        Err(error) => error,
    }
}

#[inline]
pub(super) fn close(mut input: Input<'_>, stop: bool) -> Result<(), Error> {
    let at = input.offset();
    if !stop {
        return if input.is_empty() { Ok(()) } else { Err(trailing(at, input.remaining())) };
    }
    match input.byte()? {
        opcode::STOP if input.is_empty() => Ok(()),
        opcode::STOP => Err(trailing(input.offset(), input.remaining())),
        code => Err(scan::not_stop(code, at)),
    }
}

#[cold]
pub(super) fn trailing(at: usize, count: usize) -> Error {
    let message = match count {
        1 => "1 byte is left over after the value".into(),
        count => alloc::format!("{count} bytes are left over after the value"),
    };
    Error::new(ErrorKind::TrailingBytes, message).with_offset(at)
}

/// The programs of a stream that are not the type's. What is stored under another name altogether is refused: nothing
/// says that it is meant to be this type.
#[cold]
fn other_program<'de>(
    input: &mut Input<'de>,
    ours: &'static Program,
    limits: &Limits,
) -> Result<Table<'de>, Error> {
    let at = input.offset();
    let (table, ours) = (Table::read(input, limits)?, ours.table()?);
    if adapt::is_related(&table, table.root, ours) {
        return Ok(table);
    }
    let (message, detail) = text::difference(&table, ours);
    Err(Error::new(ErrorKind::TypeMismatch, message).with_detail(detail).with_offset(at))
}

/// The stream is a short one of another type, which no store knows.
#[cold]
fn other_fingerprint(theirs: u64, ours: &'static Program) -> Error {
    let table = match ours.table() {
        Ok(table) => table,
        Err(error) => return error,
    };
    let message = alloc::format!(
        "the stream holds a value of a type with the fingerprint {theirs:016x}, not `{}` ({:016x})",
        text::TypeName(table, table.root),
        ours.fingerprint,
    );
    Error::new(ErrorKind::TypeMismatch, message)
        .with_detail(alloc::format!("asked for:\n{}", text::program(table)))
}

/// The bytes of one stream, and none behind it.
#[cfg(feature = "std")]
pub(super) fn read_stream(mut reader: impl std::io::Read) -> Result<Vec<u8>, Error> {
    use std::io::Read;
    let mut bytes = vec![];
    // No stream is shorter.
    let mut missing = header::LEN;
    let header = loop {
        let before = bytes.len();
        reader.by_ref().take(missing as u64).read_to_end(&mut bytes)?;
        let header = header::read(&mut Input::new(&bytes));
        missing = header::missing(&bytes);
        if missing == 0 || bytes.len() == before {
            break header?;
        }
    };
    // Grows as bytes arrive: a length is only a claim.
    reader.by_ref().take(header.length).read_to_end(&mut bytes)?;
    Ok(bytes)
}
