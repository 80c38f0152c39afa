//! `shared = false` and `out_of_band` where nothing is imported and warnings are denied.
#![no_implicit_prelude]
#![deny(warnings)]

#[derive(::reduce_core::Reduce)]
struct Page<T> {
    #[reduce(shared = false)]
    words: ::std::vec::Vec<::std::rc::Rc<str>>,
    #[reduce(shared = false)]
    by_name: ::std::collections::BTreeMap<u8, ::std::sync::Arc<T>>,
    #[reduce(out_of_band)]
    image: ::std::vec::Vec<u8>,
}

fn main() {
    let page = Page {
        words: ::std::vec!["a".into_rc()],
        by_name: ::std::convert::From::from([(1, ::std::sync::Arc::new(2u32))]),
        image: ::std::vec![3],
    };
    let bytes = ::reduce_core::to_vec(&page).unwrap();
    let again: Page<u32> = ::reduce_core::from_slice(&bytes).unwrap();
    ::std::assert_eq!(&*again.words[0], "a");
    ::std::assert_eq!(*again.by_name[&1], 2);
    ::std::assert_eq!(again.image, page.image);
}

trait IntoRc {
    fn into_rc(&self) -> ::std::rc::Rc<str>;
}

impl IntoRc for str {
    fn into_rc(&self) -> ::std::rc::Rc<str> {
        ::std::convert::From::from(self)
    }
}
