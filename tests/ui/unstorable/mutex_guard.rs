use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    value: std::sync::MutexGuard<'static, u32>,
}

fn main() {}
