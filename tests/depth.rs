//! Depth is a limit, not the thread's stack: recursive types at the default limit and at a raised one, at dump, load
//! and drop, on stacks of known size.

use reduce_core::{Adapter, BoxError, Context, Dumper, ErrorKind, Expand, Limits, Loader, Reduce};
use std::collections::{BTreeMap, HashMap, LinkedList, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

/// The stack of a thread that nobody set up: what the default limit must fit several times.
const USUAL_STACK: usize = 2 << 20;
/// What `Limits::default` allows.
const DEFAULT_DEPTH: u32 = 256;
/// How deep the values are that must be refused.
const TOO_DEEP: u32 = 10_000;

fn on_stack<T: Send>(bytes: usize, run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(bytes).spawn_scoped(scope, run);
        thread.unwrap().join().unwrap()
    })
}

/// A type that holds itself, with as many levels as are asked for.
trait Nest: Reduce + for<'de> Expand<'de> {
    /// The indirections of one level that count.
    const GUARDS: u32 = 1;
    fn wrap(inner: Option<Self>) -> Self;
    /// Takes the value apart without recursion.
    fn unwrap(self) -> Option<Self>;

    fn levels(levels: u32) -> Self {
        (0..levels).fold(Self::wrap(None), |inner, _| Self::wrap(Some(inner)))
    }
    fn count(self) -> u32 {
        let (mut count, mut value) = (0, self);
        while let Some(inner) = value.unwrap() {
            (count, value) = (count + 1, inner);
        }
        count
    }
}

macro_rules! nests {
    ($($name:ident { $field:ty, $inner:ident => $wrap:expr, $field_name:ident => $unwrap:expr, $guards:literal })*) => {$(
        #[derive(Reduce)]
        struct $name {
            level: u16,
            inner: $field,
        }

        impl Nest for $name {
            const GUARDS: u32 = $guards;
            fn wrap($inner: Option<Self>) -> Self {
                $name { level: 7, inner: $wrap }
            }
            fn unwrap(self) -> Option<Self> {
                assert_eq!(self.level, 7);
                let $field_name = self.inner;
                $unwrap
            }
        }
    )*};
}

nests! {
    InBox { Box<Option<InBox>>, inner => Box::new(inner), field => *field, 1 }
    InOption { Option<Box<InOption>>, inner => inner.map(Box::new), field => field.map(|inner| *inner), 1 }
    InVec { Vec<InVec>, inner => inner.into_iter().collect(), field => field.into_iter().next(), 1 }
    InSlice { Box<[InSlice]>, inner => inner.into_iter().collect(), field => field.into_vec().pop(), 2 }
    InPin {
        Option<std::pin::Pin<Box<InPin>>>, inner => inner.map(Box::pin),
        field => field.map(|inner| *std::pin::Pin::into_inner(inner)), 1
    }
    InQueue {
        VecDeque<InQueue>, inner => inner.into_iter().collect(), field => field.into_iter().next(), 1
    }
    InLinkedList {
        LinkedList<InLinkedList>, inner => inner.into_iter().collect(),
        field => field.into_iter().next(), 1
    }
    InRc {
        Option<Rc<InRc>>, inner => inner.map(Rc::new),
        field => field.map(|inner| Rc::try_unwrap(inner).ok().expect("held once")), 1
    }
    InArc {
        Option<Arc<InArc>>, inner => inner.map(Arc::new),
        field => field.map(|inner| Arc::try_unwrap(inner).ok().expect("held once")), 1
    }
    InHashMap {
        HashMap<String, InHashMap>, inner => inner.into_iter().map(|inner| ("key".to_string(), inner)).collect(),
        field => field.into_values().next(), 1
    }
    InBTreeMap {
        BTreeMap<u8, InBTreeMap>, inner => inner.into_iter().map(|inner| (1, inner)).collect(),
        field => field.into_values().next(), 1
    }
    InVecOfBoxes {
        Vec<(u8, [Box<InVecOfBoxes>; 1])>,
        inner => inner.into_iter().map(|inner| (1, [Box::new(inner)])).collect(),
        field => field.into_iter().next().map(|(_, [inner])| *inner), 2
    }
}

