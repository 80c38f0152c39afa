//! A plugin: circles, and rings made of the application's shapes.

use plugin_shape::Shape;
use reduce_core::{Error, Reduce, Registry};
use std::rc::Rc;

/// A circle.
#[derive(Reduce, Debug)]
#[reduce(name = "plugin_circle.Circle", implements(Shape))]
pub struct Circle {
    /// In metres.
    pub radius: f64,
}

impl Shape for Circle {
    fn area(&self) -> f64 {
        std::f64::consts::PI * self.radius * self.radius
    }
    fn describe(&self) -> String {
        format!("a circle of radius {}", self.radius)
    }
}

/// A shape with a hole, each of which may come from another plugin.
#[derive(Reduce)]
#[reduce(name = "plugin_circle.Pierced", implements(Shape))]
pub struct Pierced {
    /// What is pierced.
    pub outer: Rc<dyn Shape>,
    /// What is cut out.
    pub hole: Rc<dyn Shape>,
}

impl Shape for Pierced {
    fn area(&self) -> f64 {
        self.outer.area() - self.hole.area()
    }
    fn describe(&self) -> String {
        format!("{} with a hole: {}", self.outer.describe(), self.hole.describe())
    }
}

/// Registers the types of this plugin.
///
/// # Errors
///
/// When one of their names is taken.
pub fn register(registry: &mut Registry) -> Result<(), Error> {
    registry.register::<Circle>()?.register::<Pierced>()?;
    Ok(())
}
