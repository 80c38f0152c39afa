//! What items expand to. A snapshot is read like code: it is what users compile.

use super::{expand, impls};
use insta::assert_snapshot;
use quote::quote;

#[test]
fn what_stands_around_the_impls() {
    let file = syn::parse2(expand(quote! {
        struct Unit;
    }));
    assert_snapshot!(prettyplease::unparse(&file.unwrap()));
}

#[test]
fn struct_with_named_fields() {
    assert_snapshot!(impls(quote! {
        struct Point { x: f64, r#type: String }
    }));
}

#[test]
fn tuple_struct() {
    assert_snapshot!(impls(quote! {
        struct Pair(u32, Vec<u8>);
    }));
}

#[test]
fn record_as_in_memory() {
    assert_snapshot!(impls(quote! {
        #[reduce(pod)]
        struct Particle { place: [f32; 3], #[reduce(default)] id: u32 }
    }));
}

#[test]
fn fields_that_may_all_be_of_fixed_width() {
    assert_snapshot!(impls(quote! {
        struct Vertex<T> { at: [T; 3], color: (u8, u8, u8), normal: geo::Vector }
    }));
    // What one function makes, and one variable length, are enough for rows that are gone through one by one.
    assert_snapshot!(impls(quote! {
        #[reduce(validate = check)]
        struct Checked(f64);
    }));
    assert_snapshot!(impls(quote!(
        struct Named(f64, u32);
    )));
}

#[test]
fn structs_without_fields() {
    assert_snapshot!(impls(quote!(
        struct Unit;
    )));
    assert_snapshot!(impls(quote!(
        struct Braces {}
    )));
    assert_snapshot!(impls(quote!(
        struct Parentheses();
    )));
}

#[test]
fn fields_of_the_registry() {
    assert_snapshot!(impls(quote! {
        struct Client<T> {
            #[reduce(dispatch)]
            socket: T,
            #[reduce(persistent)]
            owner: Rc<User>,
            #[reduce(persistent(u32))]
            texture: Arc<Texture>,
        }
    }));
}

#[test]
fn skip_with_defaults() {
    assert_snapshot!(impls(quote! {
        struct Cached {
            key: String,
            #[reduce(skip, default)]
            cache: Cache,
            #[reduce(skip, default = Instant::now)]
            made: Instant,
        }
    }));
}

#[test]
fn skip_with_rebuild() {
    assert_snapshot!(impls(quote! {
        #[reduce(name = "app.DatabaseConnection")]
        struct DatabaseConnection {
            db_path: PathBuf,
            #[reduce(skip, rebuild = "connect")]
            connection: rusqlite::Connection,
        }
    }));
}

#[test]
fn rebuild_from_named_fields_with_a_context() {
    assert_snapshot!(impls(quote! {
        struct Session {
            user: u64,
            host: String,
            #[reduce(skip, rebuild = Pool::lend, from(host), context(Pool))]
            lent: Lent,
            #[reduce(skip, rebuild = "greet::<Lent>", from(lent, user))]
            greeting: String,
            #[reduce(skip, rebuild = now, from())]
            since: Instant,
        }
    }));
}

#[test]
fn rebuild_from_positions_in_a_variant() {
    assert_snapshot!(impls(quote! {
        enum Job { Run(u8, #[reduce(skip, rebuild = start, from(0))] Handle, String) }
    }));
}

#[test]
fn rebuild_of_the_whole_value() {
    assert_snapshot!(impls(quote! {
        #[reduce(rebuild = Index::open, context(Pool))]
        struct Index {
            path: PathBuf,
            #[reduce(skip)]
            file: File,
            version: u32,
        }
    }));
}

#[test]
fn validate() {
    assert_snapshot!(impls(quote! {
        #[reduce(validate = "Range::check")]
        struct Range { low: u32, high: u32 }
    }));
}

#[test]
fn via_another_type() {
    assert_snapshot!(impls(quote! {
        #[reduce(via = String, validate = in_use)]
        enum Port { Number(u16), Any }
    }));
}

#[test]
fn transparent_around_one_field() {
    assert_snapshot!(impls(quote! {
        #[reduce(transparent)]
        struct Id<T> { number: u64, of: PhantomData<T> }
    }));
}

#[test]
fn transparent_with_an_adapter_and_validate() {
    assert_snapshot!(impls(quote! {
        #[reduce(transparent, validate = reachable)]
        struct Peer(#[reduce(with = PeerText)] net::Peer);
    }));
}

#[test]
fn enum_of_all_kinds_of_variants() {
    assert_snapshot!(impls(quote! {
        #[reduce(name = "geo.Shape", validate = check)]
        enum Shape {
            Nothing,
            Circle { radius: f64, #[reduce(skip, default)] area: Option<f64> },
            Line(f64, f64),
            Braces {},
            Discriminant = 9,
        }
    }));
}

#[test]
fn enum_without_variants() {
    assert_snapshot!(impls(quote! {
        enum Never {}
    }));
}

#[test]
fn generics() {
    assert_snapshot!(impls(quote! {
        struct Table<'a, K: Ord, V = u8, const N: usize = 4>
        where
            V: Iterator,
        {
            name: &'a str,
            keys: [K; N],
            first: Option<V::Item>,
            last: <V as Iterator>::Item,
            #[reduce(skip, default)]
            cache: Cache<V>,
            #[reduce(with = AsText)]
            text: Text<V>,
        }
    }));
}

#[test]
fn shared_pointees_are_static() {
    assert_snapshot!(impls(quote! {
        struct Graph<T, U> { root: Rc<RefCell<T>>, parent: sync::Weak<U>, other: U }
    }));
    assert_snapshot!(impls(quote! {
        struct Node<T> { value: T, next: Option<Rc<Node<T>>> }
    }));
}

#[test]
fn phantom_data_and_recursion_ask_for_nothing() {
    assert_snapshot!(impls(quote! {
        enum Tree<T, M> { Leaf(T, PhantomData<M>), Node(Box<Tree<T, M>>, Box<Self>) }
    }));
}

#[test]
fn the_users_own_bounds() {
    assert_snapshot!(impls(quote! {
        #[reduce(bound = "T: Reduce + for<'de> Expand<'de>")]
        struct All<T>(T);
    }));
    assert_snapshot!(impls(quote! {
        #[reduce(bound(expand = "T: Expand<'de> + Ord"))]
        struct Side<T>(T);
    }));
}

#[test]
fn the_users_own_de_lifetime() {
    assert_snapshot!(impls(quote! {
        struct Text<'de>(&'de str);
    }));
}

#[test]
fn adapters() {
    assert_snapshot!(impls(quote! {
        struct Network {
            #[reduce(with = PeerText)]
            first: Peer,
            #[reduce(with = "Vec<PeerText>")]
            others: Vec<Peer>,
        }
    }));
}

#[test]
fn renamed_fields_and_variants() {
    assert_snapshot!(impls(quote! {
        #[reduce(rename_all = "kebab-case", rename_all_fields = "camelCase")]
        enum Event {
            KeyPressed { key_code: u32, #[reduce(rename = "mods")] modifiers: u8 },
            #[reduce(rename = "mouse")]
            MouseMoved(i32, #[reduce(rename = "down")] i32),
        }
    }));
}

#[test]
fn skipped_tuple_fields_do_not_shift_the_others() {
    assert_snapshot!(impls(quote! {
        struct Prefix(u8, #[reduce(skip, default)] u16);
    }));
    assert_snapshot!(impls(quote! {
        struct Gap(#[reduce(skip, default)] u8, u16);
    }));
}

#[test]
fn packed_fields_are_copied() {
    assert_snapshot!(impls(quote! {
        #[repr(C, packed(2))]
        struct Packed<T> { tag: u8, value: T }
    }));
}

#[test]
fn crate_path() {
    assert_snapshot!(impls(quote! {
        #[reduce(crate = other::reduce)]
        struct Renamed { #[reduce(skip, rebuild = make, from())] a: u8, b: u16 }
    }));
}

#[test]
fn names_of_our_locals_as_fields() {
    assert_snapshot!(impls(quote! {
        struct Locals { r: u8, w: u8, __value: u8, __field0: u8 }
    }));
}

#[test]
fn a_cow_for_static_is_read_owned() {
    assert_snapshot!(impls(quote! {
        struct Label { text: std::borrow::Cow<'static, str>, borrowed: Cow<'static, [u8]>, size: u8 }
    }));
}
