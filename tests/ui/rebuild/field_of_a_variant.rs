use reduce_core::Reduce;

#[derive(Reduce)]
enum Source {
    File {
        path: String,
        #[reduce(skip, rebuild = read)]
        text: String,
    },
}

fn read(path: &u32) -> String {
    path.to_string()
}

fn main() {}
