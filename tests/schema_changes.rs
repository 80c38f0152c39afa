//! What changes of programs do to streams.

use proptest::prelude::*;
use reduce_core::schema::{self, Schema, compare};

#[track_caller]
fn parsed(text: &str) -> Schema {
    text.parse().unwrap_or_else(|error| panic!("{error} in\n{text}"))
}

/// What a change of the field `a` of `S` does, to old streams and to new ones.
#[track_caller]
fn changed(from: &str, to: &str) -> (Vec<String>, Vec<String>) {
    let declared = "struct P { x: u8 } struct Q { x: u8 } enum E { A, P(0: P) } enum F { A, P(0: P), R(0: P) }";
    let of = |field: &str| parsed(&format!("root S struct S {{ {field} }} {declared}"));
    both(&of(from), &of(to))
}

fn both(earlier: &Schema, now: &Schema) -> (Vec<String>, Vec<String>) {
    let changes = compare(earlier, now);
    let lines = |changes: Vec<schema::Change>| changes.iter().map(ToString::to_string).collect();
    (lines(changes.old_streams), lines(changes.new_streams))
}

/// Changes of a field's type: what old values do, and what new values do in earlier programs.
const TYPES: &[(&str, &str, &str, &str)] = &[
    ("u8", "u8", "", ""),
    ("u8", "u16", "harmless: every old value fits", "may fail: new values above 255 will fail"),
    ("u32", "u16", "may fail: old values above 65,535 will fail", "harmless: every new value fits"),
    ("u32", "u32_fixed", "harmless: every old value fits", "harmless: every new value fits"),
    (
        "u32_fixed",
        "u16_fixed",
        "may fail: old values above 65,535 will fail",
        "harmless: every new value fits",
    ),
    (
        "i32",
        "u32",
        "may fail: old values below 0 will fail",
        "may fail: new values above 2,147,483,647 will fail",
    ),
    (
        "i16",
        "i8",
        "may fail: old values below -128 or above 127 will fail",
        "harmless: every new value fits",
    ),
    (
        "i64",
        "u8",
        "may fail: old values below 0 or above 255 will fail",
        "harmless: every new value fits",
    ),
    (
        "u128",
        "i128",
        "may fail: old values above 170,141,183,460,469,231,731,687,303,715,884,105,727 will fail",
        "may fail: new values below 0 will fail",
    ),
    (
        "f32",
        "f64",
        "harmless: every old value fits",
        "may fail: new values that `f32` does not hold exactly will fail",
    ),
    ("i16", "f32", "harmless: every old value fits", "breaks: new values will fail"),
    (
        "u32",
        "f32",
        "may fail: old values beyond 16,777,216 that `f32` does not hold exactly will fail",
        "breaks: new values will fail",
    ),
    ("i32", "f64", "harmless: every old value fits", "breaks: new values will fail"),
    (
        "i64",
        "f64",
        "may fail: old values beyond 9,007,199,254,740,992 that `f64` does not hold exactly will fail",
        "breaks: new values will fail",
    ),
    ("bool", "u8", "breaks: old values will fail", "breaks: new values will fail"),
    ("char", "u32", "breaks: old values will fail", "breaks: new values will fail"),
    ("char", "str", "breaks: old values will fail", "breaks: new values will fail"),
    ("str", "list<u8>", "breaks: old values will fail", "breaks: new values will fail"),
    (
        "str",
        "os_str",
        "harmless: every old value fits",
        "may fail: new values that are not Unicode will fail",
    ),
    (
        "u8",
        "option<u8>",
        "harmless: old values become `Some`",
        "may fail: new values of `None` will fail",
    ),
    (
        "option<u8>",
        "option<u16>",
        "harmless: every old value fits",
        "may fail: new values above 255 will fail",
    ),
    (
        "u8",
        "shared<u8>",
        "harmless: old values become shared objects",
        "harmless: objects that were shared are no longer",
    ),
    (
        "shared<u8>",
        "option<shared<u8>>",
        "harmless: old values become `Some`",
        "may fail: new values of `None` will fail",
    ),
    (
        "shared<option<u8>>",
        "option<u8>",
        "harmless: objects that were shared are no longer",
        "harmless: new values become shared objects",
    ),
    (
        "list<u8>",
        "value",
        "harmless: old values become values of any type",
        "breaks: new values will fail",
    ),
    ("shared<u8>", "weak<u8>", "breaks: old values will fail", "breaks: new values will fail"),
    (
        "weak<u16>",
        "weak<u8>",
        "may fail: old values above 255 will fail",
        "harmless: every new value fits",
    ),
    (
        "shared<weak<u8>>",
        "weak<u8>",
        "harmless: objects that were shared are no longer",
        "harmless: new values become shared objects",
    ),
    ("persistent<u8>", "u8", "breaks: old values will fail", "breaks: new values will fail"),
    (
        "list<u8>",
        "array<u8; 3>",
        "may fail: old values of another length than 3 will fail",
        "harmless: new values become lists",
    ),
    (
        "array<u8; 2>",
        "array<u8; 3>",
        "breaks: old values have another length than 3",
        "breaks: new values have another length than 2",
    ),
    ("list<u8>", "tuple<u8, u8>", "breaks: old values will fail", "breaks: new values will fail"),
    (
        "tuple<u8, u8>",
        "tuple<u8, u8, u8>",
        "breaks: old values do not have 3 elements",
        "breaks: new values do not have 2 elements",
    ),
    (
        "tuple<u8, bool>",
        "tuple<u8, u8>",
        "breaks: old values will fail",
        "breaks: new values will fail",
    ),
    (
        "list<tuple<u8, str>>",
        "map<u8, str>",
        "may fail: old values with a key that is there twice will fail",
        "harmless: new values become lists",
    ),
    ("list<u8>", "map<u8, u8>", "breaks: old values will fail", "breaks: new values will fail"),
    (
        "map<u8, list<u8>>",
        "map<u8, list<i8>>",
        "may fail: old values above 127 will fail",
        "may fail: new values below 0 will fail",
    ),
    (
        "dyn T",
        "dyn U",
        "may fail: old values of types that are not registered for `U` will fail",
        "may fail: new values of types that are not registered for `T` will fail",
    ),
    ("dyn T", "dispatch", "breaks: old values will fail", "breaks: new values will fail"),
    ("P", "u8", "breaks: old values will fail", "breaks: new values will fail"),
    (
        "P",
        "option<shared<P>>",
        "harmless: old values become `Some`|harmless: old values become shared objects",
        "may fail: new values of `None` will fail|harmless: objects that were shared are no longer",
    ),
    (
        "P",
        "E",
        "harmless: old values become the variant `P`",
        "may fail: new values that are not of the variant `P` will fail",
    ),
    ("P", "F", "breaks: old values will fail", "breaks: new values will fail"),
    ("Q", "E", "breaks: old values will fail", "breaks: new values will fail"),
];

