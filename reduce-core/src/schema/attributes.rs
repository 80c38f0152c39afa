//! What stands in `#[...]` in front of types, fields and variants.

use super::SyntaxError;
use super::model::{Field, Fields, Type, Variant, Versions};
use super::parse::{MAX_NESTING, Parser};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// What was said in front of something; each thing takes what it knows.
#[derive(Default, PartialEq)]
pub(super) struct Attributes {
    versions: Versions,
    upgraded_from: Option<u64>,
    aliases: Vec<String>,
    default: bool,
    other: bool,
    converts: Vec<Type>,
}

impl Attributes {
    pub(super) fn container(mut self, parser: &Parser<'_>) -> Result<Versions, SyntaxError> {
        let mut versions = core::mem::take(&mut self.versions);
        versions.upgraded_from = self.upgraded_from.take().unwrap_or(versions.version);
        self.none(parser).map(|()| versions)
    }

    pub(super) fn field(
        mut self,
        mut field: Field,
        parser: &Parser<'_>,
    ) -> Result<Field, SyntaxError> {
        field.aliases = core::mem::take(&mut self.aliases);
        field.default = core::mem::take(&mut self.default);
        field.converts = core::mem::take(&mut self.converts);
        self.none(parser).map(|()| field)
    }

    pub(super) fn variant(
        mut self,
        name: String,
        fields: Fields,
        parser: &Parser<'_>,
    ) -> Result<Variant, SyntaxError> {
        let aliases = core::mem::take(&mut self.aliases);
        let other = core::mem::take(&mut self.other);
        self.none(parser).map(|()| Variant { name, aliases, other, fields })
    }

    /// Nothing is left over.
    pub(super) fn none(self, parser: &Parser<'_>) -> Result<(), SyntaxError> {
        if self == Attributes::default() {
            Ok(())
        } else {
            Err(parser.tokens.error("an attribute stands where it means nothing".into()))
        }
    }
}

impl Parser<'_> {
    /// All that stands in `#[...]` in front of something.
    pub(super) fn attributes(&mut self) -> Result<Attributes, SyntaxError> {
        let mut found = Attributes::default();
        while self.tokens.sign('#')? {
            self.tokens.expect('[')?;
            while !self.tokens.sign(']')? {
                self.attribute(&mut found)?;
                if !self.tokens.sign(',')? {
                    self.tokens.expect(']')?;
                    break;
                }
            }
        }
        Ok(found)
    }

    fn attribute(&mut self, found: &mut Attributes) -> Result<(), SyntaxError> {
        let key = self.member().map_err(|_| self.tokens.expected("an attribute"))?;
        match key.as_str() {
            "alias" => {
                self.tokens.expect('=')?;
                found.aliases.push(self.member()?);
            }
            "default" => found.default = true,
            "other" => found.other = true,
            "deny_newer" => found.versions.deny_newer = true,
            "deny_unknown" => found.versions.deny_unknown = true,
            "version" => {
                self.tokens.expect('=')?;
                found.versions.version = self.number()?;
            }
            "convert" => {
                self.tokens.expect('(')?;
                found.converts = self.types(')', MAX_NESTING)?;
            }
            "upgraded_from" => {
                self.tokens.expect('=')?;
                found.upgraded_from = Some(self.number()?);
            }
            _ => return Err(self.tokens.error(format!("unknown attribute `{key}`"))),
        }
        Ok(())
    }
}
