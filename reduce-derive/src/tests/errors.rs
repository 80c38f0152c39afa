//! The errors of wrong items: all of them, in order, and dummy impls behind them.

use super::expand;
use proc_macro2::TokenStream;
use quote::quote;

/// The messages of an item's errors.
fn errors(item: TokenStream) -> Vec<String> {
    let file: syn::File = syn::parse2(expand(item)).expect("the expansion is not Rust");
    let messages = file.items.iter().filter_map(|item| match item {
        syn::Item::Macro(item) => {
            assert!(item.mac.path.segments.last().unwrap().ident == "compile_error");
            Some(item.mac.parse_body::<syn::LitStr>().unwrap().value())
        }
        _ => None,
    });
    messages.collect()
}

#[test]
fn no_error_for_a_right_item() {
    assert_eq!(
        errors(quote!(
            struct Right(u8);
        )),
        Vec::<String>::new()
    );
}

#[test]
fn an_error_leaves_dummy_impls() {
    let file = syn::parse2(expand(quote! {
        #[reduce(nmae = "x", crate = other)]
        struct Wrong<'de, T: Clone = u8>(&'de T) where T: Copy;
    }));
    insta::assert_snapshot!(prettyplease::unparse(&file.unwrap()));
}

#[test]
fn all_errors_of_an_item_at_once() {
    assert_eq!(
        errors(quote! {
            #[reduce(nmae = "x", rename_all = "camelcase", version = 2)]
            struct Wrong {
                #[reduce(skip)]
                a: u8,
                #[reduce(validate = check, rebiuld = "make")]
                b: u8,
                #[reduce(rename = "")]
                c: u8,
            }
        }),
        [
            "unknown key `nmae`; did you mean `name`?",
            "unknown case `camelcase`; did you mean `camelCase`?",
            "`version` is not supported yet by this version of reduce-core; remove it",
            "`validate` belongs on the type, not on a field",
            "unknown key `rebiuld`; did you mean `rebuild`?",
            "a name must not be empty",
            "`skip` does not say what the field becomes at load; add `default`, `default = path` \
             or `rebuild = path`",
        ]
    );
}

#[test]
fn an_unreadable_value_has_no_echo() {
    assert_eq!(
        errors(quote! {
            struct Wrong {
                #[reduce(skip, rebuild = |a, b| a + b)]
                a: u8,
                #[reduce(skip, rebuild = "not a path", from(a))]
                b: u8,
                #[reduce(skip, rebuild = make())]
                c: u8,
                #[reduce(skip, rebuild = make<T>)]
                d: u8,
                #[reduce(skip, default = "x (")]
                e: u8,
            }
        }),
        [
            "`rebuild` takes a path to a function, not a closure; move the closure's body into a \
             function and name it here",
            "`not a path` is not a path to a function, like `connect` or `Pool::open`",
            "name the function without calling it: `make`",
            "`make<T>` needs a turbofish in front of its type arguments, like `open::<T>`",
            "`x (` cannot be read: cannot parse string into token stream",
        ]
    );
}

