//! The way from a value to the bytes of a message: in one pass, or in several where objects come too late.

use super::buffers::{Buffers, Take};
use super::graph::{Order, Outside, lies_outside};
use super::session::Kept;
use super::writer::{self, Pass, Writer, no_order};
use super::{Dumper, spare};
use crate::context::Lent;
use crate::error::Error;
use crate::program::{DefFn, Program, program_of};
use crate::reduce::Reduce;
use crate::value::{Root, Universe, Value};
use crate::{header, opcode, varint};
use alloc::boxed::Box;
use alloc::vec::Vec;

/// What a dump goes by.
#[derive(Clone, Copy)]
pub(super) struct Terms<'a> {
    pub dumper: &'a Dumper,
    pub lent: &'a [Lent<'a>],
    pub take: Option<&'a dyn Take>,
}

impl<'a> Terms<'a> {
    /// With nothing lent.
    pub(super) fn of(dumper: &'a Dumper) -> Self {
        Terms { dumper, lent: &[], take: None }
    }
}

/// A value, with its type forgotten, so that there is one copy of the passes and not one for each type.
#[derive(Clone, Copy)]
struct Content<'v> {
    def: DefFn,
    value: &'v dyn Written,
}

impl<'v> Content<'v> {
    fn of<T: Reduce + ?Sized>(value: &'v &T) -> Self {
        Content { def: T::def, value }
    }
}

/// What is written. A closure behind `dyn Fn` would be compiled more than once.
pub(super) trait Written {
    fn write(&self, w: &mut Writer<'_>) -> Result<(), Error>;
}

impl<T: Reduce + ?Sized> Written for &T {
    fn write(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        (**self).reduce(w)
    }
}

/// Room for the data of a small value, beyond header and programs.
const SMALL: usize = 128;

pub(super) fn to_vec<T: Reduce + ?Sized>(
    terms: Terms<'_>,
    kept: Option<&mut Kept>,
    value: &T,
) -> Result<Vec<u8>, Error> {
    content_to_vec(terms, kept, Content::of(&value), size_of_val(value))
}

/// Dumps a value with default settings.
pub(crate) fn to_vec_by_default<T: Reduce + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    by_default(Content::of(&value), size_of_val(value))
}

fn by_default(content: Content<'_>, size: usize) -> Result<Vec<u8>, Error> {
    content_to_vec(Terms::of(&Dumper::new()), None, content, size)
}

fn content_to_vec(
    terms: Terms<'_>,
    kept: Option<&mut Kept>,
    content: Content<'_>,
    size: usize,
) -> Result<Vec<u8>, Error> {
    let program = program_of((content.def)());
    let whole = !terms.dumper.fingerprint && kept.as_ref().is_none_or(|kept| !kept.continues());
    let programs = if whole { program.block.len() } else { 0 };
    let room = programs.saturating_add(SMALL).saturating_add(size);
    let mut out = Vec::with_capacity(room);
    append_content(terms, kept, program, content, &mut out)?;
    Ok(out)
}

/// Appends a message; one of a session, where it keeps something.
pub(super) fn append_to<T: Reduce + ?Sized>(
    terms: Terms<'_>,
    kept: Option<&mut Kept>,
    value: &T,
    buffer: &mut Vec<u8>,
) -> Result<(), Error> {
    append_content(terms, kept, program_of(T::def()), Content::of(&value), buffer)
}

fn append_content(
    terms: Terms<'_>,
    kept: Option<&mut Kept>,
    program: &'static Program,
    content: Content<'_>,
    buffer: &mut Vec<u8>,
) -> Result<(), Error> {
    // Each buffer is offered once, in the pass that writes the stream.
    let rehearsal = terms.take.is_some() && program.may_hold_weak()?;
    append(terms, kept, (program, None), rehearsal, content, buffer)
}

/// Dumps a dynamic value as a stream of its own type.
pub(super) fn value_to_vec(terms: Terms<'_>, value: &Value) -> Result<Vec<u8>, Error> {
    let (root, program, universe) = Root::new(value)?;
    let mut out = Vec::with_capacity(program.block.len().saturating_add(SMALL));
    append(terms, None, (&program, Some(&universe)), false, Content::of(&&root), &mut out)?;
    Ok(out)
}

