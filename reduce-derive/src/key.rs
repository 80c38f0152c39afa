//! Every attribute key, once: its spelling and where it may stand.

use std::fmt::{self, Display};

/// What an attribute is written on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Container,
    Variant,
    Field,
    /// The trait of `#[object]`.
    Trait,
}

/// Whether a key may stand at a level.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Support {
    Yes,
    No,
}
use Support::{No, Yes};

macro_rules! keys {
    ($($key:ident $name:literal $container:ident $variant:ident $field:ident $tr:ident;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Key {
            $($key,)*
        }

        impl Key {
            pub const ALL: &[Key] = &[$(Key::$key),*];

            pub fn name(self) -> &'static str {
                match self {
                    $(Key::$key => $name,)*
                }
            }

            pub fn support(self, level: Level) -> Support {
                let [container, variant, field, object] = match self {
                    $(Key::$key => [$container, $variant, $field, $tr],)*
                };
                match level {
                    Level::Container => container,
                    Level::Variant => variant,
                    Level::Field => field,
                    Level::Trait => object,
                }
            }
        }
    };
}

keys! {
    //                                  type   variant  field  trait
    Name            "name"              Yes    No       No     Yes;
    Rebuild         "rebuild"           Yes    No       Yes    No;
    Context         "context"           Yes    No       Yes    No;
    Validate        "validate"          Yes    No       No     No;
    Via             "via"               Yes    No       No     No;
    Transparent     "transparent"       Yes    No       No     No;
    Implements      "implements"        Yes    No       No     No;
    Bound           "bound"             Yes    No       No     No;
    Crate           "crate"             Yes    No       No     Yes;
    RenameAll       "rename_all"        Yes    No       No     No;
    RenameAllFields "rename_all_fields" Yes    No       No     No;
    Skip            "skip"              No     No       Yes    No;
    Default         "default"           No     No       Yes    No;
    From            "from"              No     No       Yes    No;
    Rename          "rename"            No     Yes      Yes    No;
    With            "with"              No     No       Yes    No;
    State           "state"             No     No       Yes    No;
    Dispatch        "dispatch"          No     No       Yes    No;
    Persistent      "persistent"        No     No       Yes    No;
    Version         "version"           Yes    No       No     No;
    Upgrade         "upgrade"           Yes    No       No     No;
    Pod             "pod"               Yes    No       No     No;
    DenyUnknown     "deny_unknown"      Yes    No       No     No;
    DenyNewer       "deny_newer"        Yes    No       No     No;
    Alias           "alias"             No     Yes      Yes    No;
    Other           "other"             No     Yes      No     No;
    Shared          "shared"            No     No       Yes    No;
    OutOfBand       "out_of_band"       No     No       Yes    No;
    Unknown         "unknown"           No     No       Yes    No;
    Convert         "convert"           No     No       Yes    No;
}

impl Key {
    pub fn find(name: &str) -> Option<Key> {
        Key::ALL.iter().copied().find(|key| key.name() == name)
    }

    /// Each time it is written adds to what was written before.
    pub fn repeats(self) -> bool {
        matches!(self, Key::Upgrade | Key::Alias | Key::Convert)
    }

    /// The names of the keys that work at the level.
    pub fn names_at(level: Level) -> impl Iterator<Item = &'static str> {
        Key::ALL.iter().filter(move |key| key.support(level) == Yes).map(|key| key.name())
    }

    /// `on the type or on a field`: where the key belongs in `#[reduce(...)]`.
    pub fn places(self) -> String {
        let places: Vec<&str> = [Level::Container, Level::Variant, Level::Field]
            .into_iter()
            .filter(|&level| self.support(level) != No)
            .map(Level::place)
            .collect();
        places.join(" or ")
    }
}

impl Level {
    pub fn place(self) -> &'static str {
        match self {
            Level::Container => "on the type",
            Level::Variant => "on a variant",
            Level::Field => "on a field",
            Level::Trait => "on a trait",
        }
    }

    /// A key that may stand there.
    pub fn example(self) -> &'static str {
        match self {
            Level::Container | Level::Trait => "name",
            Level::Variant => "rename",
            Level::Field => "skip",
        }
    }

    pub fn owner(self) -> &'static str {
        match self {
            Level::Container => "a type",
            Level::Variant => "a variant",
            Level::Field => "a field",
            Level::Trait => "a trait",
        }
    }
}

impl Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        for key in Key::ALL {
            assert_eq!(Key::find(key.name()), Some(*key));
        }
    }

    #[test]
    fn every_key_belongs_somewhere() {
        for key in Key::ALL {
            assert!(!key.places().is_empty(), "{key} belongs nowhere");
        }
    }
}
