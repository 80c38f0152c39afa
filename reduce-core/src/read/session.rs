//! A session of loads: messages that continue one another.

use super::adapt::Plans;
use super::memo::{MarkedEnd, Memo};
use super::open::{self, Frame, Terms};
use super::{Input, Loader, Reader};
use crate::context::Lent;
use crate::error::{Error, ErrorKind};
use crate::expand::Expand;
use crate::header::Header;
use crate::program::table::{Ref, Silent, Table};
use crate::program::{FIRST_INDEX, Program, TypeDef, equal, program_of, text};
use crate::scan::Met;
use crate::sequence::Position;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;
use core::any::TypeId;
use core::fmt;

/// Values loaded one after the other, as one [`DumpSession`](crate::DumpSession) dumped them: see [`Loader::session`], which makes
/// it. An object that several values hold is one object, as it was.
///
/// ```
/// use reduce_core::{Dumper, ErrorKind, Loader};
/// use std::rc::Rc;
///
/// let mut session = Dumper::new().session();
/// let shared = Rc::new(7u32);
/// let messages = [session.to_vec(&shared)?, session.to_vec(&(shared.clone(), 1u8))?];
///
/// let mut session = Loader::new().session();
/// let first: Rc<u32> = session.from_slice(&messages[0])?;
/// let (again, _): (Rc<u32>, u8) = session.from_slice(&messages[1])?;
/// assert!(Rc::ptr_eq(&first, &again));
///
/// let error = session.from_slice::<(Rc<u32>, u8)>(&messages[1]).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Sequence); // it was loaded already
/// # Ok::<(), reduce_core::Error>(())
/// ```
///
/// # What goes with it
///
/// * A message is loaded if it is the next one: a message that was left out, repeated, changed on the way or comes from another
///   session is an error of the kind [`Sequence`](ErrorKind::Sequence). A message that is whole by itself, such as the first
///   one of a session, can be loaded at any time: the session begins anew with it. One with a
///   [fingerprint](crate::Dumper::fingerprint) is no part of any session, and changes nothing.
/// * A load that fails changes nothing: the same message may be tried again, with other limits or as another type. Those
///   behind it cannot be loaded without it.
/// * All shared objects are kept alive until [`clear_memo`](Self::clear_memo), until a message that begins anew, or until
///   the session ends. The limits hold for each message by itself.
/// * Every value that may hold shared objects is checked before anything of it is made, as are those with rebuild functions in
///   any load.
/// * A session stays on its thread, for the memo holds `Rc`s.
pub struct LoadSession<'c> {
    loader: Loader,
    lent: Vec<Lent<'c>>,
    kept: Kept,
}

impl<'c> LoadSession<'c> {
    pub(super) fn new(loader: Loader, lent: Vec<Lent<'c>>) -> Self {
        LoadSession { loader, lent, kept: Kept::default() }
    }

    /// Loads the value of a message that fills the slice, as [`Loader::from_slice`] does.
    ///
    /// # Errors
    ///
    /// As [`Loader::from_slice`], and when the message is not the next one.
    pub fn from_slice<'de, T: Expand<'de>>(&mut self, bytes: &'de [u8]) -> Result<T, Error> {
        self.whole(bytes, &[])
    }

    /// Loads the value of a message with the [buffers](Loader::buffers) that were left out of it; each message has its own.
    ///
    /// # Errors
    ///
    /// As [`from_slice`](Self::from_slice).
    pub fn from_slice_with_buffers<'de, T: Expand<'de>, B: AsRef<[u8]> + ?Sized + 'de>(
        &mut self,
        bytes: &'de [u8],
        buffers: impl IntoIterator<Item = &'de B>,
    ) -> Result<T, Error> {
        let buffers: Vec<&'de [u8]> = buffers.into_iter().map(AsRef::as_ref).collect();
        self.whole(bytes, &buffers)
    }

    /// Loads the value of the message at the beginning of the slice; returns it with the bytes behind the message.
    ///
    /// # Errors
    ///
    /// As [`from_slice`](Self::from_slice), but bytes behind the message are none.
    pub fn take_from_slice<'de, T: Expand<'de>>(
        &mut self,
        bytes: &'de [u8],
    ) -> Result<(T, &'de [u8]), Error> {
        let frame = Frame::read(bytes)?;
        Ok((self.load(frame, bytes, &[])?, frame.behind))
    }

    /// Reads one message and loads its value, as [`Loader::from_reader`] does. A message that cannot be loaded has been read
    /// all the same; to try it again, read it into a buffer first.
    ///
    /// # Errors
    ///
    /// As [`from_slice`](Self::from_slice), and when reading fails.
    #[cfg(feature = "std")]
    pub fn from_reader<T, R>(&mut self, reader: R) -> Result<T, Error>
    where
        T: for<'de> Expand<'de>,
        R: std::io::Read,
    {
        self.whole(&open::read_stream(reader)?, &[])
    }

    /// Lets go of all objects. The next message must be whole by itself: the first one of a session, or one behind
    /// [`DumpSession::clear_memo`](crate::DumpSession::clear_memo), which this need not be called for.
    pub fn clear_memo(&mut self) {
        self.kept = Kept::default();
    }

    fn whole<'de, T: Expand<'de>>(
        &mut self,
        bytes: &'de [u8],
        buffers: &[&'de [u8]],
    ) -> Result<T, Error> {
        let frame = Frame::read(bytes)?;
        frame.alone()?;
        self.load(frame, bytes, buffers)
    }

    fn load<'de, T: Expand<'de>>(
        &mut self,
        frame: Frame<'de>,
        bytes: &'de [u8],
        buffers: &[&'de [u8]],
    ) -> Result<T, Error> {
        let terms = Terms { loader: &self.loader, lent: &self.lent, buffers };
        if frame.header.fingerprint.is_some() {
            return open::take_from_slice(terms, bytes).map(|(value, _)| value);
        }
        let end = bytes.len().saturating_sub(frame.behind.len());
        let message = bytes.get(..end).unwrap_or_default();
        if frame.header.continued {
            return self.kept.load(terms, frame, message);
        }
        // What there was is kept until it is replaced.
        let mut anew = Kept::default();
        let value = anew.load(terms, frame, message)?;
        self.kept = anew;
        Ok(value)
    }
}

impl fmt::Debug for LoadSession<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoadSession")
            .field("loader", &self.loader)
            .field("lent", &self.lent.len())
            .field("messages", &self.kept.position.messages)
            .field("objects", &self.kept.position.objects)
            .finish()
    }
}

