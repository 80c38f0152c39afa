//! `Weak` pointers: to an object of the value they load as they were, whatever stands first; to one that nothing in the
//! value owns they load as dangling.

use reduce_core::{
    Adapter, BoxError, Context, Dumper, ErrorKind, Expand, Limits, Loader, Reduce, Registry,
    disassemble,
};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::{Rc, Weak};
use std::sync::{self, Arc, Mutex};

fn again<T: Reduce + for<'de> Expand<'de>>(value: &T) -> T {
    let bytes = reduce_core::to_vec(value).unwrap();
    let shown = disassemble(&bytes).unwrap();
    assert!(shown.error().is_none(), "{shown}");
    reduce_core::from_slice(&bytes).unwrap()
}

/// How often an opcode occurs in a value's data.
fn count<T: Reduce>(opcode: &str, value: &T) -> usize {
    let shown = disassemble(&reduce_core::to_vec(value).unwrap()).unwrap();
    shown.instructions().iter().filter(|line| line.opcode == opcode).count()
}

/// A folder that knows the one that it lies in.
#[derive(Reduce)]
struct Dir {
    name: String,
    parent: Weak<Dir>,
    children: RefCell<Vec<Rc<Dir>>>,
}

fn dir(name: &str, parent: &Weak<Dir>, levels: usize) -> Rc<Dir> {
    Rc::new_cyclic(|this| Dir {
        name: name.into(),
        parent: parent.clone(),
        children: (0..if levels == 0 { 0 } else { 3 })
            .map(|index| dir(&format!("{name}/{index}"), this, levels - 1))
            .collect::<Vec<_>>()
            .into(),
    })
}

fn root(levels: usize) -> Rc<Dir> {
    dir("root", &Weak::new(), levels)
}

/// How many there are, each the parent of its children.
fn checked(dir: &Rc<Dir>) -> usize {
    let children = dir.children.borrow();
    let below = children.iter().enumerate().map(|(index, child)| {
        assert_eq!(child.name, format!("{}/{index}", dir.name));
        assert!(Rc::ptr_eq(&child.parent.upgrade().unwrap(), dir));
        checked(child)
    });
    1 + below.sum::<usize>()
}

#[test]
fn a_tree_with_parent_pointers_keeps_them() {
    let root = again(&root(3));
    assert_eq!(checked(&root), 40);
    assert!(root.parent.upgrade().is_none());
    // Nothing of the load holds on to it.
    assert_eq!((Rc::strong_count(&root), Rc::weak_count(&root)), (1, 3));
}

#[test]
fn an_object_owned_outside_of_the_value_is_not_written_and_dangles() {
    let root = root(2);
    let child = root.children.borrow()[0].clone();
    let bytes = reduce_core::to_vec(&child).unwrap();
    assert!(!bytes.windows(7).any(|part| part == b"root/1\0" || part == b"root/1/"));
    let child: Rc<Dir> = reduce_core::from_slice(&bytes).unwrap();
    assert!(child.parent.upgrade().is_none());
    assert_eq!(checked(&child), 4);
}

#[test]
fn a_weak_to_the_outside_is_an_error_where_that_is_asked_for() {
    let strict = Dumper::new().deny_outside_weak(true);
    let root = root(2);
    let child = root.children.borrow()[0].clone();
    let error = strict.to_vec(&child).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(
        error.to_string(),
        "parent: a weak pointer refers to an object of type `Dir` that lies outside of the value; it would be loaded as \
         dangling, which `Dumper::deny_outside_weak` forbids"
    );
    // Inside of the value, before its owner or behind it, and dangling to begin with.
    assert_eq!(strict.to_vec(&root).unwrap(), reduce_core::to_vec(&root).unwrap());
    let both = vec![child, root];
    assert_eq!(strict.to_vec(&both).unwrap(), reduce_core::to_vec(&both).unwrap());
    assert!(strict.to_vec(&Weak::<u8>::new()).is_ok());
}

