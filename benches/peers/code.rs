//! What the derives cost in code and in time of the compiler: a program of 200 types is written, and built with ours, with
//! serde's and postcard, and with none.

use crate::report::grouped;
use object::{Object, ObjectSection};
use reduce_benches::Random;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// How many types there are.
const TYPES: usize = 200;
/// Each fifth is an enum.
const ENUMS: usize = 5;
/// As many builds of each kind, in turns, of which the median counts.
const BUILDS: usize = 3;

/// What one derive costs.
pub struct Cost {
    pub name: &'static str,
    /// Seconds, of a build without optimisations, with all dependencies at hand.
    pub dev: f64,
    /// The same with optimisations.
    pub release: f64,
    /// Bytes of machine code, with optimisations.
    pub text: f64,
}

/// A derive, and how a value of its type goes to bytes and back.
struct Kind {
    name: &'static str,
    dependencies: &'static str,
    derives: &'static str,
    again: &'static str,
}

const OURS: &str = "reduce";
const SERDE: &str = "serde and postcard";

const KINDS: [Kind; 3] = [
    Kind {
        name: OURS,
        dependencies: "reduce-core = { path = \"REDUCE_CORE\" }",
        derives: "#[derive(reduce_core::Reduce)]",
        again: "fn again<T: reduce_core::Reduce + for<'de> reduce_core::Expand<'de>>(bytes: &[u8]) -> Option<Vec<u8>> {
    let value: T = reduce_core::from_slice(bytes).ok()?;
    reduce_core::to_vec(&value).ok()
}",
    },
    Kind {
        name: SERDE,
        dependencies: "postcard = { version = \"1.1.3\", default-features = false, features = [\"alloc\"] }
serde = { version = \"1.0\", features = [\"derive\"] }",
        derives: "#[derive(serde::Serialize, serde::Deserialize)]",
        again: "fn again<T: serde::Serialize + serde::de::DeserializeOwned>(bytes: &[u8]) -> Option<Vec<u8>> {
    let value: T = postcard::from_bytes(bytes).ok()?;
    postcard::to_allocvec(&value).ok()
}",
    },
    Kind {
        name: "none",
        dependencies: "",
        derives: "",
        again: "fn again<T>(bytes: &[u8]) -> Option<Vec<u8>> {
    bytes.get(..size_of::<T>()).map(<[u8]>::to_vec)
}",
    },
];

/// Builds the programs.
pub fn measure() -> Vec<Cost> {
    let folders: Vec<PathBuf> = KINDS.iter().map(written).collect();
    let mut costs: Vec<Cost> = Vec::new();
    let mut times = vec![[const { Vec::new() }; 2]; KINDS.len()];
    for folder in &folders {
        build(folder, false);
        build(folder, true);
    }
    for _ in 0..BUILDS {
        for (folder, times) in folders.iter().zip(&mut times) {
            times[0].push(build(folder, false));
            times[1].push(build(folder, true));
        }
    }
    for ((kind, folder), times) in KINDS.iter().zip(&folders).zip(times) {
        let [dev, release] = times.map(|mut times| {
            times.sort_by(f64::total_cmp);
            times[BUILDS / 2]
        });
        costs.push(Cost { name: kind.name, dev, release, text: text_size(folder) });
    }
    costs
}

/// Our costs in terms of serde's, less what the bare types cost.
pub fn ratios(costs: &[Cost]) -> Option<[(&'static str, f64); 3]> {
    let of = |name: &str| costs.iter().find(|cost| cost.name == name);
    let (ours, theirs, none) = (of(OURS)?, of(SERDE)?, of("none")?);
    let ratio =
        |figure: fn(&Cost) -> f64| (figure(ours) - figure(none)) / (figure(theirs) - figure(none));
    Some([
        ("200 types: build, dev", ratio(|cost| cost.dev)),
        ("200 types: build, release", ratio(|cost| cost.release)),
        ("200 types: `.text`", ratio(|cost| cost.text)),
    ])
}

/// The costs as a table.
pub fn table(costs: &[Cost]) -> String {
    let mut text = format!(
        "## Code of {TYPES} derived types\n\n\
        A program that loads and dumps each of {TYPES} types: the compiler's processor time, with all dependencies built before, \
        and the size of the machine code, of the whole program. `none` has the types alone.\n\n\
        | derive | build, dev | build, release | `.text`, release |\n|---|--:|--:|--:|\n"
    );
    for Cost { name, dev, release, text: size } in costs {
        _ = writeln!(text, "| {name} | {dev:.2} s | {release:.2} s | {} |", grouped(*size));
    }
    text
}

/// The program with one kind of derive, in a folder beside this program.
fn written(kind: &Kind) -> PathBuf {
    let name: String = kind.name.chars().filter(char::is_ascii_alphabetic).collect();
    let program = std::env::current_exe().expect("a path of its own");
    let built = program.ancestors().nth(2).expect("cargo's folder of a profile");
    let folder = built.join("derives").join(&name);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let core = root.join("reduce-core").display().to_string();
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{}\n",
        kind.dependencies.replace("REDUCE_CORE", &core)
    );
    std::fs::create_dir_all(folder.join("src")).expect("a folder for the program");
    std::fs::write(folder.join("Cargo.toml"), manifest).expect("its manifest");
    std::fs::write(folder.join("src/main.rs"), source(kind)).expect("its source");
    // The versions of the workspace.
    std::fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
    folder
}

