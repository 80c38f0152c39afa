//! Fields that a type does not know: skipped, refused, or kept with `unknown`.

use reduce_core::{ErrorKind, Reduce, Unknown, Value};

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
fn fields_that_a_type_does_not_know_are_skipped_by_default() {
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "app.Note")]
    struct Plain {
        text: String,
    }
    let notes = vec![new::note(); 3];
    let plain: Vec<Plain> = reduce_core::from_slice(&dump(&notes)).unwrap();
    assert!(plain.len() == 3 && plain.iter().all(|note| note.text == "tea"));
    // They take no memory: this much would not hold one of them.
    let tags = vec!["tag".repeat(1000); 1000];
    let bytes = dump(&new::Note { tags, ..new::note() });
    let few = reduce_core::Limits::default().bytes(16 << 10);
    let loader = reduce_core::Loader::new().limits(few);
    assert_eq!(loader.from_slice::<Plain>(&bytes).unwrap(), Plain { text: "tea".into() });
    let error = loader.from_slice::<old::Note>(&bytes).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Limit, "tags"));
}

#[test]
fn kept_fields_are_dumped_again_as_the_same_values() {
    let whole = Value::of(&new::note()).unwrap();
    let mut kept: old::Note =
        reduce_core::from_slice(&dump(&whole.to::<new::Note>().unwrap())).unwrap();
    for _ in 0..3 {
        for (name, value) in kept.more.iter() {
            assert_eq!(Some(value), whole.get(name), "{name}");
        }
        kept = reduce_core::from_slice(&dump(&kept)).unwrap();
    }
    assert_eq!(kept.more.len(), 5);
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
    for bytes in [dump(&kept), dump(&new::note())] {
        for at in 0..bytes.len() {
            for with in [0, 1, 2, 5, 0x13, 0x1A, 0x20, 0x21, 0x40, 0x43, 0x7F, 0x80, 0xFF] {
                let mut changed = bytes.clone();
                changed[at] = with;
                drop(reduce_core::from_slice::<old::Note>(&changed));
                drop(reduce_core::from_slice::<new::Note>(&changed));
                drop(reduce_core::from_slice::<middle::Note>(&changed));
                drop(Value::from_slice(&changed));
            }
        }
    }
}
