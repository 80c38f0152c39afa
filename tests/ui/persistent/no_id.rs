use reduce_core::Reduce;
use std::rc::Rc;

struct Texture;

#[derive(Reduce)]
struct Sprite {
    #[reduce(persistent)]
    texture: Texture,
    #[reduce(persistent)]
    shared: Rc<Texture>,
}

fn main() {}
