use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(rebuild = build)]
struct Record {
    id: u32,
    name: String,
}

struct Refused;

fn build(_: u32, _: String) -> Result<Record, Refused> {
    Err(Refused)
}

fn main() {}
