use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(rebuild = make)]
struct Record {
    id: u32,
    #[reduce(unknown)]
    rest: reduce_core::Unknown,
}

fn make(id: u32) -> Record {
    Record { id, rest: reduce_core::Unknown::new() }
}

fn main() {}
