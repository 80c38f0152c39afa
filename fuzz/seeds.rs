//! Writes the seeds of all targets to `corpus/TARGET`, and the dictionary to `reduce.dict`.

#[allow(dead_code, reason = "the tests have more than streams there")]
#[path = "../tests/corpus/mod.rs"]
mod corpus;

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let streams: Vec<_> = corpus::every::streams().into_iter().map(|(_, stream)| stream).collect();
    for target in reduce_fuzz::seeds::ALL {
        let folder = here.join("corpus").join(target.target);
        fs::create_dir_all(&folder)?;
        for (number, input) in (target.inputs)(&streams).iter().enumerate() {
            fs::write(folder.join(format!("seed-{number:03}")), input)?;
        }
    }
    fs::write(here.join("reduce.dict"), reduce_fuzz::seeds::dictionary())
}
