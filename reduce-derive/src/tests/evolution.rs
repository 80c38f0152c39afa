//! The errors of keys that say what has changed since.

use super::errors;
use quote::quote;

#[test]
fn versions_are_whole_numbers_from_one() {
    let of = |value: proc_macro2::TokenStream| {
        errors(quote!(
            #[reduce(version #value)]
            struct Wrong;
        ))
    };
    assert_eq!(of(quote!(= 1)), Vec::<String>::new());
    assert_eq!(
        of(quote!(= 0)),
        ["versions are counted from 1; a type has version 0 as long as it states none"]
    );
    assert_eq!(of(quote!(= 4_294_967_296)), ["a version is at most 4294967295"]);
    assert_eq!(of(quote!(= -1)), ["a version is not negative"]);
    for value in [quote!(= "2"), quote!(= NEWEST), quote!(= 1.0), quote!(= 1 + 1)] {
        assert_eq!(of(value), ["expected a whole number: `version = 1`"]);
    }
    assert_eq!(of(quote!()), ["expected a value: `version = 1`"]);
    assert_eq!(of(quote!((1))), ["expected a value: `version = 1`"]);
}

#[test]
fn upgrades_that_cannot_be_read() {
    let of = |list: proc_macro2::TokenStream| {
        errors(quote!(
            #[reduce(version = 3, upgrade #list)]
            struct Wrong;
        ))
    };
    const EXPECTED: &str = "expected a version and a function, like `1 = from_one`";
    assert_eq!(of(quote!((1 = from_one, 2 = "Wrong::from_two"))), Vec::<String>::new());
    assert_eq!(of(quote!(())), ["the list is empty; expected `upgrade(1 = path)`"]);
    assert_eq!(of(quote!(= from_one)), ["expected a list: `upgrade(1 = path)`"]);
    assert_eq!(of(quote!((from_one))), [EXPECTED]);
    assert_eq!(
        of(quote!((1 = , one = from_one, , 2 = |record, context| record))),
        [
            EXPECTED,
            EXPECTED,
            EXPECTED,
            "`upgrade` takes a path to a function, not a closure; move the closure's body into a \
             function and name it here",
        ]
    );
    assert_eq!(of(quote!((2 = from_two())))[0], "name the function without calling it: `from_two`");
}

#[test]
fn upgrades_are_steps_up_to_the_types_version() {
    let of = |keys: proc_macro2::TokenStream| {
        errors(quote!(
            #[reduce(#keys)]
            struct Record;
        ))
    };
    assert_eq!(of(quote!(version = 3, upgrade(0 = a, 1 = b, 2 = c))), Vec::<String>::new());
    assert_eq!(of(quote!(upgrade(2 = c), upgrade(1 = b), version = 3)), Vec::<String>::new());
    assert_eq!(of(quote!(upgrade(1 = b))), ["`upgrade` requires `version = N` beside it"]);
    assert_eq!(
        of(quote!(version = 2, upgrade(1 = a), upgrade(1 = b, 2 = c))),
        [
            "a second upgrade from version 1; remove one of the two",
            "an upgrade from version 2 leads to a later version than the type's own, which is 2",
        ]
    );
    assert_eq!(
        of(quote!(version = 5, upgrade(1 = a, 2 = b, 4 = d))),
        ["this leads to version 3, and nothing leads on from there to version 5; add \
          `upgrade(3 = path)`"]
    );
    assert_eq!(
        of(quote!(version = 9, upgrade(1 = a))),
        ["this leads to version 2, and nothing leads on from there to version 9; add \
          `upgrade(2 = path)`"]
    );
}

