//! Buffers of numbers outside of the stream: what is lent, borrowed and copied, and what is refused.

#[allow(dead_code)]
mod corpus;

use corpus::stream::Stream;
use reduce_core::opcode::{self, BUFFER, LIST};
use reduce_core::{
    Describe, Dumper, Error, ErrorKind, Expand, Limits, Loader, Reduce, TypeDef, disassemble,
};
use std::borrow::Cow;
use std::collections::{BTreeSet, LinkedList, VecDeque};
use std::fmt::Debug;
use std::num::Wrapping;
use std::rc::Rc;
use std::sync::Arc;

/// A list that is offered.
#[derive(Reduce, Debug, PartialEq)]
#[reduce(transparent)]
struct Offered<L>(#[reduce(out_of_band)] L);

/// Memory whose first byte lies at a multiple of 16.
#[derive(Debug)]
struct Aligned {
    content: Vec<u128>,
    length: usize,
}

impl Aligned {
    fn of(bytes: &[u8]) -> Self {
        let whole = |part: &[u8]| {
            let mut word = [0; 16];
            word[..part.len()].copy_from_slice(part);
            u128::from_ne_bytes(word)
        };
        Aligned { content: bytes.chunks(16).map(whole).collect(), length: bytes.len() }
    }
}

impl AsRef<[u8]> for Aligned {
    fn as_ref(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.content)[..self.length]
    }
}

/// The stream, and what was taken out of it: all there is.
fn dump<T: Reduce + ?Sized>(value: &T) -> (Vec<u8>, Vec<Aligned>) {
    let mut taken = Vec::new();
    let take = |bytes: &[u8]| {
        taken.push(Aligned::of(bytes));
        Ok(true)
    };
    let bytes = Dumper::new().least_buffer(1).buffers(take).to_vec(value).unwrap();
    (bytes, taken)
}

#[track_caller]
fn refused<T: Debug>(loaded: Result<T, Error>, kind: ErrorKind, text: &str) {
    let error = loaded.unwrap_err();
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.to_string().contains(text), "{error}");
}

/// What lists of every kind of number have in common; `bytes` are those of the buffer.
fn check_all<T>(numbers: &[T], bytes: &[u8])
where
    T: Reduce + Clone + Debug + PartialEq + 'static + for<'de> Expand<'de>,
    for<'de> &'de [T]: Expand<'de>,
{
    let (stream, taken) = dump(&Offered(numbers.to_vec()));
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].as_ref(), bytes);
    let in_band = reduce_core::to_vec(&Offered(numbers.to_vec())).unwrap();
    assert_eq!(reduce_core::from_slice::<Vec<T>>(&in_band).unwrap(), numbers);

    let loader = Loader::new();
    let load = loader.buffers(&taken);
    assert_eq!(load.from_slice::<Vec<T>>(&stream).unwrap(), numbers);
    assert_eq!(*load.from_slice::<Box<[T]>>(&stream).unwrap(), *numbers);
    assert_eq!(load.from_slice::<VecDeque<T>>(&stream).unwrap(), numbers);
    assert!(load.from_slice::<LinkedList<T>>(&stream).unwrap().iter().eq(numbers));
    let wrapped = load.from_slice::<Vec<Wrapping<T>>>(&stream);
    assert!(wrapped.unwrap().iter().map(|number| &number.0).eq(numbers));

    // Borrowed from memory that lies right, copied from all else.
    let within = |lent: &[T]| taken[0].as_ref().as_ptr() == lent.as_ptr().cast();
    let cow = load.from_slice::<Cow<'_, [T]>>(&stream).unwrap();
    assert_eq!(cow, numbers);
    let slice = load.from_slice::<&[T]>(&stream);
    if cfg!(target_endian = "little") || size_of::<T>() == 1 {
        assert!(matches!(cow, Cow::Borrowed(lent) if within(lent)));
        assert!(within(slice.as_ref().unwrap()));
        assert_eq!(slice.unwrap(), numbers);
    }
    let odd = Aligned::of(&[&[0], bytes].concat());
    let odd = [&odd.as_ref()[1..]];
    let load = loader.buffers(odd);
    assert_eq!(load.from_slice::<Vec<T>>(&stream).unwrap(), numbers);
    let cow = load.from_slice::<Cow<'_, [T]>>(&stream).unwrap();
    assert_eq!(cow, numbers);
    if size_of::<T>() == 1 {
        assert!(matches!(cow, Cow::Borrowed(_)));
        assert_eq!(load.from_slice::<&[T]>(&stream).unwrap(), numbers);
    } else {
        assert!(matches!(cow, Cow::Owned(_)));
        let slice = load.from_slice::<&[T]>(&stream);
        refused(slice, ErrorKind::InvalidValue, "this one is not; move the buffer");
        let inside = reduce_core::from_slice::<&[T]>(&in_band);
        let fix = match std::any::type_name::<T>() {
            "f32" | "f64" => {
                "and these lie anywhere; dump them with `Dumper::aligned`, or load a `Cow<["
            }
            _ => {
                "these numbers are in it, where they are of variable length; dump them with `Dumper::buffers`"
            }
        };
        refused(inside, ErrorKind::InvalidValue, fix);
    }

    // A byte more or less.
    for wrong in [&bytes[1..], &[bytes, &[0]].concat(), &[]] {
        let load = loader.buffers([wrong]);
        let text = format!("the buffer 0 has {} bytes, but the stream was dumped", wrong.len());
        refused(load.from_slice::<Vec<T>>(&stream), ErrorKind::Buffers, &text);
        refused(load.from_slice::<&[T]>(&stream), ErrorKind::Buffers, &text);
    }
}

