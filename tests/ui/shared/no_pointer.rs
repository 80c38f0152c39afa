use reduce_core::Reduce;
use std::rc::Rc;

type Text = Rc<str>;

#[derive(Reduce)]
struct Page {
    #[reduce(shared = false)]
    title: String,
    #[reduce(shared = false)]
    text: Text,
    #[reduce(shared = true)]
    note: Rc<str>,
}

fn main() {}
