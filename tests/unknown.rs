//! What a program does not know and keeps all the same: fields with `unknown`, variants with `other`.

use reduce_core::{ErrorKind, Reduce, Unknown, Value};
use std::rc::Rc;

fn dump<T: Reduce + ?Sized>(value: &T) -> Vec<u8> {
    reduce_core::to_vec(value).unwrap()
}

/// A generation that knows everything.
mod new {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Reduce)]
    #[reduce(name = "app.Note")]
    pub struct Note {
        pub stars: u8,
        pub text: String,
        pub place: Option<Place>,
        pub tags: Vec<String>,
        pub kind: Kind,
        #[reduce(default)]
        pub later: Option<u64>,
    }

    #[derive(Clone, Debug, PartialEq, Reduce)]
    #[reduce(name = "app.Place")]
    pub struct Place {
        pub x: f64,
        pub name: String,
    }

    #[derive(Clone, Debug, PartialEq, Reduce)]
    #[reduce(name = "app.Kind")]
    pub enum Kind {
        Plain,
        Sized { width: u32 },
    }

    pub fn note() -> Note {
        Note {
            stars: 5,
            text: "tea".into(),
            place: Some(Place { x: 1.5, name: "home".into() }),
            tags: vec!["a".into(), "b".into()],
            kind: Kind::Sized { width: 7 },
            later: None,
        }
    }
}

/// One that knows the text alone.
mod old {
    use super::*;

    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "app.Note")]
    pub struct Note {
        #[reduce(unknown)]
        pub more: Unknown,
        pub text: String,
    }
}

/// One in between.
mod middle {
    use super::*;

    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "app.Note")]
    pub struct Note {
        pub text: String,
        pub stars: u32,
        #[reduce(default)]
        pub own: bool,
        #[reduce(unknown)]
        pub more: Unknown,
    }
}

#[test]
fn fields_are_kept_and_found_again_by_their_names() {
    let mut kept: old::Note = reduce_core::from_slice(&dump(&new::note())).unwrap();
    let names: Vec<_> = kept.more.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["kind", "later", "place", "stars", "tags"]);
    assert_eq!(
        kept.more.get("place").unwrap().to_string(),
        r#"Some(app.Place { x: 1.5, name: "home" })"#
    );
    kept.text.push('!');

    let again: new::Note = reduce_core::from_slice(&dump(&kept)).unwrap();
    assert_eq!(again, new::Note { text: "tea!".into(), ..new::note() });
    // And natively.
    assert_eq!(reduce_core::from_slice::<old::Note>(&dump(&kept)).unwrap(), kept);
}

#[test]
fn fields_pass_through_three_generations() {
    for outer in [false, true] {
        let notes = vec![new::note(), new::Note { stars: 6, ..new::note() }];
        let kept: Vec<old::Note> = match outer {
            false => reduce_core::from_slice(&dump(&notes)).unwrap(),
            true => {
                let kept: Vec<Option<old::Note>> = reduce_core::from_slice(&dump(&notes)).unwrap();
                kept.into_iter().flatten().collect()
            }
        };
        // One of the kept fields is a field now, of a wider type; the others go on.
        let middle: Vec<middle::Note> = reduce_core::from_slice(&dump(&kept)).unwrap();
        assert_eq!((middle[1].stars, middle[1].own, middle[1].more.len()), (6, false, 4));
        // Back by way of the oldest, which knows neither `stars` nor `own`.
        let kept: Vec<old::Note> = reduce_core::from_slice(&dump(&middle)).unwrap();
        assert_eq!(kept[0].more.len(), 6);
        assert_eq!(kept[0].more.get("stars"), Some(&Value::U32(5)));
        let last: Vec<new::Note> = reduce_core::from_slice(&dump(&kept)).unwrap();
        assert_eq!(last, notes);
    }
}

#[test]
fn a_kept_field_that_does_not_fit_is_an_error() {
    let mut kept: old::Note = reduce_core::from_slice(&dump(&new::note())).unwrap();
    kept.more.insert("stars", 300u16);
    let error = reduce_core::from_slice::<new::Note>(&dump(&kept)).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::InvalidValue, "stars"));
    kept.more.insert("stars", "many");
    let error = reduce_core::from_slice::<new::Note>(&dump(&kept)).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::TypeMismatch, "stars"));
    kept.more.remove("stars");
    let error = reduce_core::from_slice::<new::Note>(&dump(&kept)).unwrap_err();
    assert!(error.to_string().contains("no field `stars`"), "{error}");
}