#[test]
fn each_change_of_a_type_is_told_both_ways() {
    for (from, to, old, new) in TYPES {
        let told = |said: &str| -> Vec<String> {
            let told = said.split('|').filter(|said| !said.is_empty()).map(|said| {
                let (severity, why) = said.split_once(": ").unwrap();
                format!("{severity}: `S.a` went from `{from}` to `{to}`: {why}")
            });
            told.collect()
        };
        let found = changed(&format!("a: {from}"), &format!("a: {to}"));
        assert_eq!(found, (told(old), told(new)), "{from} to {to}");
        // The other way round in time, the same is said of the same values.
        let (back_old, back_new) = changed(&format!("a: {to}"), &format!("a: {from}"));
        let severities = |lines: &[String]| -> Vec<String> {
            lines.iter().map(|line| line.split(':').next().unwrap().into()).collect()
        };
        assert_eq!(severities(&found.0), severities(&back_new), "{to} to {from}");
        assert_eq!(severities(&found.1), severities(&back_old), "{to} to {from}");
    }
}

/// Changes of fields: what is said of old streams, and of new ones.
const FIELDS: &[(&str, &str, &str, &str)] = &[
    ("a: u8, b: u8", "b: u8, a: u8", "", ""),
    (
        "",
        "a: u8",
        "breaks: `S.a` is new: old streams lack the field, and it has no `default`",
        "harmless: `S.a` is new: earlier programs skip it",
    ),
    (
        "",
        "#[default] a: u8",
        "harmless: `S.a` is new: old streams lack it and get its default",
        "harmless: `S.a` is new: earlier programs skip it",
    ),
    (
        "a: u8",
        "",
        "harmless: `S.a` was removed: it is skipped in old streams",
        "breaks: `S.a` was removed: earlier programs need the field, and new streams lack it",
    ),
    (
        "#[default] a: u8",
        "",
        "harmless: `S.a` was removed: it is skipped in old streams",
        "harmless: `S.a` was removed: earlier programs give it its default",
    ),
    (
        "a: u8",
        "#[alias = a] b: u8",
        "harmless: `S.b` is `a` in old streams, which is an alias",
        "breaks: `S.a` was removed: earlier programs need the field, and new streams lack it|harmless: `S.b` is new: earlier programs skip it",
    ),
    (
        "a: option<u8>",
        "#[default] a: u8",
        "harmless: `S.a` went from `option<u8>` to `u8`: `None` in old streams becomes the default",
        "harmless: `S.a` went from `option<u8>` to `u8`: new values become `Some`",
    ),
    (
        "a: u8",
        "state a: u8",
        "breaks: `S.a` moved from the kept fields to the state: old streams will fail",
        "breaks: `S.a` moved from the kept fields to the state: new streams will fail",
    ),
    (
        "state a: u8",
        "a: u8",
        "breaks: `S.a` moved from the state to the kept fields: old streams will fail",
        "breaks: `S.a` moved from the state to the kept fields: new streams will fail",
    ),
    (
        "a: P",
        "a: Q",
        "harmless: `Q` is `P` in old streams: below a field, names of types are not compared",
        "harmless: `Q` is `Q` in new streams: below a field, names of types are not compared",
    ),
    (
        "a: list<option<P>>, b: P",
        "a: list<option<Q>>, b: Q",
        "harmless: `Q` is `P` in old streams: below a field, names of types are not compared",
        "harmless: `Q` is `Q` in new streams: below a field, names of types are not compared",
    ),
];

