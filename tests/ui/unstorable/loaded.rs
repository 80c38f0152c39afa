fn load(bytes: &[u8]) -> std::fs::File {
    reduce_core::from_slice(bytes).unwrap()
}

fn main() {}
