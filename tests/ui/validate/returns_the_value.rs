use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(validate = "check")]
struct Record {
    id: u32,
    name: String,
}

fn check(record: Record) -> Result<Record, String> {
    Ok(record)
}

fn main() {}
