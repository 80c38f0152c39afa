use reduce_core::{Adapter, BoxError, Context, Reduce};

#[derive(Reduce)]
struct Package {
    name: String,
    #[reduce(with = AsText)]
    version: Vec<Version>,
}

struct Version(u8);

struct AsText;

impl Adapter<Version> for AsText {
    type Stored = String;

    fn reduce(version: &Version, _: &Context<'_>) -> Result<String, BoxError> {
        Ok(version.0.to_string())
    }

    fn expand(text: String, _: &Context<'_>) -> Result<Version, BoxError> {
        Ok(Version(text.parse()?))
    }
}

fn main() {}
