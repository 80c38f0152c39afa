//! A million levels on the stack of a usual thread, where the caller raises the limit: the stack grows. With the
//! default limit such values are refused, however deep they are.

use reduce_core::{Dumper, Error, ErrorKind, Expand, Limits, Loader, Reduce, Registry};
use std::rc::Rc;

/// The stack of a thread that nobody set up.
const USUAL_STACK: usize = 2 << 20;
const LEVELS: u32 = 1_000_000;

fn on_usual_stack<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(USUAL_STACK).spawn_scoped(scope, run);
        thread.unwrap().join().unwrap()
    })
}

/// A chain whose links hold the next one, each a number: made and taken apart without recursion.
trait Chain: Reduce + for<'de> Expand<'de> + Sized {
    fn link(level: u32, next: Option<Self>) -> Self;
    fn unlink(self) -> (u32, Option<Self>);

    fn of(levels: u32) -> Self {
        (1..levels).fold(Self::link(0, None), |next, level| Self::link(level, Some(next)))
    }

    /// How many links there are, whose numbers descend to 0.
    fn count(self) -> u32 {
        let (first, mut rest) = self.unlink();
        let mut last = first;
        while let Some(link) = rest {
            let level;
            (level, rest) = link.unlink();
            assert_eq!(level, last - 1);
            last = level;
        }
        assert_eq!(last, 0);
        first + 1
    }
}

fn million<T: Chain>(registry: &Registry) {
    on_usual_stack(|| {
        let limits = Limits::default().depth(LEVELS + 1).bytes(1 << 30);
        let chain = T::of(LEVELS);
        let bytes = Dumper::new().limits(limits).registry(registry).to_vec(&chain).unwrap();
        let refused = Dumper::new().registry(registry).to_vec(&chain).unwrap_err();
        assert_too_deep(&refused);
        assert_eq!(chain.count(), LEVELS);

        let loaded: T = Loader::new().limits(limits).registry(registry).from_slice(&bytes).unwrap();
        assert_eq!(loaded.count(), LEVELS);
        let refused = Loader::new().registry(registry).from_slice::<T>(&bytes).err().unwrap();
        assert_too_deep(&refused);

        // An error far down, on another stack, comes back up, and takes all that was made with it.
        let some = limits.depth(LEVELS / 10);
        let refused = Loader::new().limits(some).registry(registry).from_slice::<T>(&bytes);
        assert_too_deep(&refused.err().unwrap());
    });
}

fn assert_too_deep(error: &Error) {
    assert_eq!(error.kind(), ErrorKind::Limit);
    assert!(error.to_string().contains("`Limits::depth` raises it"), "{error}");
}

#[derive(Reduce)]
struct InBox {
    level: u32,
    next: Option<Box<InBox>>,
}

impl Chain for InBox {
    fn link(level: u32, next: Option<Self>) -> Self {
        InBox { level, next: next.map(Box::new) }
    }
    fn unlink(self) -> (u32, Option<Self>) {
        (self.level, self.next.map(|next| *next))
    }
}

#[test]
fn a_million_boxes() {
    million::<InBox>(&Registry::new());
}

/// The box stands outside.
#[derive(Reduce)]
#[reduce(transparent)]
struct BoxOfOption(Box<Option<(u32, BoxOfOption)>>);

impl Chain for BoxOfOption {
    fn link(level: u32, next: Option<Self>) -> Self {
        BoxOfOption(Box::new(Some((level, next.unwrap_or_else(|| BoxOfOption(Box::new(None)))))))
    }
    fn unlink(self) -> (u32, Option<Self>) {
        let (level, next) = self.0.expect("a link");
        (level, next.0.is_some().then_some(next))
    }
}

#[test]
fn a_million_boxes_of_options() {
    million::<BoxOfOption>(&Registry::new());
}

#[derive(Reduce)]
struct InRc {
    level: u32,
    next: Option<Rc<InRc>>,
}

impl Chain for InRc {
    fn link(level: u32, next: Option<Self>) -> Self {
        InRc { level, next: next.map(Rc::new) }
    }
    fn unlink(self) -> (u32, Option<Self>) {
        (self.level, self.next.map(|next| Rc::try_unwrap(next).ok().expect("held once")))
    }
}

#[test]
fn a_million_rcs() {
    million::<InRc>(&Registry::new());
}

#[derive(Reduce)]
struct InVec {
    level: u32,
    next: Vec<InVec>,
}

impl Chain for InVec {
    fn link(level: u32, next: Option<Self>) -> Self {
        InVec { level, next: next.into_iter().collect() }
    }
    fn unlink(mut self) -> (u32, Option<Self>) {
        (self.level, self.next.pop())
    }
}

#[test]
fn a_million_vecs() {
    million::<InVec>(&Registry::new());
}

#[reduce_core::object]
trait Link {
    fn unlink(&mut self) -> (u32, Option<Box<dyn Link>>);
}

