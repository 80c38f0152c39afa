use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(rename_all = "snakecase", validate)]
struct Record {
    #[reduce(skip)]
    cached: u8,
    #[reduce(renam = "number")]
    id: u32,
    #[reduce(context(Pool))]
    made: Vec<u8>,
    #[reduce(skip, rebuild = build, from(idd))]
    again: Vec<u8>,
}

fn build(id: &u32) -> Vec<u8> {
    vec![0; *id as usize]
}

fn main() {}
