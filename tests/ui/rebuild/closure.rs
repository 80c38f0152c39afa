use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = |id, name| vec![0; *id as usize])]
    made: Vec<u8>,
}

fn main() {}
