//! 10,000 lines of a web server's log: an address, four texts of which few are new, and two numbers.

use super::Lend;
use crate::Random;

records! {
    /// A file of lines.
    #[reduce(name = "log.Log")]
    pub struct Log {
        /// In no order.
        pub lines: Vec<Line>,
    }

    /// One request.
    #[reduce(name = "log.Line")]
    pub struct Line {
        /// Whose request it was.
        pub address: Address,
        /// Unknown, as a rule.
        pub identity: String,
        /// One of few users.
        pub userid: String,
        /// Day, time and zone.
        pub date: String,
        /// Method, path and protocol.
        pub request: String,
        /// What was answered.
        pub code: u16,
        /// How many bytes were answered.
        pub size: u64,
    }

    /// An address of four octets.
    #[reduce(name = "log.Address")]
    pub struct Address {
        /// The first octet.
        pub a: u8,
        /// The second.
        pub b: u8,
        /// The third.
        pub c: u8,
        /// The last.
        pub d: u8,
    }
}

views! {
    /// A file of lines, borrowed.
    #[reduce(name = "log.Log")]
    pub struct LogView<'a> {
        /// In no order.
        #[serde(borrow)]
        pub lines: Vec<LineView<'a>>,
    }

    /// One request, borrowed.
    #[reduce(name = "log.Line")]
    pub struct LineView<'a> {
        /// Whose request it was.
        pub address: Address,
        /// Unknown, as a rule.
        pub identity: &'a str,
        /// One of few users.
        pub userid: &'a str,
        /// Day, time and zone.
        pub date: &'a str,
        /// Method, path and protocol.
        pub request: &'a str,
        /// What was answered.
        pub code: u16,
        /// How many bytes were answered.
        pub size: u64,
    }
}

impl Lend for Log {
    type View<'de> = LogView<'de>;

    fn is(&self, view: &LogView<'_>) -> bool {
        self.lines.len() == view.lines.len()
            && self.lines.iter().zip(&view.lines).all(|(line, view)| {
                let view = Line {
                    address: view.address.clone(),
                    identity: view.identity.into(),
                    userid: view.userid.into(),
                    date: view.date.into(),
                    request: view.request.into(),
                    code: view.code,
                    size: view.size,
                };
                *line == view
            })
    }
}

const LINES: usize = 10_000;

const USERS: [&str; 8] = ["-", "-", "-", "-", "-", "olga", "benedikt", "system"];
const MONTHS: [&str; 4] = ["Jan", "Apr", "Jul", "Oct"];
const METHODS: [&str; 5] = ["GET", "GET", "GET", "POST", "PUT"];
const PATHS: [&str; 12] = [
    "/",
    "/index.html",
    "/favicon.ico",
    "/css/site.css",
    "/img/logo-large.png",
    "/shop/cart",
    "/shop/checkout",
    "/api/v2/orders",
    "/api/v2/orders/latest",
    "/news/archive",
    "/search?q=columns+of+rows",
    "/account/settings",
];
const PROTOCOLS: [&str; 3] = ["HTTP/1.0", "HTTP/1.1", "HTTP/2"];
const CODES: [u16; 8] = [200, 200, 200, 200, 301, 304, 404, 500];
const LARGEST: i64 = 100_000_000;

impl Log {
    /// The log that is measured.
    #[must_use]
    pub fn sample() -> Self {
        let mut random = Random::new(1);
        Log { lines: (0..LINES).map(|_| line(&mut random)).collect() }
    }
}

fn line(random: &mut Random) -> Line {
    let [a, b, c, d] = random.bits32().to_le_bytes();
    Line {
        address: Address { a, b, c, d },
        identity: "-".into(),
        userid: (*random.pick(&USERS)).into(),
        date: format!(
            "[{:02}/{}/2026:{:02}:{:02}:{:02} +0000]",
            random.within(1, 29),
            random.pick(&MONTHS),
            random.below(24),
            random.below(60),
            random.below(60),
        ),
        request: format!(
            "{} {} {}",
            random.pick(&METHODS),
            random.pick(&PATHS),
            random.pick(&PROTOCOLS)
        ),
        code: *random.pick(&CODES),
        size: random.within(0, LARGEST).unsigned_abs(),
    }
}
