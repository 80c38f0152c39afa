use reduce_core::Reduce;

struct Texture;
struct Id;

#[derive(Reduce)]
struct Sprite {
    #[reduce(persistent(Id))]
    texture: Texture,
}

fn main() {}
