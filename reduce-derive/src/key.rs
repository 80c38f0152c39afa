//! Every attribute key, once: its spelling and where it may stand.

use std::fmt::{self, Display};

/// What an attribute is written on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Container,
    Variant,
    Field,
}

/// Whether a key may stand at a level.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Support {
    Yes,
    /// Belongs here, but this version does not have it.
    Later,
    No,
}
use Support::{Later, No, Yes};

macro_rules! keys {
    ($($key:ident $name:literal $container:ident $variant:ident $field:ident;)*) => {
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
                let [container, variant, field] = match self {
                    $(Key::$key => [$container, $variant, $field],)*
                };
                match level {
                    Level::Container => container,
                    Level::Variant => variant,
                    Level::Field => field,
                }
            }
        }
    };
}

keys! {
    //                                  type   variant  field
    Name            "name"              Yes    No       No;
    Rebuild         "rebuild"           Yes    No       Yes;
    Context         "context"           Yes    No       Yes;
    Validate        "validate"          Yes    No       No;
    Via             "via"               Yes    No       No;
    Transparent     "transparent"       Yes    No       No;
    Implements      "implements"        Yes    No       No;
    Bound           "bound"             Yes    No       No;
    Crate           "crate"             Yes    No       No;
    RenameAll       "rename_all"        Yes    No       No;
    RenameAllFields "rename_all_fields" Yes    No       No;
    Skip            "skip"              No     No       Yes;
    Default         "default"           No     No       Yes;
    From            "from"              No     No       Yes;
    Rename          "rename"            No     Yes      Yes;
    With            "with"              No     No       Yes;
    State           "state"             No     No       Yes;
    Version         "version"           Later  No       No;
    Upgrade         "upgrade"           Later  No       No;
    Pod             "pod"               Later  No       No;
    DenyUnknown     "deny_unknown"      Later  No       No;
    DenyNewer       "deny_newer"        Later  No       No;
    Alias           "alias"             No     Later    Later;
    Other           "other"             No     Later    No;
    Dispatch        "dispatch"          No     No       Later;
    Shared          "shared"            No     No       Later;
    Persistent      "persistent"        No     No       Later;
    OutOfBand       "out_of_band"       No     No       Later;
    Unknown         "unknown"           No     No       Later;
    Convert         "convert"           No     No       Later;
}

impl Key {
    pub fn find(name: &str) -> Option<Key> {
        Key::ALL.iter().copied().find(|key| key.name() == name)
    }

    /// The names of the keys that work at the level.
    pub fn names_at(level: Level) -> impl Iterator<Item = &'static str> {
        Key::ALL.iter().filter(move |key| key.support(level) == Yes).map(|key| key.name())
    }

    /// `on the type or on a field`: where the key belongs.
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
        }
    }

    pub fn owner(self) -> &'static str {
        match self {
            Level::Container => "a type",
            Level::Variant => "a variant",
            Level::Field => "a field",
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
