use reduce_core::Reduce;

#[derive(Reduce)]
#[repr(C, packed)]
struct Record {
    id: u32,
    name: String,
}

fn main() {}
