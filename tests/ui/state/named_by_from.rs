use reduce_core::Reduce;

#[derive(Reduce)]
struct Node {
    #[reduce(state)]
    links: Vec<u32>,
    #[reduce(skip, rebuild = count, from(links))]
    count: usize,
}

fn count(links: &Vec<u32>) -> usize {
    links.len()
}

fn main() {}
