use reduce_core::Reduce;
use std::rc::Rc;

struct Foreign;

#[derive(Reduce)]
struct Page {
    #[reduce(shared = false)]
    all: Vec<Rc<Foreign>>,
}

fn main() {}
