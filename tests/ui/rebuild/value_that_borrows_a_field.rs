use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = "build")]
    made: &'static str,
}

fn build<'a>(_: &u32, name: &'a str) -> &'a str {
    name
}

fn main() {}
