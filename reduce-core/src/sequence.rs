//! Messages that continue one another: where a session stands, which each message but the first one says.

use crate::error::{Error, ErrorKind};
use crate::read::Input;
use crate::varint;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Where a session stands, counted from the last message that is whole by itself: that one is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// None, where nothing can be continued.
    pub messages: u64,
    pub objects: u64,
    pub definitions: u64,
    /// Of all bytes of the messages.
    check: u64,
}

/// The check of no bytes.
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

impl Position {
    /// Nothing was written or read.
    pub(crate) const START: Self =
        Position { messages: 0, objects: 0, definitions: 0, check: BASIS };

    /// Where the session stands behind one more message. There are so many objects and definitions then.
    pub(crate) fn after(self, message: &[u8], objects: usize, definitions: usize) -> Self {
        Position {
            messages: self.messages.saturating_add(1),
            objects: objects as u64,
            definitions: definitions as u64,
            check: extend(self.check, message),
        }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        for count in [self.messages, self.objects, self.definitions] {
            varint::push(out, count);
        }
        out.extend_from_slice(&self.check.to_le_bytes());
    }

    pub(crate) fn read(input: &mut Input<'_>) -> Result<Self, Error> {
        let at = input.offset();
        let (messages, objects) = (input.varint()?, input.varint()?);
        let definitions = input.varint()?;
        let check = u64::from_le_bytes(input.array()?);
        if messages == 0 {
            let message = "the message continues others, and says that there are none";
            return Err(Error::new(ErrorKind::Malformed, message).with_offset(at));
        }
        Ok(Position { messages, objects, definitions, check })
    }

    /// What is wrong with a message that continues from here where the session stands `there`; nothing, if it is the
    /// next one.
    pub(crate) fn misplaced(&self, there: Position) -> Option<Error> {
        if *self == there {
            return None;
        }
        let plural = |count: u64| if count == 1 { "" } else { "s" };
        let (before, loaded) = (self.messages, there.messages);
        let earlier = format!("the message continues {before} earlier one{}", plural(before));
        let message = if loaded == 0 {
            format!(
                "{earlier} of its session, and none is here; load all of them, in \
                 their order, with one `Loader::session` (a disassembly takes them in one slice), or have the dump call `DumpSession::clear_memo` in front of it"
            )
        } else if before > loaded {
            format!(
                "{earlier}, and there {} {loaded} here: {MISSING}",
                if loaded == 1 { "is" } else { "are" }
            )
        } else if before < loaded {
            format!("{earlier}, and there are {loaded} here: {TWICE}")
        } else {
            String::from(
                "the message continues others than those that are here: it is of another session, or one of them was \
                 changed on the way",
            )
        };
        Some(Error::new(ErrorKind::Sequence, message))
    }
}

const MISSING: &str = "one in front of it was left out or failed";
const TWICE: &str = "it comes for the second time, or too late";

/// Takes bytes in groups of eight, the last one filled up with zeros: what the length in a message's header tells apart.
/// No change of a single group is missed, for each step can be undone.
fn extend(check: u64, bytes: &[u8]) -> u64 {
    if cfg!(fuzzing) {
        // Behind the check, nothing would be tested but the check.
        return check;
    }
    let step = |check: u64, group: [u8; 8]| {
        let product = (check ^ u64::from_le_bytes(group)).wrapping_mul(PRIME);
        product ^ (product >> 32)
    };
    let (groups, rest) = bytes.as_chunks::<8>();
    let check = groups.iter().fold(check, |check, group| step(check, *group));
    if rest.is_empty() {
        return check;
    }
    let mut last = [0; 8];
    for (place, byte) in last.iter_mut().zip(rest) {
        *place = *byte;
    }
    step(check, last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn the_check_is_that_of_the_specification() {
        assert_eq!(extend(BASIS, b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(extend(BASIS, b"abcdefgh"), extend(extend(BASIS, b""), b"abcdefgh"));
        assert_ne!(extend(BASIS, b"abcdefgh"), extend(BASIS, b"abcdefgi"));
    }

    #[test]
    fn a_position_is_read_as_it_was_written() {
        let position = Position::START.after(b"message", 300, 2);
        let mut bytes = Vec::new();
        position.write(&mut bytes);
        assert_eq!(bytes.len(), 1 + 2 + 1 + 8);
        assert_eq!(Position::read(&mut Input::new(&bytes)).unwrap(), position);
        assert!(Position::read(&mut Input::new(&[0; 11])).is_err());
    }

    #[test]
    fn what_does_not_follow_says_why() {
        let one = Position::START.after(b"one", 1, 1);
        let two = one.after(b"two", 1, 1);
        let why = |found: Position, here| found.misplaced(here).unwrap().to_string();
        assert!(one.misplaced(one).is_none());
        assert!(why(one, Position::START).contains("Loader::session"));
        assert!(why(two, one).contains("left out"));
        assert!(why(one, two).contains("second time"));
        assert!(why(Position::START.after(b"eno", 1, 1), one).contains("another session"));
    }
}
