//! Objects that share a connection pool: the pool is handed in at load, and each object takes its connection from it.
//!
//! `cargo run --example context`

use reduce_core::{Loader, Reduce};
use rusqlite::Connection;
use std::cell::RefCell;
use std::error::Error;
use std::rc::Rc;

/// Hands out connections to one in-memory database. Not `Sync`, as connections are not: it is lent to one load.
struct Pool {
    made: RefCell<Vec<Rc<Connection>>>,
}

impl Pool {
    fn new() -> Self {
        Pool { made: RefCell::default() }
    }

    fn get(&self, table: &str) -> rusqlite::Result<Rc<Connection>> {
        let connection = Rc::new(Connection::open_in_memory()?);
        connection.execute_batch(&format!("CREATE TABLE {table} (value TEXT)"))?;
        self.made.borrow_mut().push(connection.clone());
        Ok(connection)
    }
}

#[derive(Reduce)]
#[reduce(name = "app.Repository")]
struct Repository {
    table: String,
    limit: u32,
    /// Asks the session for its pool; `from` names the kept fields that the function gets.
    #[reduce(skip, rebuild = checkout, from(table), context(Pool))]
    connection: Rc<Connection>,
}

fn checkout(pool: &Pool, table: &str) -> rusqlite::Result<Rc<Connection>> {
    pool.get(table)
}

#[derive(Reduce)]
struct App {
    name: String,
    repositories: Vec<Repository>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let pool = Pool::new();
    let repository = |table: &str, limit| -> rusqlite::Result<Repository> {
        Ok(Repository { table: table.into(), limit, connection: pool.get(table)? })
    };
    let app = App {
        name: "shop".into(),
        repositories: vec![repository("orders", 10)?, repository("customers", 20)?],
    };
    let bytes = reduce_core::to_vec(&app)?;
    println!("dumped {} with {} repositories: {} bytes", app.name, 2, bytes.len());

    let fresh = Pool::new();
    let app: App = Loader::new().with_context(&fresh).from_slice(&bytes)?;
    println!("loaded {}; the pool handed out {} connections", app.name, fresh.made.borrow().len());
    for repository in &app.repositories {
        let count: i64 = repository.connection.query_row(
            &format!("SELECT count(*) FROM {} LIMIT {}", repository.table, repository.limit),
            [],
            |row| row.get(0),
        )?;
        println!("  {}: {count} rows", repository.table);
    }
    assert_eq!(fresh.made.borrow().len(), 2);

    // Without the pool, the error names the field and the type that is missing.
    if let Err(error) = reduce_core::from_slice::<App>(&bytes) {
        println!("\nwithout a pool: {error}");
    }
    Ok(())
}
