//! Records that lie in a stream as in memory: `#[reduce(pod)]`. Lists that are borrowed from there are in `lent.rs`.

use bytemuck::{Pod, Zeroable};
use reduce_core::{
    Dumper, Error, ErrorKind, Expand, Limits, Loader, Reduce, Value, disassemble, from_slice,
    to_vec,
};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

#[derive(Reduce, Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
#[reduce(name = "sim.Particle", pod)]
struct Particle {
    place: [f32; 3],
    id: u32,
    charge: i16,
    flags: [u8; 2],
}

fn particle(n: u16) -> Particle {
    Particle {
        place: [f32::from(n), 0.5, -1.0],
        id: u32::from(n) * 1000,
        charge: -i16::try_from(n).unwrap(),
        flags: [1, n.to_le_bytes()[0]],
    }
}

fn particles(count: u16) -> Vec<Particle> {
    (0..count).map(particle).collect()
}

/// The same fields, each stored as anywhere else.
mod plain {
    #[derive(reduce_core::Reduce, Clone, Debug, PartialEq)]
    #[reduce(name = "sim.Particle")]
    pub struct Particle {
        pub place: [f32; 3],
        pub id: u32,
        pub charge: i16,
        pub flags: [u8; 2],
    }

    impl From<super::Particle> for Particle {
        fn from(super::Particle { place, id, charge, flags }: super::Particle) -> Self {
            Particle { place, id, charge, flags }
        }
    }
}

/// A later version: fields were moved, widened, added and removed.
mod later {
    use bytemuck::{Pod, Zeroable};

    #[derive(reduce_core::Reduce, Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
    #[repr(C)]
    #[reduce(name = "sim.Particle", pod)]
    pub struct Particle {
        #[reduce(alias = "id")]
        pub number: u64,
        pub charge: i64,
        pub place: [f64; 3],
        #[reduce(default = one)]
        pub mass: f32,
        pub flags: [u16; 2],
    }

    fn one() -> f32 {
        1.0
    }

    impl From<super::Particle> for Particle {
        fn from(old: super::Particle) -> Self {
            Particle {
                number: old.id.into(),
                charge: old.charge.into(),
                place: old.place.map(f64::from),
                mass: 1.0,
                flags: old.flags.map(u16::from),
            }
        }
    }
}

fn copy<T: Reduce, U: for<'de> Expand<'de>>(value: &T) -> Result<U, Error> {
    from_slice(&to_vec(value)?)
}

fn contains<T: Pod>(stream: &[u8], image: &[T]) -> bool {
    let image: &[u8] = bytemuck::cast_slice(image);
    stream.windows(image.len()).any(|window| window == image)
}

#[test]
fn one_an_array_and_a_list_are_as_in_memory() {
    let all = particles(100);
    for value in &all[..3] {
        assert_eq!(copy::<_, Particle>(value).unwrap(), *value);
        assert!(contains(&to_vec(value).unwrap(), &[*value]));
    }
    let array: [Particle; 100] = all.clone().try_into().unwrap();
    assert_eq!(copy::<_, [Particle; 100]>(&array).unwrap(), array);
    assert!(contains(&to_vec(&array).unwrap(), &array));
    let (long, short) = (to_vec(&all).unwrap(), to_vec(&all[..50]).unwrap());
    assert_eq!(long.len() - short.len(), 50 * size_of::<Particle>() + 1, "and a longer length");
    assert!(contains(&long, &all));
    assert_eq!(from_slice::<Vec<Particle>>(&long).unwrap(), all);
    let deque: VecDeque<_> = all.iter().copied().collect();
    assert_eq!(to_vec(&deque).unwrap(), long);
    assert_eq!(from_slice::<VecDeque<Particle>>(&long).unwrap(), deque);
    assert_eq!(copy::<_, Vec<Particle>>(&Vec::<Particle>::new()).unwrap(), []);
    assert_eq!(copy::<_, Vec<[Particle; 2]>>(&vec![[all[1], all[2]]; 20]).unwrap().len(), 20);
}

#[derive(Reduce, Clone, Debug, PartialEq)]
enum Body {
    Free(Particle),
    Group { name: String, all: Vec<Particle>, first: Option<Particle> },
}

