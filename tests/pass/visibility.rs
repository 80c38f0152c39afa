//! Private types in public ones, all visibilities, private functions.
#![deny(warnings)]

pub mod api {
    use reduce_core::Reduce;

    #[derive(Reduce, Debug, PartialEq)]
    struct Private(u8);

    #[derive(Reduce, Debug, PartialEq)]
    pub struct Public {
        pub open: u8,
        pub(crate) near: u8,
        pub(super) above: u8,
        closed: Private,
        #[reduce(skip, rebuild = private, from(closed))]
        made: u8,
    }

    fn private(closed: &Private) -> u8 {
        closed.0
    }

    impl Public {
        pub fn new() -> Self {
            Public { open: 1, near: 2, above: 3, closed: Private(4), made: 4 }
        }
    }

    #[derive(Reduce, Debug, PartialEq)]
    pub(in crate::api) enum Inner {
        A(Private),
    }

    pub fn inner() {
        let inner = Inner::A(Private(1));
        let bytes = reduce_core::to_vec(&inner).unwrap();
        assert_eq!(reduce_core::from_slice::<Inner>(&bytes).unwrap(), inner);
    }
}

fn main() {
    fn in_a_function() -> u8 {
        #[derive(reduce_core::Reduce)]
        struct Local(u8);
        reduce_core::from_slice::<Local>(&reduce_core::to_vec(&Local(6)).unwrap()).unwrap().0
    }
    let public = api::Public::new();
    let bytes = reduce_core::to_vec(&public).unwrap();
    assert_eq!(reduce_core::from_slice::<api::Public>(&bytes).unwrap(), public);
    assert_eq!((public.open, public.near, public.above), (1, 2, 3));
    api::inner();
    assert_eq!(in_a_function(), 6);
}