#[test]
fn lists_that_are_none() {
    assert_eq!(
        errors(quote! {
            #[reduce]
            #[reduce()]
            #[reduce = "x"]
            struct Wrong(#[reduce("skip", , skip default, skip::x)] u8);
        }),
        [
            "expected a list of keys, like `#[reduce(skip, default)]`",
            "the list is empty; expected a list of keys, like `#[reduce(skip, default)]`",
            "expected a list of keys, like `#[reduce(skip, default)]`",
            "expected a key, like `skip`",
            "expected a key, like `skip`, in front of this comma",
            "expected a comma, `=` or `(...)` after `skip`",
            "expected a comma, `=` or `(...)` after `skip`",
        ]
    );
}

#[test]
fn values_of_the_wrong_kind() {
    assert_eq!(
        errors(quote! {
            #[reduce(name, rebuild(x), validate =, transparent = true, context = Pool, bound = "T Ord")]
            struct Wrong(#[reduce(rename = 3, with = "Vec<", from = a)] u8);
        }),
        [
            "expected a value: `name = \"...\"`",
            "expected a value: `rebuild = path`",
            "expected a value: `validate = path`",
            "`transparent` takes no value; write `transparent` alone",
            "expected a list: `context(Type)`",
            "expected where predicates, like `\"T: Reduce, U: Default\"`: expected `:`",
            "expected a string: `rename = \"...\"`",
            "`Vec<` is not a type",
            "expected a list: `from(a, b)`",
            "`transparent` cannot stand together with `name`: a transparent type is described as \
             its field is; remove one of the two",
            "the field of a `transparent` type has no name in streams; remove `rename`",
            "`from` has no effect here: the type's `rebuild` makes the whole value; write `skip` \
             alone",
        ]
    );
}

#[test]
fn duplicate_keys() {
    assert_eq!(
        errors(quote! {
            #[reduce(name = "a")]
            #[reduce(name = "b", bound(reduce = "", reduce = ""))]
            struct Wrong(#[reduce(skip, default, skip)] u8);
        }),
        [
            "duplicate key `name`; remove one of the two",
            "duplicate key `reduce`; remove one of the two",
            "duplicate key `skip`; remove one of the two",
        ]
    );
}

#[test]
fn keys_of_later_versions() {
    assert_eq!(
        errors(quote! {
            enum Wrong {
                #[reduce(other, alias = "b")]
                A(#[reduce(state, shared = false)] u8),
                B { #[reduce(default)] c: u8 },
            }
        }),
        [
            "`other` is not supported yet by this version of reduce-core; remove it",
            "`alias` is not supported yet by this version of reduce-core; remove it",
            "`state` is not supported yet by this version of reduce-core; remove it",
            "`shared` is not supported yet by this version of reduce-core; remove it",
            "`default` for streams that lack the field is not supported yet by this version of \
             reduce-core; remove it, or add `skip` if the field is not to be stored",
        ]
    );
}

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
            "`default` cannot stand together with `rebuild`: both say what the skipped field \
             becomes; remove one of the two",
            "`from` requires `rebuild = path` beside it",
            "`context` requires `rebuild = path` beside it",
            "`rebuild` requires `skip` on the same field",
        ]
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
fn names_that_cannot_be_read() {
    assert_eq!(
        errors(quote!(
            #[reduce(name = "a\nb")]
            struct Wrong;
        )),
        ["a name must not contain the control character '\\n'"]
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
fn a_far_word_lists_the_keys() {
    assert_eq!(
        errors(quote!(
            enum Wrong {
                #[reduce(flatten)]
                A,
            }
        )),
        ["unknown key `flatten`; the keys of a variant are `rename`"]
    );
}

#[test]
fn every_key_is_read_where_the_table_has_it() {
    use crate::key::{Key, Level, Support};
    use quote::format_ident;

    for key in Key::ALL {
        let written = if key.name() == "crate" {
            quote!(crate)
        } else {
            let ident = format_ident!("{}", key.name());
            quote!(#ident)
        };
        let at = [
            (
                Level::Container,
                quote!(
                    #[reduce(#written)]
                    enum E {}
                ),
            ),
            (
                Level::Variant,
                quote!(
                    enum E {
                        #[reduce(#written)]
                        A,
                    }
                ),
            ),
            (
                Level::Field,
                quote!(
                    struct S(#[reduce(#written)] u8);
                ),
            ),
        ];
        for (level, item) in at {
            let refused = errors(item).iter().any(|error| {
                error.contains(" belongs on ") || error.contains(" is not supported yet by ")
            });
            let default = *key == Key::Default && level == Level::Field;
            assert_eq!(refused, key.support(level) != Support::Yes || default, "{key}");
        }
    }
}
