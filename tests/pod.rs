//! Records that lie in a stream as in memory: `#[reduce(pod)]`.

use bytemuck::{Pod, Zeroable};
use reduce_core::{Reduce, from_slice, to_vec};

#[derive(Reduce, Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
#[reduce(pod)]
struct Particle {
    place: [f32; 3],
    id: u32,
    charge: i16,
    flags: [u8; 2],
}

fn particles(count: u32) -> Vec<Particle> {
    let particle = |n: u32| Particle {
        place: [n as f32, 0.5, -1.0],
        id: n * 1000,
        charge: -(n as i16),
        flags: [1, n as u8],
    };
    (0..count).map(particle).collect()
}

#[test]
fn one_an_array_and_a_list_come_back() {
    let all = particles(100);
    let one = all[7];
    assert_eq!(from_slice::<Particle>(&to_vec(&one).unwrap()).unwrap(), one);
    let array = [all[1], all[2], all[3]];
    assert_eq!(from_slice::<[Particle; 3]>(&to_vec(&array).unwrap()).unwrap(), array);
    let bytes = to_vec(&all).unwrap();
    assert_eq!(from_slice::<Vec<Particle>>(&bytes).unwrap(), all);
    let image: &[u8] = bytemuck::cast_slice(&all);
    assert!(bytes.windows(image.len()).any(|window| window == image));
}