#[test]
fn a_failed_dump_leaves_the_buffer_as_it_was() {
    let outside = Rc::new(1u8);
    let mut buffer = vec![1, 2, 3];
    let strict = Dumper::new().deny_outside_weak(true);
    strict.append_to(&(vec![0u8; 1000], Rc::downgrade(&outside)), &mut buffer).unwrap_err();
    assert_eq!(buffer, [1, 2, 3]);
    // Also where it takes more than one pass.
    let late = (Rc::downgrade(&outside), outside.clone());
    Dumper::new().append_to(&late, &mut buffer).unwrap();
    let (weak, strong): (Weak<u8>, Rc<u8>) = reduce_core::from_slice(&buffer[3..]).unwrap();
    assert_eq!((&buffer[..3], *strong), (&[1, 2, 3][..], 1));
    assert!(Rc::ptr_eq(&weak.upgrade().unwrap(), &strong));
}

#[test]
fn weak_pointers_to_nothing_stay_so() {
    let gone = Rc::downgrade(&Rc::new(String::from("gone")));
    let [a, b] = again(&[gone, Weak::new()]);
    assert!(a.upgrade().is_none() && b.upgrade().is_none());
    assert!(again(&sync::Weak::<u8>::new()).upgrade().is_none());
}

#[test]
fn a_weak_may_stand_before_the_owner_of_its_object() {
    let (inside, outside) = (Rc::new(5u32), Rc::new(6u32));
    let weak = vec![Rc::downgrade(&inside), Rc::downgrade(&outside), Rc::downgrade(&inside)];
    let (weak, strong) = again(&(weak, vec![inside.clone(), inside]));
    assert!(Rc::ptr_eq(&weak[0].upgrade().unwrap(), &strong[0]));
    assert!(weak[1].upgrade().is_none());
    assert!(Rc::ptr_eq(&weak[2].upgrade().unwrap(), &strong[1]));
    assert_eq!((*strong[0], Rc::strong_count(&strong[0]), Rc::weak_count(&strong[0])), (5, 2, 2));
}

#[test]
fn a_child_may_stand_before_its_parent() {
    let root = root(2);
    let child = root.children.borrow()[1].clone();
    let grandchild = child.children.borrow()[2].clone();
    let list = again(&vec![grandchild, child, root]);
    assert_eq!(checked(&list[2]), 13);
    assert!(Rc::ptr_eq(&list[1], &list[2].children.borrow()[1]));
    assert!(Rc::ptr_eq(&list[0], &list[1].children.borrow()[2]));
}

#[test]
fn a_second_dump_is_byte_for_byte_the_first() {
    let root = root(2);
    let child = root.children.borrow()[1].clone();
    let bytes = reduce_core::to_vec(&vec![child, root]).unwrap();
    let list: Vec<Rc<Dir>> = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!(reduce_core::to_vec(&list).unwrap(), bytes);
}

#[derive(Reduce, Default)]
struct Link {
    id: u32,
    next: RefCell<Option<Rc<Link>>>,
    previous: RefCell<Weak<Link>>,
}

#[test]
fn a_doubly_linked_list_may_be_entered_at_its_tail() {
    const LENGTH: usize = 300;
    let mut list: Vec<Rc<Link>> =
        (0..LENGTH).map(|id| Rc::new(Link { id: id as u32, ..Link::default() })).collect();
    for pair in list.windows(2) {
        *pair[0].next.borrow_mut() = Some(pair[1].clone());
        *pair[1].previous.borrow_mut() = Rc::downgrade(&pair[0]);
    }
    list.reverse();
    // Written from its head, each link lies in the one before.
    let error = Dumper::new().to_vec(&list).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let deep = Limits::default().depth(LENGTH as u32 + 1);
    let bytes = Dumper::new().limits(deep).to_vec(&list).unwrap();
    let again: Vec<Rc<Link>> = Loader::new().limits(deep).from_slice(&bytes).unwrap();
    assert_eq!(
        again.iter().map(|link| link.id).collect::<Vec<_>>(),
        (0..300).rev().collect::<Vec<_>>()
    );
    for pair in again.windows(2) {
        assert!(Rc::ptr_eq(&pair[0].previous.borrow().upgrade().unwrap(), &pair[1]));
        assert!(Rc::ptr_eq(pair[1].next.borrow().as_ref().unwrap(), &pair[0]));
    }
    assert!(again[LENGTH - 1].previous.borrow().upgrade().is_none());
}

/// An object of an arena, which owns all of them.
#[derive(Reduce, Default)]
struct Node {
    id: u32,
    links: RefCell<Vec<Weak<Node>>>,
}

