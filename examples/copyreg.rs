//! copyreg for a type of another crate: functions alone, no derive on it and no adapter. An `rusqlite::Connection` goes to
//! bytes as the path of its file, and comes back connected.
//!
//! `cargo run --example copyreg`

use reduce_core::{Dumper, Loader, Reduce, Registry, object};
use rusqlite::{Connection, OpenFlags};
use std::error::Error;
use std::path::{Path, PathBuf};

/// The reducer: what is stored of a connection.
fn path_of(connection: &Connection) -> Result<PathBuf, String> {
    match connection.path() {
        // SQLite has no path for a database in memory, which ends with its connection.
        None | Some("") => Err("a database in memory has no path to come back from".into()),
        Some(path) => Ok(path.into()),
    }
}

/// The expander: a connection from what was stored.
fn connect(path: PathBuf) -> rusqlite::Result<Connection> {
    // Without this flag SQLite would make an empty database where there is none.
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
}

/// A type of ours that holds a foreign one.
#[derive(Reduce)]
struct Ledger {
    title: String,
    #[reduce(dispatch)]
    connection: Connection,
}

/// A foreign type may stand behind a trait object of ours too.
#[object]
trait Store {
    fn people(&self) -> rusqlite::Result<Vec<String>>;
}

impl Store for Connection {
    fn people(&self) -> rusqlite::Result<Vec<String>> {
        let mut query = self.prepare("SELECT name FROM people ORDER BY id")?;
        query.query_map([], |row| row.get(0))?.collect()
    }
}

fn open_new(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
         INSERT INTO people (name) VALUES ('Ada'), ('Grace');",
    )?;
    Ok(connection)
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("people.sqlite");

    // copyreg.pickle(Connection, path_of, connect), in the caller's own table.
    let mut registry = Registry::new();
    registry
        .reducer("sqlite.Connection", path_of, connect)?
        .implement::<dyn Store, Connection>()?;
    let dumper = Dumper::new().registry(&registry);
    let loader = Loader::new().registry(&registry);

    let ledger = Ledger { title: "people".into(), connection: open_new(&path)? };
    let bytes = dumper.to_vec(&ledger)?;
    drop(ledger);
    println!("a connection in {} bytes:\n\n{}", bytes.len(), reduce_core::disassemble(&bytes)?);

    let again: Ledger = loader.from_slice(&bytes)?;
    assert_eq!(again.connection.people()?, ["Ada", "Grace"]);
    println!("{:?} reconnected, rows: {:?}", again.title, again.connection.people()?);

    // Behind a trait object the same functions are found by the type.
    let stores: Vec<Box<dyn Store>> = vec![Box::new(again.connection)];
    let bytes_of_stores = dumper.to_vec(&stores)?;
    drop(stores);
    let stores: Vec<Box<dyn Store>> = loader.from_slice(&bytes_of_stores)?;
    assert_eq!(stores[0].people()?, ["Ada", "Grace"]);
    println!("behind a `dyn Store`: {:?}", stores[0].people()?);
    drop(stores);

    // A session of its own may say otherwise: here, the connection is opened for reading only.
    let mut read_only = Registry::over(&registry);
    read_only.override_reducer("sqlite.Connection", path_of, |path: PathBuf| {
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
    })?;
    let reader: Ledger = Loader::new().registry(&read_only).from_slice(&bytes)?;
    let refused = reader.connection.execute("DELETE FROM people", []).unwrap_err();
    println!("in a session that only reads: {refused}");
    drop(reader);

    // What either function refuses has the path to the value.
    let in_memory = Ledger { title: "m".into(), connection: Connection::open_in_memory()? };
    println!("\nat dump: {}", dumper.to_vec(&in_memory).unwrap_err());
    std::fs::remove_file(&path)?;
    let error = loader.from_slice::<Ledger>(&bytes).err().ok_or("the file is gone")?;
    println!("at load: {error}");

    // And a name that the loading side does not know is an error of its own.
    let mut other = Registry::new();
    other.reducer("sqlite.Connector", path_of, connect)?;
    let error = Loader::new().registry(&other).from_slice::<Ledger>(&bytes).err();
    println!("elsewhere: {}", error.ok_or("the name is unknown")?);
    Ok(())
}
