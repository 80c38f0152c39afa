//! What items expand to that say what has changed since.

use super::impls;
use insta::assert_snapshot;
use quote::quote;

#[test]
fn fields_that_a_stream_may_lack() {
    assert_snapshot!(impls(quote! {
        struct Order {
            id: u64,
            #[reduce(default)]
            note: String,
            #[reduce(default = Currency::euro)]
            currency: Currency,
            #[reduce(rebuild = sum)]
            total: u64,
            #[reduce(rebuild = tax, from(total), context(Rates))]
            tax: u64,
            #[reduce(skip, rebuild = label)]
            label: String,
        }
    }));
}

#[test]
fn generic_fields_that_a_stream_may_lack() {
    assert_snapshot!(impls(quote! {
        struct Pair<T, U>(T, #[reduce(default)] Option<U>, #[reduce(default, with = Text)] T);
    }));
}

#[test]
fn a_container_rebuild_with_a_field_that_the_stream_may_lack() {
    assert_snapshot!(impls(quote! {
        #[reduce(rebuild = Index::open)]
        struct Index { path: PathBuf, #[reduce(rebuild = guess)] size: u64 }
    }));
}

#[test]
fn state_that_a_stream_may_lack() {
    assert_snapshot!(impls(quote! {
        struct Node {
            id: u32,
            #[reduce(state)]
            next: RefCell<Option<Rc<Node>>>,
            #[reduce(state, default, alias = "peers", convert = one)]
            others: RefCell<Vec<Rc<Node>>>,
        }
    }));
}

#[test]
fn earlier_names_and_types() {
    assert_snapshot!(impls(quote! {
        #[reduce(version = 3, deny_newer, deny_unknown)]
        struct User {
            #[reduce(alias = "login", alias = "nick")]
            name: String,
            #[reduce(convert = parse, convert = "round::<u32>", default)]
            age: u32,
            #[reduce(rebuild = guess, convert = from_degrees)]
            angle: f64,
        }
    }));
    assert_snapshot!(impls(quote! {
        struct Point(#[reduce(alias = "x")] f64, #[reduce(alias = "y", default)] f64);
    }));
}

#[test]
fn variants_of_other_versions() {
    assert_snapshot!(impls(quote! {
        #[reduce(version = 2)]
        enum Shape {
            #[reduce(alias = "Round")]
            Circle { #[reduce(alias = "r", default)] radius: f64 },
            #[reduce(other)]
            Newer,
        }
    }));
}

#[test]
fn fields_that_are_kept_unknown() {
    assert_snapshot!(impls(quote! {
        struct Note {
            #[reduce(unknown)]
            more: Unknown,
            text: String,
        }
    }));
}

#[test]
fn variants_that_are_kept_unknown() {
    assert_snapshot!(impls(quote! {
        enum Event {
            Pressed(u32),
            #[reduce(other)]
            Other(Value),
        }
    }));
}

#[test]
fn records_of_earlier_versions() {
    assert_snapshot!(impls(quote! {
        #[reduce(version = 3, upgrade(2 = Order::from_two, 1 = from_one))]
        struct Order<T> {
            id: u64,
            #[reduce(default)]
            note: Option<T>,
            #[reduce(default = Currency::euro, convert = Currency::named)]
            currency: Currency,
            #[reduce(rebuild = sum)]
            total: u64,
        }
    }));
}
