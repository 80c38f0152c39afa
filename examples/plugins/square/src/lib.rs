//! A plugin: squares.

use plugin_shape::Shape;
use reduce_core::{Error, Reduce, Registry};

/// A square.
#[derive(Reduce, Debug)]
#[reduce(name = "plugin_square.Square", implements(Shape))]
pub struct Square {
    /// In metres.
    pub side: f64,
}

impl Shape for Square {
    fn area(&self) -> f64 {
        self.side * self.side
    }
    fn describe(&self) -> String {
        format!("a square of side {}", self.side)
    }
}

/// Registers the types of this plugin.
///
/// # Errors
///
/// When one of their names is taken.
pub fn register(registry: &mut Registry) -> Result<(), Error> {
    registry.register::<Square>()?;
    Ok(())
}
