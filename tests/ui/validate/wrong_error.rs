use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(validate = check)]
struct Record {
    id: u32,
    name: String,
}

struct Refused;

fn check(_: &Record) -> Result<(), Refused> {
    Err(Refused)
}

fn main() {}
