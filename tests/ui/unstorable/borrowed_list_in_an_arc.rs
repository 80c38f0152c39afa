use reduce_core::Reduce;
use std::sync::Arc;

#[derive(Reduce)]
enum Source<'a, 'b> {
    Parts(Vec<Arc<[&'a str]>>, &'b str),
}

fn main() {}
