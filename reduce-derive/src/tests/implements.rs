//! Expansions and errors of `implements`.

use super::{errors, impls};
use insta::assert_snapshot;
use quote::quote;

#[test]
fn objects_of_traits() {
    assert_snapshot!(impls(quote! {
        #[reduce(implements(Shape, geo::Draw + Sync + Send, geo::Draw))]
        struct Circle { radius: f64 }
    }));
}

#[test]
fn objects_of_a_generic_type() {
    assert_snapshot!(impls(quote! {
        #[reduce(implements(Shape + Send), bound(reduce = "T: Reduce + Clone"))]
        enum Pair<'a, T> { Of(&'a str, T) }
    }));
}

#[test]
fn objects_of_a_type_with_lifetimes_alone() {
    assert_snapshot!(impls(quote! {
        #[reduce(implements(Shape))]
        struct Label<'a>(&'a str);
    }));
}

#[test]
fn lists_that_name_no_traits() {
    assert_eq!(
        errors(quote! {
            #[reduce(implements(dyn Shape, "Draw", , ?Sized, for<'a> F<'a>, Shape Draw, Shape + 'static))]
            struct Wrong;
        }),
        [
            "write the trait without `dyn`",
            "expected the name of a trait, like `Shape` or `geo::Draw + Send`",
            "expected the name of a trait, like `Shape` or `geo::Draw + Send`",
            "expected the name of a trait, like `Shape` or `geo::Draw + Send`",
            "expected the name of a trait, like `Shape` or `geo::Draw + Send`",
            "expected the name of a trait, like `Shape` or `geo::Draw + Send`",
            "expected the name of a trait, like `Shape` or `geo::Draw + Send`",
        ]
    );
    for item in [
        quote!(
            #[reduce(implements())]
            struct Wrong;
        ),
        quote!(
            #[reduce(implements)]
            struct Wrong;
        ),
        quote!(
            #[reduce(implements = Shape)]
            struct Wrong;
        ),
    ] {
        let errors = errors(item);
        assert_eq!(errors.len(), 1);
        assert!(errors[0].ends_with("`implements(Shape, geo::Draw)`"), "{errors:?}");
    }
}

#[test]
fn a_trait_is_named_once() {
    assert_eq!(
        errors(quote! {
            #[reduce(implements(Shape, Shape + Send, Shape, Shape + Send + Send, Shape + Send))]
            struct Wrong;
        }),
        ["`Shape` is named twice", "`Send` is named twice", "`Shape + Send` is named twice"]
    );
}

#[test]
fn only_auto_traits_go_with_another() {
    assert_eq!(
        errors(quote! {
            #[reduce(implements(Shape + Draw, Send + Sync, Send + Shape))]
            struct Wrong;
        }),
        [
            "only `Send` and `Sync` go with another trait; list this one after a comma",
            "`Send` and `Sync` say nothing alone; write them after a trait, like `Shape + Send`",
        ]
    );
}

#[test]
fn what_has_no_name_is_no_object() {
    let why = "a trait object is found by its type's name, and what is stored here has that of \
               another type; remove one of the two";
    assert_eq!(
        errors(quote! {
            #[reduce(transparent, implements(Shape))]
            struct Wrong(u8);
        }),
        [format!("`implements` cannot stand together with `transparent`: {why}")]
    );
    assert_eq!(
        errors(quote! {
            #[reduce(implements(Shape), via = String)]
            struct Wrong;
        }),
        [format!("`via` cannot stand together with `implements`: {why}")]
    );
}

#[test]
fn implements_belongs_on_the_type() {
    assert_eq!(
        errors(quote! {
            struct Wrong(#[reduce(implements(Shape))] u8);
        }),
        ["`implements` belongs on the type, not on a field"]
    );
}
