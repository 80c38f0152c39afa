//! Random records of primitives against random types of ours that have some of their fields.

use proptest::prelude::*;
use reduce_core::{Expand, Reduce, from_slice, to_vec};
use std::fmt::Debug;

/// Types as they were: the same fields in other orders, of other types.
mod old {
    use super::*;
    macro_rules! old {
        ($($name:ident { $($field:ident: $of:ty),* })*) => {$(
            #[derive(Reduce, Clone, Debug)]
            #[reduce(name = "r.T")]
            pub struct $name { $(pub $field: $of),* }
            impl $name {
                pub fn of(v: &Fields) -> Option<Self> {
                    Some($name { $($field: v.$field.clone().try_into().ok()?),* })
                }
            }
        )*};
    }
    old! {
        A { a: u8, b: i16, c: u64, d: String }
        B { d: String, c: u8, b: i64, a: u32 }
        C { c: i128, a: i8 }
        D { b: i32 }
        E { d: Box<str>, a: u128, b: i8, c: usize }
    }

    #[derive(Reduce, Clone, Debug)]
    #[reduce(name = "r.T")]
    pub struct F {
        pub d: Option<String>,
        pub c: Option<u16>,
        pub a: Option<i64>,
        pub b: Option<i128>,
    }
}

/// What the fields are.
#[derive(Clone, Debug)]
struct Fields {
    a: i64,
    b: i64,
    c: i64,
    d: String,
}

/// A value of a new type agrees with the fields, or was filled where the old type had none.
trait Agrees {
    fn agrees(&self, fields: &Fields, had: &str) -> bool;
}

macro_rules! new {
    ($($name:ident { $($(#[$attribute:meta])* $field:ident: $of:ty),* })*) => {$(
        #[derive(Reduce, Debug)]
        #[reduce(name = "r.T")]
        struct $name { $($(#[$attribute])* $field: $of),* }
        impl Agrees for $name {
            fn agrees(&self, fields: &Fields, had: &str) -> bool {
                $(if had.contains(stringify!($field)) {
                    // As text: the types differ.
                    let (ours, theirs) = (format!("{:?}", self.$field), format!("{:?}", fields.$field));
                    let bare = ours.trim_start_matches("Some(").trim_end_matches(')');
                    if bare != theirs { return false; }
                } else if format!("{:?}", self.$field) != format!("{:?}", <$of>::default()) {
                    return false;
                })*
                true
            }
        }
    )*};
}

new! {
    P { a: i16, #[reduce(default)] d: String, c: u32 }
    Q { #[reduce(default)] c: i64, #[reduce(default)] b: i64, #[reduce(default)] a: i64, #[reduce(default)] d: String }
    R { b: u8 }
    S { d: Box<str>, b: Option<i8> }
    T { #[reduce(default)] a: Option<u64>, #[reduce(default)] c: u8 }
}

fn try_one<New: for<'de> Expand<'de> + Agrees + Debug>(
    bytes: &[u8],
    fields: &Fields,
    had: &str,
    flips: &[(usize, u8)],
) {
    if let Ok(rows) = from_slice::<Vec<New>>(bytes) {
        assert_eq!(rows.len(), 2);
        for row in &rows {
            assert!(row.agrees(fields, had), "{row:?} of {fields:?}, which had {had}");
        }
    }
    let mut wrong = bytes.to_vec();
    for (at, bit) in flips {
        let at = at % wrong.len();
        wrong[at] ^= 1 << (bit % 8);
        let _ = from_slice::<Vec<New>>(&wrong);
    }
}

fn try_all<Old: Reduce + Clone>(
    old: Option<Old>,
    fields: &Fields,
    had: &str,
    flips: &[(usize, u8)],
) {
    let Some(old) = old else { return };
    let bytes = to_vec(&vec![old.clone(), old]).unwrap();
    try_one::<P>(&bytes, fields, had, flips);
    try_one::<Q>(&bytes, fields, had, flips);
    try_one::<R>(&bytes, fields, had, flips);
    try_one::<S>(&bytes, fields, had, flips);
    try_one::<T>(&bytes, fields, had, flips);
}

proptest! {
    #[test]
    fn values_are_never_swapped_and_never_filled_in_silently(
        a in prop_oneof![0i64..128, any::<i64>()],
        b in prop_oneof![-128i64..128, any::<i64>()],
        c in prop_oneof![0i64..256, any::<i64>()],
        d in "[a-z]{0,5}",
        flips in proptest::collection::vec((any::<usize>(), any::<u8>()), 0..20),
    ) {
        let fields = Fields { a, b, c, d };
        try_all(old::A::of(&fields), &fields, "abcd", &flips);
        try_all(old::B::of(&fields), &fields, "abcd", &flips);
        try_all(old::C::of(&fields), &fields, "ac", &flips);
        try_all(old::D::of(&fields), &fields, "b", &flips);
        try_all(old::E::of(&fields), &fields, "abcd", &flips);
        let some = old::F {
            a: Some(fields.a),
            b: Some(fields.b.into()),
            c: u16::try_from(fields.c).ok(),
            d: Some(fields.d.clone()),
        };
        if some.c.is_some() {
            try_all(Some(some), &fields, "abcd", &flips);
        }
    }
}
