//! Explicit discriminants play no part in streams: the index in declaration order does.
use reduce_core::{Reduce, from_slice, to_vec};

#[derive(Reduce, Debug, PartialEq, Clone, Copy)]
#[repr(i64)]
enum Level {
    Low = -5,
    High = 1 << 40,
    Middle = 7,
}

#[derive(Reduce, Debug, PartialEq)]
#[repr(u8)]
enum Mixed {
    Text(String) = 9,
    Number { value: u32 } = 3,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "Level")]
enum Plain {
    Low,
    High,
    Middle,
}

fn main() {
    for level in [Level::Low, Level::High, Level::Middle] {
        assert_eq!(from_slice::<Level>(&to_vec(&level).unwrap()).unwrap(), level);
    }
    assert_eq!(to_vec(&Level::Middle).unwrap(), to_vec(&Plain::Middle).unwrap());
    assert_eq!(from_slice::<Plain>(&to_vec(&Level::High).unwrap()).unwrap(), Plain::High);
    for mixed in [Mixed::Text("a".into()), Mixed::Number { value: 4 }] {
        assert_eq!(from_slice::<Mixed>(&to_vec(&mixed).unwrap()).unwrap(), mixed);
    }
}
