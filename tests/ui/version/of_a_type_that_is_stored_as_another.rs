use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(transparent, version = 2, upgrade(1 = from_one), deny_newer, deny_unknown)]
struct Id(u32);

#[derive(Reduce)]
#[reduce(via = String, version = 2, upgrade(1 = from_one), deny_newer, deny_unknown)]
struct Name(String);

fn main() {}