macro_rules! every_number {
    ($($name:ident: $type:ident = $numbers:expr;)*) => {$(
        #[test]
        fn $name() {
            let numbers: &[$type] = &$numbers;
            let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
            check_all(numbers, &bytes);
        }
    )*};
}

every_number! {
    lists_of_u8: u8 = [0, 1, 0x7F, 0x80, u8::MAX];
    lists_of_u16: u16 = [0, 1, 0x7F, 0x80, 0x0102, u16::MAX];
    lists_of_u32: u32 = [0, 1, 0x7F, 0x80, 0x0102_0304, u32::MAX];
    lists_of_u64: u64 = [0, 1, 0x7F, 0x80, 0x0102_0304_0506_0708, u64::MAX];
    lists_of_u128: u128 = [0, 1, 0x80, 0x0102_0304_0506_0708_090A_0B0C_0D0E_0F10, u128::MAX];
    lists_of_i8: i8 = [0, 1, -1, i8::MIN, i8::MAX];
    lists_of_i16: i16 = [0, 1, -1, 0x0102, i16::MIN, i16::MAX];
    lists_of_i32: i32 = [0, 1, -1, 0x0102_0304, i32::MIN, i32::MAX];
    lists_of_i64: i64 = [0, 1, -1, 0x0102_0304_0506_0708, i64::MIN, i64::MAX];
    lists_of_i128: i128 = [0, 1, -1, i128::MIN, i128::MAX];
    lists_of_f32: f32 = [0.0, -0.0, 1.5, f32::MIN_POSITIVE, f32::NEG_INFINITY];
    lists_of_f64: f64 = [0.0, -0.0, 1.5, f64::MIN_POSITIVE, f64::NEG_INFINITY];
}

#[test]
fn the_memory_of_the_numbers_is_lent_as_it_is() {
    let signal = vec![0.5f64; 1000];
    let mut seen = Vec::new();
    let take = |bytes: &[u8]| {
        seen.push(bytes.as_ptr_range());
        Ok(true)
    };
    Dumper::new().buffers(take).to_vec(&Offered(&signal)).unwrap();
    let memory = signal.as_ptr_range();
    assert_eq!(seen.len(), 1);
    if cfg!(target_endian = "little") {
        assert_eq!(seen, [memory.start.cast::<u8>()..memory.end.cast::<u8>()]);
    }
}

