use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(implements(dyn Shape, "Draw", Shape + Draw, Send, Shape, Shape))]
struct Circle {
    radius: f64,
}

#[derive(Reduce)]
#[reduce(transparent, implements(Shape))]
struct Disc(Circle);

fn main() {}
