//! Lists in columns: every kind of column, and numbers and texts for which each coding of a block is the shortest.

use super::{Case, Line, Order, Pair, Point, Shape, case};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

/// So many rows: long enough not to be written as rows.
const ROWS: u64 = 20;

fn rows<T>(row: impl Fn(u64) -> T) -> Vec<T> {
    (0..ROWS).map(row).collect()
}

/// Numbers without order.
fn random(n: u64) -> u64 {
    n.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn numbers() -> Vec<Case> {
    vec![
        case("columns_of_a_constant", rows(|_| 70_000u32)),
        case("columns_of_u16", rows(|n| n as u16 * 3)),
        case("columns_of_u32_in_order", rows(|n| n as u32 * 100_000 + 7)),
        case("columns_of_u64_without_order", rows(random)),
        case("columns_of_u64_in_runs", (0..64u64).map(|n| n / 16 * 1000).collect::<Vec<_>>()),
        case(
            "columns_of_u64_few_values",
            (0..64).map(|n| random(random(n) % 5)).collect::<Vec<_>>(),
        ),
        case("columns_of_i16_around_zero", rows(|n| n as i16 - 10)),
        case("columns_of_i64_extremes", rows(|n| if n % 2 == 0 { i64::MIN } else { i64::MAX })),
        case("columns_of_u128", rows(|n| u128::from(random(n)) << (n * 3))),
        case("columns_of_i128", rows(|n| -(i128::from(random(n)) << 40))),
        case("columns_of_chars", rows(|n| char::from_u32(0x1F600 + n as u32).unwrap())),
        case("columns_of_pairs_of_bools", rows(|n| (n % 2 == 0, n > 4))),
        case("columns_of_pairs_of_floats", rows(|n| (n as f64 / 3.0, n as u8))),
        case("columns_of_small_floats", rows(|n| (n as f32, n as i8))),
        case("columns_of_a_queue", rows(|n| n * n).into_iter().collect::<VecDeque<_>>()),
        case("columns_of_a_shared_list", Rc::<[u32]>::from(rows(|n| n as u32 * 7))),
    ]
}

fn texts() -> Vec<Case> {
    vec![
        case("columns_of_different_texts", rows(|n| format!("{:x}", random(n)))),
        case("columns_of_one_text", rows(|_| String::from("same"))),
        case("columns_of_texts_with_a_beginning", rows(|n| format!("https://example.org/{n}"))),
        case("columns_of_empty_texts", rows(|_| String::new())),
        case("columns_of_bytes", rows(|n| vec![n as u8; n as usize % 4])),
        case("columns_of_texts_and_numbers", rows(|n| (format!("n{}", n % 4), n as u16))),
    ]
}

fn nested() -> Vec<Case> {
    let line = |n: u64| Line {
        article: format!("article {}", n % 3),
        count: n as u32,
        price: (!n.is_multiple_of(4)).then_some(n * 10),
    };
    vec![
        case("columns_of_records", rows(line)),
        case(
            "columns_of_records_of_records",
            rows(|n| Order {
                id: n,
                customer: "ann".into(),
                lines: (0..n % 3).map(line).collect(),
            }),
        ),
        case("columns_of_options", rows(|n| (n % 3 == 0).then_some(n as u16))),
        case("columns_of_options_all_none", rows(|_| None::<u64>)),
        case("columns_of_options_of_options", rows(|n| (n > 3).then_some((n > 9).then_some(n)))),
        case(
            "columns_of_enums",
            rows(|n| match n % 4 {
                0 => Shape::Empty,
                1 => Shape::Circle(n as f32),
                2 => Shape::Segment(n as i64, -1),
                _ => Shape::Label { text: format!("{n}"), at: Point { x: 1.0, y: n as f64 } },
            }),
        ),
        case("columns_of_results", rows(|n| if n < 9 { Ok(n as u8) } else { Err(n.to_string()) })),
        case("columns_of_lists", rows(|n| vec![n as u16; n as usize % 5])),
        case("columns_of_lists_of_lists", rows(|n| vec![vec![n]; n as usize % 3])),
        case("columns_of_lists_of_units", rows(|n| vec![(); n as usize])),
        case("columns_of_arrays", rows(|n| [n as u16, 7, 300])),
        case("columns_of_arrays_of_texts", rows(|n| [n.to_string(), "x".into()])),
        case(
            "columns_of_maps",
            rows(|n| BTreeMap::from([(n as u8, n.to_string()), (200, "".into())])),
        ),
        case("columns_of_sets", rows(|n| (0..n as u16 % 4).collect::<BTreeSet<_>>())),
        case("columns_of_generic_records", rows(|n| Pair { a: Some(n), b: None })),
        case(
            "columns_beside_one_another",
            (rows(|n| n as u16), rows(|n| n.to_string()), rows(|n| (n as u8, 'x'))),
        ),
        case("columns_in_rows", vec![rows(|n| n as u32), vec![1], vec![], rows(|n| n as u32 * 9)]),
    ]
}

/// All of them.
pub fn all() -> Vec<Case> {
    [numbers(), texts(), nested()].into_iter().flatten().collect()
}
