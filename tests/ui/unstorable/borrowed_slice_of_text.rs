use reduce_core::Reduce;

#[derive(Reduce)]
struct Page<'a> {
    words: &'a [String],
}

fn main() {}
