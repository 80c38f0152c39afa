use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = "build")]
    made: Vec<u8>,
}

fn build<T: Default>(_: &u32, _: &str) -> T {
    T::default()
}

fn main() {}
