//! A framework whose users know reduce-core only as `my_framework::reduce`.

pub use pickle as reduce;

/// A message of the framework's: a struct with the derives that its users need not know of.
#[macro_export]
macro_rules! message {
    ($name:ident { $($field:ident: $ty:ty),* $(,)? } checked by $check:path) => {
        #[derive($crate::reduce::Reduce, Debug, PartialEq)]
        #[reduce(crate = $crate::reduce, validate = $check)]
        struct $name {
            $($field: $ty,)*
            #[reduce(skip, rebuild = $crate::stamp, from())]
            stamp: u32,
        }
    };
}

/// What every message is stamped with when it is loaded.
pub fn stamp() -> u32 {
    7
}

/// The framework's own type, derived under the new name.
#[derive(pickle::Reduce, Debug, PartialEq, Eq)]
#[reduce(crate = pickle, name = "my_framework.Envelope")]
pub struct Envelope<T> {
    /// Who sent it.
    pub from: String,
    /// What was sent.
    pub content: T,
}
