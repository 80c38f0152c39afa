use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    #[reduce(convert = round)]
    id: u32,
}

async fn round(old: f64) -> u32 {
    old.round() as u32
}

fn main() {}
