use reduce_core::Reduce;

#[derive(Reduce)]
struct Wrapper<T> {
    value: T,
}

struct Connection;

fn dump(connection: Wrapper<Connection>) -> Vec<u8> {
    reduce_core::to_vec(&connection).unwrap()
}

fn main() {}
