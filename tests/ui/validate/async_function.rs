use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(validate = check)]
struct Record {
    id: u32,
    name: String,
}

async fn check(_: &Record) -> Result<(), String> {
    Ok(())
}

fn main() {}
