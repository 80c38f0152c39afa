//! The first place at which two programs differ, for people.

use super::{MAX_NAME, Name, TypeName, capped, program_at};
use crate::program::table::{Definition, FieldList, Ref, Table};
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};

/// How deep two programs are compared in search of the first difference.
const MAX_COMPARED: u32 = 64;

/// Says where two programs part, in one line; both texts are for the long form.
pub(crate) fn difference(theirs: &Table<'_>, ours: &Table<'_>) -> (String, String) {
    let mut seen = BTreeSet::new();
    let mut walk = Difference { theirs, ours, seen: &mut seen, depth: 0 };
    let first = walk.types(theirs.root, ours.root, "");
    let line = first.unwrap_or_else(|| "the tables of types differ".to_string());
    (line, both((theirs, theirs.root), (ours, ours.root)))
}

/// Both programs, of these types in their tables, for the long form of an error.
pub(crate) fn both(theirs: (&Table<'_>, Ref), ours: (&Table<'_>, Ref)) -> String {
    let (theirs, ours) = (program_at(theirs.0, theirs.1), program_at(ours.0, ours.1));
    format!("the stream holds:\n{theirs}\n\nasked for:\n{ours}")
}

/// A field that is a kept one there and a state field elsewhere.
fn moved(
    kept: &FieldList<'_>,
    state: &FieldList<'_>,
    name: &str,
    there: &str,
    elsewhere: &str,
) -> Option<String> {
    let (field, _) = kept.fields.iter().find(|(field, _)| {
        kept.named && state.named && state.fields.iter().any(|(other, _)| other == field)
    })?;
    let field = Name(field);
    Some(format!("`{name}.{field}` is a state field {elsewhere}, and none {there}"))
}

/// Looks for the first place at which two programs differ, pair by pair.
struct Difference<'a, 'de> {
    theirs: &'a Table<'de>,
    ours: &'a Table<'de>,
    seen: &'a mut BTreeSet<(usize, usize)>,
    depth: u32,
}

impl Difference<'_, '_> {
    fn types(&mut self, theirs: Ref, ours: Ref, at: &str) -> Option<String> {
        let (Ref::Index(a), Ref::Index(b)) = (theirs, ours) else {
            return (theirs != ours).then(|| self.say(theirs, ours, at));
        };
        if self.depth == MAX_COMPARED || !self.seen.insert((a, b)) {
            return None;
        }
        self.depth += 1;
        let found = self.definitions((a, theirs), (b, ours), at);
        self.depth -= 1;
        found
    }

    fn definitions(
        &mut self,
        (a, theirs): (usize, Ref),
        (b, ours): (usize, Ref),
        at: &str,
    ) -> Option<String> {
        let (their_table, our_table) = (self.theirs, self.ours);
        match (their_table.get(a)?, our_table.get(b)?) {
            (
                Definition::Record { name, fields, state, .. },
                Definition::Record { name: other, fields: others, state: our_state, .. },
            ) if name == other => moved(fields, our_state, name, "in the stream", "here")
                .or_else(|| moved(others, state, name, "here", "in the stream"))
                .or_else(|| self.fields(fields, others, name, "field"))
                .or_else(|| self.fields(state, our_state, name, "state field")),
            (
                Definition::Enum { name, variants, .. },
                Definition::Enum { name: other, variants: others, .. },
            ) if name == other => {
                for (variant, _) in variants {
                    if !others.iter().any(|(ours, _)| ours == variant) {
                        return Some(format!(
                            "the stream's enum `{name}` has a variant `{}` that ours lacks",
                            Name(variant)
                        ));
                    }
                }
                for (n, (variant, fields)) in others.iter().enumerate() {
                    match variants.get(n) {
                        Some((theirs, their_fields)) if theirs == variant => {
                            let inner = format!("{name}::{variant}");
                            let found = self.fields(their_fields, fields, &inner, "field");
                            if found.is_some() {
                                return found;
                            }
                        }
                        Some(_) => {
                            return Some(format!(
                                "the variants of `{name}` stand in another order"
                            ));
                        }
                        None => {
                            return Some(format!(
                                "the enum `{name}` has a variant `{variant}` that the stream lacks"
                            ));
                        }
                    }
                }
                None
            }
            (Definition::List(x), Definition::List(y))
            | (Definition::Option(x), Definition::Option(y))
            | (Definition::Shared(x), Definition::Shared(y))
            | (Definition::Weak(x), Definition::Weak(y))
            | (Definition::Persistent(x), Definition::Persistent(y)) => self.types(*x, *y, at),
            (Definition::Array(n, x), Definition::Array(m, y)) if n == m => self.types(*x, *y, at),
            (Definition::Map(k, v), Definition::Map(l, w)) => {
                self.types(*k, *l, at).or_else(|| self.types(*v, *w, at))
            }
            (Definition::Tuple(x), Definition::Tuple(y)) if x.len() == y.len() => {
                x.iter().zip(y).find_map(|(x, y)| self.types(*x, *y, at))
            }
            (Definition::Dyn(name), Definition::Dyn(other)) if name == other => None,
            (Definition::Dispatch, Definition::Dispatch) => None,
            _ => Some(self.say(theirs, ours, at)),
        }
    }

