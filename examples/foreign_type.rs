//! Types of another crate, stored by an adapter: neither the type nor the crate knows of Reduce.
//!
//! `cargo run --example foreign_type`

use reduce_core::{Adapter, BoxError, Context, Reduce};
use rusqlite::types::Value;
use std::error::Error;

/// Stores a value of rusqlite as an enum of ours, which the derive can do.
struct SqlValue;

#[derive(Reduce)]
enum Stored {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

impl Adapter<Value> for SqlValue {
    type Stored = Stored;

    fn reduce(value: &Value, _: &Context<'_>) -> Result<Stored, BoxError> {
        Ok(match value.clone() {
            Value::Null => Stored::Null,
            Value::Integer(number) => Stored::Integer(number),
            Value::Real(number) => Stored::Real(number),
            Value::Text(text) => Stored::Text(text),
            Value::Blob(bytes) => Stored::Blob(bytes),
        })
    }

    fn expand(stored: Stored, _: &Context<'_>) -> Result<Value, BoxError> {
        Ok(match stored {
            Stored::Null => Value::Null,
            Stored::Integer(number) => Value::Integer(number),
            // What SQLite itself would store in its place.
            Stored::Real(number) if number.is_nan() => return Err("SQLite has no NaN".into()),
            Stored::Real(number) => Value::Real(number),
            Stored::Text(text) => Value::Text(text),
            Stored::Blob(bytes) => Value::Blob(bytes),
        })
    }
}

#[derive(Reduce, Debug, PartialEq)]
struct Update {
    table: String,
    #[reduce(with = SqlValue)]
    key: Value,
    /// Adapters compose: a list of options of values.
    #[reduce(with = Vec<Option<SqlValue>>)]
    columns: Vec<Option<Value>>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let update = Update {
        table: "people".into(),
        key: Value::Integer(7),
        columns: vec![Some(Value::Text("Ada".into())), None, Some(Value::Real(1.5))],
    };
    let bytes = reduce_core::to_vec(&update)?;
    let again: Update = reduce_core::from_slice(&bytes)?;
    assert_eq!(again, update);
    println!("{again:#?}\n{}", reduce_core::disassemble(&bytes)?);

    // An adapter may refuse; the error has the path to the value.
    let bad =
        Update { key: Value::Null, columns: vec![None, Some(Value::Real(f64::NAN))], ..update };
    let error = reduce_core::from_slice::<Update>(&reduce_core::to_vec(&bad)?).unwrap_err();
    println!("refused: {error}");
    Ok(())
}
