fn dump(file: &std::fs::File) -> Vec<u8> {
    reduce_core::to_vec(file).unwrap()
}

fn main() {}
