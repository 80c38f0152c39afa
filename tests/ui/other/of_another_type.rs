use reduce_core::Reduce;

#[derive(Reduce)]
enum Event {
    Pressed(u32),
    #[reduce(other)]
    Newer(String),
}

fn main() {}
