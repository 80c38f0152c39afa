//! Registered types: trait objects, foreign types with functions in the registry, codes, objects that live elsewhere.

use crate::kinds::kinds;
use reduce_core::{BoxError, Context, Persistent, Reduce, Registry};
use std::any::Any;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::{Arc, LazyLock};

#[reduce_core::object(name = "geo.Shape")]
pub trait Shape: Any {
    /// The shapes that it holds.
    fn unlinked(&self) -> Vec<Rc<dyn Shape>> {
        vec![]
    }
}

#[derive(Reduce)]
#[reduce(name = "geo.Circle", implements(Shape))]
pub struct Circle {
    pub radius: u8,
}

#[derive(Reduce)]
#[reduce(name = "geo.Label", implements(Shape))]
pub struct Label {
    text: Rc<str>,
    #[reduce(skip, rebuild = width, from(text))]
    _width: usize,
    any: Option<Box<dyn Any>>,
}

fn width(text: &str) -> Result<usize, BoxError> {
    if text == "none" { Err("nothing to show".into()) } else { Ok(text.len()) }
}

#[derive(Reduce)]
#[reduce(name = "geo.Group", implements(Shape))]
pub struct Group {
    this: Weak<dyn Shape>,
    own: Option<Box<dyn Shape>>,
    #[reduce(state)]
    shapes: RefCell<Vec<Rc<dyn Shape>>>,
}

impl Shape for Circle {}

impl Shape for Label {}

impl Shape for Group {
    fn unlinked(&self) -> Vec<Rc<dyn Shape>> {
        let mut shapes = self.shapes.take();
        if let Some(own) = &self.own {
            shapes.append(&mut own.unlinked());
        }
        shapes
    }
}

/// Of another crate.
#[derive(Debug)]
pub struct Socket(u16);

/// Of another crate, with parts that nest.
#[derive(Debug)]
pub struct Tree(Vec<Tree>);

#[derive(Reduce)]
pub struct Client {
    #[reduce(dispatch)]
    socket: Socket,
    #[reduce(dispatch)]
    tree: Tree,
}

/// A row of a table elsewhere.
pub struct Texture(u32);

impl Persistent for Texture {
    type Id = u32;
    type Handle = Rc<Texture>;

    fn id(&self, _: &Context<'_>) -> Result<u32, BoxError> {
        Ok(self.0)
    }

    fn find(id: u32, _: &Context<'_>) -> Result<Rc<Texture>, BoxError> {
        if id == 0 { Err("no such texture".into()) } else { Ok(Rc::new(Texture(id))) }
    }
}

#[derive(Reduce)]
pub struct Sprite {
    name: Option<Rc<str>>,
    #[reduce(persistent)]
    texture: Rc<Texture>,
}

/// What the targets register.
pub static REGISTRY: LazyLock<Registry> =
    LazyLock::new(|| registry().unwrap_or_else(|error| panic!("{error}")));

fn registry() -> Result<Registry, reduce_core::Error> {
    let mut registry = Registry::new();
    registry.register::<Circle>()?.register::<Group>()?.register::<Label>()?;
    registry.code::<Circle>(7)?;
    registry.register_as::<u8>("u8")?.register_as::<Vec<u16>>("std.Vec<u16>")?;
    registry.register_as::<String>("text")?.register_as::<Option<Box<dyn Any>>>("maybe")?;
    registry.register_as::<Vec<Box<dyn Any>>>("anys")?.code::<Vec<Box<dyn Any>>>(300)?;
    registry.implement::<dyn Any + Send + Sync, u8>()?;
    registry.implement::<dyn Any + Send + Sync, String>()?;
    registry.reducer(
        "net.Socket",
        |socket: &Socket| socket.0,
        |port: u16| if port == 0 { Err("port 0 is closed") } else { Ok(Socket(port)) },
    )?;
    registry.reducer(
        "tree",
        |tree: &Tree| tree.0.len() as u64,
        |leaves: u64| Tree((0..leaves.min(3)).map(|_| Tree(vec![])).collect()),
    )?;
    Ok(registry)
}

fn shapes() -> Vec<Rc<dyn Shape>> {
    let circle: Rc<dyn Shape> = Rc::new(Circle { radius: 1 });
    let group = Rc::new_cyclic(|this: &Weak<Group>| Group {
        this: this.clone(),
        own: Some(Box::new(label())),
        shapes: RefCell::default(),
    });
    group.shapes.borrow_mut().extend([group.clone() as Rc<dyn Shape>, circle.clone()]);
    vec![circle, group]
}

fn label() -> Label {
    Label { text: "l".into(), _width: 1, any: Some(Box::new(vec![1u16, 300])) }
}

fn unlink(shapes: &[Rc<dyn Shape>]) {
    let mut left = shapes.to_vec();
    while let Some(shape) = left.pop() {
        left.append(&mut shape.unlinked());
    }
}

fn unlink_scene(scene: &Scene) {
    unlink(&scene.0);
}

type Shapes = Vec<Rc<dyn Shape>>;
type Scene = (Shapes, Rc<Circle>, Weak<dyn Shape>);
type Anys = Vec<Box<dyn Any>>;

fn anys() -> Anys {
    let inner: Anys = vec![Box::new(1u8), Box::new(String::from("t")), Box::new(label())];
    let maybe: Option<Box<dyn Any>> = Some(Box::new(Circle { radius: 2 }));
    vec![Box::new(inner), Box::new(maybe), Box::new(vec![1u16]), Box::new(Socket(80))]
}

kinds! { KINDS:
    Boxed: Box<dyn Any> = Box::new(5u8);
    Mixed: Anys = anys();
    Drawn: Shapes = shapes(), unlink;
    Scenes: Scene = {
        let circle = Rc::new(Circle { radius: 3 });
        let mut all = shapes();
        all.push(circle.clone());
        let weak = Rc::downgrade(&all[0]);
        (all, circle, weak)
    }, unlink_scene;
    Labels: Vec<Rc<Label>> = {
        let label = Rc::new(label());
        vec![label.clone(), label]
    };
    SharedAny: (Rc<dyn Any>, Weak<dyn Any>) = {
        let any: Rc<dyn Any> = Rc::new(String::from("shared"));
        (any.clone(), Rc::downgrade(&any))
    };
    Sent: Vec<Arc<dyn Any + Send + Sync>> = vec![Arc::new(7u8), Arc::new(String::from("s"))];
    Clients: Vec<Client> = vec![Client { socket: Socket(80), tree: Tree(vec![Tree(vec![])]) }];
    Sprites: Vec<Sprite> = {
        let texture = Rc::new(Texture(7));
        vec![Sprite { name: Some("s".into()), texture: texture.clone() }, Sprite { name: None, texture }]
    };
}
