//! Reads the text of programs, as `print` writes it and as people edit it.

use super::SyntaxError;
use super::model::{Body, Declaration, Field, Fields, Label, Model, Root, Type, Variant};
use super::order::order;
use super::print::{NAMELESS, STATE, root_name};
use super::tokens::{Token, Tokens};
use crate::opcode::{self, Group};
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// How deep types without names are read.
pub(super) const MAX_NESTING: u32 = 128;

/// The opcode of a primitive's name.
pub(super) fn primitive(name: &str) -> Option<u8> {
    let live = |row: &&opcode::Opcode| row.group == Group::Primitive && !row.reserved;
    opcode::TABLE.iter().filter(live).find(|row| row.name == name).map(|row| row.code)
}

/// Reads programs from a text that begins at this line of its file.
pub(super) fn parse(text: &str, line: usize) -> Result<Model, SyntaxError> {
    let mut parser = Parser {
        tokens: Tokens::new(text, line)?,
        roots: Vec::new(),
        places: BTreeMap::new(),
        declarations: Vec::new(),
    };
    while *parser.tokens.peek() != Token::End {
        parser.item()?;
    }
    parser.finish()
}

pub(super) struct Parser<'t> {
    pub(super) tokens: Tokens<'t>,
    /// The name, where one is given; whether it is registered; the type, and the line.
    roots: Vec<(Option<String>, bool, Type, usize)>,
    /// The place of each declared type, and the line that named it first.
    places: BTreeMap<Label, (usize, usize)>,
    /// By their places; those that were named but not declared so far are none.
    declarations: Vec<Option<Declaration>>,
}

