//! How a field is stored: by its type, through an adapter, or under `shared = false` in a way of the runtime's that is
//! shaped like the field's type.

use crate::ast::Field;
use crate::key::Key;
use crate::part::part;
use crate::wrap::Private;
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{GenericArgument, PathArguments, Type};

/// What the emitters call `expand` and `collect` of, and where the code belongs:
///
/// ```text
/// part::<f64>()
/// owning::<Cow<'static, str>>()
/// adapting::<Adapter, f64>()              // with = Adapter
/// stored::<In<Pointed>, Vec<Rc<f64>>>()   // shared = false
/// stored::<InPlace, u32>()                // in a `pod` record
/// ```
pub fn to_load(field: &Field<'_>, private: &Private) -> (Span, TokenStream) {
    if field.pod {
        let (ty, span) = (field.ty, field.ty.span());
        let p = private.at(span);
        return (span, quote_spanned!(span=> #p::stored::<#p::InPlace, #ty>()));
    }
    directed(field, private).unwrap_or_else(|| (field.ty.span(), part(field.ty, private)))
}

/// As [`to_load`], for `reduce`: what is loaded owned is dumped as it is.
pub fn to_dump(field: &Field<'_>, private: &Private) -> (Span, TokenStream) {
    directed(field, private).unwrap_or_else(|| {
        let (ty, span) = (field.ty, field.ty.span());
        let p = private.at(span);
        (span, quote_spanned!(span=> #p::part::<#ty>()))
    })
}

/// Where the type alone does not say how it is stored.
fn directed(field: &Field<'_>, private: &Private) -> Option<(Span, TokenStream)> {
    let ty = field.ty;
    if let Some((span, adapter)) = field.adapter(private) {
        let p = private.at(span);
        return Some((span, quote_spanned!(span=> #p::adapting::<#adapter, #ty>())));
    }
    let way = field_way(field, private)?;
    let p = private.at(ty.span());
    Some((ty.span(), quote_spanned!(ty.span()=> #p::stored::<#way, #ty>())))
}

/// The way of a field with `shared = false`.
pub fn field_way(field: &Field<'_>, private: &Private) -> Option<TokenStream> {
    if field.attrs.keys.has(Key::Shared) { way(field.ty, private) } else { None }
}

/// ```text
/// Rc<str>                      Pointed
/// Option<Vec<Arc<Node>>>       In<In<Pointed>>
/// HashMap<String, Rc<Node>>    InMap<Pointed>
/// (u8, Rc<Vec<Rc<Node>>>)      (AsIs, Content<In<Pointed>>)
/// ```
///
/// `None` where no pointer is in sight.
fn way(ty: &Type, private: &Private) -> Option<TokenStream> {
    // At the type, for the error of a container that is out of reach.
    let span = ty.span();
    let p = private.at(span);
    match ty {
        Type::Group(group) => way(&group.elem, private),
        Type::Paren(paren) => way(&paren.elem, private),
        Type::Array(array) => {
            let inner = way(&array.elem, private)?;
            Some(quote_spanned!(span=> #p::In<#inner>))
        }
        Type::Tuple(tuple) => {
            let ways: Vec<_> = tuple.elems.iter().map(|elem| way(elem, private)).collect();
            ways.iter().any(Option::is_some).then(|| {
                let ways = ways.iter().map(|way| match way {
                    Some(way) => quote_spanned!(span=> #way,),
                    None => quote_spanned!(span=> #p::AsIs,),
                });
                quote_spanned!(span=> (#(#ways)*))
            })
        }
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            let types = arguments(&last.arguments);
            let pointer = last.ident == "Rc" || last.ident == "Arc";
            match (types.as_slice(), pointer) {
                ([pointee], true) => Some(match way(pointee, private) {
                    Some(way) => quote_spanned!(span=> #p::Content<#way>),
                    None => quote_spanned!(span=> #p::Pointed),
                }),
                ([inner], false) => {
                    let way = way(inner, private)?;
                    Some(quote_spanned!(span=> #p::In<#way>))
                }
                ([_, value, ..], false) => {
                    let way = way(value, private)?;
                    Some(quote_spanned!(span=> #p::InMap<#way>))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether some pointer is in sight.
pub fn reaches(ty: &Type) -> bool {
    way(ty, &Private::new(None)).is_some()
}

/// A map whose keys hold pointers.
pub fn has_keys(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => has_keys(&group.elem),
        Type::Paren(paren) => has_keys(&paren.elem),
        Type::Array(array) => has_keys(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().any(has_keys),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            let types = arguments(&last.arguments);
            let keys = matches!(types.as_slice(), [key, _, ..] if reaches(key));
            keys || types.into_iter().any(has_keys)
        }),
        _ => false,
    }
}

fn arguments(arguments: &PathArguments) -> Vec<&Type> {
    let PathArguments::AngleBracketed(list) = arguments else { return Vec::new() };
    let types = list.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}
