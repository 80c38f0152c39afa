use reduce_core::Reduce;

#[derive(Reduce)]
struct Closure {
    #[reduce(convert = |old: f64| old as u32)]
    id: u32,
}

#[derive(Reduce)]
struct Flag {
    #[reduce(convert)]
    id: u32,
}

fn main() {}
