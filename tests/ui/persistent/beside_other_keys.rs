use reduce_core::Reduce;

struct Texture;

#[derive(Reduce)]
struct Sprite {
    #[reduce(skip, default, persistent)]
    skipped: Option<Texture>,
    #[reduce(persistent(u32), with = Option<reduce_core::ById>)]
    adapted: Option<Texture>,
}

fn main() {}
