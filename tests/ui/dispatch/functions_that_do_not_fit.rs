use reduce_core::Registry;

struct Socket(u16);

struct NotStored;

struct NoError;

fn main() {
    let mut registry = Registry::new();
    // The expander takes other parts than the reducer makes.
    let _ = registry.reducer("a", |socket: &Socket| socket.0, |_: String| Socket(1));
    // The expander makes another type.
    let _ = registry.reducer("b", |socket: &Socket| socket.0, |port: u16| port);
    // The parts cannot be stored.
    let _ = registry.reducer("c", |_: &Socket| NotStored, |_: NotStored| Socket(1));
    // The error is none.
    let _ = registry.reducer("d", |socket: &Socket| socket.0, |_: u16| Err::<Socket, _>(NoError));
}
