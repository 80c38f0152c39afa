//! A type and its later self, as the derive would write them.

use super::super::mode::{Mode, Native, ReadFields};
use crate::{Describe, Error, ErrorKind, Expand, Field, Fields, Reader, Reduce, TypeDef, Writer};
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

struct Old {
    a: u8,
    b: String,
    c: Vec<u16>,
}

impl Describe for Old {
    fn def() -> &'static TypeDef {
        const {
            &TypeDef::record::<Self>(
                "T",
                Fields::Named(
                    const {
                        &[
                            Field::new("a", u8::def),
                            Field::new("b", String::def),
                            Field::new("c", <Vec<u16>>::def),
                        ]
                    },
                ),
            )
        }
    }
}

impl Reduce for Old {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.a.reduce(w)?;
        self.b.reduce(w)?;
        self.c.reduce(w)
    }
}

#[derive(Debug, PartialEq)]
struct New {
    c: Vec<u64>,
    d: u32,
    old_a: Option<i64>,
}

impl Describe for New {
    fn def() -> &'static TypeDef {
        const {
            &TypeDef::record::<Self>(
                "T",
                Fields::Named(
                    const {
                        &[
                            Field::new("c", <Vec<u64>>::def),
                            Field::new("d", u32::def).fillable(),
                            Field::new("old_a", <Option<i64>>::def).alias(&["a"]),
                        ]
                    },
                ),
            )
        }
    }
}

impl<'de> Expand<'de> for New {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Self::expand_by(Native, r)
    }

    fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let mut fields = mode.fields(r)?;
        let c = fields.need(0, r)?.value(r)?;
        let d = match fields.find(1, r)? {
            Some(mode) => mode.value(r)?,
            None => 7,
        };
        let old_a = fields.need(2, r)?.value(r)?;
        fields.end(r)?;
        Ok(New { c, d, old_a })
    }
}

#[test]
fn fields_are_found_by_name_wherever_they_are() {
    let old = || Old { a: 3, b: "gone".to_string(), c: vec![1, 300] };
    let new = || New { c: vec![1, 300], d: 7, old_a: Some(3) };
    let bytes = crate::to_vec(&old()).unwrap();
    assert_eq!(crate::from_slice::<New>(&bytes).unwrap(), new());
    let bytes = crate::to_vec(&vec![old(), old()]).unwrap();
    assert_eq!(crate::from_slice::<Vec<New>>(&bytes).unwrap(), [new(), new()]);
    for length in 0..bytes.len() {
        assert!(crate::from_slice::<Vec<New>>(&bytes[..length]).is_err());
    }
}

#[test]
fn what_has_no_place_is_an_error_with_both_programs() {
    let bytes = crate::to_vec(&(1u8, 2u8)).unwrap();
    let error = crate::from_slice::<(u8, String)>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
}
