use reduce_core::{BoxError, Context, Persistent, Reduce};
use std::rc::Rc;

struct Texture;

impl Persistent for Texture {
    type Id = u32;
    type Handle = Rc<Texture>;

    fn id(&self, _: &Context<'_>) -> Result<u32, BoxError> {
        Ok(1)
    }

    fn find(_: u32, _: &Context<'_>) -> Result<Rc<Texture>, BoxError> {
        Ok(Rc::new(Texture))
    }
}

#[derive(Reduce)]
struct Sprite {
    #[reduce(persistent)]
    texture: Texture,
}

fn main() {}
