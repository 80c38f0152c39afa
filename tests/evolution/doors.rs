//! Types that have changed, by every door of a load: readers, slices with more behind them, sessions, fingerprints, buffers.

use reduce_core::{Dumper, ErrorKind, Loader, Programs, Reduce, Registry, from_reader, to_vec};
use std::any::Any;
use std::collections::HashMap;
use std::io::Cursor;
use std::rc::Rc;

mod old {
    use super::*;

    #[derive(Reduce, Clone)]
    #[reduce(name = "d.Note")]
    pub struct Note {
        pub author: Rc<Author>,
        pub gone: Vec<Rc<Author>>,
        pub bytes: Vec<u8>,
        pub id: u8,
    }

    #[derive(Reduce, Clone)]
    #[reduce(name = "d.Author")]
    pub struct Author {
        pub name: String,
        pub age: u8,
    }
}

#[derive(Reduce, Debug)]
#[reduce(name = "d.Note")]
struct Note {
    id: u64,
    #[reduce(default)]
    tags: HashMap<String, u8>,
    bytes: Vec<u8>,
    author: Rc<Author>,
}

#[derive(Reduce, Debug)]
#[reduce(name = "d.Author")]
struct Author {
    age: u32,
    name: Box<str>,
}

fn author(name: &str) -> Rc<old::Author> {
    Rc::new(old::Author { name: name.into(), age: 40 })
}

fn note(id: u8, author: &Rc<old::Author>) -> old::Note {
    let gone = vec![author.clone(), self::author("gone")];
    old::Note { author: author.clone(), gone, bytes: vec![id; 3000], id }
}

#[track_caller]
fn is(note: &Note, id: u8, name: &str) {
    assert_eq!((note.id, &*note.author.name, note.author.age), (id.into(), name, 40));
    assert_eq!(note.bytes, vec![id; 3000]);
    assert!(note.tags.is_empty());
}

#[test]
fn streams_behind_one_another_are_adapted_one_by_one() {
    let ann = author("ann");
    let mut file = to_vec(&note(1, &ann)).unwrap();
    file.extend(to_vec(&vec![note(2, &ann)]).unwrap());
    let mut reader = Cursor::new(&file);
    is(&from_reader::<Note, _>(&mut reader).unwrap(), 1, "ann");
    is(&from_reader::<Vec<Note>, _>(&mut reader).unwrap()[0], 2, "ann");
    let (note, rest) = Loader::new().take_from_slice::<Note>(&file).unwrap();
    is(&note, 1, "ann");
    let (notes, rest) = Loader::new().take_from_slice::<Vec<Note>>(rest).unwrap();
    is(&notes[0], 2, "ann");
    assert!(rest.is_empty());
}

#[test]
fn messages_of_a_session_are_adapted_whatever_their_roots() {
    let (ann, bob) = (author("ann"), author("bob"));
    let mut dump = Dumper::new().session();
    let first = dump.to_vec(&note(1, &ann)).unwrap();
    let second = dump.to_vec(&note(2, &ann)).unwrap();
    let third = dump.to_vec(&vec![note(3, &bob), note(4, &ann)]).unwrap();
    let fourth = dump.to_vec(&Some(bob.clone())).unwrap();
    let fifth = dump.to_vec(&7u8).unwrap();

    let mut load = Loader::new().session();
    let one: Note = load.from_slice(&first).unwrap();
    is(&one, 1, "ann");
    let two: Note = load.from_slice(&second).unwrap();
    is(&two, 2, "ann");
    assert!(Rc::ptr_eq(&one.author, &two.author));
    for length in 0..third.len() {
        assert!(load.from_slice::<Vec<Note>>(&third[..length]).is_err());
    }
    // A root that cannot be is no part of the session.
    let error = load.from_slice::<u8>(&third).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    let more: Vec<Note> = load.from_slice(&third).unwrap();
    is(&more[0], 3, "bob");
    is(&more[1], 4, "ann");
    assert!(Rc::ptr_eq(&one.author, &more[1].author));
    let bob: Rc<Author> = load.from_slice(&fourth).unwrap();
    assert!(Rc::ptr_eq(&bob, &more[0].author));
    assert_eq!(load.from_slice::<Option<u64>>(&fifth).unwrap(), Some(7));
}

