use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(transparent)]
struct Id(#[reduce(default)] u32);

#[derive(Reduce)]
#[reduce(transparent)]
struct Name(#[reduce(rebuild = make, from())] String);

fn main() {}