/// The types, which are the same for every kind, and a function that uses all of them.
fn source(kind: &Kind) -> String {
    let mut random = Random::new(200);
    let mut text = "#![allow(dead_code)]\n\n".to_owned();
    for n in 0..TYPES {
        text.push_str(kind.derives);
        if n % ENUMS == ENUMS - 1 {
            _ = writeln!(text, "\nenum T{n} {{\n    Nothing,");
            for variant in 0..2 + random.below(3) {
                _ = writeln!(text, "    V{variant}({}),", field(&mut random, n));
            }
            _ = writeln!(
                text,
                "    Fields {{ a: {}, b: {} }},",
                field(&mut random, n),
                field(&mut random, n)
            );
        } else {
            _ = writeln!(text, "\nstruct T{n} {{");
            for place in 0..3 + random.below(8) {
                _ = writeln!(text, "    field_{place}: {},", field(&mut random, n));
            }
        }
        text.push_str("}\n\n");
    }
    _ = write!(
        text,
        "{}\n\nfn any(n: usize, bytes: &[u8]) -> Option<Vec<u8>> {{\n    match n {{\n",
        kind.again
    );
    for n in 0..TYPES {
        _ = writeln!(text, "        {n} => again::<T{n}>(bytes),");
    }
    text.push_str(
        "        _ => None,\n    }\n}\n\nfn main() {\n    let n = std::env::args().len();\n    \
        let bytes = std::fs::read(\"value\").unwrap_or_default();\n    println!(\"{:?}\", any(n, &bytes));\n}\n",
    );
    text
}

/// A field's type: mostly plain, at times an earlier one.
fn field(random: &mut Random, before: usize) -> String {
    const PLAIN: [&str; 14] = [
        "u8",
        "u16",
        "u32",
        "u64",
        "i32",
        "i64",
        "f32",
        "f64",
        "bool",
        "String",
        "String",
        "Vec<u8>",
        "Option<u32>",
        "Vec<String>",
    ];
    if before > 0 && random.once_in(5) {
        let earlier = random.index(before);
        return match random.below(3) {
            0 => format!("Vec<T{earlier}>"),
            1 => format!("Option<Box<T{earlier}>>"),
            _ => format!("Box<T{earlier}>"),
        };
    }
    (*random.pick(&PLAIN)).to_owned()
}

/// How long the compiler needs for the program alone, in seconds.
fn build(folder: &Path, release: bool) -> f64 {
    let source = folder.join("src/main.rs");
    let text = std::fs::read(&source).expect("the source");
    // Newer than what was built of it.
    std::fs::write(&source, text).expect("the source");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.arg("build").arg("--quiet").current_dir(folder);
    // Neither settings of the benchmark's own build, nor its folder.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PROFILE_") {
            cargo.env_remove(&name);
        }
    }
    cargo.env("CARGO_TARGET_DIR", folder.join("target")).env("CARGO_INCREMENTAL", "0");
    if release {
        cargo.arg("--release");
    }
    let (start, before) = (Instant::now(), children());
    let status = cargo.status().expect("cargo runs");
    assert!(status.success(), "the program of 200 types does not compile: {}", folder.display());
    match (before, children()) {
        (Some(before), Some(after)) => after - before,
        _ => start.elapsed().as_secs_f64(),
    }
}

/// The processor time of all processes that were started and are over, in seconds, where the system tells.
fn children() -> Option<f64> {
    /// Of the fields behind the program's name, these are the children's.
    const CHILDREN: std::ops::Range<usize> = 13..15;
    /// What Linux counts in, for programs.
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks: Option<f64> = fields.get(CHILDREN)?.iter().map(|it| it.parse::<f64>().ok()).sum();
    Some(ticks? / TICKS)
}

/// How large the machine code is.
fn text_size(folder: &Path) -> f64 {
    let name = folder.file_name().expect("a folder of that name");
    let program =
        folder.join("target/release").join(name).with_extension(std::env::consts::EXE_EXTENSION);
    let bytes = std::fs::read(program).expect("the program");
    let file = object::File::parse(bytes.as_slice()).expect("a program");
    file.section_by_name(".text").map_or(0, |section| section.size()) as f64
}
