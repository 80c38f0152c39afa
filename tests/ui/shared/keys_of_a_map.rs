use reduce_core::Reduce;
use std::collections::HashMap;
use std::rc::Rc;

#[derive(Reduce)]
struct Page {
    #[reduce(shared = false)]
    counts: Vec<HashMap<Rc<str>, u32>>,
}

fn main() {}