#[derive(Reduce)]
#[reduce(name = "deep.DynLink", implements(Link))]
struct DynLink {
    level: u32,
    next: Option<Box<dyn Link>>,
}

impl Link for DynLink {
    fn unlink(&mut self) -> (u32, Option<Box<dyn Link>>) {
        (self.level, self.next.take())
    }
}

#[derive(Reduce)]
#[reduce(transparent)]
struct InDyn(Box<dyn Link>);

impl Chain for InDyn {
    fn link(level: u32, next: Option<Self>) -> Self {
        InDyn(Box::new(DynLink { level, next: next.map(|next| next.0) }))
    }
    fn unlink(mut self) -> (u32, Option<Self>) {
        let (level, next) = self.0.unlink();
        (level, next.map(InDyn))
    }
}

#[test]
fn a_million_trait_objects() {
    let mut registry = Registry::new();
    registry.register::<DynLink>().unwrap();
    million::<InDyn>(&registry);
}

/// A link that is stored as another type, by value.
#[derive(Reduce, Clone)]
#[reduce(via = ViaLink)]
struct InVia(Rc<ViaLink>);

#[derive(Reduce, Clone)]
struct ViaLink(u32, Option<InVia>);

impl From<&InVia> for ViaLink {
    fn from(link: &InVia) -> Self {
        ViaLink::clone(&link.0)
    }
}

impl From<ViaLink> for InVia {
    fn from(link: ViaLink) -> Self {
        InVia(Rc::new(link))
    }
}

impl Chain for InVia {
    fn link(level: u32, next: Option<Self>) -> Self {
        InVia(Rc::new(ViaLink(level, next)))
    }
    fn unlink(self) -> (u32, Option<Self>) {
        let ViaLink(level, next) = Rc::try_unwrap(self.0).ok().expect("held once");
        (level, next)
    }
}

#[test]
fn a_million_stand_ins() {
    million::<InVia>(&Registry::new());
}

/// By value each level has 8 KiB, and every call on the way to the next level may hold a copy.
mod large {
    use super::*;

    const SIZE: usize = 8 << 10;
    /// What the default limit allows.
    const DEFAULT_DEPTH: u32 = 256;

    macro_rules! large {
        ($($name:ident { $next:ty, $link:ident => $from:expr, $held:ident => $into:expr })*) => {$(
            #[derive(Reduce)]
            struct $name {
                level: u32,
                bytes: [u8; SIZE],
                next: $next,
            }

            impl Chain for $name {
                fn link(level: u32, $link: Option<Self>) -> Self {
                    $name { level, bytes: [7; SIZE], next: $from }
                }
                fn unlink(self) -> (u32, Option<Self>) {
                    assert_eq!(self.bytes, [7; SIZE]);
                    let $held = self.next;
                    (self.level, $into)
                }
            }
        )*};
    }

    large! {
        InBox { Option<Box<InBox>>, next => next.map(Box::new), held => held.map(|next| *next) }
        InVec { Vec<InVec>, next => next.into_iter().collect(), held => held.into_iter().next() }
        InRc {
            Option<Rc<InRc>>, next => next.map(Rc::new),
            held => held.map(|next| Rc::try_unwrap(next).ok().expect("held once"))
        }
        InMap {
            std::collections::HashMap<u8, InMap>, next => next.into_iter().map(|next| (1, next)).collect(),
            held => held.into_values().next()
        }
    }

    #[derive(Reduce)]
    #[reduce(name = "deep.Large", implements(Link))]
    struct Large {
        level: u32,
        bytes: [u8; SIZE],
        next: Option<Box<dyn Link>>,
    }

    impl Link for Large {
        fn unlink(&mut self) -> (u32, Option<Box<dyn Link>>) {
            assert_eq!(self.bytes, [7; SIZE]);
            (self.level, self.next.take())
        }
    }

    fn objects(levels: u32) -> InDyn {
        let mut next: Option<Box<dyn Link>> = None;
        for level in 0..levels {
            next = Some(Box::new(Large { level, bytes: [7; SIZE], next }));
        }
        InDyn(next.expect("a link"))
    }

    fn round_trip<T: Chain>(chain: T, levels: u32, limits: Limits, registry: &Registry) {
        let bytes = Dumper::new().limits(limits).registry(registry).to_vec(&chain).unwrap();
        drop(chain);
        let loaded: T = Loader::new().limits(limits).registry(registry).from_slice(&bytes).unwrap();
        assert_eq!(loaded.count(), levels);
    }

    #[test]
    fn values_fit_the_usual_stack_at_the_default_limit() {
        let mut registry = Registry::new();
        registry.register::<Large>().unwrap();
        on_usual_stack(|| {
            let (levels, limits) = (DEFAULT_DEPTH - 1, Limits::default());
            round_trip(InBox::of(levels), levels, limits, &registry);
            round_trip(InVec::of(levels), levels, limits, &registry);
            round_trip(InRc::of(levels), levels, limits, &registry);
            round_trip(InMap::of(levels), levels, limits, &registry);
            round_trip(objects(levels), levels, limits, &registry);
        });
    }
}

