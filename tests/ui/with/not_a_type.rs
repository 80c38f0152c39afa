use reduce_core::Reduce;

#[derive(Reduce)]
struct Package {
    name: String,
    #[reduce(with = "1 + 1")]
    version: Version,
}

struct Version(u8);

fn main() {}
