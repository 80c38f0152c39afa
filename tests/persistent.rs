//! Persistent ids: objects that live elsewhere are stored as their ids, by type and by session.

use reduce_core::{
    BoxError, ById, BySessionId, Context, Dumper, Error, ErrorKind, Expand, Loader, Persistent,
    Reduce, Registry, Same,
};
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// An object of a table outside of the stream.
#[derive(Debug, PartialEq)]
struct Texture {
    id: u32,
}

/// The textures that are loaded, and how often one was looked up.
struct Textures {
    all: HashMap<u32, Rc<Texture>>,
    lookups: Cell<u32>,
}

impl Textures {
    fn new(ids: &[u32]) -> Self {
        let all = ids.iter().map(|&id| (id, Rc::new(Texture { id }))).collect();
        Textures { all, lookups: Cell::new(0) }
    }

    fn find(&self, id: u32) -> Result<Rc<Texture>, String> {
        self.lookups.set(self.lookups.get() + 1);
        self.all.get(&id).cloned().ok_or_else(|| format!("no texture {id}"))
    }
}

impl Persistent for Texture {
    type Id = u32;
    type Handle = Rc<Texture>;

    fn id(&self, _: &Context<'_>) -> Result<u32, BoxError> {
        if self.id == 0 { Err("it was never saved".into()) } else { Ok(self.id) }
    }

    fn find(id: u32, context: &Context<'_>) -> Result<Rc<Texture>, BoxError> {
        Ok(context.require::<Textures>()?.find(id)?)
    }
}

#[derive(Reduce, Debug, PartialEq)]
struct Sprite {
    name: String,
    #[reduce(persistent)]
    texture: Rc<Texture>,
    #[reduce(with = Vec<Option<ById>>)]
    frames: Vec<Option<Rc<Texture>>>,
}

fn sprite(id: u32) -> Sprite {
    let texture = Rc::new(Texture { id });
    Sprite { name: "s".into(), frames: vec![Some(texture.clone()), None], texture }
}

#[test]
fn an_object_is_looked_up_by_its_id() {
    let textures = Textures::new(&[7, 8]);
    let bytes = reduce_core::to_vec(&sprite(7)).unwrap();
    let again: Sprite = Loader::new().with_context(&textures).from_slice(&bytes).unwrap();
    assert_eq!(again, sprite(7));
    // The very object of the table.
    assert!(Rc::ptr_eq(&again.texture, &textures.all[&7]));
    assert!(Rc::ptr_eq(again.frames[0].as_ref().unwrap(), &textures.all[&7]));
    assert_eq!(textures.lookups.get(), 2);
}

#[test]
fn only_the_id_is_stored_and_the_program_says_so() {
    let text = reduce_core::disassemble(&reduce_core::to_vec(&sprite(7)).unwrap()).unwrap();
    let text = text.to_string();
    assert!(text.contains("persistent<u32>"), "{text}");
    assert!(!text.contains("Texture"), "{text}");

    // An id and a number are two programs.
    #[derive(Reduce, Debug)]
    #[reduce(name = "Held")]
    struct Held(#[reduce(persistent)] Rc<Texture>);
    #[derive(Reduce, Debug)]
    #[reduce(name = "Held")]
    struct Number(#[allow(dead_code)] u32);
    let held = Held(Rc::new(Texture { id: 3 }));
    let error =
        reduce_core::from_slice::<Number>(&reduce_core::to_vec(&held).unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    assert!(format!("{error:#}").contains("persistent<u32>"), "{error:#}");
}

#[test]
fn failures_say_where_and_why() {
    let error = reduce_core::to_vec(&vec![sprite(1), sprite(0)]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Convert);
    assert_eq!(error.to_string(), "[1].texture: the object gave no id: it was never saved");

    let bytes = reduce_core::to_vec(&sprite(7)).unwrap();
    let textures = Textures::new(&[1]);
    let error = Loader::new().with_context(&textures).from_slice::<Sprite>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Convert);
    assert_eq!(error.to_string(), "texture: the lookup by its id failed: no texture 7");

    let error = reduce_core::from_slice::<Sprite>(&bytes).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::MissingContext, "texture".into()));
}

