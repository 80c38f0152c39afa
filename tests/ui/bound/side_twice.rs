use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(bound(reduce = "T: Reduce", reduce = "T: Reduce"))]
struct Wrapper<T> {
    value: T,
}

fn main() {}
