//! Types that have changed since the stream was written: a table of what was written, the type that it is loaded as, and
//! the value or the error. Each line is checked as the root, in rows, in columns, nested three deep, behind `Rc`, and behind
//! `dyn`.

mod containers;
mod doors;
mod errors;
mod hostile;
mod linear;
mod objects;
mod random;
mod scalars;
mod shapes;

use reduce_core::{Dumper, Expand, Loader, Reduce, Registry, from_slice, to_vec};
use std::any::Any;
use std::fmt::Debug;
use std::rc::Rc;

/// What holds the type, as it was.
mod old {
    use super::*;

    #[derive(Reduce)]
    #[reduce(name = "test.Row")]
    pub struct Row<T> {
        pub before: u8,
        pub field: T,
        pub gone: Vec<String>,
    }
}

/// As it is: the field that is looked at stands in front, one is gone, one is new.
mod new {
    use super::*;

    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "test.Row")]
    pub struct Row<T> {
        pub field: T,
        pub before: u64,
        #[reduce(default)]
        pub added: Option<u8>,
    }
}

fn old_row<T>(field: T) -> old::Row<T> {
    old::Row { before: 3, field, gone: vec!["x".into(), "y".into()] }
}

fn new_row<T>(field: T) -> new::Row<T> {
    new::Row { field, before: 3, added: None }
}

/// Checks what becomes of an old value: the new one, or an error that says this.
fn check<Old, New>(make: impl Fn() -> Old, expected: Result<impl Fn() -> New, &str>)
where
    Old: Reduce + for<'de> Expand<'de> + 'static,
    New: Reduce + for<'de> Expand<'de> + PartialEq + Debug + 'static,
{
    let row = || old_row(make());
    let expected = expected.as_ref();
    let compare = |what: &str, found: Result<Vec<New>, reduce_core::Error>| match (found, expected)
    {
        (Ok(found), Ok(expected)) => {
            for found in found {
                assert_eq!(found, expected(), "{what}");
            }
        }
        (Err(error), Err(message)) => {
            let text = format!("{error}");
            assert!(text.contains(*message), "{what}: {text}");
        }
        (Ok(found), Err(message)) => panic!("{what}: {found:?}, not an error: {message}"),
        (Err(error), Ok(_)) => panic!("{what}: {error:#}"),
    };
    let field = |row: new::Row<New>| {
        assert_eq!((row.before, row.added), (3, None));
        row.field
    };

    compare("root", from_slice(&to_vec(&make()).unwrap()).map(|value| vec![value]));

    // What is not plain stays in rows, however many there are.
    for (what, count, columns) in [("rows", 2, false), ("columns", 20, true)] {
        let rows: Vec<_> = (0..count).map(|_| row()).collect();
        let bytes = Dumper::new().columns(columns).to_vec(&rows).unwrap();
        let rows = from_slice::<Vec<new::Row<New>>>(&bytes);
        compare(what, rows.map(|rows| rows.into_iter().map(field).collect()));
        // Neither less nor other bytes are more than an error.
        for length in 0..bytes.len() {
            assert!(from_slice::<Vec<new::Row<New>>>(&bytes[..length]).is_err(), "cut at {length}");
        }
        for at in 0..bytes.len() {
            for bit in [0, 3, 7] {
                let mut wrong = bytes.clone();
                wrong[at] ^= 1 << bit;
                let _ = from_slice::<Vec<new::Row<New>>>(&wrong);
            }
        }
    }

    let deep = old_row(Some(vec![old_row((1u8, row()))]));
    let deep =
        from_slice::<new::Row<Option<Vec<new::Row<(u8, new::Row<New>)>>>>>(&to_vec(&deep).unwrap());
    #[allow(clippy::type_complexity, reason = "what is checked is that it nests")]
    let innermost = |row: new::Row<Option<Vec<new::Row<(u8, new::Row<New>)>>>>| {
        row.field.into_iter().flatten().map(|row| field(row.field.1)).collect()
    };
    compare("three deep", deep.map(innermost));

    let shared = Rc::new(row());
    let shared = from_slice::<[Rc<new::Row<New>>; 2]>(&to_vec(&[shared.clone(), shared]).unwrap());
    let one = |[a, b]: [Rc<new::Row<New>>; 2]| {
        assert!(Rc::ptr_eq(&a, &b));
        drop(b);
        vec![field(Rc::into_inner(a).unwrap())]
    };
    compare("behind Rc", shared.map(one));

    let (mut was, mut is) = (Registry::new(), Registry::new());
    was.register_as::<old::Row<Old>>("row").unwrap();
    is.register_as::<new::Row<New>>("row").unwrap();
    let object: Box<dyn Any> = Box::new(row());
    let bytes = Dumper::new().registry(&was).to_vec(&vec![object]).unwrap();
    let objects = Loader::new().registry(&is).from_slice::<Vec<Box<dyn Any>>>(&bytes);
    let concrete = |objects: Vec<Box<dyn Any>>| {
        let rows = objects.into_iter().map(|object| object.downcast::<new::Row<New>>().unwrap());
        rows.map(|row| field(*row)).collect()
    };
    compare("behind dyn", objects.map(concrete));
}

/// Lines of the table: `Old => New { value => Ok(value), value => Err("message"), }`.
macro_rules! changes {
    ($($old:ty => $new:ty { $($from:expr => $result:ident($to:expr)),* $(,)? })*) => {
        $($(changes!(@ $old, $new, $from, $result, $to);)*)*
    };
    (@ $old:ty, $new:ty, $from:expr, Ok, $to:expr) => {
        $crate::check::<$old, $new>(|| $from, Ok(|| -> $new { $to }))
    };
    (@ $old:ty, $new:ty, $from:expr, Err, $to:expr) => {
        $crate::check::<$old, $new>(|| $from, Err::<fn() -> $new, &str>($to))
    };
}
pub(crate) use changes;

/// A row's old and new self hold the same value where nothing in it has changed.
#[test]
fn what_has_not_changed_is_what_it_was() {
    check::<u32, u32>(|| 5, Ok(|| 5));
    assert_eq!(new_row(5u8).before, u64::from(old_row(5u8).before));
}
