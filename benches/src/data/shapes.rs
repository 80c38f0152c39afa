//! 100,000 boxed trait objects of three types, for the peers that have them.

use crate::Random;
use reduce_core::{Reduce, Registry};

/// What fory asks of a trait's objects.
#[cfg(feature = "fory")]
use fory::ForyObject as Foreign;

/// Nothing is asked.
#[cfg(not(feature = "fory"))]
#[doc(hidden)]
pub trait Foreign {}
#[cfg(not(feature = "fory"))]
impl<T> Foreign for T {}

/// What all shapes can do.
#[reduce_core::object(name = "bench.Shape")]
pub trait Shape: Foreign {
    /// Its area, and a number of its type.
    fn area(&self) -> (f64, u8);
}

/// Many shapes.
#[derive(Reduce)]
#[cfg_attr(feature = "fory", derive(fory::ForyStruct))]
pub struct Drawing {
    /// In the order in which they are drawn.
    pub shapes: Vec<Box<dyn Shape>>,
}

/// A round shape.
#[derive(Reduce)]
#[cfg_attr(feature = "fory", derive(fory::ForyStruct))]
#[reduce(name = "bench.Circle", implements(Shape))]
pub struct Circle {
    /// From the middle to the edge.
    pub radius: f64,
}

/// A shape of four right angles.
#[derive(Reduce)]
#[cfg_attr(feature = "fory", derive(fory::ForyStruct))]
#[reduce(name = "bench.Rectangle", implements(Shape))]
pub struct Rectangle {
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

/// A shape of many corners.
#[derive(Reduce)]
#[cfg_attr(feature = "fory", derive(fory::ForyStruct))]
#[reduce(name = "bench.Polygon", implements(Shape))]
pub struct Polygon {
    /// What it is called.
    pub name: String,
    /// To the right, and up, of one corner after the other.
    pub corners: Vec<f64>,
}

#[cfg(feature = "fory")]
fory::register_trait_type!(Shape, Circle, Rectangle, Polygon);

impl Shape for Circle {
    fn area(&self) -> (f64, u8) {
        (self.radius * self.radius * std::f64::consts::PI, 0)
    }
}

impl Shape for Rectangle {
    fn area(&self) -> (f64, u8) {
        (self.width * self.height, 1)
    }
}

impl Shape for Polygon {
    fn area(&self) -> (f64, u8) {
        let corner = |n: usize| (self.corners[2 * n], self.corners[2 * n + 1]);
        let count = self.corners.len() / 2;
        let twice: f64 = (0..count)
            .map(|n| (corner(n), corner((n + 1) % count)))
            .map(|((ax, ay), (bx, by))| ax * by - bx * ay)
            .sum();
        (twice / 2.0 + self.name.len() as f64, 2)
    }
}

/// By what the shapes do.
impl PartialEq for Drawing {
    fn eq(&self, other: &Drawing) -> bool {
        self.shapes.len() == other.shapes.len()
            && self.shapes.iter().zip(&other.shapes).all(|(a, b)| a.area() == b.area())
    }
}

const SHAPES: usize = 100_000;

impl Drawing {
    /// The shapes that are measured.
    #[must_use]
    pub fn sample() -> Self {
        let mut random = Random::new(9);
        Drawing { shapes: (0..SHAPES).map(|_| shape(&mut random)).collect() }
    }

    /// The names of the types behind the objects.
    #[must_use]
    pub fn registry() -> Registry {
        let mut registry = Registry::new();
        registry
            .register::<Circle>()
            .and_then(|names| names.register::<Rectangle>())
            .and_then(|names| names.register::<Polygon>())
            .expect("three names");
        registry
    }
}

fn shape(random: &mut Random) -> Box<dyn Shape> {
    match random.below(3) {
        0 => Box::new(Circle { radius: random.unit() }),
        1 => Box::new(Rectangle { width: random.unit(), height: random.unit() }),
        _ => Box::new(Polygon {
            name: format!("shape {}", random.below(1_000)),
            corners: random.list(3, 6, |random| [random.unit(), random.unit()]).concat(),
        }),
    }
}