#[test]
fn each_change_of_fields_is_told_both_ways() {
    for (from, to, old, new) in FIELDS {
        let told = |said: &str| -> Vec<String> {
            said.split('|').filter(|said| !said.is_empty()).map(String::from).collect()
        };
        assert_eq!(changed(from, to), (told(old), told(new)), "{from} to {to}");
    }
}

/// Compares two programs of the root `S`.
#[track_caller]
fn whole(from: &str, to: &str) -> (Vec<String>, Vec<String>) {
    both(&parsed(&format!("root S {from}")), &parsed(&format!("root S {to}")))
}

#[test]
fn positions_are_names() {
    let (old, new) = whole("struct S(0: u8, 1: str)", "struct S { \"1\": str, 0: u8 }");
    assert_eq!((old, new), (vec![], vec![]));
}

#[test]
fn unknown_fields_break_where_they_are_denied() {
    let (old, new) = whole("struct S { a: u8 }", "#[deny_unknown] struct S {}");
    assert_eq!(old, ["breaks: `S.a` was removed: `deny_unknown` refuses old streams that hold it"]);
    assert_eq!(new.len(), 1);
    let (_, new) = whole("#[deny_unknown] struct S {}", "struct S { #[default] a: u8 }");
    assert_eq!(new, ["breaks: `S.a` is new: earlier programs refuse it by `deny_unknown`"]);
}