#[test]
fn a_kept_field_goes_through_the_conversions_of_the_field() {
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "app.Note")]
    struct Later {
        text: String,
        #[reduce(convert = whole, convert = counted)]
        stars: Stars,
        #[reduce(alias = "tags", convert = joined, default)]
        labels: String,
        #[reduce(convert = counted, default)]
        absent: Stars,
    }
    #[derive(Debug, Default, PartialEq, Reduce)]
    struct Stars(String);
    fn whole(stars: u8) -> Stars {
        Stars("*".repeat(stars.into()))
    }
    fn counted(stars: String) -> Result<Stars, std::num::ParseIntError> {
        stars.parse().map(whole)
    }
    fn joined(tags: Vec<String>) -> String {
        tags.join(", ")
    }

    let bytes = dump(&new::note());
    let direct: Later = reduce_core::from_slice(&bytes).unwrap();
    let mut kept: old::Note = reduce_core::from_slice(&bytes).unwrap();
    let later: Later = reduce_core::from_slice(&dump(&kept)).unwrap();
    assert_eq!((later.stars.0.as_str(), later.labels.as_str()), ("*****", "a, b"));
    assert_eq!(later, direct);
    // Each by the conversion that takes what was kept.
    kept.more.insert("stars", "3");
    let later: Later = reduce_core::from_slice(&dump(&kept)).unwrap();
    assert_eq!(later.stars, Stars("***".into()));
    // As it is, where it is of the field's own type.
    kept.more.insert("stars", Value::of(&Stars("own".into())).unwrap());
    let later: Vec<Later> = reduce_core::from_slice(&dump(&[kept])).unwrap();
    assert_eq!(later[0].stars, Stars("own".into()));
    // What fails, fails by name.
    let mut kept: old::Note = reduce_core::from_slice(&bytes).unwrap();
    kept.more.insert("stars", "many");
    let error = reduce_core::from_slice::<Later>(&dump(&kept)).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Convert, "stars"));
    kept.more.insert("stars", true);
    let error = reduce_core::from_slice::<Later>(&dump(&kept)).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::TypeMismatch, "stars"));
}

#[test]
fn kept_fields_are_refused_where_the_type_says_so() {
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "app.Note", deny_unknown)]
    struct Strict {
        text: String,
        #[reduce(default)]
        stars: u8,
    }
    let mut kept = old::Note { more: Unknown::new(), text: "tea".into() };
    let strict: Strict = reduce_core::from_slice(&dump(&kept)).unwrap();
    assert_eq!(strict, Strict { text: "tea".into(), stars: 0 });
    kept.more.insert("stars", 4u8);
    assert_eq!(reduce_core::from_slice::<Strict>(&dump(&kept)).unwrap().stars, 4);
    kept.more.insert("x", 4u8);
    let error = reduce_core::from_slice::<Strict>(&dump(&kept)).unwrap_err();
    assert!(error.to_string().contains("a field `x` that `app.Note` does not know"), "{error}");
}

mod graph {
    use super::*;

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Pair")]
    pub struct New {
        pub inner: (Rc<String>, Rc<String>),
        pub text: String,
        pub after: u8,
    }

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Pair")]
    pub struct Old {
        pub text: String,
        pub after: u8,
        #[reduce(unknown)]
        pub more: Unknown,
    }
}

#[test]
fn shared_objects_of_a_kept_field_stay_one() {
    let one = Rc::new("one".to_string());
    let new = graph::New { inner: (one.clone(), one), text: "t".into(), after: 3 };
    let old: graph::Old = reduce_core::from_slice(&dump(&new)).unwrap();
    assert_eq!((old.text.as_str(), old.after, old.more.len()), ("t", 3, 1));
    let new: graph::New = reduce_core::from_slice(&dump(&old)).unwrap();
    assert!(Rc::ptr_eq(&new.inner.0, &new.inner.1));
    assert_eq!(*new.inner.0, "one");

    // Known objects beside it have their own numbers.
    let shared = Rc::new("known".to_string());
    let bytes = dump(&(shared.clone(), old, shared));
    let (a, new, b): (Rc<String>, graph::New, Rc<String>) =
        reduce_core::from_slice(&bytes).unwrap();
    assert!(Rc::ptr_eq(&a, &b) && Rc::ptr_eq(&new.inner.0, &new.inner.1));
    assert_eq!((a.as_str(), new.inner.1.as_str()), ("known", "one"));
}

