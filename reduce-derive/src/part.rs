//! Emits how the loading side names a field's type. Bytes do not live for `'static`, so what borrows for that long is
//! either read as its owned form (`Cow`) or cannot be loaded (`&`); a macro sees both by their tokens alone.

use crate::wrap::Private;
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{GenericArgument, Lifetime, PathArguments, PathSegment, Type};

/// `part::<f64>()`; `owning::<Cow<'static, str>>()`, which reads a `String`.
pub fn part(ty: &Type, private: &Private) -> TokenStream {
    let p = private.at(ty.span());
    match static_cow(ty) {
        Some(_) => quote_spanned!(ty.span()=> #p::owning::<#ty>()),
        None => quote_spanned!(ty.span()=> #p::part::<#ty>()),
    }
}

/// Whether it is read as the type that it is.
pub fn is_read_as_its_own(ty: &Type) -> bool {
    static_cow(ty).is_none()
}

/// What stands in the way of a load: the `'static`s inside of a type that nothing can be read for.
pub fn static_borrows(ty: &Type) -> Vec<&Lifetime> {
    let mut found = Vec::new();
    if static_cow(ty).is_none() {
        visit(ty, &mut found);
    }
    found
}

/// The lifetime of a `Cow<'static, _>`.
fn static_cow(ty: &Type) -> Option<&Lifetime> {
    match ty {
        Type::Group(group) => static_cow(&group.elem),
        Type::Paren(paren) => static_cow(&paren.elem),
        Type::Path(path) => {
            let last = path.path.segments.last().filter(|last| last.ident == "Cow")?;
            arguments(last).find_map(|argument| match argument {
                GenericArgument::Lifetime(lifetime) if lifetime.ident == "static" => Some(lifetime),
                _ => None,
            })
        }
        _ => None,
    }
}

/// Containers that store what they are of. Another type may mean its parameter as a mark alone.
const CONTAINERS: [&str; 14] = [
    "Option",
    "Vec",
    "VecDeque",
    "LinkedList",
    "BinaryHeap",
    "BTreeMap",
    "BTreeSet",
    "HashMap",
    "HashSet",
    "Box",
    "Rc",
    "Arc",
    "Cell",
    "RefCell",
];

fn visit<'t>(ty: &'t Type, found: &mut Vec<&'t Lifetime>) {
    if let Some(lifetime) = static_cow(ty) {
        found.push(lifetime);
        return;
    }
    match ty {
        Type::Array(array) => visit(&array.elem, found),
        Type::Group(group) => visit(&group.elem, found),
        Type::Paren(paren) => visit(&paren.elem, found),
        Type::Tuple(tuple) => tuple.elems.iter().for_each(|elem| visit(elem, found)),
        Type::Reference(reference) if is_borrowable(&reference.elem) => {
            found.extend(reference.lifetime.iter().filter(|lifetime| lifetime.ident == "static"));
        }
        Type::Path(path) => {
            if let Some(last) = path.path.segments.last()
                && CONTAINERS.iter().any(|name| last.ident == name)
            {
                for argument in arguments(last) {
                    if let GenericArgument::Type(ty) = argument {
                        visit(ty, found);
                    }
                }
            }
        }
        _ => {}
    }
}

/// The numbers whose slices can be borrowed.
const NUMBERS: [&str; 12] =
    ["u8", "u16", "u32", "u64", "u128", "i8", "i16", "i32", "i64", "i128", "f32", "f64"];

/// What can be borrowed from bytes at all; references to all else are for the compiler to refuse.
fn is_borrowable(ty: &Type) -> bool {
    let is = |ty: &Type, names: &[&str]| match ty {
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.is_some_and(|last| names.iter().any(|name| last.ident == name))
        }
        _ => false,
    };
    match ty {
        Type::Slice(slice) => is(&slice.elem, &NUMBERS),
        ty => is(ty, &["str", "OsStr", "Path"]),
    }
}

fn arguments(segment: &PathSegment) -> impl Iterator<Item = &GenericArgument> {
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        PathArguments::None | PathArguments::Parenthesized(_) => None,
    };
    arguments.into_iter().flatten()
}
