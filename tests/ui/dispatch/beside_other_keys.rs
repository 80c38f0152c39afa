use reduce_core::Reduce;

struct Socket;

#[derive(Reduce)]
struct Client {
    #[reduce(dispatch, skip, default)]
    skipped: Option<Socket>,
    #[reduce(with = Option<reduce_core::Dispatch>, dispatch)]
    adapted: Option<Socket>,
    #[reduce(dispatch, persistent)]
    elsewhere: Socket,
    #[reduce(dispatch = Socket)]
    valued: Socket,
}

fn main() {}