/// Appends a message of this program, with the places of the types of values in it.
fn append(
    terms: Terms<'_>,
    mut kept: Option<&mut Kept>,
    (program, universe): (&Program, Option<&Universe>),
    rehearsal: bool,
    value: Content<'_>,
    buffer: &mut Vec<u8>,
) -> Result<(), Error> {
    let Terms { dumper, lent, take } = terms;
    let settings = &dumper.settings;
    let first = Pass {
        program,
        universe,
        buffers: Buffers { to: take, least: dumper.least_buffer, rehearsal },
        order: None,
        outside: None,
        registry: settings.registry(),
        canonical: dumper.canonical,
        fingerprint: dumper.fingerprint,
        deny_outside_weak: dumper.deny_outside_weak,
        columns: dumper.columns,
        aligned: dumper.aligned,
        effort: dumper.effort,
        // Nothing is read at a dump: of the budget only the depth counts.
        budget: settings.limits.budget(0),
        context: settings.context(lent, None),
    };
    let done = if rehearsal {
        rehearsed(value, buffer, &first, kept.as_deref_mut())
    } else {
        write(value, buffer, &first, kept.as_deref_mut())
    };
    match done? {
        Done::Written => Ok(()),
        Done::Late(_) => reordered(value, buffer, &first, kept),
        Done::Outside(outside) => Err(outside_weak(value, buffer, &first, kept, &outside)),
    }
}

/// How a pass ended.
enum Done {
    Written,
    /// Nothing was: objects came too late. The pass looked for an order in which none does, if it was to.
    Late(Box<Order>),
    /// Nothing was: weak references lead to these objects outside of the value, which is forbidden.
    Outside(Box<Outside>),
}

/// Dumps a value in which objects stand behind weak references to them: a second pass finds an order in which they do
/// not, and a third one writes them in it.
#[cold]
fn reordered(
    value: Content<'_>,
    buffer: &mut Vec<u8>,
    pass: &Pass<'_>,
    mut kept: Option<&mut Kept>,
) -> Result<(), Error> {
    let order = Order::to_be_found();
    let second = Pass { order: Some(&order), ..*pass };
    let Done::Late(order) = rehearsed(value, buffer, &second, kept.as_deref_mut())? else {
        return Ok(());
    };
    let third = Pass { order: Some(&order), ..*pass };
    match rehearsed(value, buffer, &third, kept)? {
        Done::Written | Done::Outside(_) => Ok(()),
        Done::Late(_) => Err(no_order()),
    }
}

/// A pass that writes the stream, behind one that offers no buffers where there is to be one.
fn rehearsed(
    value: Content<'_>,
    buffer: &mut Vec<u8>,
    pass: &Pass<'_>,
    mut kept: Option<&mut Kept>,
) -> Result<Done, Error> {
    if pass.buffers.rehearsal {
        let late = inside(value, buffer, pass, kept.as_deref_mut())?;
        if matches!(late, Done::Late(_)) {
            return Ok(late);
        }
    }
    let buffers = Buffers { rehearsal: false, ..pass.buffers };
    inside(value, buffer, &Pass { buffers, ..*pass }, kept)
}

/// One pass, and where a weak reference leads out of the value, the error.
fn inside(
    value: Content<'_>,
    buffer: &mut Vec<u8>,
    pass: &Pass<'_>,
    mut kept: Option<&mut Kept>,
) -> Result<Done, Error> {
    match write(value, buffer, pass, kept.as_deref_mut())? {
        Done::Outside(outside) => Err(outside_weak(value, buffer, pass, kept, &outside)),
        done => Ok(done),
    }
}

/// The error for the first weak reference to one of the objects that lie outside of the value. That they do is known at
/// the end; another pass, which writes nothing, finds the place.
#[cold]
fn outside_weak(
    value: Content<'_>,
    buffer: &mut Vec<u8>,
    pass: &Pass<'_>,
    kept: Option<&mut Kept>,
    outside: &Outside,
) -> Error {
    let buffers = Buffers { rehearsal: true, ..pass.buffers };
    let again = Pass { outside: Some(outside), deny_outside_weak: false, buffers, ..*pass };
    // An adapter may make such objects anew each time.
    let name = outside.values().min().copied().unwrap_or_default();
    write(value, buffer, &again, kept).err().unwrap_or_else(|| lies_outside(name))
}

/// Gives the caller's buffer back, and what the session keeps, as they were unless the pass is done: also when a
/// reducer panics.
struct Output<'b, 'k, 's> {
    buffer: &'b mut Vec<u8>,
    writer: Writer<'s>,
    kept: Option<&'k mut Kept>,
    done: bool,
}

