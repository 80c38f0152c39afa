use reduce_core::Reduce;

#[derive(Reduce)]
struct Database {
    db_path: String,
    connection: sqlite::Connection,
}

mod sqlite {
    /// Another crate's type, with what such types are made of.
    pub struct Connection {
        pub handle: std::cell::RefCell<*mut u8>,
    }
}

fn main() {}
