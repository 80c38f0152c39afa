//! An object that holds a live SQLite connection goes to bytes and comes back connected.
//!
//! `cargo run --example database_connection`

use reduce_core::Reduce;
use rusqlite::{Connection, OpenFlags};
use std::error::Error;
use std::path::{Path, PathBuf};

#[derive(Reduce)]
#[reduce(name = "app.DatabaseConnection")]
struct DatabaseConnection {
    db_path: PathBuf,
    /// A connection has no bytes: it is made again from the path.
    #[reduce(skip, rebuild = connect)]
    connection: Connection,
}

/// Gets the kept fields by reference; the compiler checks it against the struct.
fn connect(db_path: &Path) -> rusqlite::Result<Connection> {
    // Without this flag SQLite would make an empty database where there is none.
    Connection::open_with_flags(db_path, OpenFlags::SQLITE_OPEN_READ_WRITE)
}

impl DatabaseConnection {
    fn rows(&self) -> rusqlite::Result<Vec<(i64, String)>> {
        let mut query = self.connection.prepare("SELECT id, name FROM people ORDER BY id")?;
        query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let db_path = folder.path().join("people.sqlite");

    // A real file with a real table.
    let connection = Connection::open(&db_path)?;
    connection.execute_batch(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
         INSERT INTO people (name) VALUES ('Ada'), ('Barbara'), ('Grace');",
    )?;
    let db = DatabaseConnection { db_path: db_path.clone(), connection };
    let rows = db.rows()?;
    println!("connected, rows: {rows:?}");

    // To bytes; then the connection is gone.
    let bytes = reduce_core::to_vec(&db)?;
    drop(db);
    println!("dumped {} bytes; the connection is dropped\n", bytes.len());
    println!("{}", reduce_core::disassemble(&bytes)?);

    // And back, connected.
    let again: DatabaseConnection = reduce_core::from_slice(&bytes)?;
    assert_eq!(again.rows()?, rows);
    assert_eq!(again.db_path, db_path);
    println!("loaded and reconnected, rows: {:?}", again.rows()?);
    again.connection.execute("INSERT INTO people (name) VALUES ('Margaret')", [])?;
    println!("and it writes: {} rows now", again.rows()?.len());
    drop(again);

    // With the file gone, the load fails: what a user sees then.
    std::fs::remove_file(&db_path)?;
    let error = match reduce_core::from_slice::<DatabaseConnection>(&bytes) {
        Ok(_) => return Err("the file is gone, yet the load succeeded".into()),
        Err(error) => error,
    };
    println!("\nwith the file gone: {error}");
    println!("its cause: {}", error.source().ok_or("a cause")?);
    Ok(())
}
