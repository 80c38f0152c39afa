//! Deprecated types, fields, variants and functions: a warning where the user writes them, none from the derive.
#![deny(warnings)]

#[allow(deprecated)]
mod old {
    use reduce_core::Reduce;

    #[deprecated]
    #[derive(Reduce, Debug, PartialEq)]
    pub struct Old(pub u8);

    #[deprecated]
    pub fn make(_: &Old) -> u8 {
        2
    }
}

mod new {
    use reduce_core::Reduce;

    #[derive(Reduce, Debug, PartialEq)]
    pub struct New {
        #[deprecated = "use `b`"]
        pub a: u8,
        pub b: u8,
    }

    #[derive(Reduce, Debug, PartialEq)]
    pub enum Choice {
        #[deprecated]
        Old(u8),
        New {
            #[deprecated]
            a: u8,
        },
    }
}

#[allow(deprecated)]
fn main() {
    use reduce_core::{from_slice, to_vec};
    assert_eq!(from_slice::<old::Old>(&to_vec(&old::Old(1)).unwrap()).unwrap(), old::Old(1));
    assert_eq!(old::make(&old::Old(1)), 2);
    let new = new::New { a: 1, b: 2 };
    assert_eq!(from_slice::<new::New>(&to_vec(&new).unwrap()).unwrap(), new);
    for choice in [new::Choice::Old(1), new::Choice::New { a: 2 }] {
        assert_eq!(from_slice::<new::Choice>(&to_vec(&choice).unwrap()).unwrap(), choice);
    }
}