#[test]
fn bits_of_floats_are_kept() {
    let strange = [f64::from_bits(0x7FF0_0000_0000_0001), f64::from_bits(u64::MAX)];
    let (bytes, taken) = dump(&Offered(&strange[..]));
    let again: Vec<f64> = Loader::new().buffers(&taken).from_slice(&bytes).unwrap();
    assert!(again.iter().map(|number| number.to_bits()).eq(strange.map(f64::to_bits)));
}

#[test]
fn the_least_length_is_in_bytes() {
    let taken = |least, count: usize| {
        let mut taken = Vec::new();
        let take = |bytes: &[u8]| {
            taken.push(bytes.len());
            Ok(true)
        };
        let numbers = Offered(vec![7u32; count]);
        Dumper::new().least_buffer(least).buffers(take).to_vec(&numbers).unwrap();
        taken
    };
    assert_eq!([taken(1024, 255), taken(1024, 256)], [vec![], vec![1024]]);
    assert_eq!([taken(0, 0), taken(1, 0)], [vec![0], vec![]]);
}

#[test]
fn marked_lists_inside_of_containers_are_taken_and_all_else_is_not() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Recording<'a> {
        rate: u32,
        #[reduce(out_of_band)]
        left: Cow<'a, [f32]>,
        #[reduce(out_of_band)]
        chunks: Vec<Option<Box<[i16]>>>,
        #[reduce(out_of_band)]
        shared: [Arc<[u64]>; 2],
        // In band: no list of theirs is of numbers of one width.
        #[reduce(out_of_band)]
        sizes: (Vec<usize>, Vec<isize>, [f64; 3]),
        #[reduce(out_of_band)]
        others: (Vec<bool>, Vec<(u8, u8)>, VecDeque<u16>),
        unmarked: Vec<f64>,
    }
    let shared: Arc<[u64]> = vec![u64::MAX; 2].into();
    let recording = Recording {
        rate: 48_000,
        left: vec![0.25; 3].into(),
        chunks: vec![Some(vec![-1; 4].into()), None, Some(vec![9].into())],
        shared: [shared.clone(), shared],
        sizes: (vec![1; 4], vec![-1], [1.0; 3]),
        others: (vec![true], vec![(1, 2)], VecDeque::from([5])),
        unmarked: vec![1.0; 3],
    };
    let (bytes, taken) = dump(&recording);
    let lengths: Vec<usize> = taken.iter().map(|taken| taken.as_ref().len()).collect();
    assert_eq!(lengths, [12, 8, 2, 16]);
    let again: Recording<'_> = Loader::new().buffers(&taken).from_slice(&bytes).unwrap();
    assert_eq!(again, recording);
    assert!(Arc::ptr_eq(&again.shared[0], &again.shared[1]));
    assert_eq!(matches!(again.left, Cow::Borrowed(_)), cfg!(target_endian = "little"));
    // In band it is the same value.
    let plain = reduce_core::to_vec(&recording).unwrap();
    assert_eq!(reduce_core::from_slice::<Recording<'_>>(&plain).unwrap(), recording);
}

#[test]
fn integers_of_64_bits_are_loaded_as_the_sizes_of_this_machine() {
    let (bytes, taken) = dump(&Offered(vec![1u64, 300, u32::MAX.into()]));
    let sizes: Vec<usize> = Loader::new().buffers(&taken).from_slice(&bytes).unwrap();
    assert_eq!(sizes, [1, 300, u32::MAX as usize]);
    let (bytes, taken) = dump(&Offered(vec![-1i64, i32::MIN.into()]));
    let sizes: Vec<isize> = Loader::new().buffers(&taken).from_slice(&bytes).unwrap();
    assert_eq!(sizes, [-1, i32::MIN as isize]);
}