impl Parser<'_> {
    fn item(&mut self) -> Result<(), SyntaxError> {
        for (keyword, registered) in [("root", false), ("registered", true)] {
            if self.tokens.word(keyword)? {
                return self.root(registered);
            }
        }
        let attributes = self.attributes()?;
        if self.tokens.word("struct")? {
            let name = self.label()?;
            let versions = attributes.container(self)?;
            let fields = self.fields()?;
            return self.declare(name, Body::Struct(versions, fields));
        }
        if self.tokens.word("enum")? {
            let name = self.label()?;
            let versions = attributes.container(self)?;
            let variants = self.variants()?;
            return self.declare(name, Body::Enum(versions, variants));
        }
        if self.tokens.word("type")? {
            let name = self.label()?;
            attributes.none(self)?;
            self.tokens.expect('=')?;
            let of = self.of(MAX_NESTING)?;
            return self.declare(name, Body::Type(of));
        }
        Err(self.tokens.expected("`root`, `registered`, `struct`, `enum` or `type`"))
    }

    fn root(&mut self, registered: bool) -> Result<(), SyntaxError> {
        let line = self.tokens.line();
        let of = self.of(MAX_NESTING)?;
        let name = if self.tokens.word("as")? { Some(self.member()?) } else { None };
        self.roots.push((name, registered, of, line));
        Ok(())
    }

    fn declare(&mut self, label: Label, body: Body) -> Result<(), SyntaxError> {
        let line = self.tokens.line();
        let at = self.place(&label, line);
        match self.declarations.get_mut(at) {
            Some(place @ None) => {
                *place = Some(Declaration { name: label, body });
                Ok(())
            }
            _ => Err(self.tokens.error(format!("`{label}` is declared twice"))),
        }
    }

    fn place(&mut self, label: &Label, line: usize) -> usize {
        if let Some((at, _)) = self.places.get(label) {
            return *at;
        }
        let at = self.declarations.len();
        self.declarations.push(None);
        self.places.insert(label.clone(), (at, line));
        at
    }

    fn named(&mut self, label: Label, line: usize) -> Type {
        Type::Declared(self.place(&label, line))
    }

    /// A name of a type, with the number that tells it from others.
    fn label(&mut self) -> Result<Label, SyntaxError> {
        let name = match self.tokens.peek() {
            Token::Word(word) if word == NAMELESS => String::new(),
            Token::Word(name) | Token::Quoted(name) => name.clone(),
            _ => return Err(self.tokens.expected("the name of a type")),
        };
        self.tokens.next()?;
        let number = match *self.tokens.peek() {
            Token::Numbered(number) => {
                self.tokens.next()?;
                number
            }
            _ => 1,
        };
        Ok(Label { name, number })
    }

    /// The name of a field or a variant.
    pub(super) fn member(&mut self) -> Result<String, SyntaxError> {
        match self.tokens.peek().clone() {
            Token::Word(name) | Token::Quoted(name) => {
                self.tokens.next()?;
                Ok(name)
            }
            _ => Err(self.tokens.expected("a name")),
        }
    }

    pub(super) fn number<N: core::str::FromStr>(&mut self) -> Result<N, SyntaxError> {
        let Token::Word(word) = self.tokens.peek() else {
            return Err(self.tokens.expected("a number"));
        };
        let number = word.parse().map_err(|_| self.tokens.expected("a number"))?;
        self.tokens.next()?;
        Ok(number)
    }

    fn of(&mut self, nesting: u32) -> Result<Type, SyntaxError> {
        let Some(nesting) = nesting.checked_sub(1) else {
            return Err(self.tokens.error("types nest too deep".into()));
        };
        let line = self.tokens.line();
        let word = match self.tokens.peek().clone() {
            Token::Word(word) => word,
            Token::Quoted(_) => {
                let label = self.label()?;
                return Ok(self.named(label, line));
            }
            _ => return Err(self.tokens.expected("a type")),
        };
        if let Some(code) = primitive(&word) {
            self.tokens.next()?;
            return Ok(Type::Primitive(code));
        }
        Ok(match word.as_str() {
            "list" => Type::List(self.part(nesting)?),
            "option" => Type::Option(self.part(nesting)?),
            "shared" => Type::Shared(self.part(nesting)?),
            "weak" => Type::Weak(self.part(nesting)?),
            "persistent" => Type::Persistent(self.part(nesting)?),
            "map" => {
                self.open()?;
                let key = self.of(nesting)?;
                self.tokens.expect(',')?;
                let value = self.of(nesting)?;
                self.tokens.expect('>')?;
                Type::Map(Box::new(key), Box::new(value))
            }
            "array" => {
                self.open()?;
                let of = self.of(nesting)?;
                self.tokens.expect(';')?;
                let length = self.number()?;
                self.tokens.expect('>')?;
                Type::Array(length, Box::new(of))
            }
            "tuple" => {
                self.open()?;
                Type::Tuple(self.types('>', nesting)?)
            }
            "dispatch" => {
                self.tokens.next()?;
                Type::Dispatch
            }
            "dyn" => {
                self.tokens.next()?;
                Type::Dyn(self.member()?)
            }
            _ => {
                let label = self.label()?;
                self.named(label, line)
            }
        })
    }

    /// Passes the word ahead and the bracket behind it.
    fn open(&mut self) -> Result<(), SyntaxError> {
        self.tokens.next()?;
        self.tokens.expect('<')
    }

    fn part(&mut self, nesting: u32) -> Result<Box<Type>, SyntaxError> {
        self.open()?;
        let of = self.of(nesting)?;
        self.tokens.expect('>')?;
        Ok(Box::new(of))
    }

    /// Types with commas between them, up to a sign.
    pub(super) fn types(&mut self, close: char, nesting: u32) -> Result<Vec<Type>, SyntaxError> {
        let mut types = Vec::new();
        while !self.tokens.sign(close)? {
            types.push(self.of(nesting)?);
            if !self.tokens.sign(',')? {
                self.tokens.expect(close)?;
                break;
            }
        }
        Ok(types)
    }

    fn fields(&mut self) -> Result<Fields, SyntaxError> {
        let (named, close) = if self.tokens.sign('{')? {
            (true, '}')
        } else if self.tokens.sign('(')? {
            (false, ')')
        } else {
            return Ok(Fields::default());
        };
        let (mut fields, mut names) = (Vec::new(), BTreeSet::new());
        while !self.tokens.sign(close)? {
            let attributes = self.attributes()?;
            let state = self.tokens.word(STATE)?;
            let name = self.member()?;
            if !names.insert(name.clone()) {
                return Err(self.tokens.error(format!("the field `{name}` is there twice")));
            }
            self.tokens.expect(':')?;
            let of = self.of(MAX_NESTING)?;
            fields.push(attributes.field(Field { state, ..Field::new(name, of) }, self)?);
            if !self.tokens.sign(',')? {
                self.tokens.expect(close)?;
                break;
            }
        }
        Ok(Fields { named, fields })
    }

    fn variants(&mut self) -> Result<Vec<Variant>, SyntaxError> {
        self.tokens.expect('{')?;
        let (mut variants, mut names) = (Vec::new(), BTreeSet::new());
        while !self.tokens.sign('}')? {
            let attributes = self.attributes()?;
            let name = self.member()?;
            if !names.insert(name.clone()) {
                return Err(self.tokens.error(format!("the variant `{name}` is there twice")));
            }
            let fields = self.fields()?;
            variants.push(attributes.variant(name, fields, self)?);
            if !self.tokens.sign(',')? {
                self.tokens.expect('}')?;
                break;
            }
        }
        Ok(variants)
    }

    fn finish(self) -> Result<Model, SyntaxError> {
        let mut model = Model::default();
        for ((label, (_, line)), declaration) in
            by_place(self.places).into_iter().zip(self.declarations)
        {
            let Some(declaration) = declaration else {
                return Err(SyntaxError {
                    line,
                    message: format!("`{label}` is declared nowhere"),
                });
            };
            model.declarations.push(declaration);
        }
        for (name, registered, of, line) in self.roots {
            let name = name.unwrap_or_else(|| root_name(&of, &model));
            let root = Root { name, registered, of };
            if model.root(&root).is_some() {
                let message = format!("the root `{}` is there twice", root.name);
                return Err(SyntaxError { line, message });
            }
            model.roots.push(root);
        }
        order(&mut model);
        Ok(model)
    }
}

/// The labels in the order of their places.
fn by_place(places: BTreeMap<Label, (usize, usize)>) -> Vec<(Label, (usize, usize))> {
    let mut labels: Vec<_> = places.into_iter().collect();
    labels.sort_by_key(|(_, (at, _))| *at);
    labels
}
