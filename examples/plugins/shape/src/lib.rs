//! The trait that plugins implement. The application and the plugins depend on this crate, and not on each other.

/// What can be drawn. The attribute makes `Box<dyn Shape>`, `Rc<dyn Shape>` and so on storable; its name is the one that
/// streams have for the trait.
#[reduce_core::object(name = "plugins.Shape")]
pub trait Shape {
    /// The area, in square metres.
    fn area(&self) -> f64;
    /// One line for a person to read.
    fn describe(&self) -> String;
}
