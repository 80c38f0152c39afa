//! Raw identifiers of types, fields, variants and functions; `r#` is not part of a name.
use reduce_core::{Reduce, from_slice, to_vec};

#[derive(Reduce, Debug, PartialEq)]
#[allow(non_camel_case_types)]
struct r#type {
    r#fn: u8,
    r#match: String,
    #[reduce(skip, rebuild = r#loop, from(r#fn))]
    r#async: u8,
}

fn r#loop(r#fn: &u8) -> u8 {
    r#fn + 1
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "type")]
#[allow(non_camel_case_types)]
enum r#enum {
    r#struct { r#ref: u8 },
    r#static(r#type),
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "type")]
struct Plain {
    #[reduce(rename = "fn")]
    function: u8,
    #[reduce(rename = "match")]
    text: String,
}

fn main() {
    let raw = r#type { r#fn: 1, r#match: "m".into(), r#async: 2 };
    let bytes = to_vec(&raw).unwrap();
    assert_eq!(from_slice::<r#type>(&bytes).unwrap(), raw);
    assert_eq!(from_slice::<Plain>(&bytes).unwrap(), Plain { function: 1, text: "m".into() });
    for value in [r#enum::r#struct { r#ref: 3 }, r#enum::r#static(raw)] {
        assert_eq!(from_slice::<r#enum>(&to_vec(&value).unwrap()).unwrap(), value);
    }
}
