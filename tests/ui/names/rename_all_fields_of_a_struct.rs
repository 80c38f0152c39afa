use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(rename_all_fields = "camelCase")]
struct Record {
    user_id: u32,
}

fn main() {}
