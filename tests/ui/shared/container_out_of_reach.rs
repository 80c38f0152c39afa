use reduce_core::Reduce;
use std::collections::LinkedList;
use std::rc::Rc;

#[derive(Reduce)]
struct Page {
    #[reduce(shared = false)]
    words: LinkedList<Rc<str>>,
}

fn main() {}
