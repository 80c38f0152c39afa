use reduce_core::Reduce;
use std::borrow::Cow;

#[derive(Clone)]
struct Plain;

#[derive(Reduce)]
struct Message {
    body: Cow<'static, Plain>,
}

fn main() {}
