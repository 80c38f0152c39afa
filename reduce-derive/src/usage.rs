//! Which generic parameters a field's type uses, and so which bounds its impls need.

use crate::ast::{Field, is_phantom};
use crate::key::Key;
use quote::{ToTokens, quote};
use std::collections::BTreeSet;
use syn::{
    AngleBracketedGenericArguments, GenericArgument, Generics, Ident, Lifetime, PathArguments,
    ReturnType, Type, TypeParamBound, TypePath, parse_quote,
};

const POINTERS: &[&str] = &["Rc", "Arc", "Weak"];

/// What the types seen so far use, each once.
pub struct Usage<'g> {
    generics: &'g Generics,
    /// The item's own type, as its fields write it when it is recursive.
    this: String,
    /// `T`, and `T::Item` or `<T as Trait>::Item` with the parameter in it.
    pub bounded: Vec<Type>,
    /// Those of `bounded` inside `Rc`, `Arc` or `Weak`, whose pointees are `'static`.
    pub shared: Vec<Type>,
    pub lifetimes: BTreeSet<Lifetime>,
    /// Those of `lifetimes` inside `Rc`, `Arc` or `Weak`.
    pub shared_lifetimes: BTreeSet<Lifetime>,
    /// What the field at hand holds behind pointers that have an identity.
    identity: &'static [&'static str],
}

impl<'g> Usage<'g> {
    pub fn of<'t>(
        ident: &Ident,
        generics: &'g Generics,
        types: impl IntoIterator<Item = &'t Type>,
    ) -> Self {
        let (_, ty_generics, _) = generics.split_for_impl();
        let mut usage = Usage {
            generics,
            this: quote!(#ident #ty_generics).to_string(),
            bounded: Vec::new(),
            shared: Vec::new(),
            lifetimes: BTreeSet::new(),
            shared_lifetimes: BTreeSet::new(),
            identity: POINTERS,
        };
        for ty in types {
            usage.ty(ty, false);
        }
        usage
    }

    /// Adds a field's type; under `shared = false` only its `Weak`s have an identity.
    pub fn field(&mut self, field: &Field<'_>) {
        if field.attrs.keys.has(Key::Shared) {
            self.identity = &["Weak"];
        }
        self.ty(field.ty, false);
        self.identity = POINTERS;
    }

    fn ty(&mut self, ty: &Type, shared: bool) {
        if is_phantom(ty) {
            return;
        }
        match ty {
            Type::Array(array) => self.ty(&array.elem, shared),
            Type::Group(group) => self.ty(&group.elem, shared),
            Type::Paren(paren) => self.ty(&paren.elem, shared),
            Type::Ptr(pointer) => self.ty(&pointer.elem, shared),
            Type::Slice(slice) => self.ty(&slice.elem, shared),
            Type::Tuple(tuple) => tuple.elems.iter().for_each(|elem| self.ty(elem, shared)),
            Type::Reference(reference) => {
                reference.lifetime.iter().for_each(|lifetime| self.lifetime(lifetime, shared));
                self.ty(&reference.elem, shared);
            }
            Type::TraitObject(object) => {
                object.bounds.iter().for_each(|bound| self.bound(bound, shared));
            }
            Type::Path(path) => self.path(path, shared),
            // Function pointers cannot be stored; macros cannot be looked into.
            _ => {}
        }
    }

    fn path(&mut self, path: &TypePath, shared: bool) {
        let written = path.to_token_stream().to_string();
        if written == "Self" || written == self.this {
            // The impl at hand is the one that is needed.
            if shared {
                self.generics.type_params().for_each(|param| {
                    let ident = &param.ident;
                    add(&mut self.shared, parse_quote!(#ident));
                });
            }
            return;
        }
        let segments = &path.path.segments;
        if let Some(qself) = &path.qself {
            // A projection is bounded as a whole: `<T as Trait>::Item`.
            if mentions_type_param(self.generics, &qself.ty) {
                self.used(Type::Path(path.clone()), shared);
            }
        } else if let Some(first) = segments.first()
            && path.path.leading_colon.is_none()
            && self.generics.type_params().any(|param| param.ident == first.ident)
        {
            self.used(Type::Path(path.clone()), shared);
        }
        for segment in segments {
            let shared = shared || self.identity.iter().any(|name| segment.ident == name);
            self.arguments(&segment.arguments, shared);
        }
    }

    fn arguments(&mut self, arguments: &PathArguments, shared: bool) {
        match arguments {
            PathArguments::None => {}
            PathArguments::AngleBracketed(AngleBracketedGenericArguments { args, .. }) => {
                for argument in args {
                    match argument {
                        GenericArgument::Lifetime(lifetime) => self.lifetime(lifetime, shared),
                        GenericArgument::Type(ty) => self.ty(ty, shared),
                        GenericArgument::AssocType(assoc) => self.ty(&assoc.ty, shared),
                        // No others hold a type that is stored.
                        _ => {}
                    }
                }
            }
            PathArguments::Parenthesized(signature) => {
                signature.inputs.iter().for_each(|input| self.ty(&input.ty, shared));
                if let ReturnType::Type(_, output) = &signature.output {
                    self.ty(output, shared);
                }
            }
        }
    }

    fn bound(&mut self, bound: &TypeParamBound, shared: bool) {
        match bound {
            TypeParamBound::Lifetime(lifetime) => self.lifetime(lifetime, shared),
            TypeParamBound::Trait(bound) => {
                for segment in &bound.path.segments {
                    self.arguments(&segment.arguments, shared);
                }
            }
            _ => {}
        }
    }

    fn lifetime(&mut self, lifetime: &Lifetime, shared: bool) {
        if self.generics.lifetimes().any(|param| param.lifetime == *lifetime) {
            self.lifetimes.insert(lifetime.clone());
            if shared {
                self.shared_lifetimes.insert(lifetime.clone());
            }
        }
    }

    fn used(&mut self, ty: Type, shared: bool) {
        if shared {
            add(&mut self.shared, ty.clone());
        }
        add(&mut self.bounded, ty);
    }
}

/// Adds a type that is not there yet.
fn add(types: &mut Vec<Type>, ty: Type) {
    let written = ty.to_token_stream().to_string();
    if types.iter().all(|known| known.to_token_stream().to_string() != written) {
        types.push(ty);
    }
}

/// Whether a type parameter occurs anywhere in the type.
pub fn mentions_type_param(generics: &Generics, ty: &Type) -> bool {
    fn mentions(tokens: proc_macro2::TokenStream, params: &[&Ident]) -> bool {
        tokens.into_iter().any(|token| match token {
            proc_macro2::TokenTree::Ident(ident) => params.contains(&&ident),
            proc_macro2::TokenTree::Group(group) => mentions(group.stream(), params),
            _ => false,
        })
    }
    let params: Vec<&Ident> = generics.type_params().map(|param| &param.ident).collect();
    mentions(ty.to_token_stream(), &params)
}
