use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(validate = check)]
struct Record {
    id: u32,
    name: String,
}

fn check(_: &mut Record) -> Result<(), String> {
    Ok(())
}

fn main() {}