#[test]
fn unknown_fields_are_kept_where_a_field_is_for_them() {
    let keeps = "struct S { a: u8, \"\": map<str, value> }";
    let (old, new) = whole("struct S { a: u8, b: u8 }", keeps);
    assert_eq!(
        old,
        ["harmless: `S.b` was removed: it is kept with the unknown fields of old streams"]
    );
    assert_eq!(
        new,
        [
            "breaks: `S.b` was removed: earlier programs need the field, and new streams lack it",
            "harmless: `S` keeps unknown fields: earlier programs skip them",
        ]
    );
    let (old, new) = whole(keeps, "struct S { a: u8, #[default] b: u8 }");
    assert_eq!(
        old,
        [
            "harmless: `S` keeps unknown fields no longer: those in old streams are skipped",
            "harmless: `S.b` is new: old streams lack it and get its default",
        ]
    );
    assert_eq!(
        new,
        ["harmless: `S.b` is new: earlier programs keep it with what they do not know"]
    );
    let (old, _) = whole(keeps, "#[deny_unknown] struct S { a: u8 }");
    assert_eq!(
        old,
        ["may fail: `S` keeps unknown fields no longer: old values with such will fail"]
    );
    assert_eq!(whole(keeps, keeps), (vec![], vec![]));
}

#[test]
fn variants_are_compared_by_name() {
    let (old, new) = whole("enum S { A, B(0: u16) }", "enum S { B(0: u8), A }");
    let narrowed = "`S::B.0` went from `u16` to `u8`: old values above 255 will fail";
    assert_eq!(old, [format!("may fail: {narrowed}")]);
    assert_eq!(new, ["harmless: `S::B.0` went from `u16` to `u8`: every new value fits"]);

    let (old, new) = whole("enum S { A, B }", "enum S { #[alias = A] C, D }");
    assert_eq!(
        old,
        [
            "may fail: `S::B` was removed: old values of it will fail",
            "harmless: `S::C` is `A` in old streams, which is an alias",
            "harmless: `S::D` is new: old streams do not hold it",
        ]
    );
    assert_eq!(
        new,
        [
            "may fail: `S::C` is new: new values of it will fail",
            "may fail: `S::D` is new: new values of it will fail",
        ]
    );

    let (old, _) = whole("enum S { A, B }", "enum S { A, #[other] Else }");
    assert_eq!(old[0], "harmless: `S::B` was removed: old values of it become `Else`");
}

#[test]
fn unknown_variants_are_kept_where_a_variant_is_for_them() {
    let keeps = "enum S { A, #[other] \"\" (0: value) }";
    let (old, new) = whole("enum S { A, B }", keeps);
    assert_eq!(old, ["harmless: `S::B` was removed: old values of it are kept as they are"]);
    assert_eq!(new, ["may fail: `S` keeps unknown variants: new values of such will fail"]);
    let (old, new) = whole(keeps, "enum S { A, B, #[other] C }");
    assert_eq!(
        old,
        [
            "harmless: `S` keeps unknown variants no longer: old values of such become `C`",
            "harmless: `S::B` is new: old streams do not hold it",
            "harmless: `S::C` is new: old streams do not hold it",
        ]
    );
    let kept =
        |name: &str| format!("harmless: `S::{name}` is new: new values of it are kept as they are");
    assert_eq!(new, [kept("B"), kept("C")]);
    assert_eq!(whole(keeps, keeps), (vec![], vec![]));
}

#[test]
fn a_later_version_is_refused_where_the_type_says_so() {
    let (old, new) = whole("#[deny_newer] struct S {}", "#[version = 1] struct S {}");
    assert_eq!(old, [""; 0]);
    assert_eq!(new, ["breaks: `S` has version 1 in new streams: `deny_newer` refuses it in 0"]);
}

