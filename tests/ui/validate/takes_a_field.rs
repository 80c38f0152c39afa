use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(validate = check)]
struct Record {
    id: u32,
    name: String,
}

fn check(id: &u32) -> Result<(), String> {
    Ok(assert_eq!(*id, 0))
}

fn main() {}
