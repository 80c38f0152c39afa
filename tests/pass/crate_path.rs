//! `crate = path`: a renamed crate, a re-export, a path as a string, `$crate`.
pub extern crate reduce_core as pickle;

mod framework {
    pub mod deep {
        pub use pickle as reduce;
    }
}

#[derive(pickle::Reduce, Debug, PartialEq)]
#[reduce(crate = pickle)]
struct Renamed {
    a: u8,
    #[reduce(skip, rebuild = twice)]
    b: u8,
}

fn twice(a: &u8) -> u8 {
    a * 2
}

#[derive(framework::deep::reduce::Reduce, Debug, PartialEq)]
#[reduce(crate = "crate::framework::deep::reduce")]
enum Reexported {
    One(u8),
    Two { renamed: Renamed },
}

macro_rules! derived {
    ($name:ident) => {
        #[derive($crate::framework::deep::reduce::Reduce, Debug, PartialEq)]
        #[reduce(crate = $crate::framework::deep::reduce)]
        struct $name(u16);
    };
}

derived!(ByDollarCrate);

fn main() {
    let renamed = Renamed { a: 2, b: 4 };
    assert_eq!(pickle::from_slice::<Renamed>(&pickle::to_vec(&renamed).unwrap()).unwrap(), renamed);
    for value in [Reexported::One(1), Reexported::Two { renamed }] {
        assert_eq!(pickle::from_slice::<Reexported>(&pickle::to_vec(&value).unwrap()).unwrap(), value);
    }
    let value = ByDollarCrate(3);
    assert_eq!(pickle::from_slice::<ByDollarCrate>(&pickle::to_vec(&value).unwrap()).unwrap(), value);
}
