//! Emits `impl Describe`: the constant data from which a type's program is made.

use crate::ast::{Data, Field, Input, Record, Role, Style};
use crate::key::Key;
use crate::wrap::Private;
use crate::{bound, calls, column, implements, pod, row, state, way};
use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::LitStr;
use syn::spanned::Spanned;

/// ```text
/// impl Describe for Point {
///     fn def() -> &'static TypeDef {
///         const { &TypeDef::record::<Self>("Point", Fields::Named(const { &[..] })) }
///     }
/// }
/// ```
///
/// The lists are constants of their own: a call is not promoted out of another call's arguments.
pub fn describe(input: &Input<'_>, private: &Private) -> TokenStream {
    let p = private.path();
    let ident = input.ident;
    let generics = bound::describe(input, private);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (_, ty_generics, _) = input.generics.split_for_impl();
    let body = body(input, private);
    let part = column::part(input, private);
    let row = pod::describe(input, private).or_else(|| row::describe(input, private));
    let state = state::describe(input, private);
    let implements = implements::implements(input, private);
    quote! {
        #[automatically_derived]
        impl #impl_generics #p::Describe for #ident #ty_generics #where_clause {
            fn def() -> &'static #p::TypeDef {
                #body
            }
            #part
            #row
            #state
            #implements
        }
    }
}

