use reduce_core::Reduce;

#[derive(Reduce)]
enum List {
    End,
    Node {
        value: u32,
        #[reduce(state)]
        next: Option<Box<List>>,
    },
}

fn main() {}
