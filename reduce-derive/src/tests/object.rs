//! Expansions and errors of `#[object]`.

use crate::object::object;
use insta::assert_snapshot;
use proc_macro2::TokenStream;
use quote::quote;

fn show(arguments: TokenStream, item: TokenStream) -> String {
    let expansion = object(arguments, item).to_string();
    let expansion = expansion.replace(":: reduce_core :: __private", "__p");
    prettyplease::unparse(&syn::parse_file(&expansion).expect("the expansion is not Rust"))
}

/// The messages of the errors, and whether the impls stand.
fn errors(arguments: TokenStream, item: TokenStream) -> (Vec<String>, bool) {
    let file: syn::File = syn::parse2(object(arguments, item)).expect("the expansion is not Rust");
    let messages = file.items.iter().filter_map(|item| match item {
        syn::Item::Macro(item) => Some(item.mac.parse_body::<syn::LitStr>().unwrap().value()),
        _ => None,
    });
    let impls = file.items.iter().any(|item| matches!(item, syn::Item::Const(_)));
    (messages.collect(), impls)
}

/// The errors of a trait that has no objects.
fn refused(item: TokenStream) -> Vec<String> {
    let (errors, impls) = errors(quote!(), item);
    assert!(!impls, "impls beside {errors:?}");
    errors
}

#[test]
fn objects_of_a_trait() {
    assert_snapshot!(show(
        quote!(),
        quote! {
            /// A shape.
            pub trait Shape {
                fn area(&self) -> f64;
            }
        }
    ));
}

#[test]
fn a_name_supertraits_and_methods_of_the_type_alone() {
    assert_snapshot!(show(
        quote!(name = "geo.Draw", crate = other::reduce),
        quote! {
            pub(crate) unsafe trait Draw: Shape + fmt::Debug where Self: Send {
                type Canvas where Self: Sized;
                fn draw(&mut self, on: &mut dyn Canvas<Of = <Self as Paint>::Color>) -> Self::Color;
                fn open(from: impl Read) -> Self where Self: Sized;
                fn visit<V: Visitor>(&self, visitor: V) where Self: Sized, V: Copy {}
                fn take(self: Box<Self>);
                fn borrow<'a>(&'a self) -> &'a str;
            }
        }
    ));
}

#[test]
fn raw_names_are_stored_as_they_are_read() {
    assert!(
        show(
            quote!(),
            quote!(
                trait r#move {}
            )
        )
        .contains("dynamic::<Self>(\"move\")")
    );
}

#[test]
fn wrong_arguments_leave_the_impls() {
    let shape = quote!(
        trait Shape {}
    );
    assert_eq!(
        errors(quote!(nmae = "x", name = "a", name = "b", validate = check, getter), shape.clone()),
        (
            vec![
                "unknown key `nmae`; did you mean `name`?".to_owned(),
                "duplicate key `name`; remove one of the two".to_owned(),
                "`validate` belongs on the type, not on a trait".to_owned(),
                "unknown key `getter`; the keys of a trait are `name`, `crate`".to_owned(),
            ],
            true
        )
    );
    assert_eq!(
        errors(quote!("geo.Shape"), shape.clone()),
        (vec!["expected a key, like `name`".to_owned()], true)
    );
    assert_eq!(
        errors(quote!(name = ""), shape),
        (vec!["a name must not be empty".to_owned()], true)
    );
}

#[test]
fn what_is_not_a_trait_stays_as_it_is() {
    let of_type = "`object` is for traits; on a type, write `#[derive(Reduce)]` and \
                   `#[reduce(implements(Trait))]`";
    for item in [
        quote!(
            struct Wrong;
        ),
        quote!(
            enum Wrong {}
        ),
        quote!(union Wrong { a: u8 }),
    ] {
        assert_eq!(refused(item), [of_type]);
    }
    assert_eq!(
        refused(quote!(impl Shape for Circle {})),
        ["`object` is for traits; write it where the trait is declared"]
    );
    assert_eq!(
        refused(quote!(
            trait Alias = Shape + Send;
        )),
        ["`object` is for traits, not for aliases of them; write it where the trait is declared"]
    );
    assert_eq!(
        refused(quote!(
            fn wrong() {}
        )),
        ["`object` is for traits"]
    );
    assert!(
        show(
            quote!(),
            quote!(
                fn wrong() {}
            )
        )
        .ends_with("fn wrong() {}\n")
    );
}

#[test]
fn generic_traits_have_no_one_name() {
    assert_eq!(
        refused(quote!(
            trait Wrong<'a, T> {}
        )),
        ["each `dyn Wrong<..>` would need a name of its own; remove the parameter `'a`, or move \
          what depends on it to another trait"]
    );
}

#[test]
fn traits_of_the_type_itself() {
    let why = "which is about the type behind it; remove it from the supertraits";
    assert_eq!(
        refused(quote!(
            trait Wrong: Clone + Debug + PartialEq + PartialEq<u8> + ?Sized {}
        )),
        [
            format!("a trait object knows no `Clone`, {why}"),
            format!("a trait object knows no `PartialEq`, {why}"),
        ]
    );
    assert_eq!(
        refused(quote!(
            trait Wrong
            where
                Self: Sized,
            {
            }
        )),
        ["a trait with `where Self: Sized` has no objects"]
    );
}

#[test]
fn members_that_objects_do_not_have() {
    assert_eq!(
        refused(quote! {
            trait Wrong {
                const SCALE: f64;
                type Item;
                fn new() -> Box<Self>;
                fn visit<'a, const N: usize, V>(&'a self, visitor: V);
                fn each(&self, visit: impl Fn(u8));
                async fn wait(&self);
                fn same(&self, other: &Self) -> Option<impl Iterator>;
            }
        }),
        [
            "a trait object has no associated constants; make it a method that takes `&self`",
            "each `dyn` of a trait with an associated type would need a name of its own; add \
             `where Self: Sized` to it or remove it",
            "a trait object has no functions without `self`; add `where Self: Sized` to `new`",
            "a trait object has no generic methods; add `where Self: Sized` to `visit`",
            "a trait object has no methods with an `impl Trait`; add `where Self: Sized` to `each`",
            "a trait object has no methods that are `async`; add `where Self: Sized` to `wait`",
            "a trait object has no methods with `Self` in their signature; add `where Self: \
             Sized` to `same`",
        ]
    );
}
