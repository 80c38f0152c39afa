//! The errors of rules across keys, fields and variants.

use super::errors;
use quote::quote;

#[test]
fn keys_that_cannot_stand_together_on_a_field() {
    assert_eq!(
        errors(quote! {
            struct Wrong {
                #[reduce(rename = "x", skip, default)]
                a: u8,
                #[reduce(skip, default, with = A)]
                b: u8,
                #[reduce(skip, rebuild = x, default)]
                c: u8,
                #[reduce(skip, default, from(a), context(Pool))]
                d: u8,
                #[reduce(rebuild = x)]
                e: u8,
            }
        }),
        [
            "`skip` cannot stand together with `rename`: a skipped field is not stored; remove one \
             of the two",
            "`with` cannot stand together with `skip`: a skipped field is not stored; remove one \
             of the two",
            "`default` cannot stand together with `rebuild`: both say what the field becomes where \
             it does not come from the stream; remove one of the two",
            "`from` requires `rebuild = path` beside it",
            "`context` requires `rebuild = path` beside it",
        ]
    );
}

#[test]
fn functions_are_not_found_by_a_type_that_borrows() {
    const WHY: &str = "the registry finds a field's functions by its type, which cannot borrow for \
                       `'a`; store an owned type there";
    assert_eq!(
        errors(quote! {
            struct Wrong<'a> {
                #[reduce(dispatch)]
                a: Option<&'a str>,
                #[reduce(persistent(u8))]
                b: Name<'a>,
                #[reduce(persistent)]
                c: Row<'a>,
            }
        }),
        [WHY, WHY]
    );
}

