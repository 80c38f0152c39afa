use reduce_core::Reduce;
use std::borrow::Cow;

#[derive(Reduce)]
struct Record<'a> {
    customer: Cow<'a, Customer>,
}

#[derive(Clone)]
struct Customer {
    name: String,
}

fn main() {}