fn arena(count: u32) -> Vec<Rc<Node>> {
    (0..count).map(|id| Rc::new(Node { id, ..Node::default() })).collect()
}

fn link(arena: &[Rc<Node>], from: usize, to: usize) {
    arena[from].links.borrow_mut().push(Rc::downgrade(&arena[to]));
}

/// Whether both arenas have the same links.
fn same_links(a: &[Rc<Node>], b: &[Rc<Node>]) -> bool {
    let ids = |node: &Rc<Node>| {
        let links = node.links.borrow();
        (node.id, links.iter().map(|to| to.upgrade().map(|to| to.id)).collect::<Vec<_>>())
    };
    let within = b.iter().all(|node| {
        let links = node.links.borrow();
        links.iter().filter_map(Weak::upgrade).all(|to| Rc::ptr_eq(&to, &b[to.id as usize]))
    });
    within && a.iter().map(ids).eq(b.iter().map(ids))
}

#[test]
fn two_owners_may_know_each_other() {
    let two = arena(2);
    link(&two, 0, 1);
    link(&two, 1, 0);
    assert!(same_links(&two, &again(&two)));
}

#[test]
fn the_objects_of_an_arena_refer_to_one_another_in_any_order() {
    let nodes = arena(100);
    for from in 0..100 {
        for step in [1, 17, 63, 99, 0] {
            link(&nodes, from, (from * 7 + step) % 100);
        }
    }
    assert!(same_links(&nodes, &again(&nodes)));
}

#[test]
fn a_ring_through_an_arena_takes_no_more_passes_than_any_order() {
    // Each refers to the one before it, and the first to the last: to move one ahead brings up the next.
    for count in [2usize, 3, 5, 10, 100] {
        let nodes = arena(count as u32);
        for from in 0..count {
            link(&nodes, from, (from + count - 1) % count);
        }
        assert!(same_links(&nodes, &again(&nodes)), "{count}");
    }
}

/// It holds strongly what refers weakly back.
#[derive(Reduce, Default)]
struct Owner {
    id: u8,
    parts: RefCell<Vec<Rc<Part>>>,
}

#[derive(Reduce, Default)]
struct Part {
    id: u8,
    owner: RefCell<Weak<Owner>>,
}

#[test]
fn a_part_that_lies_in_several_owners_is_written_in_the_one_it_knows() {
    let part = Rc::new(Part { id: 7, ..Part::default() });
    let owners: Vec<_> =
        (0..4).map(|id| Rc::new(Owner { id, parts: vec![part.clone()].into() })).collect();
    for known in 0..4 {
        *part.owner.borrow_mut() = Rc::downgrade(&owners[known]);
        for first in 0..4 {
            let mut order = owners.clone();
            order.rotate_left(first);
            // A weak pointer to each of them stands in front.
            let weak: Vec<_> = order.iter().map(Rc::downgrade).collect();
            let (weak, order) = again(&(weak, order));
            let part = order[0].parts.borrow()[0].clone();
            for (weak, owner) in weak.iter().zip(&order) {
                assert!(Rc::ptr_eq(&weak.upgrade().unwrap(), owner));
                assert!(Rc::ptr_eq(&owner.parts.borrow()[0], &part));
            }
            let owner = part.owner.borrow().upgrade().unwrap();
            assert_eq!((owner.id, part.id), (known as u8, 7));
            assert!(order.iter().any(|other| Rc::ptr_eq(other, &owner)));
        }
    }
}

