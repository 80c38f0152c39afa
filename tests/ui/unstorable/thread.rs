use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    value: std::thread::JoinHandle<()>,
}

fn main() {}