#[test]
fn an_element_that_does_not_fit_says_which_and_where() {
    let (bytes, taken) = dump(&Offered(vec![1u32, 2, 1]));
    let loader = Loader::new();
    let set = loader.buffers(&taken).from_slice::<BTreeSet<u32>>(&bytes);
    refused(set, ErrorKind::InvalidValue, "an element occurs twice in a set");

    #[derive(Debug)]
    struct Odd;
    impl Describe for Odd {
        fn def() -> &'static TypeDef {
            u32::def()
        }
    }
    impl<'de> Expand<'de> for Odd {
        fn expand(r: &mut reduce_core::Reader<'_, 'de>) -> Result<Self, Error> {
            let number = u32::expand(r)?;
            if number % 2 == 1 { Ok(Odd) } else { Err(r.invalid("an even number")) }
        }
    }
    let error = loader.buffers(&taken).from_slice::<Vec<Odd>>(&bytes).unwrap_err();
    assert_eq!(error.path(), "[1]");
    // The place of the list in the stream, in front of `buffer`, its number and `stop`.
    assert_eq!(error.offset(), Some(bytes.len() - 3));
}

#[test]
fn an_expander_that_reads_past_its_element_is_an_error() {
    // Its description says one number, and it reads two.
    #[derive(Debug)]
    #[allow(dead_code)]
    struct Greedy(u32, u32);
    impl Describe for Greedy {
        fn def() -> &'static TypeDef {
            u32::def()
        }
    }
    impl<'de> Expand<'de> for Greedy {
        fn expand(r: &mut reduce_core::Reader<'_, 'de>) -> Result<Self, Error> {
            Ok(Greedy(u32::expand(r)?, u32::expand(r)?))
        }
    }
    let (bytes, taken) = dump(&Offered(vec![1u32, 2, 3]));
    let loaded = Loader::new().buffers(&taken).from_slice::<Vec<Greedy>>(&bytes);
    refused(loaded, ErrorKind::UnexpectedEnd, "the bytes end before the value does");
}

#[test]
fn lists_of_numbers_that_have_changed_are_adapted_number_by_number() {
    let (bytes, taken) = dump(&Offered(vec![1i32, -2, 300]));
    let loader = Loader::new();
    let load = loader.buffers(&taken);
    assert_eq!(load.from_slice::<Vec<i64>>(&bytes).unwrap(), [1, -2, 300]);
    assert_eq!(load.from_slice::<Vec<i128>>(&bytes).unwrap(), [1, -2, 300]);
    assert_eq!(load.from_slice::<Vec<f64>>(&bytes).unwrap(), [1.0, -2.0, 300.0]);
    assert_eq!(load.from_slice::<[i16; 3]>(&bytes).unwrap(), [1, -2, 300]);
    assert_eq!(load.from_slice::<[i32; 3]>(&bytes).unwrap(), [1, -2, 300]);
    let some = load.from_slice::<Vec<Option<i32>>>(&bytes).unwrap();
    assert_eq!(some, [Some(1), Some(-2), Some(300)]);
    let cow = load.from_slice::<Cow<'_, [i64]>>(&bytes).unwrap();
    assert!(matches!(&cow, Cow::Owned(owned) if *owned == [1, -2, 300]));
    let error = load.from_slice::<Vec<u32>>(&bytes).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::InvalidValue, "[1]".into()));
    assert!(error.to_string().contains("-2 does not fit in `u32`"), "{error}");
    let slice = load.from_slice::<&[i64]>(&bytes);
    refused(slice, ErrorKind::InvalidValue, "another type than `i64` cannot be borrowed as such");

    let (bytes, taken) = dump(&Offered(vec![0.5f32, -2.0]));
    let wide = Loader::new().buffers(&taken).from_slice::<Vec<f64>>(&bytes);
    assert_eq!(wide.unwrap(), [0.5, -2.0]);
}

