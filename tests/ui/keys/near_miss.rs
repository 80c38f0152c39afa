use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(nmae = "app.Record", validat = check)]
struct Record {
    id: u32,
    #[reduce(skip, rebiuld = "build")]
    made: Vec<u8>,
}

fn check(_: &Record) -> Result<(), String> {
    Ok(())
}

fn build(id: &u32) -> Vec<u8> {
    vec![0; *id as usize]
}

fn main() {}
