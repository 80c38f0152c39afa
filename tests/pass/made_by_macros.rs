//! Types that `macro_rules!` make: names, types, expressions and attributes handed in as fragments.
use reduce_core::{Reduce, from_slice, to_vec};

macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $ty:ty = $value:expr),* $(,)? }) => {
        #[derive(Reduce, Debug, PartialEq)]
        $(#[$meta])*
        struct $name {
            $($field: $ty,)*
        }

        impl $name {
            fn sample() -> Self {
                $name { $($field: $value),* }
            }
        }
    };
}

record! {
    /// Documented.
    #[reduce(name = "app.Point", rename_all = "camelCase")]
    Point { x_axis: f64 = 1.5, y_axis: Option<Vec<f64>> = Some(vec![2.5]) }
}

macro_rules! connected {
    ($name:ident, $rebuild:path, $made:ty, $name_in_streams:literal, $context:ty) => {
        #[derive(Reduce, Debug, PartialEq)]
        #[reduce(name = $name_in_streams)]
        struct $name {
            id: u32,
            #[reduce(skip, rebuild = $rebuild, context($context), from(id))]
            made: $made,
        }
    };
}

struct Pool(u32);

mod functions {
    pub fn connect(pool: &super::Pool, id: &u32) -> u64 {
        u64::from(pool.0 + id)
    }
}

connected!(Connected, functions::connect, u64, "app.Connected", Pool);

macro_rules! local_names {
    () => {
        #[derive(Reduce, Debug, PartialEq)]
        struct Hidden {
            a: u8,
            #[reduce(skip, rebuild = twice, from(a))]
            b: u8,
        }

        fn twice(a: &u8) -> u8 {
            a * 2
        }
    };
}

local_names!();

fn main() {
    let point = Point::sample();
    assert_eq!(from_slice::<Point>(&to_vec(&point).unwrap()).unwrap(), point);
    let bytes = to_vec(&Connected { id: 1, made: 0 }).unwrap();
    let loaded: Connected = reduce_core::Loader::new().context(Pool(41)).from_slice(&bytes).unwrap();
    assert_eq!(loaded, Connected { id: 1, made: 42 });
    let hidden = Hidden { a: 4, b: 8 };
    assert_eq!(from_slice::<Hidden>(&to_vec(&hidden).unwrap()).unwrap(), hidden);
}
