//! The model of an item: the syn nodes beside their parsed attributes and names in streams.
//!
//! Emitters read it after `check` found nothing wrong with it.

use crate::attr;
use crate::case::Case;
use crate::ctxt::Ctxt;
use crate::key::Key;
use crate::wrap::Private;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data as SynData, DeriveInput, Generics, Ident, Index, Member, Type};

pub struct Input<'a> {
    pub ident: &'a Ident,
    pub generics: &'a Generics,
    pub attrs: attr::Container,
    pub data: Data<'a>,
    /// The name in streams.
    pub name: String,
    /// `#[repr(packed)]`: fields cannot be borrowed in place.
    pub packed: bool,
}

pub enum Data<'a> {
    Struct(Record<'a>),
    Enum(Vec<Variant<'a>>),
}

pub struct Variant<'a> {
    pub ident: &'a Ident,
    pub attrs: attr::Variant,
    pub name: String,
    pub record: Record<'a>,
}

/// The fields of a struct or of a variant.
pub struct Record<'a> {
    pub style: Style,
    pub fields: Vec<Field<'a>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Unit,
    Tuple,
    Named,
}

pub struct Field<'a> {
    pub ty: &'a Type,
    pub attrs: attr::Field,
    pub member: Member,
    /// The position in the Rust type, skipped fields counted.
    pub index: usize,
    /// The name in streams.
    pub name: String,
    /// The step in an error's path: `db_path`, or `Circle.radius` in a variant.
    pub at: String,
    pub role: Role,
    /// A field of a record that lies in the stream as in memory.
    pub pod: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Kept,
    Skipped,
    /// Stored like a kept field, but set when the value exists already.
    State,
    /// Keeps what a stream has and the type has not.
    Unknown,
    /// A `PhantomData` of a `transparent` struct: neither stored nor counted.
    Phantom,
}

/// Where a field's value comes from, if not from the stream.
pub enum Source<'f> {
    Default,
    DefaultFunction(&'f attr::Function),
    Rebuild(&'f attr::Function),
}

impl<'a> Input<'a> {
    /// `None` for items that there is no model of.
    pub fn new(cx: &Ctxt, input: &'a DeriveInput, attrs: attr::Container) -> Option<Self> {
        let transparent = attrs.keys.has(Key::Transparent);
        let data = match &input.data {
            SynData::Struct(data) => {
                let case = attrs.rename_all;
                Data::Struct(Record::new(cx, &data.fields, "", case, transparent))
            }
            SynData::Enum(data) => {
                let variant = |variant| Variant::new(cx, variant, &attrs);
                Data::Enum(data.variants.iter().map(variant).collect())
            }
            SynData::Union(data) => {
                cx.error_at(
                    data.union_token,
                    "a union does not say which field it holds; use a struct or an enum, or write \
                     `Describe`, `Reduce` and `Expand` by hand",
                );
                return None;
            }
        };
        let data = match data {
            Data::Struct(mut record) => {
                record.fields.iter_mut().for_each(|field| field.pod = attrs.keys.has(Key::Pod));
                Data::Struct(record)
            }
            data @ Data::Enum(_) => data,
        };
        let name = match &attrs.name {
            Some(name) => name.value(),
            None => input.ident.unraw().to_string(),
        };
        Some(Input {
            ident: &input.ident,
            generics: &input.generics,
            attrs,
            data,
            name,
            packed: is_packed(&input.attrs),
        })
    }

    /// Lies in the stream as in memory.
    pub fn pod(&self) -> bool {
        self.attrs.keys.has(Key::Pod)
    }

    pub fn transparent(&self) -> bool {
        self.attrs.keys.has(Key::Transparent)
    }

    /// The one stored field of a `transparent` struct.
    pub fn inner(&self) -> Option<&Field<'a>> {
        match &self.data {
            Data::Struct(record) if self.transparent() => record.stored().next(),
            Data::Struct(_) | Data::Enum(_) => None,
        }
    }

    /// The fields that are set when the value exists; only structs have some.
    pub fn state(&self) -> impl Iterator<Item = &Field<'a>> {
        self.fields().filter(|field| field.role == Role::State)
    }

    pub fn has_state(&self) -> bool {
        self.state().next().is_some()
    }

    /// The records of the type: a struct's own, or those of its variants.
    pub fn records(&self) -> Vec<&Record<'a>> {
        match &self.data {
            Data::Struct(record) => vec![record],
            Data::Enum(variants) => variants.iter().map(|variant| &variant.record).collect(),
        }
    }

    pub fn fields(&self) -> impl Iterator<Item = &Field<'a>> {
        self.records().into_iter().flat_map(|record| &record.fields)
    }

    /// A load runs functions of the user's: the stream is checked before the first of them runs.
    /// An adapter says so itself.
    pub fn rebuilds(&self) -> bool {
        let attrs = &self.attrs;
        attrs.rebuild.is_some()
            || attrs.validate.is_some()
            || attrs.via.is_some()
            || self.fields().any(|field| {
                matches!(field.source(), Some(Source::Rebuild(_) | Source::DefaultFunction(_)))
            })
    }

    /// As [`rebuilds`](Self::rebuilds), where the stream's program is another one.
    pub fn adapts(&self) -> bool {
        !self.attrs.upgrades.is_empty()
            || self.fields().any(|field| {
                let filling = field.filling();
                matches!(filling, Some(Source::Rebuild(_) | Source::DefaultFunction(_)))
                    || !field.attrs.converts.is_empty()
            })
    }
}

