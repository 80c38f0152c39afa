use reduce_core::Reduce;

#[derive(Reduce)]
struct Record<#[reduce(skip)] T> {
    value: T,
}

fn main() {}
