use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(name("app.Record"))]
struct Record {
    #[reduce(skip, rebuild("build"))]
    made: Vec<u8>,
    #[reduce(skip, default(zero))]
    cached: u8,
}

fn main() {}
