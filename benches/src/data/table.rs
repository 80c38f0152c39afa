//! 100,000 rows of a table as an earlier program wrote them, and the type as it is now: a field was removed,
//! and one is new.

use crate::Random;

records! {
    /// The rows as they were.
    #[reduce(name = "shop.Table")]
    pub struct OldTable {
        /// In the order of their ids.
        pub rows: Vec<OldRow>,
    }

    /// An order as it was.
    #[reduce(name = "shop.Row")]
    pub struct OldRow {
        /// A number that grows.
        pub id: u64,
        /// Who ordered.
        pub customer: String,
        /// Removed since.
        pub note: String,
        /// How many.
        pub quantity: u32,
        /// For how much.
        pub price: f64,
        /// What about it.
        pub tags: Vec<u32>,
    }
}

/// The rows as they are.
#[derive(Clone, Debug, PartialEq, reduce_core::Reduce, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "fory", derive(fory::ForyStruct))]
#[reduce(name = "shop.Table")]
pub struct Table {
    /// In the order of their ids.
    pub rows: Vec<Row>,
}

/// An order as it is.
#[derive(Clone, Debug, PartialEq, reduce_core::Reduce, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "fory", derive(fory::ForyStruct))]
#[reduce(name = "shop.Row")]
pub struct Row {
    /// A number that grows.
    pub id: u64,
    /// Who ordered.
    pub customer: String,
    /// How many.
    pub quantity: u32,
    /// For how much.
    pub price: f64,
    /// What about it.
    pub tags: Vec<u32>,
    /// New.
    #[reduce(default)]
    #[serde(default)]
    pub discount: f64,
}

const ROWS: u32 = 100_000;

impl OldTable {
    /// The rows that are measured.
    #[must_use]
    pub fn sample() -> Self {
        let mut random = Random::new(10);
        let row = |n: u32| OldRow {
            id: u64::from(n) * 7,
            customer: format!("customer {}", random.below(5_000)),
            note: format!("a note on the order {n}"),
            quantity: random.below(100),
            price: f64::from(random.below(1_000_000)) / 100.0,
            tags: random.list(0, 4, |random| random.below(1_000)),
        };
        OldTable { rows: (0..ROWS).map(row).collect() }
    }

    /// The same rows as they are now.
    #[must_use]
    pub fn now(&self) -> Table {
        let row = |old: &OldRow| Row {
            id: old.id,
            customer: old.customer.clone(),
            quantity: old.quantity,
            price: old.price,
            tags: old.tags.clone(),
            discount: 0.0,
        };
        Table { rows: self.rows.iter().map(row).collect() }
    }
}
