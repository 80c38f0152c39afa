//! Text and C strings.

mod round_trip;

use proptest::collection::vec;
use proptest::prelude::*;
use reduce_core::ErrorKind;
use round_trip::{check, check_cow, claim, refusal, same_bytes, stored_as};
use std::borrow::Cow;
use std::ffi::{CStr, CString};
use std::rc::Rc;
use std::sync::Arc;

proptest! {
    #[test]
    fn text_comes_back_and_shares_a_program(text: String) {
        let boxed: Box<str> = text.as_str().into();
        check(&text);
        check(&boxed);
        check(&Rc::<str>::from(text.as_str()));
        check(&Arc::<str>::from(text.as_str()));
        check_cow(text.as_str());
        same_bytes(&text, text.as_str());
        same_bytes(&text, &boxed);
        same_bytes(&text, &Cow::Borrowed(text.as_str()));
        same_bytes(&Rc::new(text.clone()), &Arc::<str>::from(text.as_str()));
        prop_assert_eq!(&stored_as::<_, Box<str>>(&text), &boxed);
        prop_assert_eq!(&*stored_as::<_, Rc<str>>(&Rc::new(text.clone())), &*text);
    }

    #[test]
    fn c_strings_come_back_and_are_lists_of_bytes(bytes in vec(1..=u8::MAX, 0..40)) {
        let text = CString::new(bytes.clone()).unwrap();
        let boxed = text.clone().into_boxed_c_str();
        check(&text);
        check(&boxed);
        check(&Rc::<CStr>::from(text.clone()));
        check(&Arc::<CStr>::from(text.clone()));
        check_cow(text.as_c_str());
        same_bytes(&text, &bytes);
        same_bytes(&text, text.as_c_str());
        same_bytes(&text, &boxed);
        prop_assert_eq!(&stored_as::<_, CString>(&bytes), &text);
        let stream = reduce_core::to_vec(&text).unwrap();
        prop_assert_eq!(reduce_core::from_slice::<&[u8]>(&stream).unwrap(), bytes.as_slice());
    }
}

#[test]
fn text_is_borrowed_from_the_stream() {
    let bytes = reduce_core::to_vec("borrowed").unwrap();
    let text: Cow<'_, str> = reduce_core::from_slice(&bytes).unwrap();
    assert!(matches!(text, Cow::Borrowed("borrowed")));
}

#[test]
fn text_that_is_not_utf_8_is_refused() {
    let bytes = claim::<str>(&[2, b'a', 0xFF]);
    assert_eq!(refusal::<String>(&bytes).0, ErrorKind::Malformed);
    assert_eq!(refusal::<&str>(&bytes).0, ErrorKind::Malformed);
    assert_eq!(refusal::<Box<str>>(&bytes).0, ErrorKind::Malformed);
    assert_eq!(refusal::<Cow<'_, str>>(&bytes).0, ErrorKind::Malformed);
}

#[test]
fn a_zero_inside_a_c_string_is_refused_at_its_place() {
    let bytes = reduce_core::to_vec(&vec![1u8, 2, 0, 4]).unwrap();
    for (kind, path, text) in
        [refusal::<CString>(&bytes), refusal::<Box<CStr>>(&bytes), refusal::<Cow<'_, CStr>>(&bytes)]
    {
        assert_eq!((kind, path.as_str()), (ErrorKind::InvalidValue, "[2]"));
        assert!(text.contains("a zero byte inside a C string"), "{text}");
    }
}
