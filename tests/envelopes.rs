//! Envelopes: sealed streams and those with a checksum.

use reduce_core::sealed::{Key, Keys};
use reduce_core::{Error, ErrorKind, Reduce, checksum};

#[derive(Reduce, Debug, PartialEq)]
struct Order {
    id: u64,
    lines: Vec<String>,
}

fn order() -> Order {
    Order { id: 7, lines: vec!["tea".into(), "two cups".into()] }
}

#[test]
fn a_value_comes_back_out_of_either_envelope_and_of_both() -> Result<(), Error> {
    let stream = reduce_core::to_vec(&order())?;
    let key = Key::new(3, [5; 32]);
    let keys = Keys::from(key.clone());

    let sealed = key.seal(&stream);
    assert_eq!(sealed.len(), stream.len() + 48);
    assert_eq!(reduce_core::from_slice::<Order>(keys.open(&sealed)?)?, order());

    let summed = checksum::add(&stream);
    assert_eq!(summed.len(), stream.len() + 16);
    assert_eq!(reduce_core::from_slice::<Order>(checksum::check(&summed)?)?, order());

    let both = checksum::add(&sealed);
    assert_eq!(keys.open(checksum::check(&both)?)?, stream);
    Ok(())
}

#[test]
fn what_is_opened_is_borrowed() -> Result<(), Error> {
    let key = Key::new(1, [9; 32]);
    let sealed = key.seal(&reduce_core::to_vec("lent")?);
    let text: &str = reduce_core::from_slice(Keys::from(key).open(&sealed)?)?;
    assert_eq!(text, "lent");
    assert!(sealed.as_ptr_range().contains(&text.as_ptr()));
    Ok(())
}

#[test]
fn a_load_of_an_envelope_says_how_to_open_it() {
    let sealed = Key::new(1, [0; 32]).seal(&reduce_core::to_vec(&order()).unwrap());
    let error = reduce_core::from_slice::<Order>(&sealed).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotAStream);
    assert!(error.to_string().contains("`sealed::Keys::open`"), "{error}");
    let error = reduce_core::from_reader::<Order, _>(&*sealed).unwrap_err();
    assert!(error.to_string().contains("`sealed::Keys::open`"), "{error}");
}

#[test]
fn the_kinds_of_envelopes_are_told_apart() {
    let stream = reduce_core::to_vec(&1u8).unwrap();
    let key = Key::new(1, [0; 32]);
    let keys = Keys::from(key.clone());
    let error = keys.open(&checksum::add(&stream)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Seal);
    assert!(error.to_string().contains("`checksum::check`"), "{error}");
    let error = checksum::check(&key.seal(&stream)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Seal);
    assert!(error.to_string().contains("`sealed::Keys::open`"), "{error}");
    let short = reduce_core::Dumper::new().fingerprint(true).to_vec(&1u8).unwrap();
    for stream in [&stream, &short] {
        let error = keys.open(stream).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotAStream);
        assert!(error.to_string().contains("a stream without an envelope"), "{error}");
    }
    assert_eq!(keys.open(&[]).unwrap_err().kind(), ErrorKind::UnexpectedEnd);
}

#[test]
fn a_checksum_finds_every_flipped_bit_and_every_cut() {
    let summed = checksum::add(&reduce_core::to_vec(&order()).unwrap());
    for bit in 0..summed.len() * 8 {
        let mut rotten = summed.clone();
        rotten[bit / 8] ^= 1 << (bit % 8);
        assert!(checksum::check(&rotten).is_err(), "bit {bit}");
    }
    for end in 0..summed.len() {
        let error = checksum::check(&summed[..end]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEnd, "{end} bytes");
    }
}

/// SPEC.md has these bytes.
#[test]
fn envelopes_keep_their_bytes() {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let stream = b"123456789";
    assert_eq!(hex(&checksum::add(stream)), SUMMED);
    assert_eq!(hex(&Key::new(1, [0x0B; 32]).seal(stream)), SEALED);
}

const SUMMED: &str = "8e52440109000000000000000b2ade3b313233343536373839";
const SEALED: &str = "8e524402090000000000000001000000\
    5b7645fe1803264d2f6ca082d3740148473754408f065ce4ad9d94083774ee2e\
    313233343536373839";
