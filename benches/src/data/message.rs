//! One small message: ten plain fields.

records! {
    /// One small message: ten plain fields.
    pub struct Message {
        /// A number that grows.
        pub id: u64,
        /// A small number.
        pub shard: u16,
        /// A truth value.
        pub urgent: bool,
        /// A signed number.
        pub balance: i64,
        /// A float.
        pub score: f64,
        /// Short text.
        pub name: String,
        /// Longer text.
        pub body: String,
        /// Often there.
        pub reply_to: Option<u64>,
        /// A few bytes.
        pub digest: [u8; 16],
        /// A few numbers.
        pub tags: Vec<u32>,
    }
}

impl Message {
    /// The message that is measured.
    #[must_use]
    pub fn sample() -> Self {
        Message {
            id: 123_456_789,
            shard: 412,
            urgent: true,
            balance: -98_765,
            score: 0.618_033_988_749,
            name: "order.created".into(),
            body: "The order has been accepted and will be sent tomorrow.".into(),
            reply_to: Some(987_654_321),
            digest: *b"0123456789abcdef",
            tags: vec![1, 20, 300, 4000],
        }
    }
}