#[test]
fn what_rests_with_the_functions_of_upgrade_is_listed() {
    let (old, new) = whole(
        "#[version = 1] struct S { a: u8, c: u32, p: P, gone: str } struct P { x: u8 }",
        "#[version = 2, upgraded_from = 1] struct S { a: str, b: str, c: u16, #[default] d: u8, p: P } \
         struct P { x: bool }",
    );
    assert_eq!(
        old,
        [
            // Types below have versions of their own.
            "breaks: `P.x` went from `u8` to `bool`: old values will fail",
            "upgraded: `S` has version 1 in old streams, and an `upgrade(1 = ..)` takes it to 2",
            "upgraded: `S.a` went from `u8` to `str`: old values will fail, unless `upgrade` changes them",
            "upgraded: `S.b` is new: old streams lack the field, it has no `default`, and `upgrade` has to make it",
            "upgraded: `S.c` went from `u32` to `u16`: old values above 65,535 will fail, unless `upgrade` changes them",
        ]
    );
    // Earlier programs have no function for a later version.
    assert_eq!(new[1], "breaks: `S.a` went from `u8` to `str`: new values will fail", "{new:?}");
    assert!(new.iter().all(|change| !change.contains("`S` ")), "{new:?}");
}

#[test]
fn functions_of_upgrade_take_out_what_the_type_refuses() {
    let refuses = "#[version = 1, upgraded_from = 0, deny_unknown] struct S { a: u8 }";
    let (old, _) = whole("struct S { a: u8, b: u8 }", refuses);
    let covered =
        "upgraded: `S` has version 0 in old streams, and an `upgrade(0 = ..)` takes it to 1";
    let taken_out = "upgraded: `S.b` was removed: `deny_unknown` refuses old streams that hold it, unless `upgrade` takes it out";
    assert_eq!(old, [covered, taken_out]);
    let (old, _) = whole("struct S { a: u8, \"\": map<str, value> }", refuses);
    let taken_out = "upgraded: `S` keeps unknown fields no longer: old values with such will fail, unless `upgrade` takes them out";
    assert_eq!(old, [covered, taken_out]);
    // Functions get no state.
    let (old, _) = whole("struct S { a: u8, state b: u8 }", refuses);
    let refused = "breaks: `S.b` was removed: `deny_unknown` refuses old streams that hold it";
    assert_eq!(old, [refused, covered]);
    let (old, _) =
        whole("struct S { state a: u8 }", "#[version = 1, upgraded_from = 0] struct S { a: u8 }");
    let moved = "breaks: `S.a` moved from the state to the kept fields: old streams will fail";
    assert_eq!(old, [moved, covered]);
}

#[test]
fn each_version_that_the_functions_of_upgrade_cover_is_told() {
    let now = "#[version = 4, upgraded_from = 1] struct S { a: u8 }";
    let of = |version: u8| whole(&format!("#[version = {version}] struct S {{ a: u8 }}"), now).0;
    let covered = |version: u8, by: &str| {
        vec![format!("upgraded: `S` has version {version} in old streams, and {by} takes it to 4")]
    };
    assert_eq!(of(1), covered(1, "an `upgrade(1 = .., ..)` with each step to 4"));
    assert_eq!(of(2), covered(2, "an `upgrade(2 = .., 3 = ..)`"));
    assert_eq!(of(3), covered(3, "an `upgrade(3 = ..)`"));
    assert_eq!(of(4), [""; 0]);
    assert_eq!(of(5), [""; 0]);
}

#[test]
fn records_from_before_the_first_function_of_upgrade_break_even_where_the_fields_fit() {
    let now = "#[version = 4, upgraded_from = 2] struct S { a: u8 }";
    let older = |version: u8, give: &str| {
        format!(
            "breaks: `S` has version {version} in old streams, and `upgrade` begins at 2: none of its functions sees such \
             records; give {give} as well"
        )
    };
    let (old, new) = whole("#[version = 1] struct S { a: u8 }", now);
    assert_eq!((old, new), (vec![older(1, "an `upgrade(1 = ..)`")], vec![]));
    let (old, _) = whole("struct S { a: u8 }", now);
    assert_eq!(old, [older(0, "an `upgrade(0 = .., 1 = ..)`")]);
    let (old, _) = whole("struct S { a: bool }", now);
    let field = "breaks: `S.a` went from `bool` to `u8`: old values will fail";
    assert_eq!(old, [&older(0, "an `upgrade(0 = .., 1 = ..)`"), field]);
}

