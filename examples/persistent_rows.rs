//! Rows of a database are stored by their ids, and looked up when they are loaded: pickle's persistent ids.
//!
//! `cargo run --example persistent_rows`

use reduce_core::{BoxError, ById, Context, Loader, Persistent, Reduce};
use rusqlite::{Connection, OptionalExtension};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// A row of the table `people`. It has no derive: of a row, only its id is stored.
#[derive(Debug, PartialEq)]
struct Person {
    id: i64,
    name: String,
}

/// The database, and the rows that are in memory: one object a row.
struct Database {
    connection: Connection,
    people: RefCell<HashMap<i64, Rc<Person>>>,
}

impl Database {
    fn person(&self, id: i64) -> Result<Rc<Person>, BoxError> {
        if let Some(person) = self.people.borrow().get(&id) {
            return Ok(person.clone());
        }
        println!("  SELECT name FROM people WHERE id = {id}");
        let mut query = self.connection.prepare("SELECT name FROM people WHERE id = ?1")?;
        let name = query.query_row([id], |row| row.get(0)).optional()?;
        let name = name.ok_or_else(|| format!("there is no person {id}"))?;
        let person = Rc::new(Person { id, name });
        self.people.borrow_mut().insert(id, person.clone());
        Ok(person)
    }
}

impl Persistent for Person {
    type Id = i64;
    type Handle = Rc<Person>;

    fn id(&self, _: &Context<'_>) -> Result<i64, BoxError> {
        Ok(self.id)
    }

    fn find(id: i64, context: &Context<'_>) -> Result<Rc<Person>, BoxError> {
        context.require::<Database>()?.person(id)
    }
}

/// What is stored: a chat that refers to rows.
#[derive(Reduce, Debug, PartialEq)]
struct Chat {
    #[reduce(persistent)]
    opened_by: Rc<Person>,
    #[reduce(with = Vec<ById>)]
    members: Vec<Rc<Person>>,
    messages: Vec<Message>,
}

#[derive(Reduce, Debug, PartialEq)]
struct Message {
    #[reduce(persistent)]
    from: Rc<Person>,
    text: String,
}

fn database(path: &std::path::Path) -> rusqlite::Result<Database> {
    let connection = Connection::open(path)?;
    Ok(Database { connection, people: RefCell::default() })
}

fn main() -> Result<(), BoxError> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("chat.sqlite");
    let here = database(&path)?;
    here.connection.execute_batch(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
         INSERT INTO people (name) VALUES ('Ada'), ('Barbara'), ('Grace');",
    )?;

    println!("made from rows:");
    let (ada, grace) = (here.person(1)?, here.person(3)?);
    let chat = Chat {
        opened_by: ada.clone(),
        members: vec![ada.clone(), grace.clone()],
        messages: vec![
            Message { from: grace, text: "a bug!".into() },
            Message { from: ada, text: "in the relay?".into() },
        ],
    };
    let bytes = reduce_core::to_vec(&chat)?;
    println!("\nstored, with ids where the rows were:\n\n{}", reduce_core::disassemble(&bytes)?);

    // Elsewhere, later: a name was corrected meanwhile.
    let there = database(&path)?;
    there.connection.execute("UPDATE people SET name = 'Ada L.' WHERE id = 1", [])?;
    println!("loaded, each row looked up once:");
    let again: Chat = Loader::new().with_context(&there).from_slice(&bytes)?;
    assert_eq!(again.opened_by.name, "Ada L.");
    assert_eq!(again.messages[0].from.name, "Grace");
    // One object a row, as the lookup hands them out.
    assert!(Rc::ptr_eq(&again.opened_by, &again.members[0]));
    assert!(Rc::ptr_eq(&again.opened_by, &again.messages[1].from));
    for message in &again.messages {
        println!("{}: {}", message.from.name, message.text);
    }

    there.connection.execute("DELETE FROM people WHERE id = 3", [])?;
    there.people.borrow_mut().clear();
    println!("\nwith a row deleted:");
    let error = Loader::new().with_context(&there).from_slice::<Chat>(&bytes).err();
    println!("{}", error.ok_or("the row is gone")?);
    println!(
        "without a database: {}",
        reduce_core::from_slice::<Chat>(&bytes).err().ok_or("there is no context")?
    );
    Ok(())
}
