use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(bound = "T Reduce")]
struct Wrapper<T> {
    value: T,
}

fn main() {}
