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
/// What one derive costs.
struct Cost {
    name: &'static str,
    roots: Roots,
    /// Seconds, of a build without optimisations, with all dependencies at hand.
    dev: f64,
    /// The same with optimisations.
    release: f64,
    /// Bytes of machine code, with optimisations.
    text: f64,
}

/// What the program loads and dumps.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Roots {
    /// One value, of which all types are parts.
    One,
    /// Each type by itself.
    Each,
}

impl Roots {
    fn about(self) -> &'static str {
        match self {
            Roots::One => "parts of one value",
            Roots::Each => "each by itself",
        }
    }
}

/// A derive, and how a value of its type goes to bytes and back.
struct Kind {
    name: &'static str,
    dependencies: &'static str,
    derives: &'static str,
    again: &'static str,
}

const OURS: &str = "reduce";
const NONE: &str = "none";
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
        name: NONE,
        dependencies: "",
        derives: "",
        again: "fn again<T>(bytes: &[u8]) -> Option<Vec<u8>> {
    bytes.get(..size_of::<T>()).map(<[u8]>::to_vec)
}",
    },
];

/// Builds the programs, and compares ours to serde's, less what the bare types cost.
pub fn table() -> String {
    let mut costs = Vec::new();
    for roots in [Roots::One, Roots::Each] {
        costs.extend(KINDS.iter().map(|kind| cost(kind, roots)));
    }
    let mut text = format!(
        "## Code of {TYPES} derived types\n\n\
        A program that loads and dumps values of {TYPES} types: the compiler's processor time for the program alone, and the \
        size of the machine code of the whole program. `none` has the types alone. The ratios are of what is more than that.\n\n\
        | derive | build, dev | build, release | `.text`, release |\n|---|--:|--:|--:|\n"
    );
    for roots in [Roots::One, Roots::Each] {
        let about = roots.about();
        for cost in costs.iter().filter(|cost| cost.roots == roots) {
            let Cost { name, dev, release, text: size, .. } = cost;
            let size = grouped(*size);
            _ = writeln!(text, "| {name}, {about} | {dev:.2} s | {release:.2} s | {size} |");
        }
        let of = |name: &str| costs.iter().find(|cost| cost.name == name && cost.roots == roots);
        if let (Some(ours), Some(theirs), Some(none)) = (of(OURS), of(SERDE), of(NONE)) {
            let ratio = |figure: fn(&Cost) -> f64| {
                (figure(ours) - figure(none)) / (figure(theirs) - figure(none))
            };
            let ratios =
                [ratio(|cost| cost.dev), ratio(|cost| cost.release), ratio(|cost| cost.text)];
            let shown = ratios.map(|ratio| {
                let met = if ratio <= 1.0 { "met" } else { "**missed**" };
                format!("{ratio:.2} {met}")
            });
            _ = writeln!(text, "| ratio, at most 1 | {} |", shown.join(" | "));
        }
    }
    text
}

fn cost(kind: &'static Kind, roots: Roots) -> Cost {
    let folder = prepared(kind);
    let source = folder.join("src/main.rs");
    // The dependencies.
    std::fs::write(&source, "fn main() {}\n").expect("a source");
    build(&folder, false);
    build(&folder, true);
    std::fs::write(&source, program(kind, roots)).expect("the source");
    let (dev, release) = (build(&folder, false), build(&folder, true));
    let cost = Cost { name: kind.name, roots, dev, release, text: text_size(&folder) };
    eprintln!("{}, {}: {dev:.2} s, {release:.2} s, {} bytes", cost.name, roots.about(), cost.text);
    cost
}

/// A folder beside this program for one with that derive.
fn prepared(kind: &Kind) -> PathBuf {
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
    // The versions of the workspace.
    std::fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
    folder
}

/// The types, which are the same for every kind, and a function that uses all of them.
fn program(kind: &Kind, roots: Roots) -> String {
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
    if roots == Roots::One {
        _ = writeln!(text, "{}\nstruct All {{", kind.derives);
        for n in 0..TYPES {
            _ = writeln!(text, "    field_{n}: Vec<T{n}>,");
        }
        text.push_str("}\n\n");
    }
    text.push_str(kind.again);
    text.push_str("\n\nfn any(n: usize, bytes: &[u8]) -> Option<Vec<u8>> {\n    match n {\n");
    match roots {
        Roots::One => text.push_str("        1 => again::<All>(bytes),\n"),
        Roots::Each => {
            for n in 0..TYPES {
                _ = writeln!(text, "        {n} => again::<T{n}>(bytes),");
            }
        }
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
