use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = "builder::build")]
    made: Vec<u8>,
}

mod builder {
    fn build(id: &u32, name: &str) -> Vec<u8> {
        vec![0; *id as usize + name.len()]
    }
}

fn main() {}
