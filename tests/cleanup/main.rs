//! Loads and dumps that fail or panic: what was made is dropped, once and in order; what is left goes on to work.

mod dumps;
mod live;
mod order;
mod panics;
mod resources;
