use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = "build")]
    made: Vec<u8>,
}

#[derive(Debug)]
struct Refused<'a>(&'a str);

impl std::fmt::Display for Refused<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Refused<'_> {}

fn build<'a>(_: &u32, name: &'a str) -> Result<Vec<u8>, Refused<'a>> {
    Err(Refused(name))
}

fn main() {}
