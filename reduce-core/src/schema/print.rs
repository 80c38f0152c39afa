//! Programs as text that reads like declarations in Rust, one line a field. `parse` reads it.

use super::model::{Body, Declaration, Field, Fields, Label, Model, Root, Type, Versions};
use crate::program::text::primitive_name;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Display, Write};

/// The words that mean something where a type is expected: a declared type of such a name is quoted.
const WORDS: [&str; 10] =
    ["list", "map", "option", "tuple", "array", "shared", "weak", "dyn", "dispatch", "persistent"];
/// Stands in front of a field that is a state field.
pub(super) const STATE: &str = "state";
/// Names the types that have no name in streams.
pub(super) const NAMELESS: &str = "_";

/// Whether a character may stand in a name without quotes.
pub(super) fn plain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-')
}

/// The name of a type, quoted where it would be read as something else.
pub(super) struct Name<'a>(pub &'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let taken = WORDS.contains(&self.0) || super::parse::primitive(self.0).is_some();
        quoted(self.0, taken || self.0 == NAMELESS, f)
    }
}

/// The name of a field or a variant.
pub(super) struct Member<'a>(pub &'a str);

impl Display for Member<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        quoted(self.0, self.0 == STATE, f)
    }
}

fn quoted(name: &str, quote: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let part = |part: &str| !part.is_empty() && part.chars().all(plain);
    if !quote && name.split("::").all(part) { f.write_str(name) } else { write!(f, "{name:?}") }
}

impl Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() {
            f.write_str(NAMELESS)?
        } else {
            write!(f, "{}", Name(&self.name))?
        }
        if self.number > 1 { write!(f, "#{}", self.number) } else { Ok(()) }
    }
}

/// A type as the text spells it.
pub(super) struct Spelled<'a>(pub &'a Type, pub &'a Model);

impl Display for Spelled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Spelled(of, model) = *self;
        let part = |of| Spelled(of, model);
        match of {
            Type::Primitive(code) => f.write_str(primitive_name(*code)),
            Type::Declared(at) => match model.declaration(*at) {
                Some(declaration) => write!(f, "{}", declaration.name),
                None => f.write_str("?"),
            },
            Type::List(of) => write!(f, "list<{}>", part(of)),
            Type::Map(key, value) => write!(f, "map<{}, {}>", part(key), part(value)),
            Type::Option(of) => write!(f, "option<{}>", part(of)),
            Type::Tuple(parts) => {
                f.write_str("tuple<")?;
                separated(parts.iter().map(part), f)?;
                f.write_str(">")
            }
            Type::Array(length, of) => write!(f, "array<{}; {length}>", part(of)),
            Type::Shared(of) => write!(f, "shared<{}>", part(of)),
            Type::Weak(of) => write!(f, "weak<{}>", part(of)),
            Type::Dyn(name) => write!(f, "dyn {}", Name(name)),
            Type::Dispatch => f.write_str("dispatch"),
            Type::Persistent(of) => write!(f, "persistent<{}>", part(of)),
        }
    }
}

/// What a root is called that is given no name: as its type.
pub(super) fn root_name(of: &Type, model: &Model) -> String {
    let declared = match of {
        Type::Declared(at) => model.declaration(*at),
        _ => None,
    };
    match declared {
        Some(Declaration { name: Label { name, number: 1 }, .. }) if !name.is_empty() => {
            name.clone()
        }
        _ => Spelled(of, model).to_string(),
    }
}

fn separated(parts: impl Iterator<Item = impl Display>, f: &mut dyn Write) -> fmt::Result {
    for (n, part) in parts.enumerate() {
        if n > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{part}")?;
    }
    Ok(())
}

impl Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Root { name, registered, of } in &self.roots {
            let keyword = if *registered { "registered" } else { "root" };
            write!(f, "{keyword} {}", Spelled(of, self))?;
            if *name != root_name(of, self) {
                write!(f, " as {}", Member(name))?;
            }
            f.write_str("\n")?;
        }
        for declaration in &self.declarations {
            writeln!(f)?;
            write_declaration(declaration, self, f)?;
        }
        Ok(())
    }
}

/// Writes a declaration, its name in front of all.
pub(super) fn write_declaration(
    declaration: &Declaration,
    model: &Model,
    f: &mut dyn Write,
) -> fmt::Result {
    let name = &declaration.name;
    match &declaration.body {
        Body::Struct(versions, fields) => {
            write_attributes("", &container(versions), f)?;
            write!(f, "struct {name}")?;
            write_fields(fields, "", model, f)?;
            f.write_str("\n")
        }
        Body::Enum(versions, variants) => {
            write_attributes("", &container(versions), f)?;
            writeln!(f, "enum {name} {{")?;
            for variant in variants {
                let mut attributes = aliases(&variant.aliases);
                if variant.other {
                    attributes.push("other".into());
                }
                write_attributes(INDENT, &attributes, f)?;
                write!(f, "{INDENT}{}", Member(&variant.name))?;
                write_fields(&variant.fields, INDENT, model, f)?;
                f.write_str(",\n")?;
            }
            f.write_str("}\n")
        }
        Body::Type(of) => writeln!(f, "type {name} = {}", Spelled(of, model)),
    }
}

const INDENT: &str = "    ";

fn write_fields(fields: &Fields, indent: &str, model: &Model, f: &mut dyn Write) -> fmt::Result {
    let (open, close) = if fields.named { ('{', '}') } else { ('(', ')') };
    if fields.fields.is_empty() {
        return if fields.named { f.write_str(" {}") } else { Ok(()) };
    }
    writeln!(f, " {open}")?;
    for field in &fields.fields {
        let inner = [indent, INDENT].concat();
        write_attributes(&inner, &of_field(field, model), f)?;
        let state = if field.state { "state " } else { "" };
        let of = Spelled(&field.of, model);
        writeln!(f, "{inner}{state}{}: {of},", Member(&field.name))?;
    }
    write!(f, "{indent}{close}")
}

/// Writes the line of attributes, where there are any.
fn write_attributes(indent: &str, attributes: &[String], f: &mut dyn Write) -> fmt::Result {
    if attributes.is_empty() {
        return Ok(());
    }
    write!(f, "{indent}#[")?;
    separated(attributes.iter(), f)?;
    f.write_str("]\n")
}

fn aliases(aliases: &[String]) -> Vec<String> {
    aliases.iter().map(|alias| ["alias = ", &Member(alias).to_string()].concat()).collect()
}

fn of_field(field: &Field, model: &Model) -> Vec<String> {
    let mut attributes = aliases(&field.aliases);
    if field.default {
        attributes.push("default".into());
    }
    if !field.converts.is_empty() {
        let mut converts = String::from("convert(");
        // Writing to a String cannot fail.
        let _ = separated(field.converts.iter().map(|of| Spelled(of, model)), &mut converts);
        converts.push(')');
        attributes.push(converts);
    }
    attributes
}

fn container(versions: &Versions) -> Vec<String> {
    let mut attributes = Vec::new();
    if versions.version > 0 {
        attributes.push(["version = ", &versions.version.to_string()].concat());
    }
    if versions.upgraded_from < versions.version {
        let from = versions.upgraded_from.to_string();
        attributes.push(["upgraded_from = ", &from].concat());
    }
    for (is, word) in [(versions.deny_newer, "deny_newer"), (versions.deny_unknown, "deny_unknown")]
    {
        if is {
            attributes.push(word.into());
        }
    }
    attributes
}
