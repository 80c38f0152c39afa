#[reduce_core::object]
trait Shape<T> {
    fn area(&self) -> T;
}

fn main() {}
