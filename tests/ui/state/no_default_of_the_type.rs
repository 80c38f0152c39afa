use reduce_core::Reduce;

#[derive(Reduce)]
struct Color(u8, u8, u8);

#[derive(Reduce)]
struct Node {
    name: String,
    #[reduce(state)]
    color: Color,
}

fn main() {}
