use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(rebuild = build, context(Pool<'a>))]
struct Record<'a> {
    name: &'a str,
}

struct Pool<'a>(&'a str);

fn build<'a>(_: &Pool<'a>, name: &'a str) -> Record<'a> {
    Record { name }
}

fn main() {}