#[test]
fn a_version_that_was_not_raised_is_to_be_raised_where_fields_break() {
    let was = "#[version = 2, upgraded_from = 1] struct S { a: u8, p: P } struct P { x: u8 }";
    let raise = "breaks: `S` is of version 2 still, and its fields are no longer those of that version: raise `version` to 3 \
                 and give an `upgrade(2 = ..)`";
    let (old, _) = whole(
        was,
        "#[version = 2, upgraded_from = 1] struct S { a: str, p: P } struct P { x: u8 }",
    );
    assert_eq!(old, [raise, "breaks: `S.a` went from `u8` to `str`: old values will fail"]);
    let (old, _) = whole(was, "#[version = 2] struct S { a: u8, b: str, p: P } struct P { x: u8 }");
    let new = "breaks: `S.b` is new: old streams lack the field, and it has no `default`";
    assert_eq!(old, [raise, new]);
    // A function would be of no use where values may fail, where it is another type that fails, or where there is a state.
    for now in [
        "#[version = 2] struct S { a: i8, p: P } struct P { x: u8 }",
        "#[version = 2] struct S { a: u8, p: P } struct P { x: bool }",
        "#[version = 2] struct S { a: str, state p: P } struct P { x: u8 }",
    ] {
        let (old, _) = whole(was, now);
        assert!(!old.is_empty() && !old.iter().any(|change| change.contains("raise")), "{old:?}");
    }
    // One without a version is told in general.
    let (old, _) = whole("struct S { a: u8 }", "struct S { a: str }");
    assert_eq!(old, ["breaks: `S.a` went from `u8` to `str`: old values will fail"]);
}

#[test]
fn a_version_that_was_raised_wants_a_function_where_fields_break() {
    let (old, _) = whole("#[version = 1] struct S { a: u8 }", "#[version = 2] struct S { a: str }");
    assert_eq!(
        old,
        [
            "breaks: `S` went from version 1 to 2, and no function makes its fields from what old streams have: \
             give an `upgrade(1 = ..)`",
            "breaks: `S.a` went from `u8` to `str`: old values will fail",
        ]
    );
    let (old, _) = whole("#[version = 1] struct S { a: u8 }", "#[version = 2] struct S { a: u16 }");
    assert_eq!(old, ["harmless: `S.a` went from `u8` to `u16`: every old value fits"]);
}

#[test]
fn names_of_types_are_compared_at_the_root_alone() {
    let of = |name: &str, root: &str| {
        parsed(&format!("root {root} as r struct {name} {{ x: u8 }} struct W {{ a: {name} }}"))
    };
    for root in ["{}", "list<{}>", "tuple<u8, shared<{}>>", "map<u8, option<{}>>"] {
        let (old, _) = both(&of("A", &root.replace("{}", "A")), &of("B", &root.replace("{}", "B")));
        assert_eq!(
            old[0], "breaks: `r` is `A` in old streams, and a root keeps its name",
            "{root}"
        );
    }
    let below =
        "harmless: `B` is `A` in old streams: below a field, names of types are not compared";
    let (old, _) = both(&of("A", "W"), &of("B", "W"));
    assert_eq!(old, [below]);
    // A registered type is known by its registered name.
    let registered =
        |name: &str| parsed(&format!("registered {name} as r struct {name} {{ x: u8 }}"));
    let (old, _) = both(&registered("A"), &registered("B"));
    assert_eq!(old, [below]);
    let (old, _) = both(&registered("A"), &of("A", "A"));
    assert_eq!(
        old,
        ["breaks: `r` is not among the types that are checked, and old streams hold it"]
    );
}

