//! Streams without their types: shows what a file holds, as text and as JSON, and changes one value in it.
//!
//! `cargo run --example value` makes a file of its own; `cargo run --example value FILE` shows another one.

use reduce_core::{Loader, Reduce, Value};
use std::collections::BTreeMap;
use std::error::Error;
use std::rc::Rc;

/// The program that wrote the file. What follows does without it.
mod shop {
    use super::*;

    #[derive(Reduce, Debug)]
    #[reduce(name = "shop.Order")]
    pub struct Order {
        pub id: u64,
        pub customer: Rc<Customer>,
        pub lines: Vec<Line>,
        pub state: State,
        /// Whatever a plug-in puts here.
        pub extra: BTreeMap<String, Value>,
    }

    #[derive(Reduce, Debug)]
    pub struct Customer {
        pub name: String,
        pub city: Option<String>,
    }

    #[derive(Reduce, Debug)]
    pub struct Line {
        pub article: String,
        pub count: u16,
        pub price: f64,
    }

    #[derive(Reduce, Debug)]
    pub enum State {
        Open,
        Shipped { parcel: u32 },
    }
}

fn file() -> Result<Vec<u8>, reduce_core::Error> {
    let ann = Rc::new(shop::Customer { name: "Ann".into(), city: Some("Bern".into()) });
    let line = |article: &str, count, price| shop::Line { article: article.into(), count, price };
    let orders = [
        shop::Order {
            id: 7,
            customer: ann.clone(),
            lines: vec![line("pear", 3, 0.5), line("fig", 12, 0.25)],
            state: shop::State::Shipped { parcel: 4711 },
            extra: [("gift".into(), Value::from(true))].into(),
        },
        shop::Order {
            id: 8,
            customer: ann,
            lines: vec![],
            state: shop::State::Open,
            extra: [("rebate".into(), Value::of(&(5u8, "percent"))?)].into(),
        },
    ];
    reduce_core::to_vec(&orders[..])
}

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(path) = std::env::args().nth(1) {
        println!("{:#}", Loader::new().value_from_slice(&std::fs::read(path)?)?);
        return Ok(());
    }
    let bytes = file()?;
    let mut orders = Value::from_slice(&bytes)?;
    println!("{orders:#}");
    println!("{}", serde_json::to_string(&orders)?);

    // By name and by place.
    assert_eq!(orders[0]["lines"][1]["article"].as_str(), Some("fig"));
    assert_eq!(orders.at("[1].extra.rebate[0]").and_then(Value::as_u64), Some(5));

    // What is changed fits the type that it had, and the program that wrote the file reads it.
    if let Value::List(list) = &mut orders
        && let Some(order) = list.get_mut(1).and_then(Value::as_record_mut)
    {
        let line = shop::Line { article: "plum".into(), count: 1, price: 2.0 };
        order.set("lines", Value::list([Value::of(&line)?]))?;
    }
    let again: Vec<shop::Order> = orders.to()?;
    assert_eq!(again[1].lines[0].article, "plum");
    assert!(Rc::ptr_eq(&again[0].customer, &again[1].customer));
    println!("{:?}", again[1]);
    Ok(())
}
