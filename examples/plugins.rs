//! Types of two crates behind one trait: each plugin registers its own at start, and a drawing of their shapes goes to
//! bytes and back. The trait is in `examples/plugins/shape`, the plugins are in `circle` and `square` beside it.
//!
//! `cargo run --example plugins`

use plugin_circle::{Circle, Pierced};
use plugin_shape::Shape;
use plugin_square::Square;
use reduce_core::{Dumper, Loader, Reduce, Registry};
use std::error::Error;
use std::rc::Rc;

#[derive(Reduce)]
#[reduce(name = "app.Drawing")]
struct Drawing {
    title: String,
    shapes: Vec<Rc<dyn Shape>>,
}

fn main() -> Result<(), Box<dyn Error>> {
    // Nothing is found by linking alone: the program says which plugins it trusts, and in which order.
    let mut registry = Registry::new();
    plugin_circle::register(&mut registry)?;
    plugin_square::register(&mut registry)?;
    println!("registered: {registry:?}");
    // A name that is taken is an error now, and not at a load next year.
    if let Err(error) = plugin_square::register(&mut registry) {
        println!("a second time: {error}\n");
    }

    let hole: Rc<dyn Shape> = Rc::new(Circle { radius: 0.5 });
    let washer = Pierced { outer: Rc::new(Square { side: 2.0 }), hole: hole.clone() };
    let drawing = Drawing { title: "washer".into(), shapes: vec![Rc::new(washer), hole] };

    let bytes = Dumper::new().registry(&registry).to_vec(&drawing)?;
    let again: Drawing = Loader::new().registry(&registry).from_slice(&bytes)?;
    println!("{}, from {} bytes:", again.title, bytes.len());
    for (shape, before) in again.shapes.iter().zip(&drawing.shapes) {
        println!("  {:.3} m2: {}", shape.area(), shape.describe());
        assert_eq!(shape.area(), before.area());
    }
    // The hole is one object still, in the list and inside of the washer.
    assert_eq!(Rc::strong_count(&again.shapes[1]), 2);

    // The stream names types; it says for itself which plugins it needs.
    println!("\n{}", reduce_core::disassemble(&bytes)?);

    // Where a plugin is missing, the error says what was looked for.
    let mut circles = Registry::new();
    plugin_circle::register(&mut circles)?;
    if let Err(error) = Loader::new().registry(&circles).from_slice::<Drawing>(&bytes) {
        println!("without the squares: {error}");
    }
    if let Err(error) = reduce_core::from_slice::<Drawing>(&bytes) {
        println!("without a registry: {error}");
    }
    Ok(())
}
