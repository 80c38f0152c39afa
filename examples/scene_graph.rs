//! A scene: a tree of nodes with pointers to their parents, shapes behind trait objects, materials that several of them
//! share, and a camera that looks at one of the nodes. All of it with the pointers of `std`, and without annotations
//! beyond the names.
//!
//! `cargo run --example scene_graph`

use reduce_core::{Dumper, ErrorKind, Loader, Reduce, Registry};
use std::cell::{Cell, RefCell};
use std::error::Error;
use std::rc::{Rc, Weak};

/// Shared by all shapes that are made of it.
#[derive(Reduce, Debug)]
#[reduce(name = "scene.Material")]
struct Material {
    name: String,
    color: [u8; 3],
}

/// What can be drawn: a trait object, so the attribute is on the trait.
#[reduce_core::object(name = "scene.Shape")]
trait Shape {
    fn material(&self) -> &Rc<Material>;
    fn volume(&self) -> f64;
    /// Whether the renderer has it already.
    fn is_uploaded(&self) -> bool {
        false
    }
}

#[derive(Reduce)]
#[reduce(name = "scene.Ball", implements(Shape))]
struct Ball {
    radius: f64,
    material: Rc<Material>,
}

impl Shape for Ball {
    fn material(&self) -> &Rc<Material> {
        &self.material
    }
    fn volume(&self) -> f64 {
        4.0 / 3.0 * std::f64::consts::PI * self.radius.powi(3)
    }
}

#[derive(Reduce)]
#[reduce(name = "scene.Block", implements(Shape))]
struct Block {
    size: [f64; 3],
    material: Rc<Material>,
    /// Made again at the first use: a renderer's handle means nothing in another process.
    #[reduce(skip, default)]
    uploaded: Cell<Option<u32>>,
}

impl Shape for Block {
    fn material(&self) -> &Rc<Material> {
        &self.material
    }
    fn volume(&self) -> f64 {
        self.size.iter().product()
    }
    fn is_uploaded(&self) -> bool {
        self.uploaded.get().is_some()
    }
}

#[derive(Reduce)]
#[reduce(name = "scene.Node")]
struct Node {
    name: String,
    /// Up is weak, down is strong: so nothing leaks, and a load puts both in place.
    parent: RefCell<Weak<Node>>,
    children: RefCell<Vec<Rc<Node>>>,
    shapes: Vec<Rc<dyn Shape>>,
}

impl Node {
    fn new(name: &str, shapes: Vec<Rc<dyn Shape>>, children: Vec<Rc<Node>>) -> Rc<Node> {
        let node = Node {
            name: name.into(),
            parent: RefCell::default(),
            children: RefCell::default(),
            shapes,
        };
        let node = Rc::new(node);
        for child in &children {
            *child.parent.borrow_mut() = Rc::downgrade(&node);
        }
        *node.children.borrow_mut() = children;
        node
    }

    fn path(&self) -> String {
        match self.parent.borrow().upgrade() {
            Some(parent) => format!("{}/{}", parent.path(), self.name),
            None => self.name.clone(),
        }
    }

    fn print(&self, depth: usize) {
        println!("{:indent$}{}", "", self.name, indent = 2 * depth);
        for shape in &self.shapes {
            let material = shape.material();
            println!(
                "{:indent$}- {:.2} of {material:?}",
                "",
                shape.volume(),
                indent = 2 * depth + 2
            );
        }
        self.children.borrow().iter().for_each(|child| child.print(depth + 1));
    }
}

#[derive(Reduce)]
#[reduce(name = "scene.Scene")]
struct Scene {
    /// Weak, and in front of what owns it: the dump puts the objects into an order that can be loaded.
    camera_on: Weak<Node>,
    root: Rc<Node>,
    /// A palette: the same objects as in the shapes.
    materials: Vec<Rc<Material>>,
}

fn registry() -> Result<Registry, reduce_core::Error> {
    let mut registry = Registry::new();
    registry.register::<Ball>()?.register::<Block>()?;
    Ok(registry)
}

