use reduce_core::Reduce;

#[derive(Reduce)]
struct Record<'a> {
    name: &'a str,
    #[reduce(skip, rebuild = build, context(Pool<'a>))]
    made: usize,
}

struct Pool<'a>(&'a str);

fn build(pool: &Pool<'_>, name: &str) -> usize {
    pool.0.len() + name.len()
}

fn main() {}