impl Drop for Output<'_, '_, '_> {
    fn drop(&mut self) {
        let start = self.writer.start();
        *self.buffer = core::mem::take(&mut self.writer.out);
        if !self.done {
            self.buffer.truncate(start);
        }
        self.writer.take_spare_columns().into_iter().for_each(spare::give_columns);
        let objects = self.writer.take_objects();
        match &mut self.kept {
            Some(kept) => kept.give_back(objects, self.done),
            None => objects.into_iter().for_each(spare::give),
        }
    }
}

/// Puts in front of the data what was found meanwhile. What is aligned stays so, if the header grows as well.
#[inline]
fn put_in_front(writer: &mut Writer<'_>, data: usize, block: Vec<u8>) {
    if !block.is_empty() || writer.has_aligned() {
        put_some_in_front(writer, data, block);
    }
}

#[inline(never)]
fn put_some_in_front(writer: &mut Writer<'_>, data: usize, block: Vec<u8>) {
    // With a longer header there may be more padding, and with that a longer header.
    for _ in 0..2 {
        let whole = writer.out.len().saturating_add(block.len()).saturating_sub(writer.start());
        writer
            .move_alignment(header::growth(whole, writer.fingerprint).saturating_add(block.len()));
    }
    if !block.is_empty() {
        writer.out.splice(data..data, block);
    }
}

/// One pass.
fn write(
    value: Content<'_>,
    buffer: &mut Vec<u8>,
    pass: &Pass<'_>,
    mut kept: Option<&mut Kept>,
) -> Result<Done, Error> {
    let from = kept.as_deref().and_then(Kept::continued);
    let objects = kept.as_deref_mut().map(|kept| kept.lend(pass.order));
    let writer = Writer::new(core::mem::take(buffer), pass, objects);
    let mut output = Output { buffer, writer, kept, done: false };
    let writer = &mut output.writer;
    let mut flags = 0;
    if pass.fingerprint {
        header::begin_short(&mut writer.out, pass.program.fingerprint);
    } else {
        header::begin(&mut writer.out);
        match from {
            None => writer.bytes(&pass.program.block),
            Some(from) => {
                flags |= header::CONTINUED;
                from.write(&mut writer.out);
                writer.continue_programs((value.def)());
            }
        }
    }
    let data = writer.out.len();
    let done = writer::content(writer, pass.order, |w| value.value.write(w));
    if done.is_err() && !writer.is_ordered() {
        // No order would help: only strong pointers have led into objects. And what lies behind has not been met.
        return done.map(|()| Done::Written);
    }
    // Of an order that was found, what comes too late says more than the error that came of it.
    if let Some(met) = writer.met().filter(|met| met.graph.has_late()) {
        let graph = core::mem::take(&mut met.graph);
        let look = pass.order.is_some_and(|order| !order.is_found());
        let order = if look { graph.order(&met.memo) } else { Order::default() };
        return Ok(Done::Late(Box::new(order)));
    }
    done?;
    let outside = writer.met().filter(|_| pass.deny_outside_weak);
    if let Some(outside) = outside.and_then(|met| met.graph.take_outside()) {
        return Ok(Done::Outside(Box::new(outside)));
    }
    if pass.buffers.rehearsal {
        return Ok(Done::Written);
    }
    if pass.order.is_some_and(Order::has_ahead) {
        flags |= header::AHEAD;
    }
    let start = writer.start();
    if pass.fingerprint {
        if writer.more_definitions().is_some() {
            return Err(writer.undefined("a type of an object that a weak pointer refers to", ""));
        }
        let codes = writer.message_codes();
        flags |= if codes.is_some() { header::MORE } else { 0 };
        put_in_front(writer, data, codes.unwrap_or_default());
        header::finish_short(&mut writer.out, start, flags);
    } else {
        writer.byte(opcode::STOP);
        let mut block = Vec::new();
        if let Some(mut content) = writer.more_definitions() {
            flags |= header::MORE;
            varint::push(&mut block, content.len() as u64);
            block.append(&mut content);
        }
        // All definitions stand in front of the data.
        put_in_front(writer, data, block);
        header::finish(&mut writer.out, start, flags);
    }
    if let Some(kept) = &mut output.kept {
        let counts = writer.count();
        let message = writer.out.get(start..).unwrap_or_default();
        kept.advance(message, counts)?;
    }
    output.done = true;
    Ok(Done::Written)
}
