use reduce_core::Reduce;

#[derive(Reduce)]
struct Package {
    name: String,
    #[reduce(with = AsText)]
    version: Version,
}

struct Version(u8);

struct AsText;

fn main() {}
