use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(tag = "kind", try_from = "String")]
enum Shape<'a> {
    #[reduce(untagged)]
    Circle {
        #[reduce(borrow)]
        name: &'a str,
        #[reduce(flatten)]
        place: (f64, f64),
        #[reduce(skip_serializing_if = "Option::is_none")]
        radius: Option<f64>,
        #[reduce(serialize_with = "in_millimetres")]
        height: f64,
    },
}

fn main() {}
