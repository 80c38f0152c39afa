use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    file: std::fs::File,
    since: std::time::Instant,
}

fn main() {}
