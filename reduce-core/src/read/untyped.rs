//! Opens a stream without its types: its definitions, and where its data begins.

use super::Input;
use super::open::{Frame, not_alone};
use crate::error::Error;
use crate::header::Header;
use crate::limits::Limits;
use crate::program;
use crate::program::table::Table;
use crate::programs::Programs;

/// A stream whose definitions were read.
pub(crate) struct Untyped<'a> {
    pub header: Header,
    pub table: Table<'a>,
    /// From the objects ahead of the root or from the root on, to the stream's end.
    pub data: Input<'a>,
}

impl<'a> Untyped<'a> {
    /// Opens a stream that fills the slice and is whole by itself. A message with a fingerprint is of a program in the store.
    pub(crate) fn open(
        bytes: &'a [u8],
        known: &'a Programs,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let frame = Frame::read(bytes)?;
        frame.alone()?;
        let (header, mut data) = (frame.header, frame.content);
        if header.continued {
            return Err(not_alone(data));
        }
        let Some(fingerprint) = header.fingerprint else {
            let mut table = Table::read(&mut data, limits)?;
            if header.more {
                table.more(&mut data, limits)?;
            }
            return Ok(Untyped { header, table, data });
        };
        let mut table = known.table(fingerprint, limits).map_err(|error| error.with_offset(0))?;
        if header.more {
            for code in program::codes(&mut data)? {
                let other = known.table(code.fingerprint, limits);
                let appended = other.and_then(|other| table.append(&other, code.code, limits));
                appended.map_err(|error| error.with_offset(code.at.start))?;
            }
        }
        Ok(Untyped { header, table, data })
    }
}
