//! Tables that outlive the messages that they were read from: those of sessions.

use super::{Definition, FieldList, Silent, Table};
use crate::error::Error;
use crate::limits::Limits;
use crate::read::Input;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

impl<'de> Table<'de> {
    /// Puts together what a session keeps of definitions: blocks that were read before, without their lengths. The roots
    /// behind some of them are left alone.
    pub(crate) fn kept<'b: 'de>(
        blocks: impl Iterator<Item = &'b [u8]>,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let mut table = Table::empty();
        for block in blocks {
            table.definitions(&mut Input::new(block), limits, &mut Silent)?;
        }
        Ok(table)
    }

    /// All names in it.
    fn names(&self) -> impl Iterator<Item = &'de str> {
        self.definitions.iter().flat_map(|definition| {
            let (name, mut lists) = match definition {
                Definition::Record { name, fields, state, .. } => {
                    (Some(*name), Vec::from([fields, state]))
                }
                Definition::Enum { name, .. } => (Some(*name), Vec::new()),
                Definition::Dyn(name) | Definition::Named(name, _) => (Some(*name), Vec::new()),
                _ => (None, Vec::new()),
            };
            let mut variant_names = Vec::new();
            if let Definition::Enum { variants, .. } = definition {
                lists.extend(variants.iter().map(|(_, fields)| fields));
                variant_names.extend(variants.iter().map(|(name, _)| *name));
            }
            let fields =
                lists.into_iter().flat_map(|list| list.fields.iter().map(|(name, _)| *name));
            name.into_iter().chain(variant_names).chain(fields)
        })
    }

    /// The same table with the names of these, where they have all of them: it borrows nothing from the message.
    pub(crate) fn with_names_of(&self, others: &[&Table<'static>]) -> Option<Table<'static>> {
        let names: BTreeSet<&'static str> = others.iter().flat_map(|other| other.names()).collect();
        let name = |name: &str| names.get(name).copied();
        let fields = |list: &FieldList<'_>| {
            let fields = list.fields.iter().map(|(field, of)| Some((name(field)?, *of)));
            Some(FieldList { named: list.named, fields: fields.collect::<Option<_>>()? })
        };
        let definition = |definition: &Definition<'_>| {
            Some(match definition {
                Definition::Record { name: of, version, fields: kept, state } => {
                    let (kept, state) = (fields(kept)?, fields(state)?);
                    Definition::Record { name: name(of)?, version: *version, fields: kept, state }
                }
                Definition::Enum { name: of, version, variants } => {
                    let variants =
                        variants.iter().map(|(of, list)| Some((name(of)?, fields(list)?)));
                    let variants = variants.collect::<Option<_>>()?;
                    Definition::Enum { name: name(of)?, version: *version, variants }
                }
                Definition::Dyn(of) => Definition::Dyn(name(of)?),
                Definition::Named(of, to) => Definition::Named(name(of)?, *to),
                Definition::List(of) => Definition::List(*of),
                Definition::Map(key, value) => Definition::Map(*key, *value),
                Definition::Option(of) => Definition::Option(*of),
                Definition::Tuple(parts) => Definition::Tuple(parts.clone()),
                Definition::Array(count, of) => Definition::Array(*count, *of),
                Definition::Shared(of) => Definition::Shared(*of),
                Definition::Weak(of) => Definition::Weak(*of),
                Definition::Dispatch => Definition::Dispatch,
                Definition::Persistent(of) => Definition::Persistent(*of),
                Definition::Coded(code, of) => Definition::Coded(*code, *of),
            })
        };
        let definitions = self.definitions.iter().map(definition).collect::<Option<_>>()?;
        Some(Table { definitions, root: self.root, appended: self.appended })
    }
}
