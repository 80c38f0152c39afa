//! Numbers, text, and what is only itself.

use super::changes;
use std::num::NonZero;
use std::num::Wrapping;
use std::path::PathBuf;

#[test]
fn integers_fit_or_are_errors() {
    changes! {
        u8 => u16 { 0 => Ok(0), 255 => Ok(255) }
        u8 => i8 { 127 => Ok(127), 128 => Err("128 does not fit in `i8`") }
        u8 => u128 { 255 => Ok(255) }
        u16 => u8 { 255 => Ok(255), 256 => Err("256 does not fit in `u8`") }
        u32 => u64 { u32::MAX => Ok(u64::from(u32::MAX)) }
        u32 => i32 { 1 => Ok(1), u32::MAX => Err("4294967295 does not fit in `i32`") }
        u64 => u8 { 9 => Ok(9), u64::MAX => Err("18446744073709551615 does not fit in `u8`") }
        u64 => u32 { 7 => Ok(7), 1 << 32 => Err("4294967296 does not fit in `u32`") }
        u64 => usize { 300 => Ok(300) }
        u64 => i64 { 5 => Ok(5), u64::MAX => Err("does not fit in `i64`") }
        u128 => u64 { 1 << 63 => Ok(1 << 63), 1 << 64 => Err("does not fit in `u64`") }
        u128 => i128 { 1 << 100 => Ok(1 << 100), u128::MAX => Err("does not fit in `i128`") }
        usize => u16 { 65535 => Ok(65535), 65536 => Err("65536 does not fit in `u16`") }
        i8 => i64 { -128 => Ok(-128), 127 => Ok(127) }
        i8 => u8 { 5 => Ok(5), -1 => Err("-1 does not fit in `u8`") }
        i16 => i8 { -128 => Ok(-128), -129 => Err("-129 does not fit in `i8`") }
        i32 => i16 { 32767 => Ok(32767), 32768 => Err("32768 does not fit in `i16`") }
        i32 => u32 { 1 => Ok(1), i32::MIN => Err("-2147483648 does not fit in `u32`") }
        i64 => i32 { -5 => Ok(-5), i64::MAX => Err("does not fit in `i32`") }
        i64 => u128 { i64::MAX => Ok(i64::MAX as u128), -1 => Err("-1 does not fit in `u128`") }
        i128 => i64 { i128::from(i64::MIN) => Ok(i64::MIN), i128::MIN => Err("does not fit in `i64`") }
        isize => i8 { -3 => Ok(-3), 1000 => Err("1000 does not fit in `i8`") }
        u8 => NonZero<u32> { 3 => Ok(NonZero::new(3).unwrap()), 0 => Err("a zero for a type that excludes it") }
        NonZero<u8> => u64 { NonZero::<u8>::MAX => Ok(255) }
        u16 => Wrapping<u8> { 5 => Ok(Wrapping(5)), 300 => Err("300 does not fit in `u8`") }
    }
}

#[test]
fn floats_keep_every_digit_or_are_errors() {
    changes! {
        f32 => f64 { 1.5 => Ok(1.5), f32::MIN_POSITIVE => Ok(f64::from(f32::MIN_POSITIVE)) }
        f64 => f32 { 1.5 => Ok(1.5), f64::INFINITY => Ok(f32::INFINITY), 0.1 => Err("0.1 does not fit in `f32`"),
                     1e300 => Err("does not fit in `f32`") }
        u32 => f64 { u32::MAX => Ok(4_294_967_295.0) }
        u64 => f64 { 1 << 60 => Ok(1_152_921_504_606_846_976.0), (1 << 53) + 1 => Err("9007199254740993 does not fit in `f64`") }
        i32 => f32 { -3 => Ok(-3.0), (1 << 24) + 1 => Err("16777217 does not fit in `f32`") }
        f64 => u64 { 1.0 => Err("the stream has `f64`, which cannot become `u64`") }
        f32 => i8 { 1.0 => Err("the stream has `f32`, which cannot become `i8`") }
    }
}

#[test]
fn text_is_text_and_nothing_else() {
    changes! {
        String => Box<str> { "a".to_string() => Ok("a".into()), String::new() => Ok("".into()) }
        String => std::rc::Rc<str> { "ä".to_string() => Ok("ä".into()) }
        String => PathBuf { "/tmp".to_string() => Ok(PathBuf::from("/tmp")) }
        PathBuf => String { PathBuf::from("a/b") => Ok("a/b".to_string()) }
        String => char { "a".to_string() => Err("the stream has `str`, which cannot become `char`") }
        char => String { 'a' => Err("the stream has `char`, which cannot become `str`") }
        String => Vec<u8> { "a".to_string() => Err("the stream has `str`, which cannot become `list<u8>`") }
        String => u32 { "1".to_string() => Err("the stream has `str`, which cannot become `u32`") }
        u32 => String { 1 => Err("the stream has `u32`, which cannot become `str`") }
    }
}

#[test]
fn what_means_something_else_is_refused() {
    changes! {
        bool => u8 { true => Err("the stream has `bool`, which cannot become `u8`") }
        u8 => bool { 1 => Err("the stream has `u8`, which cannot become `bool`") }
        char => u32 { 'a' => Err("the stream has `char`, which cannot become `u32`") }
        u32 => char { 97 => Err("the stream has `u32`, which cannot become `char`") }
        () => u8 { () => Err("which cannot become `u8`") }
        u8 => () { 1 => Err("the stream has `u8`, which cannot become") }
        bool => Option<bool> { true => Ok(Some(true)), false => Ok(Some(false)) }
        Option<bool> => bool { Some(true) => Ok(true), None => Err("`None` for a value that is no longer an `Option`") }
    }
}
