#[reduce_core::object(nmae = "geo.Shape", name = "a", name = "b", rebuild = make)]
trait Shape {
    fn area(&self) -> f64;
}

#[reduce_core::object("geo.Draw")]
trait Draw {}

fn main() {
    // No errors follow where the arguments alone are wrong.
    let _: fn(Box<dyn Shape>) -> Result<Vec<u8>, reduce_core::Error> =
        |shape| reduce_core::to_vec(&shape);
}