#[test]
fn from_names_fields_that_exist() {
    assert_eq!(
        errors(quote! {
            struct Wrong {
                host: u8,
                #[reduce(skip, rebuild = x, from(hots, made, later, host, host))]
                made: u8,
                #[reduce(skip, default)]
                later: u8,
            }
        }),
        [
            "there is no field `hots`; did you mean `host`?",
            "`made` is the field that the function makes",
            "`later` is skipped and declared later, so it does not exist yet; declare it in front \
             of `made`",
            "`host` is named twice",
        ]
    );
    assert_eq!(
        errors(quote!(
            struct Wrong(u8, #[reduce(skip, rebuild = x, from(zero, 2))] u8);
        )),
        [
            "there is no field `zero`; name the fields of a tuple by position, like `from(0)`",
            "there is no field `2`",
        ]
    );
}

#[test]
fn more_arguments_than_the_runtime_takes() {
    let fields = |count: usize| {
        let fields = (0..count).map(|_| quote!(u8));
        quote!(#(#fields,)*)
    };
    let (most, more) = (fields(16), fields(17));
    assert_eq!(
        errors(quote!(struct Right(#most #[reduce(skip, rebuild = x, context(Pool))] u8);)),
        Vec::<String>::new()
    );
    assert_eq!(
        errors(quote!(struct Wrong(#more #[reduce(skip, rebuild = x)] u8);)),
        ["a `rebuild` function takes at most 16 fields, this one would get 17; name those it \
          needs with `from(...)`"]
    );
    assert_eq!(
        errors(quote!(struct Right(#more #[reduce(skip, rebuild = x, from(0))] u8);)),
        Vec::<String>::new()
    );
    assert_eq!(
        errors(quote!(#[reduce(rebuild = x)] struct Wrong(#more);)),
        ["a `rebuild` function takes at most 16 fields, this one would get 17; use `via = Type`, \
          or `skip, rebuild = path` on the fields that are made"]
    );
}

#[test]
fn transparent_is_for_structs_of_one_stored_field() {
    assert_eq!(
        errors(quote!(
            #[reduce(transparent)]
            struct Wrong;
        )),
        ["`transparent` needs a field that is stored; this type has none"]
    );
    assert_eq!(
        errors(quote!(
            #[reduce(transparent)]
            struct Wrong(u8, #[reduce(rename = "x")] u8);
        )),
        [
            "`transparent` needs one field that is stored; this type has 2: `skip` the others or \
             remove `transparent`",
            "the field of a `transparent` type has no name in streams; remove `rename`",
        ]
    );
    assert_eq!(
        errors(quote!(
            #[reduce(transparent)]
            enum Wrong {}
        )),
        ["`transparent` is for structs; use `via = Type` on an enum"]
    );
}

#[test]
fn via_leaves_nothing_to_say_about_fields() {
    assert_eq!(
        errors(quote! {
            #[reduce(via = String, name = "x", rebuild = make)]
            enum Wrong { #[reduce(rename = "a")] A { #[reduce(skip)] b: u8 } }
        }),
        [
            "`rebuild` cannot stand together with `via`: `via` makes the value with `TryFrom`; \
             remove one of the two",
            "`name` cannot stand together with `via`: `via` stores another type, which has a name \
             and fields of its own; remove one of the two",
            "`rename` has no effect under `via`, which stores another type; remove it",
            "`skip` has no effect under `via`, which stores another type; remove it",
        ]
    );
}

#[test]
fn rebuild_of_a_container() {
    assert_eq!(
        errors(quote! {
            #[reduce(rebuild = make)]
            enum Wrong { #[reduce(rebuild = make)] A }
        }),
        [
            "`rebuild` belongs on the type or on a field, not on a variant",
            "`rebuild` on an enum does not say which variant it makes; write `skip, rebuild = \
             path` on a field, or `via = Type` on the enum",
        ]
    );
    assert_eq!(
        errors(quote! {
            #[reduce(rebuild = make)]
            struct Wrong(#[reduce(skip, default)] u8, #[reduce(skip, rebuild = x)] u8);
        }),
        [
            "`default` has no effect here: the type's `rebuild` makes the whole value; write \
             `skip` alone",
            "`rebuild` has no effect here: the type's `rebuild` makes the whole value; write \
             `skip` alone",
        ]
    );
    assert_eq!(
        errors(quote!(
            #[reduce(context(Pool))]
            struct Wrong;
        )),
        ["`context` requires `rebuild = path` beside it"]
    );
}

#[test]
fn two_owners_of_a_name() {
    assert_eq!(
        errors(quote! {
            #[reduce(rename_all = "lowercase")]
            enum Wrong { Ab, AB, C { x: u8, #[reduce(rename = "x")] y: u8 } }
        }),
        [
            "the variant `AB` would have the name \"ab\" in streams, which `Ab` has already; \
             choose another with `rename`",
            "the field `y` would have the name \"x\" in streams, which `x` has already; choose \
             another with `rename`",
        ]
    );
    assert_eq!(
        errors(quote!(
            struct Wrong(#[reduce(rename = "1")] u8, u8);
        )),
        ["the field `1` would have the name \"1\" in streams, which `0` has already; choose \
          another with `rename`"]
    );
}

#[test]
fn rename_all_fields_is_for_enums() {
    assert_eq!(
        errors(quote!(
            #[reduce(rename_all_fields = "camelCase")]
            struct Wrong {
                a: u8,
            }
        )),
        ["`rename_all_fields` is for enums; write `rename_all` on a struct"]
    );
}

#[test]
fn unions_are_refused() {
    assert_eq!(
        errors(quote!(union Wrong { a: u8 })),
        ["a union does not say which field it holds; use a struct or an enum, or write \
          `Describe`, `Reduce` and `Expand` by hand"]
    );
}

#[test]
fn what_borrows_for_static_inside_of_a_field() {
    let wrong = errors(quote! {
        struct Wrong {
            a: &'static str,
            b: Option<(u8, std::collections::BTreeMap<Cow<'static, str>, [&'static [u8]; 2]>)>,
            c: Cow<'static, str>,
            #[reduce(skip, default)]
            d: &'static str,
            #[reduce(with = Text)]
            e: &'static str,
            f: Id<&'static str>,
            g: PhantomData<&'static str>,
            h: &'static u32,
        }
    });
    assert_eq!(wrong.len(), 3, "{wrong:?}");
    assert!(
        wrong
            .iter()
            .all(|error| error.starts_with("the bytes that are loaded do not live for `'static`"))
    );
    // The user's own bounds may say that they do.
    let allowed = errors(quote! {
        #[reduce(bound(expand = "'de: 'static"))]
        struct Allowed { a: &'static str }
    });
    assert!(allowed.is_empty(), "{allowed:?}");
}