/// What a session keeps from one message to the next.
struct Kept {
    objects: Objects,
    types: Types,
    position: Position,
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
    fn load<'de, T: Expand<'de>>(
        &mut self,
        terms: Terms<'_, 'de>,
        frame: Frame<'de>,
        message: &[u8],
    ) -> Result<T, Error> {
        let (header, mut input) = (frame.header, frame.content);
        if header.continued {
            let at = input.offset();
            if let Some(error) = Position::read(&mut input)?.misplaced(self.position) {
                return Err(error.with_offset(at));
            }
        }
        let program = program_of(T::def());
        let Opened { table, root, checked, blocks, bytes } =
            self.types.open(program, T::def(), header, input)?;
        input.take(bytes)?;
        let definitions = match &table {
            Some(table) => table.definitions.len(),
            None => usize::try_from(self.position.definitions).unwrap_or(usize::MAX),
        };
        let mut going = Going::on(&mut self.objects);
        if let Some(table) = table.as_deref().filter(|_| checked) {
            terms.check(table, input, header, &mut going.objects.met)?;
        }
        let reader = terms.reader(input, table, terms.budget(input), Plans::NONE);
        let value = going.expand(reader, header)?;
        let objects = going.done()?;
        self.position = self.position.after(message, objects, definitions);
        self.types.blocks.extend(blocks);
        self.types.roots.insert((T::def().key(), root), checked);
        Ok(value)
    }
}

/// A message, opened.
struct Opened<'t> {
    /// All types, unless the value has no use for them.
    table: Option<Box<Table<'t>>>,
    /// The root, as it is referred to.
    root: u64,
    /// The value is checked first.
    checked: bool,
    /// The message's own definitions, where it has some.
    blocks: Vec<Box<[u8]>>,
    /// How many bytes the programs take.
    bytes: usize,
}

impl Types {
    /// Reads the definitions of a message, and finds its root to be of our type.
    fn open<'t>(
        &'t self,
        program: &'static Program,
        def: &'static TypeDef,
        header: Header,
        mut input: Input<'t>,
    ) -> Result<Opened<'t>, Error> {
        let mut blocks = Vec::new();
        let start = input;
        let bytes = |input: Input<'_>| input.offset().saturating_sub(start.offset());
        let length = input.length()?;
        let block = input.take(length)?;
        if let Some((checked, root)) = self.known(def, block)
            && !(checked || header.more || header.ahead)
        {
            return Ok(Opened { table: None, root, checked, blocks, bytes: bytes(input) });
        }
        let mut table = Table::kept(self.blocks.iter().map(|block| &**block))?;
        table.fill(&mut { start }, &mut Silent)?;
        if !equal(def, table.root, &table) {
            return Err(other_type(&table, program).with_offset(start.offset()));
        }
        if block.first() != Some(&0) {
            blocks.push(block.into());
        }
        if header.more {
            let mut content = input;
            table.more(&mut input)?;
            let length = content.length()?;
            blocks.push(content.take(length)?.into());
        }
        let root = match table.root {
            Ref::Primitive(code) => u64::from(code),
            Ref::Index(index) => (index as u64).saturating_add(u64::from(FIRST_INDEX)),
        };
        let checked = header.more || program.rebuilds || program.may_hold_shared()?;
        let table = Some(Box::new(table));
        Ok(Opened { table, root, checked, blocks, bytes: bytes(input) })
    }

    /// What is known of a root that stands behind no definitions.
    fn known(&self, def: &'static TypeDef, block: &[u8]) -> Option<(bool, u64)> {
        let mut block = Input::new(block);
        let (count, root) = (block.varint().ok()?, block.varint().ok()?);
        let checked = self.roots.get(&(def.key(), root)).filter(|_| count == 0)?;
        block.is_empty().then_some((*checked, root))
    }
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

    fn expand<'de, T: Expand<'de>>(
        &mut self,
        mut reader: Reader<'_, 'de>,
        header: Header,
    ) -> Result<T, Error> {
        core::mem::swap(&mut reader.memo, &mut self.objects.memo);
        let mut home = Home { memo: &mut self.objects.memo, reader };
        open::expand(&mut home.reader, header)
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
        core::mem::swap(self.memo, &mut self.reader.memo);
    }
}

/// The message holds another type.
#[cold]
fn other_type(table: &Table<'_>, ours: &'static Program) -> Error {
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