#[test]
fn numbers_of_every_width_are_adapted_to_wider_ones() {
    fn check<T: Reduce + 'static>(numbers: Vec<T>, wide: &[i128]) {
        let (bytes, taken) = dump(&Offered(numbers));
        let loaded = Loader::new().buffers(&taken).from_slice::<Vec<i128>>(&bytes);
        assert_eq!(loaded.unwrap(), wide);
    }
    check(vec![7u8, 200], &[7, 200]);
    check(vec![7u16, 60_000], &[7, 60_000]);
    check(vec![7u32, u32::MAX], &[7, u32::MAX.into()]);
    check(vec![7u64, u64::MAX], &[7, u64::MAX.into()]);
    check(vec![7u128], &[7]);
    check(vec![7i8, -7], &[7, -7]);
    check(vec![7i16, -700], &[7, -700]);
    check(vec![7i32, i32::MIN], &[7, i32::MIN.into()]);
    check(vec![7i64, i64::MIN], &[7, i64::MIN.into()]);
}

#[test]
fn buffers_of_fields_that_are_gone_are_passed_over() {
    #[derive(Reduce)]
    #[reduce(name = "Old")]
    struct Old {
        #[reduce(out_of_band)]
        gone: Vec<u32>,
        #[reduce(out_of_band)]
        also: Option<Rc<Vec<f64>>>,
        #[reduce(out_of_band)]
        kept: Vec<u16>,
    }
    #[derive(Reduce, Debug)]
    #[reduce(name = "Old")]
    struct New {
        kept: Vec<u16>,
    }
    let old = Old { gone: vec![1; 9], also: Some(Rc::new(vec![0.5; 3])), kept: vec![7, 8] };
    let (bytes, taken) = dump(&old);
    assert_eq!(taken.len(), 3);
    let loader = Loader::new();
    assert_eq!(loader.buffers(&taken).from_slice::<New>(&bytes).unwrap().kept, [7, 8]);
    let short = [&taken[0].as_ref()[1..], taken[1].as_ref(), taken[2].as_ref()];
    let loaded = loader.buffers(short).from_slice::<New>(&bytes);
    let text =
        "the buffer 0 has 35 bytes, but the stream was dumped with 9 numbers of 4 bytes each";
    refused(loaded, ErrorKind::Buffers, text);
}

#[test]
fn an_object_that_was_passed_over_has_its_buffer_where_it_is_made_after_all() {
    #[derive(Reduce)]
    #[reduce(name = "Pair")]
    struct Old {
        #[reduce(out_of_band)]
        first: Rc<Vec<u32>>,
        second: Rc<Vec<u32>>,
    }
    #[derive(Reduce, Debug)]
    #[reduce(name = "Pair")]
    struct New {
        second: Rc<Vec<u32>>,
    }
    let shared = Rc::new(vec![1, 300, u32::MAX]);
    let (bytes, taken) = dump(&Old { first: shared.clone(), second: shared });
    assert_eq!(taken.len(), 1);
    let new: New = Loader::new().buffers(&taken).from_slice(&bytes).unwrap();
    assert_eq!(*new.second, [1, 300, u32::MAX]);
}

