use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(transparent)]
struct Handle(std::fs::File);

fn main() {}