/// What goes without types: levels in the stream, where nothing of ours nests.
mod untyped {
    use super::*;
    use reduce::whole;
    use reduce_core::{Unknown, Value, check, disassemble};

    /// As many as the gates ask for, or as many as overflow any stack that is used for them.
    fn levels() -> u32 {
        if whole() { LEVELS } else { LEVELS / 10 }
    }

    #[derive(Reduce)]
    #[reduce(name = "deep.Holder")]
    struct Holder {
        boxes: Option<Box<InBox>>,
        lists: Vec<InVec>,
        end: u8,
    }

    /// Both fields that nest are gone.
    #[derive(Reduce)]
    #[reduce(name = "deep.Holder")]
    struct Passed {
        end: u8,
    }

    /// They are kept, whatever they are.
    #[derive(Reduce)]
    #[reduce(name = "deep.Holder")]
    struct Kept {
        end: u8,
        #[reduce(unknown)]
        more: Unknown,
    }

    fn limits() -> Limits {
        Limits::default().depth(levels() + 10).bytes(4 << 30)
    }

    fn loader() -> Loader {
        Loader::new().limits(limits())
    }

    /// Boxes are nothing in a stream: a record holds itself there. Lists are levels.
    fn stream() -> Vec<u8> {
        let boxes = Some(Box::new(InBox::of(levels())));
        let holder = Holder { boxes, lists: vec![InVec::of(levels())], end: 5 };
        let bytes = Dumper::new().limits(limits()).to_vec(&holder).unwrap();
        let Holder { boxes, mut lists, .. } = holder;
        boxes.unwrap().count();
        lists.pop().unwrap().count();
        bytes
    }

    /// With the stream, on the stack of a usual thread.
    fn with_stream(run: fn(&[u8])) {
        on_usual_stack(|| run(&stream()));
    }

    #[test]
    fn a_field_that_is_passed_over() {
        with_stream(|bytes| {
            assert_eq!(loader().from_slice::<Passed>(bytes).unwrap().end, 5);
            assert_too_deep(&reduce_core::from_slice::<Passed>(bytes).err().unwrap());
        });
    }

    #[test]
    fn a_stream_that_is_checked_and_shown() {
        with_stream(|bytes| {
            assert!(check(bytes, &limits()).unwrap().depth() > 2 * levels() as usize);
            assert_too_deep(&check(bytes, &Limits::default()).unwrap_err());
            assert!(disassemble(bytes).unwrap().error().is_none());
        });
    }

    #[test]
    fn a_value_that_is_cloned_compared_shown_and_dumped() {
        with_stream(|bytes| {
            let value = loader().value_from_slice(bytes).unwrap();
            assert_eq!(Loader::new().value_from_slice(bytes).unwrap_err().kind(), ErrorKind::Limit);
            let same = value.clone();
            assert!(same == value);
            assert!(format!("{value:?}{value}{value:#?}").len() < 100_000);
            let again = Dumper::new().limits(limits()).value_to_vec(&value).unwrap();
            assert!(again == bytes);
            assert_eq!(value.to::<Holder>().err().unwrap().kind(), ErrorKind::Limit);
        });
    }

    #[test]
    fn fields_that_are_kept() {
        with_stream(|bytes| {
            let kept: Kept = loader().from_slice(bytes).unwrap();
            assert_eq!((kept.end, kept.more.len()), (5, 2));
            let again = Dumper::new().limits(limits()).to_vec(&kept).unwrap();
            let value: Value = loader().value_from_slice(&again).unwrap();
            let back: Holder = loader().from_slice(&again).unwrap();
            drop(value);
            assert_eq!(back.boxes.unwrap().count(), levels());
            assert_eq!(back.lists.into_iter().next().unwrap().count(), levels());
        });
    }

    #[test]
    fn a_record_that_holds_itself_without_an_end() {
        use reduce_core::opcode;
        // One byte for any number of levels: the type is endless, and so no value of it ends.
        let endless = [opcode::RECORD, 1, b'A', 0, 1 << 2, 0x40];
        let table = [&[1][..], &endless, &[0x40]].concat();
        let content = [&[table.len() as u8][..], &table, &[opcode::STOP]].concat();
        let header = [0x8F, b'R', b'D', 1, 0, content.len() as u8, 0, 0, 0];
        let bytes = [&header[..], &content].concat();
        on_usual_stack(move || {
            for limits in [Limits::default(), Limits::strict(), Limits::default().depth(LEVELS)] {
                let loader = Loader::new().limits(limits);
                assert_eq!(check(&bytes, &limits).unwrap_err().kind(), ErrorKind::Limit);
                assert_eq!(loader.value_from_slice(&bytes).unwrap_err().kind(), ErrorKind::Limit);
                assert!(loader.from_slice::<InBox>(&bytes).is_err());
            }
            assert!(disassemble(&bytes).unwrap().error().is_some());
        });
    }
}
