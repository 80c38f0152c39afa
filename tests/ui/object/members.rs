#[reduce_core::object]
trait Shape: Clone {
    const SIDES: u32;
    type Unit;
    fn new() -> Self;
    fn same(&self, other: &Self) -> bool;
    fn visit<V>(&self, visitor: V);
    fn each(&self, visitor: impl Fn(f64));
    async fn load(&self);
    fn area(&self) -> f64;
    fn scaled(&self, by: f64) -> Self
    where
        Self: Sized;
}

fn main() {}
