use reduce_core::Reduce;

#[derive(Reduce)]
struct Client<'a> {
    #[reduce(dispatch)]
    name: &'a str,
}

fn main() {}