#[test]
fn a_later_message_may_have_changed_where_the_first_has_not() {
    let ann = author("ann");
    let mut dump = Dumper::new().session();
    let first = dump.to_vec(&(ann.clone(), 1u8)).unwrap();
    let second = dump.to_vec(&note(2, &ann)).unwrap();
    let third = dump.to_vec(&(ann.clone(), 3u8)).unwrap();
    let mut load = Loader::new().session();
    let (same, _): (Rc<old::Author>, u8) = load.from_slice(&first).unwrap();
    // The object is of the type that it was made of.
    let error = load.from_slice::<Note>(&second).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    assert!(error.to_string().contains("read as another type before"), "{error}");
    // One that is not shared any more is gone with the message.
    #[derive(Reduce, Debug)]
    #[reduce(name = "d.Note")]
    #[allow(dead_code)]
    struct Own {
        author: Author,
    }
    let error = load.from_slice::<Own>(&second).unwrap_err();
    assert!(error.to_string().contains("stood in an earlier message"), "{error}");
    #[derive(Reduce)]
    #[reduce(name = "d.Note")]
    struct Kept {
        id: u64,
        author: Rc<old::Author>,
    }
    let kept: Kept = load.from_slice(&second).unwrap();
    assert_eq!(kept.id, 2);
    assert!(Rc::ptr_eq(&kept.author, &same));
    let (same_again, three): (Rc<old::Author>, u64) = load.from_slice(&third).unwrap();
    assert!(Rc::ptr_eq(&same_again, &same));
    assert_eq!(three, 3);
}

#[test]
fn a_fingerprint_that_a_store_knows_is_adapted() {
    let value = note(5, &author("eve"));
    let short = Dumper::new().fingerprint(true).to_vec(&value).unwrap();
    let error = Loader::new().from_slice::<Note>(&short).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    let mut programs = Programs::new();
    programs.add_stream(&to_vec(&value).unwrap()).unwrap();
    let loader = Loader::new().programs(&programs);
    is(&loader.from_slice::<Note>(&short).unwrap(), 5, "eve");
    for length in 0..short.len() {
        assert!(loader.from_slice::<Note>(&short[..length]).is_err());
    }
}

#[test]
fn buffers_keep_their_numbers_where_fields_are_gone_and_moved() {
    #[derive(Reduce)]
    #[reduce(name = "d.Parts")]
    struct Old {
        #[reduce(out_of_band)]
        gone: Vec<u8>,
        #[reduce(out_of_band)]
        second: Vec<u8>,
        #[reduce(out_of_band)]
        first: Vec<u8>,
    }
    #[derive(Reduce)]
    #[reduce(name = "d.Parts")]
    struct New {
        first: Vec<u8>,
        second: Vec<u16>,
    }
    let value = Old { gone: vec![1; 9000], second: vec![2; 9001], first: vec![3; 9002] };
    let mut buffers = Vec::new();
    let dumper = Dumper::new();
    let take = |buffer: &[u8]| {
        buffers.push(buffer.to_vec());
        Ok(true)
    };
    let bytes = dumper.buffers(take).to_vec(&value).unwrap();
    assert_eq!(buffers.len(), 3);
    let new: New = Loader::new().buffers(&buffers).from_slice(&bytes).unwrap();
    assert_eq!((new.first, new.second), (vec![3; 9002], vec![2; 9001]));
    let error = Loader::new().buffers(&buffers[..2]).from_slice::<New>(&bytes);
    assert_eq!(error.err().unwrap().kind(), ErrorKind::Buffers);
}

#[test]
fn contexts_registered_types_and_canonical_streams_are_those_of_any_load() {
    #[derive(Reduce)]
    #[reduce(name = "d.Open")]
    struct Old {
        gone: bool,
        path: String,
    }
    #[derive(Reduce)]
    #[reduce(name = "d.Open")]
    struct New {
        path: Box<str>,
        #[reduce(skip, rebuild = opened, context(usize))]
        length: usize,
    }
    fn opened(base: &usize, path: &str) -> usize {
        base + path.len()
    }
    let (mut was, mut now) = (Registry::new(), Registry::new());
    was.register_as::<Old>("open").unwrap();
    now.register_as::<New>("open").unwrap();
    let object: Box<dyn Any> = Box::new(Old { gone: true, path: "abc".into() });
    let dumper = Dumper::new().registry(&was).canonical(true);
    let bytes = dumper.to_vec(&HashMap::from([(1u8, object)])).unwrap();
    let loader = Loader::new().registry(&now).context(10usize);
    let objects: HashMap<u64, Box<dyn Any>> = loader.from_slice(&bytes).unwrap();
    let new = objects[&1].downcast_ref::<New>().unwrap();
    assert_eq!((&*new.path, new.length), ("abc", 13));
}
