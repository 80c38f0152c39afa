use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(bound(redcue = "T: Reduce", serialize = "T: Reduce"))]
struct Wrapper<T> {
    value: T,
}

fn main() {}
