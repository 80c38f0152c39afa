//! The store of programs by fingerprint, for messages that do not carry theirs.

use crate::describe::Describe;
use crate::error::{Error, ErrorKind};
use crate::expand::Expand;
use crate::header;
use crate::limits::Limits;
use crate::program::table::Table;
use crate::program::{DefFn, TypeDef, fingerprint, program_of};
use crate::read::{Input, Reader};
use crate::reduce::Reduce;
use crate::write::Writer;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

/// Programs by their fingerprints: what tells what a message is that does not carry its program.
///
/// It is filled from types, from earlier streams, or from a file: a store is itself a value that is dumped and loaded. The
/// [`Disassembler`](crate::Disassembler) shows messages with it, and the errors of a [`Loader`](crate::Loader) say what a
/// message of another type holds. It is cheap to clone. [`Dumper::fingerprint`](crate::Dumper::fingerprint) makes such
/// messages.
///
/// ```
/// use reduce_core::{Disassembler, Dumper, Programs, Reduce};
///
/// #[derive(Reduce)]
/// struct Tick {
///     symbol: String,
///     price: u32,
/// }
///
/// // Where the types are known:
/// let mut programs = Programs::new();
/// programs.add::<Tick>()?;
/// let file = reduce_core::to_vec(&programs)?;
///
/// // Where they are not:
/// let programs: Programs = reduce_core::from_slice(&file)?;
/// let message = Dumper::new().fingerprint(true).to_vec(&Tick { symbol: "RED".into(), price: 12 })?;
/// let text = Disassembler::new().programs(&programs).disassemble(&message)?.to_string();
/// assert!(text.contains(r#"symbol = "RED""#));
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Programs {
    blocks: Arc<BTreeMap<u64, Box<[u8]>>>,
}

impl Programs {
    /// A store without programs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the program of a type. One that is there already is no error. For messages with
    /// [codes](crate::Registry::code), add the types that have them too.
    ///
    /// # Errors
    ///
    /// When another program has the same fingerprint: by chance one in 2^64, or put there by somebody else.
    pub fn add<T: Describe + ?Sized>(&mut self) -> Result<&mut Self, Error> {
        self.insert(&program_of(T::def()).block)
    }

    /// Adds the programs of all streams that the bytes hold, one behind the other. The data is not looked at; streams that
    /// carry no program are passed over.
    ///
    /// ```
    /// use reduce_core::{Dumper, Loader, Programs};
    ///
    /// let mut programs = Programs::new();
    /// programs.add_stream(&reduce_core::to_vec(&("a", 1u8))?)?;
    ///
    /// let message = Dumper::new().fingerprint(true).to_vec(&("b", 2u8))?;
    /// let loader = Loader::new().programs(&programs);
    /// let error = loader.from_slice::<(&str, bool)>(&message).unwrap_err();
    /// assert!(error.to_string().contains("u8"));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the bytes are no streams, or a program cannot be read; programs in front of that place have been added. Also
    /// as [`add`](Self::add).
    pub fn add_stream(&mut self, bytes: &[u8]) -> Result<&mut Self, Error> {
        let mut input = Input::new(bytes);
        loop {
            let header = header::read(&mut input)?;
            let length = usize::try_from(header.length).map_err(|_| input.end())?;
            let content = input.sub(length)?;
            if header.fingerprint.is_none() {
                let mut behind = content;
                Table::read(&mut behind, &Limits::DEFAULT)?;
                let block = content.rest().get(..behind.offset().saturating_sub(content.offset()));
                self.insert(block.unwrap_or_default())?;
            }
            if input.is_empty() {
                return Ok(self);
            }
        }
    }

    /// How many programs there are.
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Adds a program that is well formed.
    pub(crate) fn insert(&mut self, block: &[u8]) -> Result<&mut Self, Error> {
        let fingerprint = fingerprint(block);
        match self.blocks.get(&fingerprint) {
            None => {
                Arc::make_mut(&mut self.blocks).insert(fingerprint, block.into());
                Ok(self)
            }
            Some(known) if **known == *block => Ok(self),
            Some(_) => Err(Error::new(
                ErrorKind::InvalidValue,
                format!("two programs have the fingerprint {fingerprint:016x}"),
            )),
        }
    }

    /// The table of a program by its fingerprint.
    pub(crate) fn table(&self, fingerprint: u64, limits: &Limits) -> Result<Table<'_>, Error> {
        let Some(block) = self.block(fingerprint) else {
            return Err(Error::new(
                ErrorKind::UnknownProgram,
                alloc::format!(
                    "the program with the fingerprint {fingerprint:016x} is not known; `Loader::programs` takes a store \
                     of programs"
                ),
            ));
        };
        Table::read(&mut Input::new(block), limits)
    }

    /// The program with this fingerprint, its length in front.
    pub(crate) fn block(&self, fingerprint: u64) -> Option<&[u8]> {
        self.blocks.get(&fingerprint).map(|block| &**block)
    }
}

impl fmt::Debug for Programs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.blocks.keys().map(|fingerprint| format!("{fingerprint:016x}"));
        f.debug_set().entries(shown).finish()
    }
}

const STORED: DefFn = <Vec<Vec<u8>> as Describe>::def;

impl Describe for Programs {
    fn def() -> &'static TypeDef {
        const { &TypeDef::transparent::<Self>(STORED) }
    }
}

impl Reduce for Programs {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        let blocks: Vec<&[u8]> = self.blocks.values().map(|block| &**block).collect();
        blocks.as_slice().reduce(w)
    }
}

impl<'de> Expand<'de> for Programs {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let mut programs = Programs::new();
        for block in <Vec<&'de [u8]>>::expand(r)? {
            let mut input = Input::new(block);
            let read = Table::read(&mut input, &Limits::DEFAULT);
            if read.is_err() || !input.is_empty() {
                return Err(r.invalid("a program of the store is not well formed"));
            }
            r.allocate(1, block.len())?;
            programs.insert(block)?;
        }
        Ok(programs)
    }
}
