use reduce_core::Reduce;
use std::rc::Rc;

#[derive(Reduce)]
struct Record<'a> {
    name: Rc<&'a str>,
}

fn main() {}
