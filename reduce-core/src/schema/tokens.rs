//! The words and signs of the text.

use super::SyntaxError;
use super::print::plain;
use alloc::format;
use alloc::string::String;
use core::iter::Peekable;
use core::str::Chars;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A name or a number.
    Word(String),
    /// A name in quotes.
    Quoted(String),
    /// `#2`, behind the name of one of several types.
    Numbered(u32),
    Sign(char),
    End,
}

/// The text from some place on, one token known ahead.
pub(super) struct Tokens<'t> {
    chars: Peekable<Chars<'t>>,
    /// The line that the rest begins on, from 1 on.
    at: usize,
    ahead: Token,
    /// The line of the token ahead.
    line: usize,
}

impl<'t> Tokens<'t> {
    /// The text begins at this line of its file.
    pub(super) fn new(text: &'t str, line: usize) -> Result<Self, SyntaxError> {
        let chars = text.chars().peekable();
        let mut tokens = Tokens { chars, at: line, ahead: Token::End, line };
        tokens.next()?;
        Ok(tokens)
    }

    pub(super) fn peek(&self) -> &Token {
        &self.ahead
    }

    /// The line of the token ahead.
    pub(super) fn line(&self) -> usize {
        self.line
    }

    pub(super) fn next(&mut self) -> Result<Token, SyntaxError> {
        let next = self.scan()?;
        Ok(core::mem::replace(&mut self.ahead, next))
    }

    /// Whether the token ahead is this sign; if so, it is passed.
    pub(super) fn sign(&mut self, sign: char) -> Result<bool, SyntaxError> {
        let found = self.ahead == Token::Sign(sign);
        if found {
            self.next()?;
        }
        Ok(found)
    }

    /// Whether the token ahead is this word; if so, it is passed.
    pub(super) fn word(&mut self, word: &str) -> Result<bool, SyntaxError> {
        let found = matches!(&self.ahead, Token::Word(other) if other == word);
        if found {
            self.next()?;
        }
        Ok(found)
    }

    pub(super) fn expect(&mut self, sign: char) -> Result<(), SyntaxError> {
        if self.sign(sign)? { Ok(()) } else { Err(self.expected(&format!("`{sign}`"))) }
    }

    /// Something else stands at the token ahead.
    pub(super) fn expected(&self, what: &str) -> SyntaxError {
        let found = match &self.ahead {
            Token::Word(word) => format!("`{word}`"),
            Token::Quoted(name) => format!("{name:?}"),
            Token::Numbered(number) => format!("`#{number}`"),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::End => "the end".into(),
        };
        self.error(format!("expected {what}, found {found}"))
    }

    pub(super) fn error(&self, message: String) -> SyntaxError {
        SyntaxError { line: self.line, message }
    }

    fn scan(&mut self) -> Result<Token, SyntaxError> {
        loop {
            match self.chars.peek() {
                Some('/') => self.comment()?,
                Some(c) if c.is_whitespace() => self.newline(),
                _ => break,
            }
        }
        self.line = self.at;
        match self.chars.peek().copied() {
            None => Ok(Token::End),
            Some('"') => self.quoted(),
            Some(c) if plain(c) => self.name(),
            Some(sign) => {
                self.chars.next();
                let numbered = sign == '#' && self.chars.peek().is_some_and(char::is_ascii_digit);
                if numbered { self.numbered() } else { Ok(Token::Sign(sign)) }
            }
        }
    }

    fn newline(&mut self) {
        if self.chars.next() == Some('\n') {
            self.at = self.at.saturating_add(1);
        }
    }

    /// Two slashes and the rest of the line.
    fn comment(&mut self) -> Result<(), SyntaxError> {
        self.chars.next();
        if self.chars.peek() != Some(&'/') {
            return Err(SyntaxError { line: self.at, message: "a single `/`".into() });
        }
        while self.chars.next_if(|c| *c != '\n').is_some() {}
        Ok(())
    }

    fn name(&mut self) -> Result<Token, SyntaxError> {
        let mut name = String::new();
        loop {
            while let Some(c) = self.chars.next_if(|c| plain(*c)) {
                name.push(c);
            }
            // Two colons join names, one stands behind a name.
            let mut after = self.chars.clone();
            let joined = after.next() == Some(':') && after.next() == Some(':');
            if !joined || !after.next().is_some_and(plain) {
                return Ok(Token::Word(name));
            }
            name.push_str("::");
            self.chars.next();
            self.chars.next();
        }
    }

    fn numbered(&mut self) -> Result<Token, SyntaxError> {
        let mut digits = String::new();
        while let Some(digit) = self.chars.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        digits.parse().map(Token::Numbered).map_err(|_| self.broken("a number is too large"))
    }

    fn quoted(&mut self) -> Result<Token, SyntaxError> {
        self.chars.next();
        let mut name = String::new();
        loop {
            match self.chars.next() {
                Some('"') => return Ok(Token::Quoted(name)),
                Some('\\') => name.push(self.escaped()?),
                Some('\n') | None => return Err(self.broken("a quoted name has no end")),
                Some(c) => name.push(c),
            }
        }
    }

    /// What stands for a character in quotes, its backslash passed: as in Rust.
    fn escaped(&mut self) -> Result<char, SyntaxError> {
        let unknown = "an unknown escape in a quoted name";
        Ok(match self.chars.next() {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('0') => '\0',
            Some(c @ ('"' | '\'' | '\\')) => c,
            Some('u') => {
                let mut digits = String::new();
                if self.chars.next() != Some('{') {
                    return Err(self.broken(unknown));
                }
                while let Some(digit) = self.chars.next_if(char::is_ascii_hexdigit) {
                    digits.push(digit);
                }
                let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                match (code, self.chars.next()) {
                    (Some(c), Some('}')) => c,
                    _ => return Err(self.broken(unknown)),
                }
            }
            _ => return Err(self.broken(unknown)),
        })
    }

    fn broken(&self, message: &str) -> SyntaxError {
        SyntaxError { line: self.at, message: message.into() }
    }
}