#[test]
fn a_field_that_refers_to_objects_outside_of_it_cannot_be_kept() {
    let one = Rc::new("one".to_string());
    let new = graph::New { inner: (one.clone(), one.clone()), text: "t".into(), after: 3 };
    let error =
        reduce_core::from_slice::<(Rc<String>, graph::Old)>(&dump(&(one, new))).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Unsupported, "1.inner"));
}

#[test]
fn upgrades_leave_what_the_type_does_not_know() {
    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Note", version = 1, upgrade(0 = upgrade))]
    struct Upgraded {
        title: String,
        stars: u16,
        #[reduce(unknown)]
        more: Unknown,
    }
    fn upgrade(record: &mut reduce_core::Record) -> Result<(), reduce_core::Error> {
        record.rename("text", "title")?;
        record.insert("extra", true)
    }
    let kept: old::Note = reduce_core::from_slice(&dump(&new::note())).unwrap();
    for bytes in [dump(&new::note()), dump(&kept)] {
        let upgraded: Upgraded = reduce_core::from_slice(&bytes).unwrap();
        assert_eq!((upgraded.title.as_str(), upgraded.stars), ("tea", 5));
        let names: Vec<_> = upgraded.more.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["extra", "kind", "later", "place", "tags"]);
    }
}

#[test]
fn changed_bytes_are_a_value_or_an_error() {
    let kept: old::Note = reduce_core::from_slice(&dump(&new::note())).unwrap();
    let one = Rc::new("one".to_string());
    let shared = graph::New { inner: (one.clone(), one), text: "t".into(), after: 3 };
    let shared_old: graph::Old = reduce_core::from_slice(&dump(&shared)).unwrap();
    for bytes in [dump(&kept), dump(&new::note()), dump(&shared), dump(&shared_old)] {
        for at in 0..bytes.len() {
            for with in [0, 1, 2, 5, 0x13, 0x1A, 0x20, 0x21, 0x40, 0x43, 0x7F, 0x80, 0xFF] {
                let mut changed = bytes.clone();
                changed[at] = with;
                drop(reduce_core::from_slice::<old::Note>(&changed));
                drop(reduce_core::from_slice::<new::Note>(&changed));
                drop(reduce_core::from_slice::<middle::Note>(&changed));
                drop(reduce_core::from_slice::<graph::Old>(&changed));
                drop(reduce_core::from_slice::<graph::New>(&changed));
                drop(Value::from_slice(&changed));
            }
        }
    }
}

mod stateful {
    use super::*;
    use std::cell::RefCell;
    use std::rc::Weak;

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Node")]
    pub struct New {
        pub extra: u8,
        pub name: String,
        #[reduce(state)]
        pub next: RefCell<Weak<New>>,
    }

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Node")]
    pub struct Old {
        #[reduce(unknown)]
        pub more: Unknown,
        pub name: String,
        #[reduce(state)]
        pub next: RefCell<Weak<Old>>,
    }
}

#[test]
fn types_with_state_keep_fields_as_well() {
    let node = Rc::new(stateful::New { extra: 9, name: "n".into(), next: Default::default() });
    *node.next.borrow_mut() = Rc::downgrade(&node);
    let old: Rc<stateful::Old> = reduce_core::from_slice(&dump(&node)).unwrap();
    assert!(Rc::ptr_eq(&old.next.borrow().upgrade().unwrap(), &old));
    let new: Rc<stateful::New> = reduce_core::from_slice(&dump(&old)).unwrap();
    assert!(Rc::ptr_eq(&new.next.borrow().upgrade().unwrap(), &new));
    assert_eq!((new.extra, new.name.as_str()), (9, "n"));
}

mod events {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Reduce)]
    #[reduce(name = "app.Event")]
    pub enum New {
        Swiped { from: u32, to: u32 },
        Pressed(u32),
        Typed(Vec<String>),
        Held(Rc<String>, Rc<String>),
        Gone,
    }

    #[derive(Clone, Debug, PartialEq, Reduce)]
    #[reduce(name = "app.Event")]
    pub enum Old {
        Pressed(u64),
        #[reduce(other)]
        Other(Value),
    }

    #[derive(Clone, Debug, PartialEq, Reduce)]
    #[reduce(name = "app.Event")]
    pub enum Middle {
        #[reduce(other)]
        Other(Value),
        Gone,
        Typed(Vec<String>),
        Pressed(u16),
    }

    #[derive(Clone, Debug, PartialEq, Reduce)]
    #[reduce(name = "app.Event")]
    pub enum Unit {
        Pressed(u16),
        #[reduce(other)]
        Unknown,
    }

    pub fn all() -> Vec<New> {
        let one = Rc::new("one".to_string());
        vec![
            New::Swiped { from: 1, to: 2 },
            New::Pressed(3),
            New::Typed(vec!["a".into(), "b".into()]),
            New::Held(one.clone(), one),
            New::Gone,
            New::Pressed(4),
        ]
    }
}

