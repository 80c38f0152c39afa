use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(bound())]
struct Wrapper<T> {
    value: T,
}

fn main() {}