/// The indirection is one that our traits never see: a pointer in a type that is stored as another.
#[derive(Reduce, Clone)]
#[reduce(via = ViaNode)]
struct InVia(Rc<ViaNode>);

#[derive(Reduce, Clone)]
struct ViaNode {
    level: u16,
    next: Option<InVia>,
}

impl From<&InVia> for ViaNode {
    fn from(link: &InVia) -> Self {
        ViaNode::clone(&link.0)
    }
}

impl From<ViaNode> for InVia {
    fn from(node: ViaNode) -> Self {
        InVia(Rc::new(node))
    }
}

impl Nest for InVia {
    fn wrap(inner: Option<Self>) -> Self {
        InVia(Rc::new(ViaNode { level: 7, next: inner }))
    }
    fn unwrap(self) -> Option<Self> {
        assert_eq!(self.0.level, 7);
        Rc::try_unwrap(self.0).ok().expect("held once").next
    }
}

/// As `InVia`, in a type of another crate.
#[derive(Clone)]
struct Foreign {
    level: u16,
    next: Option<Rc<Foreign>>,
}

struct AsStored;

#[derive(Reduce)]
struct StoredForeign {
    level: u16,
    #[reduce(with = Option<AsStored>)]
    next: Option<Foreign>,
}

impl Adapter<Foreign> for AsStored {
    type Stored = StoredForeign;
    fn reduce(value: &Foreign, _: &Context<'_>) -> Result<StoredForeign, BoxError> {
        let next = value.next.as_ref().map(|next| Foreign::clone(next));
        Ok(StoredForeign { level: value.level, next })
    }
    fn expand(stored: StoredForeign, _: &Context<'_>) -> Result<Foreign, BoxError> {
        Ok(Foreign { level: stored.level, next: stored.next.map(Rc::new) })
    }
}

#[derive(Reduce)]
#[reduce(transparent)]
struct InAdapter(#[reduce(with = AsStored)] Foreign);

impl Nest for InAdapter {
    fn wrap(inner: Option<Self>) -> Self {
        InAdapter(Foreign { level: 7, next: inner.map(|inner| Rc::new(inner.0)) })
    }
    fn unwrap(self) -> Option<Self> {
        assert_eq!(self.0.level, 7);
        self.0.next.map(|next| InAdapter(Rc::try_unwrap(next).ok().expect("held once")))
    }
}

/// At the default limit: what is too deep is refused at dump and at load, what is not comes back.
fn default_limit<T: Nest>() {
    // Made, taken apart and dumped with limits of its own on a stack that has room.
    let deep = on_stack(512 << 20, || {
        let value = T::levels(TOO_DEEP);
        let dumper = Dumper::new().limits(Limits::default().depth(T::GUARDS * TOO_DEEP + 2));
        let bytes = dumper.to_vec(&value).unwrap();
        assert_eq!(value.count(), TOO_DEEP);
        bytes
    });
    on_stack(USUAL_STACK, || {
        let value = T::levels(TOO_DEEP);
        let error = reduce_core::to_vec(&value).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit);
        assert!(error.to_string().contains("`Limits::depth` raises it"), "{error}");
        // The path of hundreds of steps is cut in the middle of the line.
        assert!(error.to_string().len() < 600 && format!("{error:?}").len() < 1200, "{error}");
        assert_eq!(value.count(), TOO_DEEP);

        let error = reduce_core::from_slice::<T>(&deep).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Limit);

        // As deep as the limit allows: the root and the end are levels of their own.
        let most = DEFAULT_DEPTH / T::GUARDS - 2;
        let bytes = reduce_core::to_vec(&T::levels(most)).unwrap();
        assert_eq!(reduce_core::from_slice::<T>(&bytes).ok().unwrap().count(), most);
        assert!(reduce_core::to_vec(&T::levels(most + 3)).is_err());
    });
}

/// A raised limit on a stack that has room for it.
fn raised_limit<T: Nest>() {
    const LEVELS: u32 = 5_000;
    on_stack(512 << 20, || {
        let limits = Limits::default().depth(T::GUARDS * LEVELS + 2);
        let bytes = Dumper::new().limits(limits).to_vec(&T::levels(LEVELS)).unwrap();
        let value: T = Loader::new().limits(limits).from_slice(&bytes).unwrap();
        assert_eq!(value.count(), LEVELS);
        // The default refuses what the raised limit let pass.
        assert!(reduce_core::from_slice::<T>(&bytes).is_err());
    });
}