fn body(input: &Input<'_>, private: &Private) -> TokenStream {
    let p = private.path();
    let rebuilds = if input.rebuilds() {
        Some(quote!(.rebuilds()))
    } else {
        input.adapts().then(|| quote!(.adapts()))
    };
    let calls = calls::calls(input, private);
    let rebuilds = rebuilds.map(|rebuilds| quote!(#rebuilds #calls));
    // The definition of the type that is stored in place of this one, so no name of its own:
    //   const { &TypeDef::transparent::<Self>(<f64 as Describe>::def).rebuilds() }
    // or just <f64 as Describe>::def(), when no function of the user's runs.
    let other = match &input.attrs.via {
        Some(via) => {
            let p = private.at(via.span());
            Some(quote_spanned!(via.span()=> <#via as #p::Describe>::def))
        }
        None => input.inner().map(|inner| def_fn(inner, private)),
    };
    if let Some(def) = other {
        return match rebuilds {
            Some(rebuilds) => quote!(const { &#p::TypeDef::transparent::<Self>(#def)#rebuilds }),
            None => quote!(#def()),
        };
    }
    let name = &input.name;
    let versions = versions(input);
    let def = match &input.data {
        // TypeDef::record::<Self>("Point", Fields::..)
        Data::Struct(record) => {
            let kept = fields(record, Role::Kept, private);
            // .state(Fields::..)
            let state = input.has_state().then(|| fields(record, Role::State, private));
            let state = state.map(|state| quote!(.state(#state)));
            quote!(#p::TypeDef::record::<Self>(#name, #kept)#state)
        }
        // TypeDef::enumeration::<Self>("Shape", const { &[Variant::new("Circle", Fields::..)] })
        Data::Enum(variants) => {
            let variants = variants.iter().map(|variant| {
                if let Some(field) = variant.other() {
                    // Variant::new("", Fields::Tuple(const { &[Field::unnamed(<Value as Describe>::def)] })).other()
                    let span = field.ty.span();
                    let p = private.at(span);
                    return quote_spanned! {span=>
                        #p::Variant::new(
                            "",
                            #p::Fields::Tuple(const {
                                &[#p::Field::unnamed(<#p::Value as #p::Describe>::def)]
                            })
                        ).other()
                    };
                }
                let name = &variant.name;
                let fields = fields(&variant.record, Role::Kept, private);
                let alias = alias(&variant.attrs.aliases);
                let other = variant.attrs.keys.get(Key::Other).map(|_| quote!(.other()));
                quote!(#p::Variant::new(#name, #fields) #alias #other)
            });
            quote!(#p::TypeDef::enumeration::<Self>(#name, const { &[#(#variants),*] }))
        }
    };
    quote!(const { &#def #versions #rebuilds })
}

/// What is said of streams of other versions, where something is:
///
/// ```text
/// .version(3, 1).deny_newer().deny_unknown()      // with upgrades from version 1 on
/// ```
fn versions(input: &Input<'_>) -> TokenStream {
    let attrs = &input.attrs;
    let version = attrs.version.as_ref().map(|version| {
        let from = attrs.upgrades.iter().map(|upgrade| upgrade.from.number).min();
        let from = Literal::u32_unsuffixed(from.unwrap_or(version.number));
        let version = Literal::u32_unsuffixed(version.number);
        quote!(.version(#version, #from))
    });
    let deny_newer = attrs.keys.get(Key::DenyNewer).map(|_| quote!(.deny_newer()));
    let deny_unknown = attrs.keys.get(Key::DenyUnknown).map(|_| quote!(.deny_unknown()));
    quote!(#version #deny_newer #deny_unknown)
}

/// `Fields::Unit`, `Fields::Tuple(..)` of unnamed fields, or `Fields::Named(..)`:
///
/// ```text
/// Fields::Named(const { &[Field::part("x", <f64 as Describe>::PART)] })
/// ```
///
/// What is not stored by its type alone is in rows: `Field::new("x", adapted::<Adapter, f64>())`.
fn fields(record: &Record<'_>, role: Role, private: &Private) -> TokenStream {
    let p = private.path();
    if record.style == Style::Unit {
        return quote!(#p::Fields::Unit);
    }
    let named = record.is_named(role);
    let fields = record.of_role(role).map(|field| {
        let name = &field.name;
        let earlier = earlier(field, private);
        if column::is_plain(field, private) {
            let name = if named { name.as_str() } else { "" };
            let part = column::field_part(field, private);
            return quote!(#p::Field::part(#name, #part) #earlier);
        }
        let def = def_fn(field, private);
        if named {
            quote!(#p::Field::new(#name, #def) #earlier)
        } else {
            quote!(#p::Field::unnamed(#def) #earlier)
        }
    });
    // Field::new("", <Unknown as Describe>::def)
    let unknown = record.unknown().filter(|_| role == Role::Kept).map(|field| {
        let ty = field.ty;
        let p = private.at(ty.span());
        quote_spanned!(ty.span()=> #p::Field::new("", <#p::Unknown as #p::Describe>::def))
    });
    let fields = fields.chain(unknown);
    let kind = if named { quote!(Named) } else { quote!(Tuple) };
    quote!(#p::Fields::#kind(const { &[#(#fields),*] }))
}

/// What a field may be in a stream of another version:
///
/// ```text
/// .alias(&["label"])                                        // alias = "label"
/// .fillable()                                               // default, rebuild
/// .converts(const { &[earlier(&callee(parse))] })           // convert = parse
/// ```
fn earlier(field: &Field<'_>, private: &Private) -> TokenStream {
    let aliases = alias(&field.attrs.aliases);
    let fillable = field.filling().map(|_| quote!(.fillable()));
    let converts = field.attrs.converts.iter().map(|function| {
        let span = function.path.span();
        let (p, path) = (private.at(span), &function.path);
        quote_spanned!(span=> #p::earlier(&#p::callee(#path)))
    });
    let converts: Vec<TokenStream> = converts.collect();
    let converts = (!converts.is_empty()).then(|| quote!(.converts(const { &[#(#converts),*] })));
    quote!(#aliases #fillable #converts)
}

/// `.alias(&["label"])`
fn alias(aliases: &[LitStr]) -> Option<TokenStream> {
    (!aliases.is_empty()).then(|| quote!(.alias(&[#(#aliases),*])))
}

/// `<f64 as Describe>::def`, with an adapter `adapted::<Adapter, f64>()`, or under `shared = false`
/// `<Pointed as Way<Rc<f64>>>::def`, at the type.
fn def_fn(field: &Field<'_>, private: &Private) -> TokenStream {
    let ty = field.ty;
    match field.adapter(private) {
        Some((span, adapter)) => {
            let p = private.at(span);
            quote_spanned!(span=> #p::adapted::<#adapter, #ty>())
        }
        None => {
            let p = private.at(ty.span());
            match way::field_way(field, private) {
                Some(way) => quote_spanned!(ty.span()=> <#way as #p::Way<#ty>>::def),
                None => quote_spanned!(ty.span()=> <#ty as #p::Describe>::def),
            }
        }
    }
}
