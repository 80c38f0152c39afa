use reduce_core::{Adapter, BoxError, Context, Reduce};

#[derive(Reduce)]
struct Package {
    name: String,
    #[reduce(with = AsStep)]
    version: Version,
}

struct Version(u8);

struct AsStep;

struct Step(u8);

impl Adapter<Version> for AsStep {
    type Stored = Step;

    fn reduce(version: &Version, _: &Context<'_>) -> Result<Step, BoxError> {
        Ok(Step(version.0))
    }

    fn expand(step: Step, _: &Context<'_>) -> Result<Version, BoxError> {
        Ok(Version(step.0))
    }
}

fn main() {}