#[test]
fn they_stand_wherever_a_value_stands() {
    let group = Body::Group { name: "g".into(), all: particles(3), first: Some(particle(1)) };
    for body in [Body::Free(particle(7)), group.clone()] {
        assert_eq!(copy::<_, Body>(&body).unwrap(), body);
    }
    // In columns.
    let bodies: Vec<Body> =
        (0..50).map(|n| if n % 3 == 0 { Body::Free(particle(n)) } else { group.clone() }).collect();
    let bytes = to_vec(&bodies).unwrap();
    assert!(
        disassemble(&bytes).unwrap().instructions().iter().any(|line| line.opcode == "columns")
    );
    assert_eq!(from_slice::<Vec<Body>>(&bytes).unwrap(), bodies);
    let rows = Dumper::new().columns(false).to_vec(&bodies).unwrap();
    assert_eq!(from_slice::<Vec<Body>>(&rows).unwrap(), bodies);
    let map: BTreeMap<u8, Rc<Particle>> =
        (0..40).map(|n| (n, Rc::new(particle(n.into())))).collect();
    assert_eq!(copy::<_, BTreeMap<u8, Rc<Particle>>>(&map).unwrap(), map);
    let short = Dumper::new().fingerprint(true).to_vec(&particles(2)).unwrap();
    let mut programs = reduce_core::Programs::new();
    programs.add_stream(&to_vec(&particles(2)).unwrap()).unwrap();
    assert_eq!(short.len(), 1 + 1 + 8 + 1 + 2 * size_of::<Particle>());
    let loader = Loader::new().programs(&programs);
    assert_eq!(loader.from_slice::<Vec<Particle>>(&short).unwrap(), particles(2));
}

/// Records in records, and in records whose rows are of fixed width without being like memory.
#[test]
fn records_of_records_come_back() {
    #[derive(Reduce, Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
    #[repr(C)]
    #[reduce(pod)]
    struct Pair([Particle; 2], [[u16; 2]; 2]);

    #[derive(Reduce, Clone, Copy, Debug, PartialEq)]
    struct Marked {
        mark: bool,
        pair: Pair,
        weight: f32,
    }

    #[derive(Reduce, Clone, Copy, PartialEq, Pod, Zeroable)]
    #[repr(C, packed)]
    #[reduce(pod)]
    struct Packed {
        kind: u8,
        size: u64,
    }

    let pair = |n: u16| Pair([particle(n), particle(n + 1)], [[n, 2], [300, 4]]);
    let pairs: Vec<Pair> = (0..30).map(pair).collect();
    assert_eq!(copy::<_, Vec<Pair>>(&pairs).unwrap(), pairs);
    let marked: Vec<Marked> =
        (0..30).map(|n| Marked { mark: n % 2 == 0, pair: pair(n), weight: 0.5 }).collect();
    assert_eq!(copy::<_, Vec<Marked>>(&marked).unwrap(), marked);
    let rows = Dumper::new().columns(false).to_vec(&marked).unwrap();
    assert_eq!(from_slice::<Vec<Marked>>(&rows).unwrap(), marked);
    assert!(contains(&rows, &[pair(3)]));
    let packed: Vec<Packed> = (0..30).map(|n| Packed { kind: n, size: u64::MAX }).collect();
    let again: Vec<Packed> = copy(&packed).unwrap();
    assert_eq!(bytemuck::cast_slice::<_, u8>(&again), bytemuck::cast_slice::<_, u8>(&packed));
    assert_eq!(to_vec(&packed).unwrap().len() - to_vec(&packed[..29]).unwrap().len(), 9);
}

#[test]
fn a_type_becomes_one_that_is_as_in_memory_and_stops_to_be_one() {
    let pod = particles(40);
    let plain: Vec<plain::Particle> = pod.iter().copied().map(Into::into).collect();
    assert_eq!(copy::<_, Vec<Particle>>(&plain).unwrap(), pod);
    assert_eq!(copy::<_, Vec<plain::Particle>>(&pod).unwrap(), plain);
    assert_eq!(copy::<_, Particle>(&plain[3]).unwrap(), pod[3]);
    assert_eq!(copy::<_, [plain::Particle; 1]>(&[pod[3]]).unwrap(), [plain[3].clone()]);
    // Columns of both are the same, but for what the program says.
    let (in_pod, in_plain): (Vec<_>, Vec<_>) =
        (0..40u16).map(|n| (("x", particle(n)), ("x", plain::Particle::from(particle(n))))).unzip();
    assert_eq!(copy::<_, Vec<(String, plain::Particle)>>(&in_pod).unwrap()[7].1, in_plain[7].1);
    assert_eq!(copy::<_, Vec<(String, Particle)>>(&in_plain).unwrap()[7].1, in_pod[7].1);
}