fn scene() -> Scene {
    let oak = Rc::new(Material { name: "oak".into(), color: [120, 81, 45] });
    let brass = Rc::new(Material { name: "brass".into(), color: [181, 166, 66] });
    let block = |size, material: &Rc<Material>| -> Rc<dyn Shape> {
        Rc::new(Block { size, material: material.clone(), uploaded: Cell::new(Some(7)) })
    };
    // One leg of the table, standing in four places.
    let leg = block([0.1, 0.1, 0.9], &oak);
    let knob: Rc<dyn Shape> = Rc::new(Ball { radius: 0.03, material: brass.clone() });
    let drawer = Node::new("drawer", vec![block([0.4, 0.3, 0.1], &oak), knob], vec![]);
    let legs = Node::new("legs", vec![leg.clone(), leg.clone(), leg.clone(), leg], vec![]);
    let table = Node::new("table", vec![block([1.6, 0.8, 0.05], &oak)], vec![legs, drawer.clone()]);
    let root = Node::new("room", vec![], vec![table]);
    Scene { camera_on: Rc::downgrade(&drawer), root, materials: vec![oak, brass] }
}

fn main() -> Result<(), Box<dyn Error>> {
    let registry = registry()?;
    let dumper = Dumper::new().registry(&registry);
    let loader = Loader::new().registry(&registry);

    let bytes = dumper.to_vec(&scene())?;
    let scene: Scene = loader.from_slice(&bytes)?;
    println!("loaded from {} bytes:", bytes.len());
    scene.root.print(1);

    // What was one object is one object again.
    let table = scene.root.children.borrow()[0].clone();
    let (legs, drawer) = (table.children.borrow()[0].clone(), table.children.borrow()[1].clone());
    assert!(legs.shapes.iter().all(|leg| Rc::ptr_eq(leg, &legs.shapes[0])));
    assert!(!Rc::ptr_eq(&legs.shapes[0], &table.shapes[0]));
    let oak = &scene.materials[0];
    assert!(
        Rc::ptr_eq(oak, legs.shapes[0].material()) && Rc::ptr_eq(oak, table.shapes[0].material())
    );
    // The palette, the top, the leg (one, in four places) and the drawer.
    assert_eq!(Rc::strong_count(oak), 4);
    println!(
        "one oak, held by {}; one leg, held by {}",
        Rc::strong_count(oak),
        Rc::strong_count(&legs.shapes[0])
    );

    // The renderer's handle was skipped.
    assert!(!legs.shapes[0].is_uploaded());

    // Pointers to parents lead up again, and the camera looks at the very node.
    let seen = scene.camera_on.upgrade().ok_or("the camera looks at nothing")?;
    assert!(Rc::ptr_eq(&seen, &drawer));
    assert!(Rc::ptr_eq(&table, &seen.parent.borrow().upgrade().ok_or("no parent")?));
    println!("the camera looks at {}\n", seen.path());
    assert_eq!(seen.path(), "room/table/drawer");
    assert!(scene.root.parent.borrow().upgrade().is_none());

    // A smaller scene, as the bytes tell it. `memo 0` is an object that others point to.
    let brass = Rc::new(Material { name: "brass".into(), color: [181, 166, 66] });
    let bell: Rc<dyn Shape> = Rc::new(Ball { radius: 0.1, material: brass.clone() });
    let small =
        Node::new("tower", vec![], vec![Node::new("bell", vec![bell.clone(), bell], vec![])]);
    println!("{}", reduce_core::disassemble(&dumper.to_vec(&small)?)?);

    // A part of a scene is a value as well. What it points to weakly and does not own is left out: the drawer has no parent.
    let part: Rc<Node> = loader.from_slice(&dumper.to_vec(&drawer)?)?;
    assert_eq!(part.path(), "drawer");
    let strict = Dumper::new().registry(&registry).deny_outside_weak(true);
    match strict.to_vec(&drawer) {
        Err(error) if error.kind() == ErrorKind::Unavailable => println!("refused: {error}"),
        other => return Err(format!("an outside pointer was let through: {other:?}").into()),
    }
    Ok(())
}