#[test]
fn of_two_owners_the_one_goes_ahead_that_the_other_fits_into() {
    // The first owner's part `q` knows the second owner, which can be written inside of it: but not the other way round,
    // for `p` would be open where the first owner holds it.
    let [p, q] = [1, 2].map(|id| Rc::new(Part { id, ..Part::default() }));
    let first = Rc::new(Owner { id: 3, parts: vec![q.clone(), p.clone()].into() });
    let second = Rc::new(Owner { id: 4, parts: vec![p.clone()].into() });
    *p.owner.borrow_mut() = Rc::downgrade(&first);
    *q.owner.borrow_mut() = Rc::downgrade(&second);
    for owners in [[&first, &second], [&second, &first]] {
        for weak in [[&first, &second], [&second, &first]] {
            let (weak, owners) = again(&(weak.map(Rc::downgrade), owners.map(Rc::clone)));
            let found = |id| owners.iter().find(|owner| owner.id == id).unwrap();
            let (first, second) = (found(3), found(4));
            assert!(weak.iter().all(|weak| weak.upgrade().unwrap().id > 2));
            let [q, p] = [0, 1].map(|part| first.parts.borrow()[part].clone());
            assert!(Rc::ptr_eq(&p, &second.parts.borrow()[0]));
            assert!(Rc::ptr_eq(&p.owner.borrow().upgrade().unwrap(), first));
            assert!(Rc::ptr_eq(&q.owner.borrow().upgrade().unwrap(), second));
        }
    }
}

#[test]
fn a_move_ahead_does_not_tear_a_part_from_its_owner() {
    let part = Rc::new(Part { id: 7, ..Part::default() });
    let [known, other] = [1, 2].map(|id| Rc::new(Owner { id, parts: vec![part.clone()].into() }));
    *part.owner.borrow_mut() = Rc::downgrade(&known);
    // `other` goes ahead, and holds the part, whose owner must come before it.
    let (weak, known, other) = again(&(Rc::downgrade(&other), known, other));
    assert!(Rc::ptr_eq(&weak.upgrade().unwrap(), &other));
    let part = other.parts.borrow()[0].clone();
    assert!(Rc::ptr_eq(&part, &known.parts.borrow()[0]));
    assert!(Rc::ptr_eq(&part.owner.borrow().upgrade().unwrap(), &known));
}

/// A subject and its observers, which the caller owns.
#[derive(Reduce)]
struct Subject {
    observers: Vec<Weak<RefCell<Observer>>>,
}

#[derive(Reduce)]
struct Observer {
    seen: Vec<String>,
    of: Weak<Subject>,
}

#[test]
fn observers_are_found_again_where_the_value_owns_them() {
    let observer = |of: &Weak<Subject>| {
        Rc::new(RefCell::new(Observer { seen: vec!["a".into()], of: of.clone() }))
    };
    let mut kept = vec![];
    let subject = Rc::new_cyclic(|this| {
        let (dropped, outside) = (observer(this), observer(this));
        kept.extend([observer(this), outside]);
        let all = [&dropped, &kept[0], &kept[1]];
        Subject { observers: all.map(Rc::downgrade).into() }
    });
    let value = (subject, kept[0].clone());
    let (subject, observer) = again(&value);
    let found: Vec<_> = subject.observers.iter().map(Weak::upgrade).collect();
    assert!(found[0].is_none() && found[2].is_none());
    assert!(Rc::ptr_eq(found[1].as_ref().unwrap(), &observer));
    assert!(Rc::ptr_eq(&observer.borrow().of.upgrade().unwrap(), &subject));
    assert_eq!(observer.borrow().seen, ["a"]);
}

#[derive(Reduce)]
struct Shared {
    id: u64,
    this: sync::Weak<Shared>,
    others: Mutex<Vec<sync::Weak<Shared>>>,
}

#[test]
fn arcs_and_their_weak_pointers_behave_as_those_of_one_thread() {
    let two = [1, 2].map(|id| {
        Arc::new_cyclic(|this| Shared { id, this: this.clone(), others: Mutex::default() })
    });
    for shared in &two {
        shared.others.lock().unwrap().extend(two.iter().map(Arc::downgrade));
    }
    let (weak, two) = again(&(Arc::downgrade(&two[1]), two));
    assert!(Arc::ptr_eq(&weak.upgrade().unwrap(), &two[1]));
    for shared in &two {
        assert!(Arc::ptr_eq(&shared.this.upgrade().unwrap(), shared));
        let others = shared.others.lock().unwrap();
        assert!(others.iter().zip(&two).all(|(a, b)| Arc::ptr_eq(&a.upgrade().unwrap(), b)));
    }
    assert_eq!(two.map(|shared| shared.id), [1, 2]);
}

