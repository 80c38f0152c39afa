use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, default = "zero")]
    made: Vec<u8>,
}

fn zero(id: &u32) -> Vec<u8> {
    vec![0; *id as usize]
}

fn main() {}
