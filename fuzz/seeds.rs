//! Writes the seeds of all targets to `corpus/TARGET`, and the dictionary to `reduce.dict`.

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for seeds in reduce_fuzz::seeds::all() {
        let folder = here.join("corpus").join(seeds.target);
        fs::create_dir_all(&folder)?;
        for (number, input) in seeds.inputs.iter().enumerate() {
            fs::write(folder.join(format!("seed-{number:03}")), input)?;
        }
    }
    fs::write(here.join("reduce.dict"), reduce_fuzz::seeds::dictionary())
}