    fn fields(
        &mut self,
        theirs: &FieldList<'_>,
        ours: &FieldList<'_>,
        name: &str,
        what: &str,
    ) -> Option<String> {
        // An empty list may have names or not.
        let by_name = |list: &FieldList<'_>| list.named || list.fields.is_empty();
        if by_name(theirs) && by_name(ours) {
            for (field, _) in &theirs.fields {
                if !ours.fields.iter().any(|(other, _)| other == field) {
                    return Some(format!(
                        "the stream's `{name}` has a {what} `{}` that ours lacks",
                        Name(field)
                    ));
                }
            }
            for (field, _) in &ours.fields {
                if !theirs.fields.iter().any(|(other, _)| other == field) {
                    return Some(format!("`{name}` has a {what} `{field}` that the stream lacks"));
                }
            }
        }
        if theirs.named != ours.named || theirs.fields.len() != ours.fields.len() {
            return Some(format!(
                "the stream's `{name}` has {} {what}s{}, ours has {}{}",
                theirs.fields.len(),
                if theirs.named { " with names" } else { "" },
                ours.fields.len(),
                if ours.named { " with names" } else { "" },
            ));
        }
        for (n, ((field, x), (other, y))) in theirs.fields.iter().zip(&ours.fields).enumerate() {
            if field != other {
                return Some(format!("the {what}s of `{name}` stand in another order"));
            }
            let at = if ours.named { format!("{name}.{field}") } else { format!("{name}.{n}") };
            let found = self.types(*x, *y, &at);
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn say(&self, theirs: Ref, ours: Ref, at: &str) -> String {
        let renamed = match (self.theirs.at(theirs), self.ours.at(ours)) {
            (Some((_, Definition::Record { name, .. })), Some((_, Definition::Record { .. })))
            | (Some((_, Definition::Enum { name, .. })), Some((_, Definition::Enum { .. }))) => {
                let name = capped(format_args!("{name:?}"), MAX_NAME);
                format!(
                    "; if the type was renamed, keep what streams call it: `#[reduce(name = {name})]`"
                )
            }
            _ => String::new(),
        };
        let (theirs, ours) = (TypeName(self.theirs, theirs), TypeName(self.ours, ours));
        if at.is_empty() {
            format!("the stream holds a value of type `{theirs}`, not `{ours}`{renamed}")
        } else {
            format!("`{at}` is `{theirs}` in the stream and `{ours}` here")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Table, difference};
    use crate::limits::Limits;
    use crate::opcode::*;
    use crate::read::Input;
    use crate::varint;
    use alloc::vec;
    use alloc::vec::Vec;

    /// The program of one definition beside some others: a list of `u8` and a record `N` of a kept and a state field.
    fn program(definition: &[u8]) -> Vec<u8> {
        let list = [LIST, U8];
        let record = [RECORD, 1, b'N', 0, 1 << 2 | 3, 1, b'a', U8, 1 << 2 | 1, 1, b'b', 0x42];
        let content = [&[3][..], definition, &list, &record, &[0x40]].concat();
        let mut block = vec![];
        varint::push(&mut block, content.len() as u64);
        [block, content].concat()
    }

    /// The line that says how two differ.
    fn line(theirs: &[u8], ours: &[u8]) -> alloc::string::String {
        between(theirs, ours).0
    }

    fn between(theirs: &[u8], ours: &[u8]) -> (alloc::string::String, alloc::string::String) {
        let (theirs, ours) = (program(theirs), program(ours));
        let read = |block| Table::read(&mut Input::new(block), &Limits::DEFAULT).unwrap();
        difference(&read(&theirs), &read(&ours))
    }

    #[test]
    fn types_of_graphs_are_spelled_and_compared() {
        let spelled: [(&[u8], &str); 6] = [
            (&[WEAK, 0x42], "weak<N>"),
            (&[SHARED, 0x42], "shared<N>"),
            (&[PERSISTENT, 0x41], "persistent<list<u8>>"),
            (&[DYN, 1, b'D'], "dyn D"),
            (&[DYN, 1, b'E'], "dyn E"),
            (&[DISPATCH], "dispatch"),
        ];
        for (theirs, name) in spelled {
            for (ours, other) in spelled {
                let said = line(theirs, ours);
                if name == other {
                    assert_eq!(said, "the tables of types differ");
                } else {
                    let expected =
                        alloc::format!("the stream holds a value of type `{name}`, not `{other}`");
                    assert_eq!(said, expected);
                }
            }
        }
        assert_eq!(
            line(&[WEAK, 0x41], &[WEAK, 0x42]),
            "the stream holds a value of type `list<u8>`, not `N`"
        );
        assert_eq!(
            line(&[PERSISTENT, U8], &[PERSISTENT, STR]),
            "the stream holds a value of type `u8`, not `str`"
        );
    }

    /// A record of two lists of fields, each of type `u8` but where it is said.
    fn record(kept: &[u8], state: &[(u8, u8)]) -> Vec<u8> {
        let flags = if state.is_empty() { 1 } else { 3 };
        let mut out = vec![RECORD, 1, b'R', 0, u8::try_from(kept.len()).unwrap() << 2 | flags];
        kept.iter().for_each(|name| out.extend([1, *name, U8]));
        if !state.is_empty() {
            out.push(u8::try_from(state.len()).unwrap() << 2 | 1);
            state.iter().for_each(|(name, of)| out.extend([1, *name, *of]));
        }
        out
    }

    #[test]
    fn state_fields_are_compared_as_such() {
        let both = record(b"a", &[(b's', U8)]);
        assert_eq!(line(&both, &both), "the tables of types differ");
        for (theirs, ours, expected) in [
            (&both, record(b"as", &[]), "`R.s` is a state field in the stream, and none here"),
            (
                &record(b"as", &[]),
                both.clone(),
                "`R.s` is a state field here, and none in the stream",
            ),
            (&both, record(b"a", &[]), "the stream's `R` has a state field `s` that ours lacks"),
            (&record(b"a", &[]), both.clone(), "`R` has a state field `s` that the stream lacks"),
            (&both, record(b"a", &[(b's', BOOL)]), "`R.s` is `u8` in the stream and `bool` here"),
            (
                &record(b"a", &[(b's', U8), (b't', U8)]),
                record(b"a", &[(b't', U8), (b's', U8)]),
                "the state fields of `R` stand in another order",
            ),
        ] {
            assert_eq!(line(theirs, &ours), expected);
        }
    }

    #[test]
    fn programs_with_state_fields_are_written_out() {
        let (_, detail) = between(&[WEAK, 0x42], &[DISPATCH]);
        let expected = "the stream holds:\nweak<N>\nstruct N {\n    a: u8\n    state b: N\n}\n\n\
                        asked for:\ndispatch";
        assert_eq!(detail, expected);
    }
}
