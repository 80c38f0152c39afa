//! The functions of the user's that a load of a type calls, as constant data: what a dry run goes by.

/// One function, and when it is called.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct CallDef {
    pub(crate) when: When,
    /// Only in this variant of an enum.
    pub(crate) variant: Option<u32>,
    /// The field that is made; empty for the whole value.
    pub(crate) at: &'static str,
    pub(crate) function: Function,
    /// Each with its name, and its place among the kept fields of the record.
    pub(crate) arguments: &'static [(&'static str, u16)],
}

/// In place of an argument's place: another function makes it, and nobody knows it beforehand.
pub(crate) const MADE: u16 = u16::MAX;
/// In place of an argument's place: the value as it is stored.
pub(crate) const WHOLE: u16 = u16::MAX - 1;

/// How a function is called by name.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Function {
    /// As the attribute has it.
    Path(&'static str),
    /// By the type that has it.
    Of(fn() -> &'static str),
}

/// When a function is called; the order of those of one type is the order in which they are listed.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// For records of this version.
    Upgrade(u32),
    /// Where this kept field is read by its n-th conversion.
    Convert(u16, u16),
    /// Where the stream lacks this stored field: it is filled in at its place.
    Fill(u16),
    /// Where the stream lacks this kept field: it is made behind the others.
    Late(u16),
    /// For every value, to make a skipped field.
    Skipped,
    /// As `Skipped`, without arguments.
    NoArguments,
    /// To make the whole value.
    Whole,
    /// To check it.
    Validate,
    /// To make it of what is stored in its place.
    Via,
    /// The same by an adapter.
    Adapted,
}

impl CallDef {
    /// A function as an attribute names it, that makes what is at this place of these arguments.
    pub const fn new(
        when: When,
        at: &'static str,
        function: &'static str,
        arguments: &'static [(&'static str, u16)],
    ) -> Self {
        CallDef { when, variant: None, at, function: Function::Path(function), arguments }
    }

    /// It is called in this variant alone.
    pub const fn in_variant(mut self, variant: u32) -> Self {
        self.variant = Some(variant);
        self
    }

    /// A type's function that makes the value of what is stored in its place.
    pub(crate) const fn of_stored(when: When, of: fn() -> &'static str) -> Self {
        let arguments = &[("", WHOLE)];
        CallDef { when, variant: None, at: "", function: Function::Of(of), arguments }
    }
}

impl Function {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Function::Path(path) => path,
            Function::Of(name) => name(),
        }
    }
}
