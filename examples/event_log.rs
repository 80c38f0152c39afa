//! A log that grows by one message an event: types are defined once, and users are the same objects in all events.
//!
//! `cargo run --example event_log`

use reduce_core::{BoxError, Dumper, ErrorKind, Loader, Reduce};
use std::rc::Rc;

#[derive(Reduce)]
struct User {
    name: String,
    mail: String,
}

#[derive(Reduce)]
enum Event {
    Joined(Rc<User>),
    Wrote { user: Rc<User>, to: Vec<Rc<User>>, text: String },
    Left(Rc<User>),
}

fn user(name: &str) -> Rc<User> {
    Rc::new(User { name: name.into(), mail: format!("{name}@example.org") })
}

/// What one run of the program logs.
fn run(log: &mut Vec<u8>, events: &[Event]) -> Result<(), BoxError> {
    // The first message of a session is whole by itself: a later run appends to the log of an earlier one.
    let mut session = Dumper::new().session();
    for event in events {
        let before = log.len();
        session.append_to(event, log)?;
        println!("{} bytes", log.len() - before);
    }
    Ok(())
}

fn main() -> Result<(), BoxError> {
    let (ann, bob) = (user("ann"), user("bob"));
    let mut log = Vec::new();
    let text = "hello".to_string();
    let wrote = Event::Wrote { user: ann.clone(), to: vec![bob.clone(), ann.clone()], text };
    run(&mut log, &[Event::Joined(ann.clone()), Event::Joined(bob.clone()), wrote])?;
    run(&mut log, &[Event::Left(bob), Event::Left(ann)])?;

    let (mut session, mut rest) = (Loader::new().session(), log.as_slice());
    let mut joined: Vec<Rc<User>> = Vec::new();
    while !rest.is_empty() {
        let event;
        (event, rest) = session.take_from_slice(rest)?;
        match event {
            Event::Joined(user) => {
                println!("{} joined", user.mail);
                joined.push(user);
            }
            Event::Wrote { user, to, text } => {
                println!("{} wrote to {}: {text}", user.name, to.len());
                // No copies: the writer and the readers are those who joined.
                assert!(Rc::ptr_eq(&user, &joined[0]));
                assert!(Rc::ptr_eq(&to[0], &joined[1]) && Rc::ptr_eq(&to[1], &joined[0]));
            }
            // Of another run, so of another session.
            Event::Left(user) => {
                println!("{} left", user.name);
                assert!(joined.iter().all(|other| !Rc::ptr_eq(other, &user)));
            }
        }
    }

    // A message that continues others cannot be taken for one that is whole.
    let (_, second) = Loader::new().take_from_slice::<Event>(&log)?;
    let error = Loader::new().take_from_slice::<Event>(second).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Sequence);
    println!("{error}");
    Ok(())
}