#[test]
fn weak_pointers_to_text_and_slices_keep_identity() {
    let (text, list): (Rc<str>, Arc<[u16]>) = ("text".into(), [1, 2, 300].into());
    let before = (Rc::downgrade(&text), Arc::downgrade(&list));
    let dangling =
        (Rc::downgrade(&Rc::<str>::from("gone")), Arc::downgrade(&Arc::<[u16]>::from([])));
    let (before, owners, behind, dangling) =
        again(&(before.clone(), (text, list), before, dangling));
    for weak in [before, behind] {
        assert!(Rc::ptr_eq(&weak.0.upgrade().unwrap(), &owners.0));
        assert!(Arc::ptr_eq(&weak.1.upgrade().unwrap(), &owners.1));
    }
    assert_eq!((&*owners.0, &*owners.1), ("text", &[1, 2, 300][..]));
    assert!(dangling.0.upgrade().is_none() && dangling.1.upgrade().is_none());
}

#[reduce_core::object]
trait Shape {
    fn area(&self) -> u32;
}

#[derive(Reduce)]
#[reduce(name = "geo.Square", implements(Shape))]
struct Square {
    side: u32,
    this: Weak<dyn Shape>,
}

impl Shape for Square {
    fn area(&self) -> u32 {
        self.side * self.side
    }
}

fn square(side: u32) -> Rc<Square> {
    Rc::new_cyclic(|this: &Weak<Square>| Square { side, this: this.clone() })
}

fn shapes() -> Registry {
    let mut registry = Registry::new();
    registry.register::<Square>().unwrap();
    registry
}

type Shapes = (Weak<dyn Shape>, Vec<Rc<dyn Shape>>, Weak<Square>, Weak<dyn Shape>);

#[test]
fn weak_trait_objects_keep_identity() {
    let registry = shapes();
    let (a, b, outside) = (square(2), square(3), square(4));
    let value: Shapes = (
        Rc::downgrade(&b) as Weak<dyn Shape>,
        vec![a.clone(), b],
        Rc::downgrade(&a),
        Rc::downgrade(&outside) as Weak<dyn Shape>,
    );
    let bytes = Dumper::new().registry(&registry).to_vec(&value).unwrap();
    let (before, owned, concrete, gone): Shapes =
        Loader::new().registry(&registry).from_slice(&bytes).unwrap();
    assert_eq!(owned.iter().map(|shape| shape.area()).collect::<Vec<_>>(), [4, 9]);
    assert!(Rc::ptr_eq(&before.upgrade().unwrap(), &owned[1]));
    let concrete = concrete.upgrade().unwrap();
    assert!(std::ptr::addr_eq(Rc::as_ptr(&concrete), Rc::as_ptr(&owned[0])));
    assert!(Rc::ptr_eq(&concrete.this.upgrade().unwrap(), &owned[0]));
    assert!(gone.upgrade().is_none());
}