#[test]
fn nothing_is_looked_up_for_a_malformed_stream() {
    #[derive(Reduce, Debug)]
    struct Flagged(#[reduce(persistent)] Rc<Texture>, #[allow(dead_code)] bool);
    let mut bytes = reduce_core::to_vec(&Flagged(Rc::new(Texture { id: 7 }), true)).unwrap();
    let place = bytes.len() - 2;
    bytes[place] = 9;
    let textures = Textures::new(&[7]);
    let error = Loader::new().with_context(&textures).from_slice::<Flagged>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert_eq!(textures.lookups.get(), 0);
}

/// Handles other than `Rc`: the object itself, and `Arc`. The id may be any stored type.
#[test]
fn the_handle_may_be_the_object_itself_or_an_arc() {
    #[derive(Debug, PartialEq)]
    struct Row {
        table: String,
        key: u64,
        text: String,
    }
    impl Persistent for Row {
        type Id = (String, u64);
        type Handle = Row;
        fn id(&self, _: &Context<'_>) -> Result<(String, u64), BoxError> {
            Ok((self.table.clone(), self.key))
        }
        fn find((table, key): (String, u64), _: &Context<'_>) -> Result<Row, BoxError> {
            Ok(Row { text: format!("{table}:{key}"), table, key })
        }
    }
    struct User(u8);
    impl Persistent for User {
        type Id = u8;
        type Handle = Arc<User>;
        fn id(&self, _: &Context<'_>) -> Result<u8, BoxError> {
            Ok(self.0)
        }
        fn find(id: u8, context: &Context<'_>) -> Result<Arc<User>, BoxError> {
            let users = context.require::<Vec<Arc<User>>>()?;
            Ok(users.iter().find(|user| user.0 == id).ok_or("nobody")?.clone())
        }
    }
    #[derive(Reduce)]
    enum Event {
        Seen {
            #[reduce(persistent)]
            by: Arc<User>,
            #[reduce(persistent, rename = "what")]
            row: Row,
        },
    }
    let users = vec![Arc::new(User(1)), Arc::new(User(2))];
    let row = Row { table: "t".into(), key: 5, text: "not stored".into() };
    let bytes = reduce_core::to_vec(&Event::Seen { by: users[1].clone(), row }).unwrap();
    let loader = Loader::new().context(users.clone());
    let Event::Seen { by, row } = loader.from_slice(&bytes).unwrap();
    assert!(Arc::ptr_eq(&by, &users[1]));
    assert_eq!(row, Row { table: "t".into(), key: 5, text: "t:5".into() });
}

#[test]
fn a_generic_object_is_bounded_by_the_user() {
    #[derive(Reduce)]
    #[reduce(bound = "T: Persistent<Handle = Rc<T>>")]
    struct Holder<T>(#[reduce(persistent)] Rc<T>);
    let textures = Textures::new(&[4]);
    let bytes = reduce_core::to_vec(&Holder(Rc::new(Texture { id: 4 }))).unwrap();
    let again: Holder<Texture> = Loader::new().with_context(&textures).from_slice(&bytes).unwrap();
    assert!(Rc::ptr_eq(&again.0, &textures.all[&4]));
}

#[test]
fn a_state_field_and_a_transparent_type_may_hold_persistent_objects() {
    #[derive(Default, Debug, PartialEq)]
    struct Level(u8);
    impl Persistent for Level {
        type Id = u8;
        type Handle = Level;
        fn id(&self, _: &Context<'_>) -> Result<u8, BoxError> {
            Ok(self.0)
        }
        fn find(id: u8, _: &Context<'_>) -> Result<Level, BoxError> {
            Ok(Level(id * 2))
        }
    }
    #[derive(Reduce, Debug, PartialEq)]
    struct Player {
        name: String,
        #[reduce(state, persistent)]
        level: Level,
    }
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(transparent)]
    struct Only(#[reduce(persistent)] Level);

    let value = (Rc::new(Player { name: "p".into(), level: Level(4) }), Only(Level(5)));
    let again = copy(&value, &Registry::new()).unwrap();
    let player = Player { name: "p".into(), level: Level(8) };
    assert_eq!(again, (Rc::new(player), Only(Level(10))));
}

// By session.

/// A type of another crate.
#[derive(Debug, PartialEq)]
struct Mesh(u16);

#[derive(Reduce, Debug, PartialEq)]
struct Model {
    #[reduce(persistent(u16))]
    mesh: Arc<Mesh>,
    #[reduce(with = BTreeMap<Same, BySessionId<u16>>)]
    parts: BTreeMap<String, Arc<Mesh>>,
}

fn model() -> Model {
    let mesh = Arc::new(Mesh(3));
    Model { parts: BTreeMap::from([("lid".to_string(), mesh.clone())]), mesh }
}

fn registry(meshes: &[Arc<Mesh>]) -> Registry {
    let meshes = meshes.to_vec();
    let mut registry = Registry::new();
    registry
        .persistent(
            |mesh: &Arc<Mesh>, _| mesh.0,
            move |id: u16, _: &Context<'_>| {
                meshes.iter().find(|mesh| mesh.0 == id).cloned().ok_or("no such mesh")
            },
        )
        .unwrap();
    registry
}

fn copy<T: Reduce + for<'de> Expand<'de>>(value: &T, registry: &Registry) -> Result<T, Error> {
    let bytes = Dumper::new().registry(registry).to_vec(value)?;
    Loader::new().registry(registry).from_slice(&bytes)
}

#[test]
fn a_session_knows_ids_of_types_that_do_not() {
    let meshes = [Arc::new(Mesh(3))];
    let again = copy(&model(), &registry(&meshes)).unwrap();
    assert_eq!(again, model());
    assert!(Arc::ptr_eq(&again.mesh, &meshes[0]) && Arc::ptr_eq(&again.parts["lid"], &meshes[0]));

    let error = copy(&model(), &registry(&[])).unwrap_err();
    assert_eq!(error.to_string(), "mesh: the lookup by its id failed: no such mesh");
}

/// Both ways store the same: a stream does not say how an id is looked up.
#[test]
fn an_id_by_type_and_one_by_session_are_one_program() {
    #[derive(Reduce)]
    #[reduce(name = "Held")]
    struct ByType(#[reduce(persistent)] Rc<Texture>);
    #[derive(Reduce)]
    #[reduce(name = "Held")]
    struct BySession(#[reduce(persistent("u32"))] Rc<Texture>);

    let mut registry = Registry::new();
    registry
        .persistent(
            |texture: &Rc<Texture>, _| texture.id,
            |id: u32, _| -> Rc<Texture> { Rc::new(Texture { id: id + 1 }) },
        )
        .unwrap();
    let bytes = reduce_core::to_vec(&ByType(Rc::new(Texture { id: 5 }))).unwrap();
    let again: BySession = Loader::new().registry(&registry).from_slice(&bytes).unwrap();
    assert_eq!(again.0.id, 6);
}

#[test]
fn missing_functions_of_a_session_are_named() {
    let error = Dumper::new().to_vec(&model()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Registry);
    assert!(
        error.to_string().starts_with(
            "mesh: the registry knows the persistent ids of `alloc::sync::Arc<persistent::Mesh>`, but the session has no registry"
        ),
        "{error}"
    );
    let error = copy(&model(), &Registry::new()).unwrap_err();
    assert!(
        error.to_string().starts_with(
            "mesh: `alloc::sync::Arc<persistent::Mesh>` has no persistent ids in the session's registry; add functions"
        ),
        "{error}"
    );
    let bytes = Dumper::new().registry(&registry(&[])).to_vec(&model()).unwrap();
    let error = Loader::new().from_slice::<Model>(&bytes).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Registry, "mesh".into()));
}

#[test]
fn the_type_of_the_id_is_the_one_that_the_field_names() {
    let mut registry = Registry::new();
    registry
        .persistent(|mesh: &Arc<Mesh>, _| u64::from(mesh.0), |_: u64, _| Arc::new(Mesh(0)))
        .unwrap();
    let error = copy(&model(), &registry).unwrap_err();
    assert!(
        error.to_string().starts_with(
            "mesh: the ids of `alloc::sync::Arc<persistent::Mesh>` are registered as `u64`, and the field stores them as `u16`"
        ),
        "{error}"
    );
}

#[test]
fn ids_are_registered_once_and_layers_add_theirs() {
    let base = registry(&[Arc::new(Mesh(3))]);
    let mut layer = Registry::over(&base);
    let error = layer.persistent(|mesh: &Arc<Mesh>, _| mesh.0, |id: u16, _| Arc::new(Mesh(id)));
    assert_eq!(
        error.unwrap_err().to_string(),
        "`alloc::sync::Arc<persistent::Mesh>` has ids already, of type `u16`"
    );
    // Another handle is another type.
    layer.persistent(|mesh: &Mesh, _| mesh.0, |id: u16, _| Mesh(id)).unwrap();
    #[derive(Reduce, Debug, PartialEq)]
    struct Both(#[reduce(persistent(u16))] Mesh, #[reduce(persistent(u16))] Arc<Mesh>);
    let both = Both(Mesh(9), Arc::new(Mesh(3)));
    assert_eq!(copy(&both, &layer).unwrap(), both);
    assert_eq!(copy(&both, &base).unwrap_err().path(), "0");
}