impl<'a> Variant<'a> {
    /// The field that holds variants that the type does not know.
    pub fn other(&self) -> Option<&Field<'a>> {
        self.attrs.keys.has(Key::Other).then(|| self.record.fields.first()).flatten()
    }

    fn new(cx: &Ctxt, variant: &'a syn::Variant, container: &attr::Container) -> Self {
        let attrs = attr::Variant::parse(cx, &variant.attrs);
        let ident = variant.ident.unraw().to_string();
        let record = Record::new(cx, &variant.fields, &ident, container.rename_all_fields, false);
        let name = match (&attrs.rename, container.rename_all) {
            (Some(name), _) => name.value(),
            (None, Some(case)) => case.of_variant(&ident),
            (None, None) => ident,
        };
        Variant { ident: &variant.ident, attrs, name, record }
    }
}

impl<'a> Record<'a> {
    fn new(
        cx: &Ctxt,
        fields: &'a syn::Fields,
        variant: &str,
        case: Option<Case>,
        transparent: bool,
    ) -> Self {
        let style = match fields {
            syn::Fields::Unit => Style::Unit,
            syn::Fields::Unnamed(_) => Style::Tuple,
            syn::Fields::Named(_) => Style::Named,
        };
        let fields = fields.iter().enumerate();
        let fields = fields
            .map(|(index, field)| Field::new(cx, field, index, variant, case, transparent))
            .collect();
        Record { style, fields }
    }

    pub fn of_role(&self, role: Role) -> impl Iterator<Item = &Field<'a>> {
        self.fields.iter().filter(move |field| field.role == role)
    }

    pub fn kept(&self) -> impl Iterator<Item = &Field<'a>> {
        self.of_role(Role::Kept)
    }

    pub fn skipped(&self) -> impl Iterator<Item = &Field<'a>> {
        self.of_role(Role::Skipped)
    }

    pub fn state(&self) -> impl Iterator<Item = &Field<'a>> {
        self.of_role(Role::State)
    }

    /// The field that keeps what streams have beyond the type.
    pub fn unknown(&self) -> Option<&Field<'a>> {
        self.of_role(Role::Unknown).next()
    }

    /// Kept fields and state fields.
    pub fn stored(&self) -> impl Iterator<Item = &Field<'a>> {
        self.fields.iter().filter(|field| field.is_stored())
    }

    /// What the field's `rebuild` function gets: the fields that `from` names, or for a skipped field all kept ones, and
    /// for a kept one those that stand for certain.
    pub fn handed<'r>(&'r self, field: &'r Field<'a>) -> Vec<&'r Field<'a>> {
        match &field.attrs.from {
            Some(from) => from.iter().filter_map(|member| self.find(member)).collect(),
            None if field.role == Role::Skipped => self.kept().collect(),
            None => self.kept().filter(|other| !other.is_late()).collect(),
        }
    }

    /// Whether streams know the kept fields, or the state fields, by name. Positions do, while
    /// nothing was renamed and no other field shifts them.
    pub fn is_named(&self, role: Role) -> bool {
        match self.style {
            Style::Unit => false,
            Style::Named => true,
            Style::Tuple => {
                let mut fields = self.of_role(role).enumerate();
                fields.any(|(position, field)| {
                    position != field.index || field.attrs.rename.is_some()
                })
            }
        }
    }

    pub fn find(&self, member: &Member) -> Option<&Field<'a>> {
        let name = member_name(member);
        self.fields.iter().find(|field| field.written() == name)
    }
}

