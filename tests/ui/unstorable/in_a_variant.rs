use reduce_core::Reduce;

#[derive(Reduce)]
enum Source {
    Text(String),
    Open { path: String, file: std::fs::File },
}

fn main() {}
