//! Types that keep what they do not know, with something to keep: the table has a field and a variant with empty names.

use reduce_core::{Reduce, Unknown, Value, to_vec};

#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(name = "app.Note")]
pub struct Note {
    pub text: String,
    #[reduce(unknown)]
    pub more: Unknown,
}

#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(name = "app.Event")]
pub enum Event {
    Pressed(u32),
    #[reduce(other)]
    Newer(Value),
}

mod later {
    #[derive(reduce_core::Reduce)]
    #[reduce(name = "app.Note")]
    pub struct Note {
        pub text: String,
        pub stars: u8,
        pub tags: Vec<String>,
    }

    #[derive(reduce_core::Reduce)]
    #[reduce(name = "app.Event")]
    pub enum Event {
        Swiped { from: u16, to: u16 },
        Pressed(u32),
        Closed,
    }
}

/// The streams of both, which have no form without programs.
pub fn streams() -> [(&'static str, Vec<u8>); 2] {
    let (notes, events) = (to_vec(&notes()), to_vec(&events()));
    [
        ("fields_that_are_kept_unknown", notes.unwrap()),
        ("variants_that_are_kept_unknown", events.unwrap()),
    ]
}

/// Loaded from what a later program wrote.
pub fn notes() -> Vec<Note> {
    let written =
        to_vec(&later::Note { text: "tea".into(), stars: 5, tags: vec!["green".into()] }).unwrap();
    let none = Note { text: "milk".into(), more: Unknown::new() };
    vec![reduce_core::from_slice(&written).unwrap(), none]
}

/// As [`notes`].
pub fn events() -> Vec<Event> {
    use later::Event::{Closed, Pressed, Swiped};
    let written = to_vec(&[Swiped { from: 1, to: 300 }, Pressed(7), Closed]).unwrap();
    reduce_core::from_slice(&written).unwrap()
}
