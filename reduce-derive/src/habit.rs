//! Keys of serde's attributes, for who writes them out of habit: what stands in their place here.

/// What to do in place of a key of serde's, if it is one.
pub fn instead(key: &str) -> Option<&'static str> {
    Some(match key {
        "borrow" => "leave it out: `&str`, `&[u8]` and `Cow` borrow where the bytes allow it",
        "flatten" => {
            "leave it out: a struct in a field is stored without names of its own in each value"
        }
        "tag" | "content" | "untagged" => {
            "leave it out: a stream has the names of all variants, whatever they hold"
        }
        "skip_serializing" | "skip_deserializing" | "skip_serializing_if" => {
            "here `skip` leaves a field out, and `default` or `rebuild` says what it is after a load"
        }
        "serialize_with" | "deserialize_with" => {
            "here `with = path` names an `Adapter`, which is for both ways"
        }
        "into" | "try_from" | "remote" => {
            "here `via = Type` stores the value as another type, `with = path` on a field that of another crate"
        }
        _ => return None,
    })
}