macro_rules! both {
    ($($name:ident: $type:ty;)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn at_the_default_limit() {
                default_limit::<$type>();
            }

            #[test]
            fn at_a_raised_limit() {
                raised_limit::<$type>();
            }
        }
    )*};
}

both! {
    a_box: InBox;
    an_option_of_a_box: InOption;
    a_vec: InVec;
    a_boxed_slice: InSlice;
    a_pinned_box: InPin;
    a_queue: InQueue;
    a_linked_list: InLinkedList;
    an_rc: InRc;
    an_arc: InArc;
    a_hash_map: InHashMap;
    a_b_tree_map: InBTreeMap;
    a_vec_of_boxes: InVecOfBoxes;
    a_pointer_stored_via_another_type: InVia;
    a_pointer_of_an_adapted_type: InAdapter;
}

#[test]
fn an_enum_and_a_wide_struct_fit_the_usual_stack() {
    /// Much on the stack at each level.
    #[derive(Reduce)]
    struct Wide {
        numbers: [u64; 64],
        texts: (String, String, String, String),
        next: Step,
    }
    #[derive(Reduce)]
    enum Step {
        End,
        On(Box<Wide>),
    }
    on_stack(USUAL_STACK, || {
        let wide = |next| Wide { numbers: [1; 64], texts: Default::default(), next };
        let mut value = wide(Step::End);
        for _ in 0..DEFAULT_DEPTH - 1 {
            value = wide(Step::On(Box::new(value)));
        }
        let bytes = reduce_core::to_vec(&value).unwrap();
        let mut loaded: Wide = reduce_core::from_slice(&bytes).unwrap();
        let mut levels = 0;
        while let Step::On(next) = loaded.next {
            assert_eq!((loaded.numbers[63], loaded.texts.3.len()), (1, 0));
            loaded = *next;
            levels += 1;
        }
        assert_eq!(levels, DEFAULT_DEPTH - 1);
    });
}

#[test]
fn depth_is_given_back_after_every_value() {
    // Many values side by side are not deep.
    let value: Vec<Vec<Box<Option<Rc<u8>>>>> =
        (0..50).map(|n| (0..50).map(|m| Box::new(Some(Rc::new(n ^ m)))).collect()).collect();
    let limits = Limits::default().depth(4);
    let bytes = Dumper::new().limits(limits).to_vec(&value).unwrap();
    let loaded: Vec<Vec<Box<Option<Rc<u8>>>>> =
        Loader::new().limits(limits).from_slice(&bytes).unwrap();
    assert_eq!(loaded, value);
    assert!(Dumper::new().limits(limits.depth(3)).to_vec(&value).is_err());
    assert!(
        Loader::new()
            .limits(limits.depth(3))
            .from_slice::<Vec<Vec<Box<Option<Rc<u8>>>>>>(&bytes)
            .is_err()
    );
}

#[test]
fn the_check_ahead_of_rebuild_functions_takes_no_stack() {
    #[derive(Reduce)]
    struct Node {
        next: Option<Box<Node>>,
        #[reduce(skip, rebuild = one, from())]
        #[allow(dead_code, reason = "makes the load check first")]
        one: u8,
    }
    fn one() -> u8 {
        1
    }
    const LEVELS: u32 = 10_000;
    let bytes = on_stack(512 << 20, || {
        let mut node = Node { next: None, one: 1 };
        for _ in 0..LEVELS {
            node = Node { next: Some(Box::new(node)), one: 1 };
        }
        Dumper::new().limits(Limits::default().depth(LEVELS)).to_vec(&node).unwrap()
    });
    on_stack(USUAL_STACK, || {
        let error = reduce_core::from_slice::<Node>(&bytes).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Limit);
    });
    on_stack(512 << 20, || {
        let loader = Loader::new().limits(Limits::default().depth(LEVELS));
        let mut node: Node = loader.from_slice(&bytes).unwrap();
        let mut levels = 0;
        while let Some(next) = node.next.take() {
            (node, levels) = (*next, levels + 1);
        }
        assert_eq!(levels, LEVELS);
    });
}