#[test]
fn copies_are_paid_for_and_borrows_are_not() {
    let (bytes, taken) = dump(&Offered(vec![1.5f64; 1000]));
    let loader = |bytes| Loader::new().limits(Limits::default().bytes(bytes));
    let load = |most| loader(most).buffers(&taken).from_slice::<Vec<f64>>(&bytes).map(|v| v.len());
    assert_eq!(load(8000).unwrap(), 1000);
    refused(load(7999), ErrorKind::Limit, "`Limits::bytes`");
    if cfg!(target_endian = "little") {
        let few = loader(0);
        let load = few.buffers(&taken);
        assert_eq!(load.from_slice::<Cow<'_, [f64]>>(&bytes).unwrap().len(), 1000);
        assert_eq!(load.from_slice::<&[f64]>(&bytes).unwrap().len(), 1000);
        let odd = Aligned::of(&[&[0], taken[0].as_ref()].concat());
        let copy = few.buffers([&odd.as_ref()[1..]]);
        refused(copy.from_slice::<Cow<'_, [f64]>>(&bytes), ErrorKind::Limit, "`Limits::bytes`");
    }
    let elements = Loader::new().limits(Limits::default().elements(999));
    refused(elements.buffers(&taken).from_slice::<&[f64]>(&bytes), ErrorKind::Limit, "elements");
}

/// A list of this opcode's elements, whose length and layout follow.
fn list_of(code: u8, data: &[u8]) -> Vec<u8> {
    Stream::new(&[&[LIST, code]], 0x40, data).bytes()
}

#[test]
fn hostile_lengths_are_refused() {
    let buffer = Aligned::of(&[7; 16]);
    let loader = Loader::new();
    let load =
        |data: &[u8]| loader.buffers([&buffer]).from_slice::<Vec<u64>>(&list_of(opcode::U64, data));
    assert_eq!(load(&[5, BUFFER, 0]).unwrap(), [u64::from_le_bytes([7; 8]); 2]);
    let text = "the buffer 0 has 16 bytes, but the stream was dumped with 16 numbers of 8 bytes";
    refused(load(&[33, BUFFER, 0]), ErrorKind::Buffers, text);
    refused(load(&[3, BUFFER, 0]), ErrorKind::Buffers, "with 1 numbers of 8 bytes");
    refused(load(&[1, BUFFER, 0]), ErrorKind::Buffers, "with 0 numbers of 8 bytes");
    refused(load(&[5, BUFFER, 1]), ErrorKind::Malformed, "the buffer 1 comes too early");
    // Their bytes are more than any number says.
    let most = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, BUFFER, 0];
    refused(load(&most), ErrorKind::Limit, "more elements than the limit");
    let all = Loader::new().limits(Limits::default().elements(u64::MAX));
    let stream = list_of(opcode::U64, &most);
    let loaded = all.buffers([&buffer]).from_slice::<Vec<u64>>(&stream);
    refused(loaded, ErrorKind::Buffers, "with 9223372036854775807 numbers of 8 bytes");
    let shown = disassemble(&stream).unwrap();
    assert!(shown.error().is_none(), "{shown}");
    let line = "list<u64> = 0, 9223372036854775807 numbers of 8 bytes";
    assert!(shown.to_string().contains(line), "{shown}");
}

#[test]
fn what_is_no_number_is_in_no_buffer() {
    use opcode::{BOOL, CHAR, OS_STR, STR, UNIT};
    for code in [UNIT, BOOL, CHAR, STR, OS_STR] {
        let stream = list_of(code, &[3, BUFFER, 0]);
        let shown = disassemble(&stream).unwrap();
        assert!(shown.error().unwrap().to_string().contains("for lists of numbers alone"));
    }
    let loader = Loader::new();
    let load = loader.buffers([[0u8]].as_slice());
    let text = "for lists of numbers alone";
    let bools = load.from_slice::<Vec<bool>>(&list_of(BOOL, &[3, BUFFER, 0]));
    refused(bools, ErrorKind::Malformed, text);
    let units = load.from_slice::<Vec<()>>(&list_of(UNIT, &[3, BUFFER, 0]));
    refused(units, ErrorKind::Malformed, text);
}

#[test]
fn a_disassembly_shows_how_many_numbers_there_are() {
    let (bytes, _) = dump(&Offered(vec![0.5f64; 1000]));
    let shown = disassemble(&bytes).unwrap();
    assert!(shown.error().is_none());
    assert!(shown.to_string().contains("list<f64> = 0, 1000 numbers of 8 bytes"), "{shown}");
}

#[test]
fn each_message_of_a_session_has_its_own_buffers() {
    let mut taken: Vec<Aligned> = Vec::new();
    let dumper = Dumper::new();
    let dump = dumper.buffers(|bytes| {
        taken.push(Aligned::of(bytes));
        Ok(true)
    });
    let mut session = dump.session();
    let samples = [vec![0.5f64; 200], vec![-1.0; 300]];
    let messages = samples.clone().map(|samples| session.to_vec(&Offered(samples)).unwrap());
    drop(session);
    let mut session = Loader::new().session();
    for ((message, taken), samples) in messages.iter().zip(&taken).zip(&samples) {
        let again: Vec<f64> = session.from_slice_with_buffers(message, [taken]).unwrap();
        assert_eq!(again, *samples);
    }
}
