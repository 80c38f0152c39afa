use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = build, context(Pool), from(id))]
    made: Vec<u8>,
}

struct Pool;

fn build(_: Pool, id: &u32) -> Vec<u8> {
    vec![0; *id as usize]
}

fn main() {}
