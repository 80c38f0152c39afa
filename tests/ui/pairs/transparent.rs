use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(transparent, name = "app.Id")]
struct Id(u32);

#[derive(Reduce)]
#[reduce(rename_all = "camelCase", transparent)]
struct Name {
    full_name: String,
}

#[derive(Reduce)]
#[reduce(transparent, via = u32)]
struct Number(u32);

fn main() {}
