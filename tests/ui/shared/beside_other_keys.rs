use reduce_core::Reduce;
use std::cell::RefCell;
use std::rc::Rc;

#[derive(Reduce)]
struct Node {
    #[reduce(shared = false, state)]
    next: RefCell<Option<Rc<Node>>>,
    #[reduce(skip, default, out_of_band)]
    cache: Vec<u8>,
}

fn main() {}
