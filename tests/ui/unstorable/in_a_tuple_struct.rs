use reduce_core::Reduce;

#[derive(Reduce)]
struct Handle(u32, std::fs::File);

fn main() {}
