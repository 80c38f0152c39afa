use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(rename_all = "camelCase")]
struct Record {
    user_id: u32,
    #[allow(non_snake_case)]
    userId: u32,
}

fn main() {}
