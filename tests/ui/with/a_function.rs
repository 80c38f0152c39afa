use reduce_core::Reduce;

#[derive(Reduce)]
struct Package {
    name: String,
    #[reduce(with = as_text)]
    version: Version,
}

struct Version(u8);

fn as_text(version: &Version) -> String {
    version.0.to_string()
}

fn main() {}