#[test]
fn variants_are_kept_and_found_again_by_their_names() {
    use events::{Middle, New, Old, Unit, all};
    let old: Vec<Old> = reduce_core::from_slice(&dump(&all())).unwrap();
    assert_eq!((&old[1], &old[5]), (&Old::Pressed(3), &Old::Pressed(4)));
    let Old::Other(swiped) = &old[0] else { panic!("{old:?}") };
    assert_eq!(swiped.to_string(), "app.Event::Swiped { from: 1, to: 2 }");
    assert_eq!(reduce_core::from_slice::<Vec<Old>>(&dump(&old)).unwrap(), old);

    let new: Vec<New> = reduce_core::from_slice(&dump(&old)).unwrap();
    assert_eq!(new, all());
    let New::Held(a, b) = &new[3] else { panic!("{new:?}") };
    assert!(Rc::ptr_eq(a, b));

    // By way of two that know different ones.
    let middle: Vec<Middle> = reduce_core::from_slice(&dump(&old)).unwrap();
    assert_eq!(middle[2], Middle::Typed(vec!["a".into(), "b".into()]));
    assert_eq!((&middle[4], &middle[1]), (&Middle::Gone, &Middle::Pressed(3)));
    let old: Vec<Old> = reduce_core::from_slice(&dump(&middle)).unwrap();
    assert_eq!(reduce_core::from_slice::<Vec<New>>(&dump(&old)).unwrap(), all());

    let unit: Vec<Unit> = reduce_core::from_slice(&dump(&old)).unwrap();
    let unknown = Unit::Unknown;
    let expected = [
        unknown.clone(),
        Unit::Pressed(3),
        unknown.clone(),
        unknown.clone(),
        unknown,
        Unit::Pressed(4),
    ];
    assert_eq!(unit, expected);
}

#[test]
fn what_is_kept_beside_known_objects_has_its_own_numbers() {
    use events::{New, Old};
    let shared = Rc::new("known".to_string());
    let one = Rc::new("one".to_string());
    let new = vec![New::Held(one.clone(), one)];
    let bytes = dump(&(shared.clone(), new, shared));
    let (a, old, b): (Rc<String>, Vec<Old>, Rc<String>) = reduce_core::from_slice(&bytes).unwrap();
    assert!(Rc::ptr_eq(&a, &b));
    let (a, new, b): (Rc<String>, Vec<New>, Rc<String>) =
        reduce_core::from_slice(&dump(&(a, old, b))).unwrap();
    let New::Held(c, d) = &new[0] else { panic!("{new:?}") };
    assert!(Rc::ptr_eq(&a, &b) && Rc::ptr_eq(c, d));
    assert_eq!((a.as_str(), c.as_str()), ("known", "one"));
}

#[test]
fn a_kept_variant_that_does_not_fit_is_an_error() {
    use events::{New, Old};
    let other = Old::Other(Value::U8(5));
    let error = reduce_core::from_slice::<New>(&dump(&other)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    assert!(error.to_string().contains("no enum of this name"), "{error}");
    let gone: Old = reduce_core::from_slice(&dump(&New::Gone)).unwrap();
    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Event")]
    enum Fewer {
        #[allow(dead_code)]
        Pressed(u8),
    }
    let error = reduce_core::from_slice::<Fewer>(&dump(&gone)).unwrap_err();
    assert!(error.to_string().contains("has no variant `Gone` any more"), "{error}");
}

#[test]
fn changed_bytes_of_kept_variants_are_a_value_or_an_error() {
    use events::{Middle, New, Old, Unit, all};
    let old: Vec<Old> = reduce_core::from_slice(&dump(&all())).unwrap();
    for bytes in [dump(&old), dump(&all())] {
        for at in 0..bytes.len() {
            for with in [0, 1, 2, 3, 5, 0x1A, 0x20, 0x21, 0x40, 0x43, 0x80, 0xFF] {
                let mut changed = bytes.clone();
                changed[at] = with;
                drop(reduce_core::from_slice::<Vec<Old>>(&changed));
                drop(reduce_core::from_slice::<Vec<New>>(&changed));
                drop(reduce_core::from_slice::<Vec<Middle>>(&changed));
                drop(reduce_core::from_slice::<Vec<Unit>>(&changed));
                drop(Value::from_slice(&changed));
            }
        }
    }
}
