use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(via = u32, rebuild = build)]
struct Id(u32);

#[derive(Reduce)]
#[reduce(name = "app.Name", via = String)]
struct Name(String);

#[derive(Reduce)]
#[reduce(via = String, rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Choice {
    One,
}

fn main() {}