#[test]
fn state_fields_without_names_are_counted_apart() {
    let (old, new) =
        whole("struct S(0: u8, state 1: str)", "struct S(0: u8, #[default] 1: u8, state 2: str)");
    assert_eq!(old, ["harmless: `S.1` is new: old streams lack it and get its default"]);
    assert_eq!(new, ["harmless: `S.1` is new: earlier programs skip it"]);
}

/// Fields with functions that convert.
const CONVERSIONS: &[(&str, &str, &str)] = &[
    // The field's own type comes first where it is the same, then the very type of the stream.
    ("a: u8", "#[convert(u8)] a: u8", ""),
    ("a: u8", "#[convert(str, u8)] a: u16", "harmless: old values go through `convert` from `u8`"),
    (
        "a: list<P>",
        "#[convert(list<P>)] a: str",
        "harmless: old values go through `convert` from `list<P>`",
    ),
    // What is like it comes last, and only where the field's own type is out of the question.
    ("a: u8", "#[convert(u32)] a: u16", "harmless: every old value fits"),
    (
        "a: u32",
        "#[convert(str, u8)] a: str",
        "may fail: old values above 255 will fail|harmless: old values go through `convert` from `u8`",
    ),
    ("a: bool", "#[convert(str, u8)] a: str", "breaks: old values will fail"),
    (
        "a: option<u8>",
        "#[convert(u8)] a: str",
        "may fail: old values of `None` will fail|harmless: old values go through `convert` from `u8`",
    ),
];

#[test]
fn fields_are_converted_from_types_that_they_had() {
    for (from, to, old) in CONVERSIONS {
        let (found, _) = changed(from, to);
        let found: Vec<_> = found
            .iter()
            .map(|line| {
                let (severity, rest) = line.split_once(": ").unwrap();
                format!("{severity}: {}", rest.split_once(": ").unwrap().1)
            })
            .collect();
        let told: Vec<_> = old.split('|').filter(|said| !said.is_empty()).collect();
        assert_eq!(found, told, "{from} to {to}");
    }
}

#[test]
fn types_below_are_compared_once_however_often_they_occur() {
    let of = |x: &str| {
        format!("struct S {{ a: P, b: list<P>, c: option<shared<S>> }} struct P {{ x: {x} }}")
    };
    let (old, new) = whole(&of("u8"), &of("bool"));
    assert_eq!(old, ["breaks: `P.x` went from `u8` to `bool`: old values will fail"]);
    assert_eq!(new, ["breaks: `P.x` went from `u8` to `bool`: new values will fail"]);
}

#[test]
fn types_without_a_name_that_hold_themselves_are_compared() {
    let (from, to) = ("root tuple<_, _> as S type _ = list<_>", "type _ = option<list<_>>");
    let to = format!("root tuple<_, _> as S {to}");
    let (old, new) = both(&parsed(from), &parsed(&to));
    let went = "`S` went from `tuple<_, _>` to `tuple<_, _>`";
    assert_eq!(old, [format!("harmless: {went}: old values become `Some`")]);
    assert_eq!(new, [format!("may fail: {went}: new values of `None` will fail")]);
    // Without an end on one side.
    let (old, _) = both(&parsed("root _ as S type _ = shared<_>"), &parsed("root u8 as S"));
    assert!(old.iter().any(|line| line.starts_with("breaks: `S`")), "{old:?}");
}

#[test]
fn roots_that_are_gone_break_and_new_ones_do_not() {
    let (earlier, now) = (parsed("root u8 as a"), parsed("root u8 as b"));
    let (old, new) = both(&earlier, &now);
    let gone = "breaks: `a` is not among the types that are checked, and old streams hold it";
    assert_eq!(old, [gone]);
    assert_eq!(new, ["harmless: `b` is new: earlier programs know nothing of it"]);
}

