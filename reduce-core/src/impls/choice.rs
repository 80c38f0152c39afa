//! `Result`, `Bound`, `ControlFlow` and `Ordering`: enums with the names and variants that they have in Rust.
//!
//! `Result`: 0 `Ok`, 1 `Err`. `Bound`: 0 `Included`, 1 `Excluded`, 2 `Unbounded`. `ControlFlow`: 0 `Continue`, 1
//! `Break`. `Ordering`: 0 `Less`, 1 `Equal`, 2 `Greater`.

use core::cmp::Ordering;
use core::ops::{Bound, ControlFlow};

enumeration! { [T, E] Result<T, E>, "Result" { 0 Ok(value: T), 1 Err(error: E) } }

enumeration! {
    [T] Bound<T>, "Bound" { 0 Included(value: T), 1 Excluded(value: T), 2 Unbounded }
}

enumeration! {
    [B, C] ControlFlow<B, C>, "ControlFlow" { 0 Continue(value: C), 1 Break(value: B) }
}

enumeration! { [] Ordering, "Ordering" { 0 Less, 1 Equal, 2 Greater } }
