//! 125,000 triangles of three corners and a normal: nothing but numbers of one width.

use crate::Random;

records! {
    /// A surface.
    pub struct Mesh {
        /// In no order.
        pub triangles: Vec<Triangle>,
    }

    /// A flat piece of a surface.
    #[repr(C)]
    pub struct Triangle {
        /// A corner.
        pub a: Point,
        /// A corner.
        pub b: Point,
        /// A corner.
        pub c: Point,
        /// What stands upright on it.
        pub normal: Point,
    }

    /// A place, or a direction.
    #[repr(C)]
    pub struct Point {
        /// To the right.
        pub x: f32,
        /// Up.
        pub y: f32,
        /// To the front.
        pub z: f32,
    }
}

const TRIANGLES: usize = 125_000;

impl Mesh {
    /// The mesh that is measured.
    #[must_use]
    pub fn sample() -> Self {
        let mut random = Random::new(2);
        let mut point = || Point { x: random.unit32(), y: random.unit32(), z: random.unit32() };
        let mut triangle = || Triangle { a: point(), b: point(), c: point(), normal: point() };
        Mesh { triangles: (0..TRIANGLES).map(|_| triangle()).collect() }
    }

    /// All its numbers, as they lie in memory.
    #[must_use]
    pub fn numbers(&self) -> Vec<f32> {
        let point = |point: &Point| [point.x, point.y, point.z];
        let triangle =
            |it: &Triangle| [point(&it.a), point(&it.b), point(&it.c), point(&it.normal)];
        self.triangles.iter().flat_map(|it| triangle(it).into_iter().flatten()).collect()
    }
}
