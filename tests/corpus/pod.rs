//! Records that lie in a stream as in memory, and lists at aligned places.

use bytemuck::{Pod, Zeroable};
use reduce_core::{Dumper, Reduce};

#[derive(Clone, Copy, Debug, PartialEq, Reduce, Pod, Zeroable)]
#[repr(C)]
#[reduce(name = "sim.Particle", pod)]
pub struct Particle {
    pub place: [f32; 3],
    pub id: u32,
    pub charge: i16,
    pub flags: [u8; 2],
}

/// Each number of fixed width, and a record in the record.
#[derive(Clone, Copy, Debug, PartialEq, Reduce, Pod, Zeroable)]
#[repr(C)]
#[reduce(name = "sim.Numbers", pod)]
pub struct Numbers {
    pub widest: u128,
    pub widest_signed: i128,
    pub wide: [u64; 2],
    pub wide_signed: i64,
    pub double: f64,
    pub particle: Particle,
    pub signed: i32,
    pub narrow: u16,
    pub bytes: [i8; 2],
    pub floats: [f32; 1],
}

pub fn particle(n: u8) -> Particle {
    Particle {
        place: [f32::from(n), 0.5, -1.0],
        id: 1000 + u32::from(n),
        charge: -i16::from(n),
        flags: [n, 0xFF],
    }
}

pub fn numbers() -> Numbers {
    Numbers {
        widest: u128::MAX - 1,
        widest_signed: i128::MIN,
        wide: [1, u64::MAX],
        wide_signed: -2,
        double: -0.1,
        particle: particle(7),
        signed: i32::MIN,
        narrow: 0x0102,
        bytes: [-1, 1],
        floats: [1.5],
    }
}

/// Two lists that can be borrowed, behind a byte.
pub type Aligned = (u8, Vec<f64>, Vec<Particle>);

pub fn aligned() -> Aligned {
    (7, vec![0.5, -1.0], vec![particle(1), particle(2)])
}

/// Streams with lists at aligned places, which no dump with default settings writes.
pub fn streams() -> [(&'static str, Vec<u8>); 1] {
    [("aligned", Dumper::new().aligned(true).to_vec(&aligned()).unwrap())]
}
