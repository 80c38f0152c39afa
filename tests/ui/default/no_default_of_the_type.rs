use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, default)]
    made: Connection,
}

struct Connection(u32);

fn main() {}
