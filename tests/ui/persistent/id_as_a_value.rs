use reduce_core::Reduce;

struct Texture;

#[derive(Reduce)]
struct Sprite {
    #[reduce(persistent = u32)]
    valued: Texture,
    #[reduce(persistent())]
    empty: Texture,
    #[reduce(persistent(1 + 1))]
    no_type: Texture,
}

fn main() {}