/// A map's key with a weak pointer in it, by which it is not told apart.
#[derive(Reduce, Debug)]
struct Key {
    name: String,
    of: Weak<String>,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Key {}

impl std::hash::Hash for Key {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

#[test]
fn canonical_maps_have_weak_pointers_in_their_keys() {
    let canonical = Dumper::new().canonical(true);
    let owned: Vec<Rc<String>> = (0..20).map(|id| Rc::new(format!("value {id}"))).collect();
    let map = || -> HashMap<Key, Rc<String>> {
        let entry = |(id, value): (usize, &Rc<String>)| {
            // The value of another entry, of itself, or of none.
            let of = [owned.get(19 - id), Some(value), None][id % 3]
                .map_or_else(Weak::new, Rc::downgrade);
            (Key { name: format!("key {id}"), of }, value.clone())
        };
        owned.iter().enumerate().map(entry).collect()
    };
    let bytes = canonical.to_vec(&map()).unwrap();
    assert_eq!(canonical.to_vec(&map()).unwrap(), bytes);
    let again: HashMap<Key, Rc<String>> = reduce_core::from_slice(&bytes).unwrap();
    let by_name: BTreeMap<_, _> =
        again.iter().map(|(key, value)| (key.name.clone(), value)).collect();
    for (key, value) in &again {
        let id: usize = key.name["key ".len()..].parse().unwrap();
        assert_eq!(**value, format!("value {id}"));
        match (id % 3, key.of.upgrade()) {
            (0, Some(of)) => assert!(Rc::ptr_eq(&of, by_name[&format!("key {}", 19 - id)])),
            (1, Some(of)) => assert!(Rc::ptr_eq(&of, value)),
            (2, None) => {}
            (_, of) => panic!("{id}: {of:?}"),
        }
    }
    assert_eq!(canonical.to_vec(&again).unwrap(), bytes);
}

/// An element of a slice that knows the slice.
#[derive(Reduce)]
struct Element {
    slice: RefCell<Weak<[Element]>>,
}

/// Knows a slice, which knows it.
#[derive(Reduce)]
struct Member {
    all: RefCell<Weak<[Weak<Member>]>>,
}

#[test]
fn a_slice_is_written_inside_of_what_knows_it_and_not_the_other_way_round() {
    let member = Rc::new(Member { all: RefCell::new(Weak::<[Weak<Member>; 0]>::new()) });
    let all: Rc<[Weak<Member>]> = vec![Rc::downgrade(&member)].into();
    *member.all.borrow_mut() = Rc::downgrade(&all);
    let (all, member) = again(&(all, member));
    assert!(Rc::ptr_eq(&all[0].upgrade().unwrap(), &member));
    assert!(Rc::ptr_eq(&member.all.borrow().upgrade().unwrap(), &all));
}

#[test]
fn a_slice_that_holds_a_weak_to_itself_is_an_error_at_dump() {
    let none: Rc<[Element]> = Rc::new([]);
    let slice: Rc<[Element]> = Rc::new([Element { slice: Rc::downgrade(&none).into() }]);
    *slice[0].slice.borrow_mut() = Rc::downgrade(&slice);
    let error = reduce_core::to_vec(&slice).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(
        error.to_string(),
        "[0].slice: a slice holds a `Weak` to itself, which no load could make; put the slice into a struct, and refer to that"
    );
}

#[test]
fn an_object_is_marked_only_where_a_weak_inside_refers_to_it() {
    assert_eq!(count("new_cyclic", &root(0)), 0);
    assert_eq!((count("new_cyclic", &root(1)), count("new", &root(1))), (1, 3));
    let outside = Rc::new(1u8);
    let value = (outside.clone(), Rc::downgrade(&outside));
    assert_eq!((count("new_cyclic", &value), count("back_reference", &value)), (0, 1));
}

/// Hands out a new object each time, and a weak pointer to it in front.
struct Anew;

impl Adapter<u8> for Anew {
    type Stored = (Weak<u8>, Rc<u8>);
    fn reduce(value: &u8, _: &Context<'_>) -> Result<(Weak<u8>, Rc<u8>), BoxError> {
        let object = Rc::new(*value);
        Ok((Rc::downgrade(&object), object))
    }
    fn expand((_, object): (Weak<u8>, Rc<u8>), _: &Context<'_>) -> Result<u8, BoxError> {
        Ok(*object)
    }
}

#[test]
fn an_adapter_that_is_not_pure_is_an_error() {
    #[derive(Reduce)]
    struct Holder(#[reduce(with = Anew)] u8);
    let error = reduce_core::to_vec(&Holder(5)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(
        error.to_string(),
        "the weak pointers of this value leave no order that was found for its objects; mark the field of one of \
         the `Weak`s with `#[reduce(state)]`, or, if an adapter or a reducer makes such objects anew each time, have \
         it hand out the same ones: a value may be written more than once"
    );
}

#[test]
fn of_several_objects_outside_the_error_leads_to_the_first() {
    let strict = Dumper::new().deny_outside_weak(true);
    for _ in 0..20 {
        let (node, part) = (Rc::new(Node::default()), Rc::new(Part::default()));
        let inside = Rc::new(Node::default());
        // Objects are moved, and buffers offered: the place is found all the same.
        let first = (Rc::downgrade(&inside), vec![0u8; 5000]);
        let value = (first, vec![Weak::new(), Rc::downgrade(&part)], Rc::downgrade(&node), inside);
        let error = strict.to_vec(&value).unwrap_err();
        assert_eq!(error.path(), "1[1]");
        assert!(
            error.to_string().contains("an object of type `Part` that lies outside"),
            "{error}"
        );
    }
}

#[test]
fn an_object_outside_is_found_in_a_state_and_while_buffers_are_offered() {
    #[derive(Reduce)]
    struct Watcher {
        #[reduce(out_of_band)]
        pixels: Vec<u8>,
        #[reduce(state)]
        watched: RefCell<Vec<Weak<Node>>>,
    }
    let outside = Rc::new(Node::default());
    let watched = RefCell::new(vec![Weak::new(), Rc::downgrade(&outside)]);
    let watcher = Rc::new(Watcher { pixels: vec![7; 5000], watched });
    let dumper = Dumper::new().deny_outside_weak(true);
    let mut offered = 0;
    let dump = dumper.buffers(|_| {
        offered += 1;
        Ok(true)
    });
    let error = dump.to_vec(&watcher).unwrap_err();
    drop(dump);
    assert_eq!((error.path().as_str(), offered), ("watched[1]", 0));
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

/// What a rebuild function sees of the object that it is called for, and of the one around it.
#[derive(Reduce)]
struct Seeing {
    this: Weak<Seeing>,
    above: Weak<Seeing>,
    inner: Option<Rc<Seeing>>,
    #[reduce(skip, rebuild = see, from(this, above, inner))]
    seen: (bool, bool, bool, Weak<Seeing>),
}

fn see(
    this: &Weak<Seeing>,
    above: &Weak<Seeing>,
    inner: &Option<Rc<Seeing>>,
) -> (bool, bool, bool, Weak<Seeing>) {
    let whole = inner.as_ref().is_some_and(|inner| inner.this.upgrade().is_some());
    (this.upgrade().is_some(), above.upgrade().is_some(), whole, this.clone())
}

#[test]
fn a_rebuild_function_sees_no_object_that_is_being_made() {
    let seeing = |above: &Weak<Seeing>, this: &Weak<Seeing>, inner| Seeing {
        this: this.clone(),
        above: above.clone(),
        inner,
        seen: (true, true, false, Weak::new()),
    };
    let outer = Rc::new_cyclic(|this| {
        let inner = Rc::new_cyclic(|inner| seeing(this, inner, None));
        seeing(&Weak::new(), this, Some(inner))
    });
    let outer = again(&outer);
    let inner = outer.inner.as_ref().unwrap();
    // What lies inside is whole; what is being made cannot be reached.
    assert_eq!((outer.seen.0, outer.seen.1, outer.seen.2), (false, false, true));
    assert_eq!((inner.seen.0, inner.seen.1, inner.seen.2), (false, false, false));
    // What a function kept of it is of use once it has been made.
    assert!(Rc::ptr_eq(&outer.seen.3.upgrade().unwrap(), &outer));
    assert!(Rc::ptr_eq(&inner.seen.3.upgrade().unwrap(), inner));
    assert!(Rc::ptr_eq(&inner.above.upgrade().unwrap(), &outer));
}

#[test]
fn pointers_that_are_stored_alike_are_told_apart_ahead_of_the_value() {
    let (rc, arc) = (Rc::new(1u8), Arc::new(2u8));
    let weak = (Arc::downgrade(&arc), Rc::downgrade(&rc));
    let (weak, rc, arc, others) = again(&(weak, rc, arc, (Rc::new(3u8), Arc::new(4u8))));
    assert!(Rc::ptr_eq(&weak.1.upgrade().unwrap(), &rc));
    assert!(Arc::ptr_eq(&weak.0.upgrade().unwrap(), &arc));
    assert_eq!((*rc, *arc, *others.0, *others.1), (1, 2, 3, 4));
    // A cell, a box and a name of one's own add nothing to a program.
    let (cell, boxed, plain) =
        (Rc::new(RefCell::new(1u32)), Rc::new(Box::new(2u32)), Rc::new(3u32));
    let weak = (Rc::downgrade(&cell), Rc::downgrade(&boxed), Rc::downgrade(&plain));
    let (weak, plain, boxed, cell) = again(&(weak, plain, boxed, cell));
    assert!(Rc::ptr_eq(&weak.0.upgrade().unwrap(), &cell));
    assert!(Rc::ptr_eq(&weak.1.upgrade().unwrap(), &boxed));
    assert!(Rc::ptr_eq(&weak.2.upgrade().unwrap(), &plain));
    assert_eq!((*cell.borrow(), **boxed, *plain), (1, 2, 3));
}
