//! Variants that a type does not know: refused, or taken by the one with `other`.

use reduce_core::{ErrorKind, Reduce, Value};
use std::rc::Rc;

fn dump<T: Reduce + ?Sized>(value: &T) -> Vec<u8> {
    reduce_core::to_vec(value).unwrap()
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
fn an_unknown_variant_is_an_error_by_default() {
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "app.Event")]
    enum Strict {
        Pressed(u32),
    }
    use events::New;
    let pressed: Vec<Strict> =
        reduce_core::from_slice(&dump(&[New::Pressed(1), New::Pressed(2)])).unwrap();
    assert_eq!(pressed, [Strict::Pressed(1), Strict::Pressed(2)]);
    let error =
        reduce_core::from_slice::<Vec<Strict>>(&dump(&[New::Pressed(1), New::Gone])).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::TypeMismatch, "[1]"));
    assert!(error.to_string().contains("the enum `app.Event` has no variant `Gone`"), "{error}");
    assert!(error.to_string().contains("`#[reduce(other)]`"), "{error}");
}

#[test]
fn kept_variants_are_dumped_again_as_the_same_values() {
    use events::{Old, all};
    let whole = Value::of(&all()).unwrap();
    let mut old: Vec<Old> = reduce_core::from_slice(&dump(&all())).unwrap();
    for _ in 0..3 {
        for (at, event) in old.iter().enumerate() {
            match event {
                Old::Pressed(_) => assert!(at == 1 || at == 5),
                Old::Other(value) => assert_eq!(value, &whole[at]),
            }
        }
        old = reduce_core::from_slice(&dump(&old)).unwrap();
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

#[test]
fn kept_variants_have_copies_of_objects_outside_of_them() {
    use events::{New, Old};
    let one = Rc::new("one".to_string());
    let bytes = dump(&(one.clone(), vec![New::Held(one.clone(), one)]));
    let (_, old): (Rc<String>, Vec<Old>) = reduce_core::from_slice(&bytes).unwrap();
    let Old::Other(held) = &old[0] else { panic!("{old:?}") };
    assert_eq!(held.to_string(), r#"app.Event::Held(#1 = "one", #1)"#);
    let new: Vec<New> = reduce_core::from_slice(&dump(&old)).unwrap();
    let New::Held(a, b) = &new[0] else { panic!("{new:?}") };
    assert!(Rc::ptr_eq(a, b) && **a == "one");
}
