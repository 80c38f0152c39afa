//! Paths and other strings of the operating system.

mod round_trip;

use proptest::prelude::*;
use reduce_core::ErrorKind;
use round_trip::{check, check_cow, claim, refusal, same_bytes, stored_as, varint};
use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// A string in one of the forms: 0 UTF-8, 1 bytes, 2 units.
fn form(form: u64, bytes: &[u8]) -> Vec<u8> {
    claim::<Path>(&[varint((bytes.len() as u64) << 2 | form), bytes.to_vec()].concat())
}

/// A surrogate alone, behind an `a`.
const ILL_FORMED: [u8; 4] = [b'a', 0, 0x00, 0xD8];

fn every_type_comes_back(path: &Path) {
    let text = path.as_os_str();
    check(&path.to_path_buf());
    check(&text.to_os_string());
    check(&Box::<Path>::from(path));
    check(&Rc::<Path>::from(path));
    check(&Arc::<Path>::from(path));
    check(&Box::<OsStr>::from(text));
    check(&Rc::<OsStr>::from(text));
    check(&Arc::<OsStr>::from(text));
    check_cow(path);
    check_cow(text);
    same_bytes(path, text);
    same_bytes(path, &path.to_path_buf());
    same_bytes(path, &text.to_os_string());
    same_bytes(path, &Box::<Path>::from(path));
    same_bytes(path, &Cow::Borrowed(text));
    same_bytes(&Rc::<Path>::from(path), &Arc::<OsStr>::from(text));
    assert_eq!(stored_as::<_, OsString>(path), text);
    assert_eq!(stored_as::<_, PathBuf>(text), path);
}

proptest! {
    #[test]
    fn paths_come_back_and_share_a_program(text: String) {
        every_type_comes_back(Path::new(&text));
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_not_unicode_come_back_on_unix(bytes: Vec<u8>) {
        use std::os::unix::ffi::OsStrExt;
        every_type_comes_back(Path::new(OsStr::from_bytes(&bytes)));
    }
}

#[cfg(unix)]
#[test]
fn bytes_that_are_not_unicode_are_borrowed_on_unix() {
    use std::os::unix::ffi::OsStrExt;
    let path = Path::new(OsStr::from_bytes(b"/tmp/\xFF\xFE"));
    let bytes = reduce_core::to_vec(path).unwrap();
    assert_eq!(bytes, form(1, b"/tmp/\xFF\xFE"));
    let borrowed: &Path = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!(borrowed, path);
    assert!(bytes.as_ptr_range().contains(&borrowed.as_os_str().as_bytes().as_ptr()));
}

#[test]
fn unicode_is_borrowed_from_the_stream() {
    let bytes = reduce_core::to_vec(Path::new("é/b")).unwrap();
    assert_eq!(bytes, form(0, "é/b".as_bytes()));
    let path: &Path = reduce_core::from_slice(&bytes).unwrap();
    let text: &OsStr = reduce_core::from_slice(&bytes).unwrap();
    let cow: Cow<'_, Path> = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!((path, text), (Path::new("é/b"), OsStr::new("é/b")));
    assert!(matches!(cow, Cow::Borrowed(path) if path == Path::new("é/b")));
}

#[cfg(windows)]
#[test]
fn units_that_are_not_unicode_come_back_on_windows() {
    use std::os::windows::ffi::OsStringExt;
    let text = OsString::from_wide(&[u16::from(b'a'), 0xD800]);
    assert_eq!(reduce_core::to_vec(&text).unwrap(), form(2, &ILL_FORMED));
    every_type_comes_back(Path::new(&text));
}

#[cfg(not(windows))]
#[test]
fn a_string_of_windows_is_refused_elsewhere() {
    let bytes = form(2, &ILL_FORMED);
    for (kind, _, text) in [
        refusal::<PathBuf>(&bytes),
        refusal::<&Path>(&bytes),
        refusal::<OsString>(&bytes),
        refusal::<Cow<'_, OsStr>>(&bytes),
        refusal::<Box<Path>>(&bytes),
    ] {
        assert_eq!(kind, ErrorKind::InvalidValue);
        assert!(text.contains("a string of Windows that is not Unicode"), "{text}");
    }
}

#[cfg(windows)]
#[test]
fn a_string_of_unix_is_refused_on_windows() {
    let (kind, _, text) = refusal::<PathBuf>(&form(1, b"\xFF"));
    assert_eq!(kind, ErrorKind::InvalidValue);
    assert!(text.contains("a string of Unix that is not Unicode"), "{text}");
}

#[test]
fn a_form_that_does_not_fit_is_refused() {
    for bytes in [
        form(0, b"\xFF"),          // not UTF-8
        form(1, b"ascii"),         // UTF-8 in the form of bytes
        form(2, &[b'a', 0]),       // UTF-16 in the form of units
        form(2, &ILL_FORMED[..3]), // half a unit
        form(3, b""),              // no such form
    ] {
        assert_eq!(refusal::<PathBuf>(&bytes).0, ErrorKind::Malformed, "{bytes:x?}");
        assert_eq!(refusal::<&OsStr>(&bytes).0, ErrorKind::Malformed, "{bytes:x?}");
    }
}

#[test]
fn a_claimed_length_is_refused() {
    for length in [1000, 1 << 31, 1 << 61] {
        let bytes = claim::<Path>(&varint(length << 2));
        assert_eq!(refusal::<PathBuf>(&bytes).0, ErrorKind::UnexpectedEnd);
        assert_eq!(refusal::<&Path>(&bytes).0, ErrorKind::UnexpectedEnd);
    }
}
