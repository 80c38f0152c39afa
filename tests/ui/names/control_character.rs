use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(name = "app\n.Record")]
struct Record {
    id: u32,
}

fn main() {}