impl<'a> Field<'a> {
    fn new(
        cx: &Ctxt,
        field: &'a syn::Field,
        index: usize,
        variant: &str,
        case: Option<Case>,
        transparent: bool,
    ) -> Self {
        // A default of the field's declaration plays no part: every field is written out.
        if let Err(error) = field.modifiers.require_empty() {
            cx.error(error);
        }
        let attrs = attr::Field::parse(cx, &field.attrs);
        let member = match &field.ident {
            Some(ident) => Member::Named(ident.clone()),
            None => Member::Unnamed(Index::from(index)),
        };
        let written = member_name(&member);
        let name = match (&attrs.rename, case, &field.ident) {
            (Some(name), ..) => name.value(),
            (None, Some(case), Some(_)) => case.of_field(&written),
            (None, ..) => written.clone(),
        };
        let at = if variant.is_empty() { written } else { format!("{variant}.{written}") };
        let role = if attrs.keys.has(Key::Unknown) {
            Role::Unknown
        } else if attrs.keys.has(Key::Skip) {
            Role::Skipped
        } else if attrs.keys.has(Key::State) {
            Role::State
        } else if transparent && is_phantom(&field.ty) {
            Role::Phantom
        } else {
            Role::Kept
        };
        Field { ty: &field.ty, attrs, member, index, name, at, role, pod: false }
    }

    /// Stored as an adapter says, and not as its type does.
    pub fn is_adapted(&self) -> bool {
        let keys = &self.attrs.keys;
        self.attrs.with.is_some() || keys.has(Key::Dispatch) || keys.has(Key::Persistent)
    }

    /// The registry is asked for functions of the field's type.
    pub fn is_looked_up(&self) -> bool {
        self.attrs.keys.has(Key::Dispatch) || self.attrs.id.is_some()
    }

    /// The field's adapter, with the place to blame for it: the type that `with` names, or
    ///
    /// ```text
    /// Dispatch              // dispatch
    /// ById                  // persistent
    /// BySessionId<u32>      // persistent(u32)
    /// ```
    pub fn adapter(&self, private: &Private) -> Option<(Span, TokenStream)> {
        if let Some(with) = &self.attrs.with {
            return Some((with.span(), with.to_token_stream()));
        }
        let keys = &self.attrs.keys;
        if let Some(key) = keys.get(Key::Dispatch) {
            let p = private.at(key.span());
            return Some((key.span(), quote_spanned!(key.span()=> #p::Dispatch)));
        }
        let key = keys.get(Key::Persistent)?;
        let p = private.at(key.span());
        Some(match &self.attrs.id {
            Some(id) => (id.span(), quote_spanned!(key.span()=> #p::BySessionId<#id>)),
            None => (key.span(), quote_spanned!(key.span()=> #p::ById)),
        })
    }

    /// The field as the user writes it, without `r#`.
    pub fn written(&self) -> String {
        member_name(&self.member)
    }

    /// What a skipped field becomes. `None` for others, and where the container's `rebuild` makes the value.
    pub fn source(&self) -> Option<Source<'_>> {
        if self.role == Role::Skipped { self.stated() } else { None }
    }

    /// What a stored field becomes that the stream lacks. `None` where that is an error.
    pub fn filling(&self) -> Option<Source<'_>> {
        if self.is_stored() { self.stated() } else { None }
    }

    /// Kept or state.
    pub fn is_stored(&self) -> bool {
        matches!(self.role, Role::Kept | Role::State)
    }

    /// Kept, but made by a function of other fields where the stream lacks it: it may not stand when another is made.
    pub fn is_late(&self) -> bool {
        self.role == Role::Kept && self.attrs.keys.has(Key::Rebuild)
    }

    fn stated(&self) -> Option<Source<'_>> {
        match (&self.attrs.rebuild, &self.attrs.default) {
            (Some(function), _) => Some(Source::Rebuild(function)),
            (None, Some(attr::Default::Function(function))) => {
                Some(Source::DefaultFunction(function))
            }
            (None, Some(attr::Default::Trait)) => Some(Source::Default),
            (None, None) => None,
        }
    }
}

pub fn member_name(member: &Member) -> String {
    match member {
        Member::Named(ident) => ident.unraw().to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}

/// `PhantomData<T>`, by its name: a macro sees no more.
pub fn is_phantom(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_phantom(&group.elem),
        Type::Paren(paren) => is_phantom(&paren.elem),
        Type::Path(path) => {
            path.path.segments.last().is_some_and(|last| last.ident == "PhantomData")
        }
        _ => false,
    }
}

fn is_packed(attrs: &[syn::Attribute]) -> bool {
    let mut packed = false;
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("repr")) {
        // What is wrong with a `repr` is for the compiler to say.
        let _ = attr.parse_nested_meta(|meta| {
            packed |= meta.path.is_ident("packed");
            if meta.input.peek(syn::token::Paren) {
                let list;
                syn::parenthesized!(list in meta.input);
                list.parse::<TokenStream>()?;
            }
            Ok(())
        });
    }
    packed
}
