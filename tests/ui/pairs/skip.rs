use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    #[reduce(skip, default, rename = "number")]
    renamed: u32,
    #[reduce(with = AsText, skip, default)]
    adapted: u32,
}

fn main() {}
