//! Expansions and errors of `state` fields.

use super::{errors, impls};
use insta::assert_snapshot;
use quote::quote;

#[test]
fn struct_with_state() {
    assert_snapshot!(impls(quote! {
        #[reduce(name = "graph.Node", validate = check)]
        struct Node {
            #[reduce(state, rename = "links")]
            next: RefCell<Vec<Rc<Node>>>,
            label: String,
            #[reduce(skip, rebuild = hash)]
            hash: u64,
            #[reduce(state)]
            visits: Cell<u32>,
        }
    }));
}

#[test]
fn tuple_struct_with_state() {
    assert_snapshot!(impls(quote! {
        struct Last(u32, #[reduce(state)] Option<Rc<RefCell<Last>>>);
    }));
}

#[test]
fn state_shifts_no_positions() {
    assert_snapshot!(impls(quote! {
        struct First(#[reduce(state)] RefCell<u8>, String);
    }));
}

#[test]
fn state_alone() {
    assert_snapshot!(impls(quote! {
        struct Links { #[reduce(state)] all: Vec<Rc<RefCell<Links>>> }
    }));
}

#[test]
fn generic_struct_with_state() {
    assert_snapshot!(impls(quote! {
        struct Node<'a, T: Clone> where T: Ord {
            text: &'a str,
            #[reduce(state)]
            value: T,
            #[reduce(state)]
            next: Option<Box<Node<'a, T>>>,
        }
    }));
}

#[test]
fn state_through_an_adapter() {
    assert_snapshot!(impls(quote! {
        struct Player { #[reduce(state, with = PeerText)] peer: Option<Peer>, #[reduce(state)] score: Cell<u8> }
    }));
}

#[test]
fn state_of_what_a_function_made() {
    assert_snapshot!(impls(quote! {
        #[reduce(rebuild = Pool::open, context(Config))]
        struct Pool<T> { size: usize, #[reduce(skip)] lock: File, #[reduce(state)] users: RefCell<Vec<T>> }
    }));
}

#[test]
fn keys_that_cannot_stand_beside_state() {
    assert_eq!(
        errors(quote! {
            struct Wrong {
                #[reduce(skip, default, state)]
                a: u8,
                #[reduce(state, rebuild = x, from(a), context(Pool))]
                d: u8,
                #[reduce(state = true)]
                e: u8,
            }
        }),
        [
            "`state` takes no value; write `state` alone",
            "`state` cannot stand together with `skip`: a skipped field is not stored; remove one \
             of the two",
            "`rebuild` cannot stand together with `state`: a state field is set when the value \
             exists already, and is not made from the other fields; remove one of the two",
            "`from` cannot stand together with `state`: a state field is set when the value exists \
             already, and is not made from the other fields; remove one of the two",
            "`context` cannot stand together with `state`: a state field is set when the value \
             exists already, and is not made from the other fields; remove one of the two",
        ]
    );
}

#[test]
fn state_is_for_structs_with_fields_of_their_own() {
    assert_eq!(
        errors(quote! {
            enum Wrong { A { #[reduce(state)] b: u8 } }
        }),
        ["`state` is for fields of structs: an enum may be another variant by the time its state \
          is set; move the variant's fields into a struct"]
    );
    assert_eq!(
        errors(quote! {
            #[reduce(transparent)]
            struct Wrong(#[reduce(state)] u8);
        }),
        ["`state` has no effect under `transparent`, which stores the field in the type's place; \
          remove one of the two"]
    );
    assert_eq!(
        errors(quote! {
            #[reduce(via = String)]
            struct Wrong(#[reduce(state)] u8);
        }),
        ["`state` has no effect under `via`, which stores another type; remove it"]
    );
    assert_eq!(
        errors(quote! {
            #[repr(packed)]
            struct Wrong(#[reduce(state)] u8);
        }),
        ["`state` is set through a reference, which `#[repr(packed)]` does not allow; remove one \
          of the two"]
    );
}

#[test]
fn functions_run_before_there_is_state() {
    assert_eq!(
        errors(quote! {
            struct Wrong {
                host: u8,
                #[reduce(state)]
                peers: u8,
                #[reduce(skip, rebuild = x, from(host, peers))]
                made: u8,
            }
        }),
        ["`peers` is state, which is set when all else has been made; remove `state` from it or \
          name another field"]
    );
    let fields = (0..16).map(|_| quote!(u8));
    assert_eq!(
        errors(quote!(#[reduce(rebuild = x)] struct Right(#(#fields,)* #[reduce(state)] u8);)),
        Vec::<String>::new()
    );
}

#[test]
fn state_has_names_like_other_fields() {
    assert_eq!(
        errors(quote! {
            struct Wrong { a: u8, #[reduce(state, rename = "a")] b: u8 }
        }),
        ["the field `b` would have the name \"a\" in streams, which `a` has already; choose \
          another with `rename`"]
    );
    assert_eq!(
        errors(quote! {
            struct Wrong(u8, #[reduce(state, rename = "0")] u8);
        }),
        ["the field `1` would have the name \"0\" in streams, which `0` has already; choose \
          another with `rename`"]
    );
}
