//! What is said of a change that a load cannot follow: where it is, what both sides have, and what to do.

use reduce_core::{Dumper, Error, ErrorKind, Expand, Loader, Reduce, Registry, from_slice, to_vec};
use std::any::Any;
use std::cell::Cell;

mod old {
    use super::*;

    #[derive(Reduce)]
    #[reduce(name = "shop.Order")]
    pub struct Order {
        pub id: u64,
        pub lines: Vec<Line>,
        pub kind: Kind,
        pub visits: Cell<u32>,
    }

    #[derive(Reduce)]
    #[reduce(name = "shop.Line")]
    pub struct Line {
        pub article: String,
        pub price: f64,
    }

    #[derive(Reduce)]
    #[reduce(name = "shop.Kind")]
    pub enum Kind {
        Gift { to: String },
    }

    pub fn order() -> Order {
        let line = Line { article: "pen".into(), price: 1.1 };
        Order {
            id: 7,
            lines: vec![line],
            kind: Kind::Gift { to: "bob".into() },
            visits: Cell::new(4),
        }
    }
}

/// The error of loading the old order as a new type, with the lines about both programs.
fn error<T: for<'de> Expand<'de>>() -> Error {
    from_slice::<T>(&to_vec(&old::order()).unwrap()).err().unwrap()
}

/// What is said in one line, without the offset.
fn said<T: for<'de> Expand<'de>>() -> String {
    error::<T>().to_string().split(" (at byte").next().unwrap().to_string()
}

/// A type as it is today, with the rest of its module.
macro_rules! now {
    ($module:ident $($items:tt)*) => {
        #[allow(dead_code)]
        mod $module {
            #[allow(unused_imports)]
            use super::*;
            $($items)*
        }
    };
}

now! { added
    #[derive(Reduce)]
    #[reduce(name = "shop.Order")]
    pub struct Order { id: u64, lines: Vec<Line> }
    #[derive(Reduce)]
    #[reduce(name = "shop.Line")]
    pub struct Line { article: String, price: f64, count: u32 }
}
now! { renamed
    #[derive(Reduce)]
    #[reduce(name = "shop.Order")]
    pub struct Order { number: u64 }
}
now! { changed
    #[derive(Reduce)]
    #[reduce(name = "shop.Order")]
    pub struct Order { id: String }
}
now! { of_another_kind
    #[derive(Reduce)]
    #[reduce(name = "shop.Order")]
    pub enum Order { Open }
}
now! { narrow
    #[derive(Reduce)]
    #[reduce(name = "shop.Order")]
    pub struct Order { lines: Vec<Line> }
    #[derive(Reduce)]
    #[reduce(name = "shop.Line")]
    pub struct Line { price: f32 }
}
now! { of_state
    #[derive(Reduce)]
    #[reduce(name = "shop.Order")]
    pub struct Order { id: u64, #[reduce(state)] visits: Cell<u32> }
}
now! { without_the_variant
    #[derive(Reduce)]
    #[reduce(name = "shop.Order")]
    pub struct Order { kind: Kind }
    #[derive(Reduce)]
    #[reduce(name = "shop.Kind")]
    pub enum Kind { Sale }
}

#[test]
fn errors_say_what_to_do() {
    let missing = |field: &str, of: &str| {
        format!(
            "the stream has no field `{field}` for `{of}`; if it is new, say what it is then: `#[reduce(default)]`, \
             `#[reduce(default = path)]` or `#[reduce(rebuild = path)]`; if it was renamed, say what it was: \
             `#[reduce(alias = \"...\")]`"
        )
    };
    assert_eq!(said::<added::Order>(), format!("lines[0]: {}", missing("count", "shop.Line")));
    let candidate = " (the stream has a field `id` of this type, which no field takes)";
    assert_eq!(said::<renamed::Order>(), missing("number", "shop.Order") + candidate);
    assert_eq!(
        said::<changed::Order>(),
        "id: the stream has `u64`, which cannot become `str`; on a field, `#[reduce(convert = path)]` names a function \
         that makes one of the other"
    );
    assert_eq!(
        said::<of_another_kind::Order>(),
        "the stream has the struct `shop.Order`, which cannot become the enum `shop.Order`"
    );
    assert_eq!(
        said::<narrow::Order>(),
        "lines[0].price: 1.1 does not fit in `f32` without losing digits; keep the wider type, or name a function that \
         makes the field of it: `#[reduce(convert = path)]`"
    );
    assert_eq!(
        said::<of_state::Order>(),
        "the field `visits` of `shop.Order` has moved between the kept and the state fields, which no load can follow; \
         leave it where it was, or give it another name and a `default`"
    );
    assert_eq!(
        said::<without_the_variant::Order>(),
        "kind: the enum `shop.Kind` has no variant `Gift` any more; keep it, name it as an `alias` of another one, or \
         give the enum a variant with `#[reduce(other)]`"
    );
}

#[test]
fn errors_show_both_programs() {
    let long = format!("{:#}", error::<renamed::Order>());
    assert!(
        long.contains("the stream holds:\nshop.Order\nstruct shop.Order {\n    id: u64"),
        "{long}"
    );
    assert!(
        long.ends_with("asked for:\nshop.Order\nstruct shop.Order {\n    number: u64\n}"),
        "{long}"
    );
}

/// Those of the type behind the pointer: the root's are alike.
#[test]
fn errors_behind_dyn_show_the_programs_of_the_registered_type() {
    let (mut was, mut is) = (Registry::new(), Registry::new());
    was.register::<old::Line>().unwrap();
    is.register::<added::Line>().unwrap();
    let line = || -> Box<dyn Any> { Box::new(old::Line { article: "pen".into(), price: 1.0 }) };
    let bytes = Dumper::new().registry(&was).to_vec(&vec![line(), line()]).unwrap();
    let error = Loader::new().registry(&is).from_slice::<Vec<Box<dyn Any>>>(&bytes).err().unwrap();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::TypeMismatch, "[0]"));
    let long = format!("{error:#}");
    let both = "the stream holds:\nshop.Line\nstruct shop.Line {\n    article: str\n    price: f64\n}\n\n\
                asked for:\nshop.Line\nstruct shop.Line {\n    article: str\n    price: f64\n    count: u32\n}";
    assert!(long.ends_with(both), "{long}");
}