#[test]
fn fields_are_added_removed_moved_and_widened() {
    let old = particles(40);
    let new: Vec<later::Particle> = old.iter().copied().map(Into::into).collect();
    assert_eq!(copy::<_, Vec<later::Particle>>(&old).unwrap(), new);
    assert_eq!(copy::<_, later::Particle>(&old[5]).unwrap(), new[5]);
    assert_eq!(copy::<_, [later::Particle; 2]>(&[old[5], old[6]]).unwrap(), [new[5], new[6]]);
    let plain: Vec<plain::Particle> = old.iter().copied().map(Into::into).collect();
    assert_eq!(copy::<_, Vec<later::Particle>>(&plain).unwrap(), new);
    let columns: Vec<(String, Particle)> =
        old.iter().map(|particle| (String::from("n"), *particle)).collect();
    let columns: Vec<(String, later::Particle)> = copy(&columns).unwrap();
    assert!(columns.iter().map(|(_, particle)| particle).eq(&new));

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "sim.Particle")]
    struct Few {
        charge: i8,
        flags: Vec<u8>,
    }
    let few: Vec<Few> = copy(&old).unwrap();
    assert_eq!(few[3], Few { charge: -3, flags: vec![1, 3] });
    // One that does not fit says which.
    let error = copy::<_, Vec<Few>>(&particles(200)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue);
    assert!(error.to_string().starts_with("[129].charge: -129 does not fit in `i8`"), "{error}");
}

#[test]
fn values_of_any_type_keep_the_widths() {
    let bytes = to_vec(&(particles(3), "x")).unwrap();
    let mut value = Value::from_slice(&bytes).unwrap();
    assert_eq!(value.to_vec().unwrap(), bytes);
    let Value::Tuple(parts) = &mut value else { panic!("a tuple") };
    let Value::List(list) = &mut parts.as_mut_vec()[0] else { panic!("a list") };
    *list.as_mut_vec()[1].get_mut("id").unwrap() = Value::U32(77);
    let (all, _): (Vec<Particle>, String) = value.to().unwrap();
    assert_eq!((all[1].id, all[2].id), (77, 2000));
    assert_eq!(value.to_vec().unwrap().len(), bytes.len());
    // By itself, it is a number as any other.
    assert_eq!(value[0][1]["id"].to_vec().unwrap(), to_vec(&77u32).unwrap());
}

#[test]
fn what_is_not_wanted_is_skipped_and_checked() {
    #[derive(Reduce)]
    #[reduce(name = "Scene")]
    struct Scene {
        name: String,
        all: Vec<Particle>,
        one: Particle,
        last: u8,
    }
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "Scene")]
    struct Less {
        name: String,
        last: u8,
    }
    let scene = Scene { name: "s".into(), all: particles(20), one: particle(1), last: 7 };
    let less = Less { name: "s".into(), last: 7 };
    let bytes = to_vec(&scene).unwrap();
    assert_eq!(from_slice::<Less>(&bytes).unwrap(), less);
    assert!(reduce_core::check(&bytes, &Limits::default()).is_ok());
    for cut in 0..bytes.len() {
        assert!(from_slice::<Scene>(&bytes[..cut]).is_err());
        assert!(from_slice::<Less>(&bytes[..cut]).is_err());
        assert!(reduce_core::check(&bytes[..cut], &Limits::default()).is_err());
    }
}

#[test]
fn memory_and_elements_are_paid_for_before_they_are_taken() {
    let bytes = to_vec(&particles(1000)).unwrap();
    let load = |limits: Limits| Loader::new().limits(limits).from_slice::<Vec<Particle>>(&bytes);
    // A list of 1000, and in each an array of 3 and one of 2.
    assert_eq!(load(Limits::default().elements(6000)).unwrap(), particles(1000));
    let error = load(Limits::default().elements(5999)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let error = load(Limits::default().bytes(19_999)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    assert_eq!(load(Limits::default().bytes(20_000)).unwrap().len(), 1000);
    // A length that nothing stands behind.
    let one = to_vec(&particles(1)).unwrap();
    let place = one.len() - 1 - size_of::<Particle>() - 1;
    assert_eq!(one[place], 2);
    for length in [4, 0x7E] {
        let mut lying = one.clone();
        lying[place] = length;
        let error = from_slice::<Vec<Particle>>(&lying).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEnd, "{error}");
    }
}
