use reduce_core::Reduce;

#[derive(Reduce)]
union Bits {
    whole: u32,
    parts: [u8; 4],
}

fn main() {}