/// Types as text, of primitives, of the declared types `A` to `D`, and of all that is around them.
fn any_type() -> impl Strategy<Value = String> {
    let leaves =
        ["u8", "i16", "u64", "f32", "bool", "str", "os_str", "dispatch", "dyn T", "A", "B"];
    let leaf = prop::sample::select(leaves.iter().chain(&["C", "D"]).copied().collect::<Vec<_>>());
    leaf.prop_map(String::from).prop_recursive(3, 8, 2, |of| {
        let around = ["list", "option", "shared", "weak", "persistent"];
        prop_oneof![
            (prop::sample::select(around.to_vec()), of.clone())
                .prop_map(|(a, of)| format!("{a}<{of}>")),
            (of.clone(), of.clone()).prop_map(|(k, v)| format!("map<{k}, {v}>")),
            (of.clone(), of.clone()).prop_map(|(a, b)| format!("tuple<{a}, {b}>")),
            (of, 0..3u8).prop_map(|(of, n)| format!("array<{of}; {n}>")),
        ]
    })
}

fn any_fields() -> impl Strategy<Value = String> {
    let attributes = ["", "#[default] ", "#[alias = z] ", "#[convert(u8, list<A>)] ", "state "];
    let field = (prop::sample::select(attributes.to_vec()), any_type());
    prop::collection::vec(field, 0..4).prop_map(|fields| {
        let names = ["x", "y", "z", "w"].iter();
        let fields = fields
            .iter()
            .zip(names)
            .map(|((attribute, of), name)| format!("{attribute}{name}: {of}"));
        fields.collect::<Vec<_>>().join(", ")
    })
}

fn any_declaration(name: &'static str) -> impl Strategy<Value = String> {
    let attributes = [
        "",
        "#[version = 1] ",
        "#[version = 2, upgraded_from = 1] ",
        "#[version = 2, upgraded_from = 0] ",
        "#[deny_unknown] ",
    ];
    let attributes = prop::sample::select(attributes.to_vec());
    let record = (attributes, any_fields()).prop_map(move |(attributes, fields)| {
        format!("{attributes}struct {name} {{ {fields} }}\n")
    });
    let variants =
        (any_type(), any_fields(), any::<bool>()).prop_map(move |(of, fields, other)| {
            let other = if other { ", #[other] Else" } else { "" };
            let fields = fields.replace("state ", "");
            format!("enum {name} {{ P, Q(0: {of}), R {{ {fields} }}{other} }}\n")
        });
    prop_oneof![2 => record, 1 => variants, 1 => any_type().prop_map(move |of| format!("type {name} = {of}\n"))]
}

fn any_schema() -> impl Strategy<Value = Schema> {
    let declared = ["A", "B", "C", "D"].map(any_declaration);
    (any_type(), declared).prop_map(|(root, declared)| {
        parsed(&format!("root A as a\nroot {root} as b\n{}", declared.concat()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_programs_are_written_and_read_again(schema in any_schema()) {
        let text = schema.to_string();
        prop_assert_eq!(&parsed(&text), &schema);
        prop_assert_eq!(parsed(&text).to_string(), text);
    }

    #[test]
    fn any_programs_do_no_harm_to_themselves(schema in any_schema()) {
        let changes = compare(&schema, &schema);
        prop_assert!(changes.old_streams.is_empty(), "{:?}", changes.old_streams);
        prop_assert!(changes.new_streams.is_empty(), "{:?}", changes.new_streams);
    }

    #[test]
    fn any_two_programs_are_compared(earlier in any_schema(), now in any_schema()) {
        let (one, other) = (compare(&earlier, &now), compare(&now, &earlier));
        let worst = |changes: &[schema::Change]| changes.iter().map(|change| change.severity()).max();
        // Whoever reads, the streams of one in the programs of the other fare the same.
        prop_assert_eq!(worst(&one.old_streams), worst(&other.new_streams));
        prop_assert_eq!(worst(&one.new_streams), worst(&other.old_streams));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[a-c{}()<>\\[\\]#,:;=\"/\\\\ \n0-2]{0,40}") {
        if let Ok(schema) = text.parse::<Schema>() {
            prop_assert_eq!(parsed(&schema.to_string()), schema);
        }
    }
}
