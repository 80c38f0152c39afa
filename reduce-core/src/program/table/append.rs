//! Tables put together from several programs: those of messages whose fingerprints name more than one.

use super::{Definition, FieldList, Ref, Table};
use crate::error::Error;
use crate::limits::Limits;
use crate::opcode;
use alloc::collections::BTreeSet;
use alloc::vec;

impl<'de> Table<'de> {
    /// Adds the definitions of another table, and behind them its root as the type of a code. Types that both define
    /// stand in it twice, and are the same.
    pub(crate) fn append(
        &mut self,
        other: &Table<'de>,
        code: u64,
        limits: &Limits,
    ) -> Result<(), Error> {
        let before = self.definitions.len();
        let after = before.saturating_add(other.definitions.len()).saturating_add(1);
        if let Some(error) = limits.too_many_definitions(after as u64) {
            return Err(error);
        }
        let shifted = |of| match of {
            Ref::Primitive(_) => of,
            Ref::Index(index) => Ref::Index(before.saturating_add(index)),
        };
        self.definitions.extend(other.definitions.iter().map(|of| of.with_parts(shifted)));
        self.definitions.push(Definition::Coded(code, shifted(other.root)));
        self.appended = true;
        Ok(())
    }

    /// Whether two references are to the same type. Where it was put together from several programs, those of equal
    /// definitions all the way down are the same: `step` is called for each pair that is compared.
    pub(crate) fn same(
        &self,
        a: Ref,
        b: Ref,
        mut step: impl FnMut() -> Result<(), Error>,
    ) -> Result<bool, Error> {
        if a == b || !self.appended {
            return Ok(a == b);
        }
        let (mut seen, mut stack) = (BTreeSet::new(), vec![(a, b)]);
        while let Some((a, b)) = stack.pop() {
            let (Ref::Index(x), Ref::Index(y)) = (a, b) else {
                if a != b {
                    return Ok(false);
                }
                continue;
            };
            if x == y || !seen.insert((x, y)) {
                continue;
            }
            step()?;
            match (self.get(x), self.get(y)) {
                (Some(x), Some(y)) if x.with_parts(erased) == y.with_parts(erased) => {
                    for pair in x.parts().zip(y.parts()) {
                        step()?;
                        stack.push(pair);
                    }
                }
                _ => return Ok(false),
            }
        }
        Ok(true)
    }
}

/// Any type, for comparisons of all that is around it.
fn erased(_: Ref) -> Ref {
    Ref::Primitive(opcode::UNIT)
}

impl Definition<'_> {
    /// The same definition, referring to other types.
    fn with_parts(&self, part: impl Fn(Ref) -> Ref) -> Self {
        let mut changed = self.clone();
        changed.change_parts(|of| *of = part(*of));
        changed
    }

    fn change_parts(&mut self, mut change: impl FnMut(&mut Ref)) {
        let mut fields = |list: &mut FieldList<'_>| {
            list.fields.iter_mut().for_each(|(_, of)| change(of));
        };
        match self {
            Definition::Record { fields: kept, state, .. } => {
                fields(kept);
                fields(state);
            }
            Definition::Enum { variants, .. } => {
                variants.iter_mut().for_each(|(_, list)| fields(list));
            }
            Definition::List(of)
            | Definition::Option(of)
            | Definition::Array(_, of)
            | Definition::Shared(of)
            | Definition::Weak(of)
            | Definition::Persistent(of)
            | Definition::Named(_, of)
            | Definition::Coded(_, of) => change(of),
            Definition::Map(key, value) => {
                change(key);
                change(value);
            }
            Definition::Tuple(parts) => parts.iter_mut().for_each(change),
            Definition::Dyn(_) | Definition::Dispatch => {}
        }
    }
}
