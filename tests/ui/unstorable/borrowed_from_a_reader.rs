fn load(reader: impl std::io::Read) -> &'static str {
    reduce_core::from_reader(reader).unwrap()
}

fn main() {}
