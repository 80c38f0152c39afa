use reduce_core::Reduce;
use std::borrow::Cow;

#[derive(Reduce)]
struct Message {
    subject: &'static str,
    labels: Vec<Cow<'static, str>>,
    body: Cow<'static, str>,
}

fn main() {}
