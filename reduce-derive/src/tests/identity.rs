//! Expansions and errors of `shared = false` and `out_of_band`.

use super::{errors, impls};
use insta::assert_snapshot;
use quote::quote;

#[test]
fn pointers_without_identity() {
    assert_snapshot!(impls(quote! {
        struct Scene<'a, T> {
            #[reduce(shared = false)]
            name: Arc<str>,
            #[reduce(shared = false, out_of_band)]
            layers: Vec<Option<Rc<[T]>>>,
            #[reduce(shared = false)]
            by_name: HashMap<String, (u8, Rc<Vec<Arc<&'a str>>>)>,
        }
    }));
}

#[test]
fn out_of_band_fields_of_all_kinds() {
    assert_snapshot!(impls(quote! {
        enum Message {
            Raw(#[reduce(out_of_band)] Vec<u8>),
            Image { #[reduce(out_of_band, with = AsPng)] image: Image },
        }
    }));
}

#[test]
fn keys_that_cannot_stand_beside_them() {
    assert_eq!(
        errors(quote! {
            struct Wrong {
                #[reduce(skip, default, shared = false)]
                a: Rc<u8>,
                #[reduce(out_of_band, skip, default)]
                b: Vec<u8>,
                #[reduce(with = A, shared = false)]
                c: Rc<u8>,
                #[reduce(shared = false, state)]
                d: RefCell<Rc<u8>>,
                #[reduce(shared = false)]
                e: Vec<u8>,
                #[reduce(shared = true)]
                f: Rc<u8>,
                #[reduce(shared)]
                g: Rc<u8>,
                #[reduce(shared = maybe)]
                h: Rc<u8>,
                #[reduce(out_of_band = false)]
                i: Vec<u8>,
                #[reduce(dispatch, shared = false)]
                j: Rc<u8>,
                #[reduce(shared = false, persistent)]
                k: Rc<u8>,
            }
        }),
        [
            "`shared = true` is how pointers are stored anyway; remove it",
            "expected a value: `shared = false`",
            "write `shared = false`",
            "`out_of_band` takes no value; write `out_of_band` alone",
            "`shared` cannot stand together with `skip`: a skipped field is not stored; remove one \
             of the two",
            "`skip` cannot stand together with `out_of_band`: a skipped field is not stored; remove \
             one of the two",
            "`shared` cannot stand together with `with`: what the adapter stores has pointers of \
             its own; remove one of the two",
            "`state` cannot stand together with `shared`: a cycle closes by the identity of what is \
             referred to; remove one of the two",
            "`shared = false` is about the `Rc`s and `Arc`s in the field's type, and this one names \
             none; remove it",
            "`shared` cannot stand together with `dispatch`: both say how the field is stored; \
             remove one of the two",
            "`persistent` cannot stand together with `shared`: both say how the field is stored; \
             remove one of the two",
        ]
    );
}
