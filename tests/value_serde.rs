//! Values through serde: JSON by way of `serde_json`.

use reduce_core::{Reduce, Value};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

fn json(value: &Value) -> Result<String, String> {
    serde_json::to_string(value).map_err(|error| error.to_string())
}

#[derive(Reduce)]
struct Order {
    id: u64,
    lines: Vec<Line>,
    state: State,
    notes: BTreeMap<String, Option<i16>>,
}

#[derive(Reduce)]
struct Line(String, f64);

#[derive(Reduce)]
struct Meters(f64);

#[derive(Reduce)]
enum State {
    Open,
    Shipped { parcel: u32 },
    Lost(String),
    Split(u8, u8),
}

#[test]
fn a_value_is_json_as_a_derive_would_have_it() {
    let order = Order {
        id: 7,
        lines: vec![Line("pear".into(), 1.5)],
        state: State::Shipped { parcel: 2 },
        notes: [("a".to_string(), Some(-1)), ("b".to_string(), None)].into(),
    };
    let value = Value::of(&order).unwrap();
    assert_eq!(
        json(&value).unwrap(),
        r#"{"id":7,"lines":[["pear",1.5]],"state":{"Shipped":{"parcel":2}},"notes":{"a":-1,"b":null}}"#
    );
    let rest =
        (State::Open, State::Lost("x".into()), State::Split(1, 2), Meters(2.0), [1u8, 2], ());
    assert_eq!(
        json(&Value::of(&rest).unwrap()).unwrap(),
        r#"["Open",{"Lost":"x"},{"Split":[1,2]},2.0,[1,2],null]"#
    );
    assert_eq!(serde_json::to_string(value.as_record().unwrap()).unwrap(), json(&value).unwrap());
}

#[test]
fn shared_objects_are_written_in_place() {
    let shared = Value::shared("ann");
    let pair = Value::tuple([shared.clone(), shared]);
    assert_eq!(json(&pair).unwrap(), r#"["ann","ann"]"#);
}

#[test]
fn cycles_depth_and_doubling_are_errors() {
    #[derive(Reduce)]
    struct Node {
        #[reduce(state)]
        next: RefCell<Option<Rc<Node>>>,
    }
    let node = Rc::new(Node { next: RefCell::default() });
    *node.next.borrow_mut() = Some(node.clone());
    let value = Value::of(&node).unwrap();
    node.next.take();
    assert!(json(&value).unwrap_err().contains("holds itself"));

    let deep = (0..10_000).fold(Value::Unit, |value, _| Value::tuple([value]));
    assert!(json(&deep).unwrap_err().contains("512 levels"));

    let double = |value: Value| {
        let shared = Value::shared(value);
        Value::tuple([shared.clone(), shared])
    };
    let many = (0..60).fold(Value::Unit, |value, _| double(value));
    assert!(json(&many).unwrap_err().contains("too many shared objects"));
    assert_eq!(Value::from_slice(&many.to_vec().unwrap()).unwrap(), many);
    assert!(many.to_string().len() < 2000);
}
