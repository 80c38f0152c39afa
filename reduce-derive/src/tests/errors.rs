//! The errors of attributes that cannot be read, and the dummy impls behind them.

use super::{errors, expand};
use quote::quote;

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
            #[reduce(nmae = "x", rename_all = "camelcase")]
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
fn a_far_word_lists_the_keys() {
    assert_eq!(
        errors(quote!(
            enum Wrong {
                #[reduce(getter)]
                A,
            }
        )),
        ["unknown key `getter`; the keys of a variant are `rename`, `alias`, `other`"]
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
            assert_eq!(refused, key.support(level) != Support::Yes, "{key}");
        }
    }
}
