fn load(bytes: &[u8]) -> Box<dyn std::fmt::Display> {
    reduce_core::from_slice(bytes).unwrap()
}

fn main() {}
