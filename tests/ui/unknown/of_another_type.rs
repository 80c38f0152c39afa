use reduce_core::{Reduce, Value};
use std::collections::BTreeMap;

#[derive(Reduce)]
struct Record {
    id: u32,
    #[reduce(unknown)]
    rest: BTreeMap<String, Value>,
}

fn main() {}