#[test]
fn versions_belong_to_types_with_a_record_of_their_own() {
    assert_eq!(
        errors(quote!(
            #[reduce(version = 2, upgrade(1 = from_one), deny_newer)]
            enum Wrong {}
        )),
        ["`upgrade` is for structs, whose fields make one record; move a variant's fields into a \
          struct, or load an earlier enum with `via` or `convert`"]
    );
    assert_eq!(
        errors(quote!(
            #[reduce(deny_newer, deny_unknown)]
            enum Wrong {}
        )),
        ["`deny_newer` requires `version = N` beside it"]
    );
    assert_eq!(
        errors(quote!(
            #[reduce(version = 1, upgrade(0 = f))]
            struct Wrong(u8, #[reduce(state)] u8, #[reduce(state)] u8);
        )),
        ["`state` cannot stand together with the type's `upgrade`, which gets all fields of a \
          record at once, and state is read later; remove one of the two"]
    );
    const VERSIONS: &str = "`via` stores another type, which has versions of its own; remove one \
                            of the two";
    assert_eq!(
        errors(quote!(
            #[reduce(version = 2, upgrade(1 = f), via = u8, deny_newer, deny_unknown)]
            struct Wrong;
        )),
        [
            &format!("`via` cannot stand together with `version`: {VERSIONS}"),
            &format!("`deny_newer` cannot stand together with `via`: {VERSIONS}"),
            "`deny_unknown` cannot stand together with `via`: `via` stores another type, which has \
             a name and fields of its own; remove one of the two",
        ]
    );
    const INNER: &str = "a transparent type is described as its field is; remove one of the two";
    let transparent = |key| format!("`{key}` cannot stand together with `transparent`: {INNER}");
    assert_eq!(
        errors(quote!(
            #[reduce(transparent, version = 2, upgrade(1 = f), deny_newer, deny_unknown)]
            struct Wrong(u8);
        )),
        ["version", "upgrade", "deny_newer", "deny_unknown"].map(transparent)
    );
}

#[test]
fn an_alias_leads_to_one_owner() {
    assert_eq!(
        errors(quote! {
            struct Wrong {
                #[reduce(alias = "b", alias = "x", alias = "x")]
                a: u8,
                #[reduce(alias = "x", alias = "B", rename = "B")]
                b: u8,
                #[reduce(alias = "c")]
                #[reduce(state, alias = "a")]
                c: u8,
            }
        }),
        [
            "the alias \"x\" is given twice; remove one of the two",
            "the field `b` would take \"x\" from streams, which `a` takes already; a name leads to \
             one field alone",
            "\"B\" is the name of `b` anyway; remove the alias",
            "\"c\" is the name of `c` anyway; remove the alias",
            "the field `c` would take \"a\" from streams, which `a` takes already; a name leads to \
             one field alone",
        ]
    );
    // Positions are names where a record had none.
    assert_eq!(
        errors(quote!(
            struct Wrong(u8, #[reduce(alias = "x", alias = "0", alias = "2")] u8);
        )),
        ["the field `1` would take \"0\" from streams, which `0` takes already; a name leads to \
          one field alone"]
    );
    assert_eq!(
        errors(quote! {
            enum Wrong {
                A { #[reduce(alias = "x")] a: u8 },
                #[reduce(alias = "A", alias = "Z")]
                B { #[reduce(alias = "x")] b: u8 },
                #[reduce(alias = "Z")]
                C,
            }
        }),
        [
            "the variant `B` would take \"A\" from streams, which `A` takes already; a name leads \
             to one variant alone",
            "the variant `C` would take \"Z\" from streams, which `B` takes already; a name leads \
             to one variant alone",
        ]
    );
}

#[test]
fn a_kept_field_that_the_stream_may_lack() {
    assert_eq!(
        errors(quote! {
            struct Right {
                #[reduce(default)]
                a: u8,
                #[reduce(rebuild = f)]
                b: u8,
                #[reduce(rebuild = f, from(b, a, e, g), context(Pool))]
                c: u8,
                #[reduce(state, default = f)]
                d: u8,
                #[reduce(with = A, default = f, alias = "ee", convert = g)]
                e: u8,
                #[reduce(skip, rebuild = f, from(b, c))]
                f: u8,
                #[reduce(unknown)]
                g: Unknown,
            }
        }),
        Vec::<String>::new()
    );
    assert_eq!(
        errors(quote! {
            struct Wrong {
                #[reduce(rebuild = f, default)]
                a: u8,
                #[reduce(rebuild = f, from(b, c, d, e))]
                b: u8,
                #[reduce(rebuild = f)]
                c: u8,
                #[reduce(skip, default)]
                d: u8,
                #[reduce(state, default)]
                e: u8,
                #[reduce(from(a), context(Pool))]
                f: u8,
            }
        }),
        [
            "`default` cannot stand together with `rebuild`: both say what the field becomes where \
             it does not come from the stream; remove one of the two",
            "`b` is the field that the function makes",
            "`c` has a `rebuild` and is declared later, so it may not exist yet; declare it in \
             front of `b`",
            "`d` is skipped, and made after all fields that are kept; name kept fields alone",
            "`e` is state, which is set when all else has been made; remove `state` from it or \
             name another field",
            "`from` requires `rebuild = path` beside it",
            "`context` requires `rebuild = path` beside it",
        ]
    );
}

#[test]
fn a_container_rebuild_gets_what_the_stream_lacks_as_well() {
    assert_eq!(
        errors(quote! {
            #[reduce(rebuild = make)]
            struct Right {
                #[reduce(default)]
                a: u8,
                #[reduce(rebuild = f, from(a))]
                b: u8,
                #[reduce(skip)]
                c: u8,
            }
        }),
        Vec::<String>::new()
    );
    assert_eq!(
        errors(quote! {
            #[reduce(rebuild = make)]
            struct Wrong {
                #[reduce(skip)]
                a: u8,
                #[reduce(rebuild = f, from(a))]
                b: u8,
                #[reduce(skip, default)]
                c: u8,
            }
        }),
        [
            "`a` is skipped, and made after all fields that are kept; name kept fields alone",
            "`default` has no effect here: the type's `rebuild` makes the whole value; write \
             `skip` alone",
        ]
    );
}

#[test]
fn a_function_that_fills_a_kept_field_takes_as_many_fields_as_others() {
    let fields = (0..17).map(|_| quote!(u8)).collect::<Vec<_>>();
    assert_eq!(
        errors(quote!(struct Wrong(#(#fields,)* #[reduce(rebuild = x)] u8);)),
        ["a `rebuild` function takes at most 16 fields, this one would get 17; name those it \
          needs with `from(...)`"]
    );
    // It does not get itself, nor others of its kind.
    let fields = &fields[1..];
    assert_eq!(
        errors(quote! {
            struct Right(#(#fields,)* #[reduce(rebuild = x)] u8, #[reduce(rebuild = x)] u8);
        }),
        Vec::<String>::new()
    );
}

#[test]
fn what_is_not_stored_has_not_changed() {
    const STORED: &str = "a skipped field is not stored; remove one of the two";
    assert_eq!(
        errors(quote! {
            struct Wrong {
                #[reduce(skip, default, alias = "b")]
                a: u8,
                #[reduce(convert = f, skip, default)]
                b: u8,
                #[reduce(convert = g, convert = "f", convert = f)]
                c: u8,
            }
        }),
        [
            &format!("`alias` cannot stand together with `skip`: {STORED}"),
            &format!("`skip` cannot stand together with `convert`: {STORED}"),
            "`f` is named twice",
        ]
    );
    assert_eq!(
        errors(quote!(
            #[reduce(transparent)]
            struct Wrong(#[reduce(alias = "a", default, convert = f)] u8);
        )),
        [
            "the field of a `transparent` type has no name in streams; remove `alias`",
            "the field of a `transparent` type is the whole value, which no stream lacks; remove \
             `default`",
            "the field of a `transparent` type is the whole value; `convert` belongs on the fields \
             that hold this type; remove `convert`",
        ]
    );
}

#[test]
fn unknown_fields_go_to_one_field_of_a_struct() {
    const WHY: &str = "the field holds what streams have beyond the type, and nothing of its own; \
                       remove one of the two";
    assert_eq!(
        errors(quote! {
            struct Wrong {
                #[reduce(unknown)]
                a: Unknown,
                #[reduce(unknown)]
                b: Unknown,
                #[reduce(skip, unknown, default)]
                c: Unknown,
                #[reduce(unknown, convert = f, convert = g)]
                d: Unknown,
            }
        }),
        [
            "`a` keeps the unknown fields already; remove one of the two",
            "`a` keeps the unknown fields already; remove one of the two",
            "`a` keeps the unknown fields already; remove one of the two",
            &format!("`unknown` cannot stand together with `skip`: {WHY}"),
            &format!("`convert` cannot stand together with `unknown`: {WHY}"),
        ]
    );
    assert_eq!(
        errors(quote!(
            #[reduce(deny_unknown)]
            struct Wrong {
                #[reduce(unknown)]
                a: Unknown,
            }
        )),
        [
            "`unknown` keeps the fields that the type's `deny_unknown` refuses; remove one of the two"
        ]
    );
    assert_eq!(
        errors(quote!(
            #[reduce(transparent)]
            struct Wrong(u8, #[reduce(unknown)] Unknown);
        )),
        [
            "`unknown` has no effect under `transparent`, which has no fields in streams; remove one \
          of the two"
        ]
    );
    assert_eq!(
        errors(quote!(
            #[reduce(rebuild = f)]
            struct Wrong {
                a: u8,
                #[reduce(unknown)]
                b: Unknown,
            }
        )),
        [
            "`unknown` cannot stand together with the type's `rebuild`, whose function is not handed what the \
          type does not know; remove one of the two"
        ]
    );
    assert_eq!(
        errors(quote!(
            struct Wrong(#[reduce(unknown)] Unknown);
        )),
        [
            "`unknown` is for structs whose fields have names, for it keeps fields by name; give them names"
        ]
    );
    assert_eq!(
        errors(quote!(
            enum Wrong {
                A(#[reduce(unknown)] Unknown),
            }
        )),
        ["`unknown` is for fields of structs; move the variant's fields into a struct"]
    );
}

#[test]
fn unknown_variants_go_to_one_variant() {
    assert_eq!(
        errors(quote!(
            #[reduce(version = 1, deny_newer, deny_unknown)]
            enum Right {
                A,
                #[reduce(other, rename = "o")]
                Other,
            }
        )),
        Vec::<String>::new()
    );
    assert_eq!(
        errors(quote!(
            enum Right {
                #[reduce(other)]
                Other(Value),
            }
        )),
        Vec::<String>::new()
    );
    assert_eq!(
        errors(quote!(
            enum Wrong {
                #[reduce(other)]
                A,
                #[reduce(other)]
                B,
            }
        )),
        ["`A` takes the unknown variants already; remove one of the two"]
    );
    const SHAPE: &str = "`other` is for a variant without fields, or with the unknown variant as \
                         its field: `A` or `A(Value)`";
    for variant in [quote!(A(Value, u8)), quote!(A {}), quote!(A()), quote!(A { value: Value })] {
        assert_eq!(errors(quote!(enum Wrong { #[reduce(other)] #variant })), [SHAPE]);
    }
    assert_eq!(
        errors(quote!(
            enum Wrong {
                #[reduce(alias = "x", other)]
                A,
            }
        )),
        ["`alias` has no effect beside `other`, which takes every name that the others do not; \
          remove one of the two"]
    );
    assert_eq!(
        errors(quote!(
            enum Wrong {
                #[reduce(other)]
                A(#[reduce(rename = "x")] Value),
            }
        )),
        ["`rename` has no effect here: the field holds the unknown variant as it is"]
    );
}
