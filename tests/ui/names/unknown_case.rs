use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(rename_all = "camelcase")]
struct Near {
    user_id: u32,
}

#[derive(Reduce)]
#[reduce(rename_all = "Title Case")]
struct Far {
    user_id: u32,
}

fn main() {}
