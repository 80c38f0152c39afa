use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = "Record::build")]
    made: Vec<u8>,
}

impl Record {
    fn build(&self) -> Vec<u8> {
        vec![0; self.id as usize]
    }
}

fn main() {}
