use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(bound = "T: Clone")]
struct Wrapper<T> {
    value: T,
}

fn main() {}
