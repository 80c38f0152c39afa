//! Emits what the three impls of a struct say of rows of fixed width, where its fields may all be of such: lists of it are
//! then written and read many rows at once.

use crate::ast::{Data, Field, Input, Role};
use crate::key::Key;
use crate::local;
use crate::wrap::Private;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

/// `const WIDTH: Width = Width::of_parts(&[<f64 as Describe>::WIDTH]);`
pub fn describe(input: &Input<'_>, private: &Private) -> Option<TokenStream> {
    let fields = fields(input)?;
    let p = private.path();
    let widths = fields.iter().map(|field| {
        let ty = field.ty;
        let p = private.at(ty.span());
        quote_spanned!(ty.span()=> <#ty as #p::Describe>::WIDTH)
    });
    Some(quote!(const WIDTH: #p::Width = #p::Width::of_parts(&[#(#widths),*]);))
}

/// ```text
/// #[inline]
/// fn put_row(&self, __row: &mut RowMut<'_>) {
///     part::<f64>().put(&self.x, __row);
/// }
/// ```
pub fn reduce(input: &Input<'_>, private: &Private) -> Option<TokenStream> {
    let fields = fields(input)?;
    let p = private.path();
    let (this, row) = (local::this(), local::row());
    let parts = fields.iter().map(|field| {
        let (ty, member, span) = (field.ty, &field.member, field.ty.span());
        let (p, this) = (private.at(span), local::located(local::this(), span));
        quote_spanned!(span=> #p::part::<#ty>().put(&#this.#member, #row);)
    });
    Some(quote! {
        #[inline]
        fn put_row(&#this, #row: &mut #p::RowMut<'_>) {
            #(#parts)*
        }
    })
}

/// ```text
/// #[inline]
/// fn get_row(__row: &mut Row<'_>) -> Self {
///     Self { x: part::<f64>().get(__row) }
/// }
/// ```
pub fn expand(input: &Input<'_>, private: &Private) -> Option<TokenStream> {
    let fields = fields(input)?;
    let p = private.path();
    let row = local::row();
    let members = fields.iter().map(|field| {
        let (ty, member, span) = (field.ty, &field.member, field.ty.span());
        let p = private.at(span);
        let part = quote_spanned!(span=> #p::part::<#ty>().get(#row));
        quote!(#member: #part)
    });
    Some(quote! {
        #[inline]
        fn get_row(#row: &mut #p::Row<'_>) -> Self {
            Self { #(#members),* }
        }
    })
}

/// The fields of a struct whose rows may be of fixed width, and whose value is made of them alone. That they are is for
/// their types to say.
fn fields<'i, 'a>(input: &'i Input<'a>) -> Option<&'i [Field<'a>]> {
    let Data::Struct(record) = &input.data else { return None };
    let attrs = &input.attrs;
    let made = attrs.via.is_some() || attrs.rebuild.is_some() || attrs.validate.is_some();
    let plain = |field: &Field<'_>| {
        let keys = &field.attrs.keys;
        field.role == Role::Kept
            && !field.is_adapted()
            && !keys.has(Key::Shared)
            && !keys.has(Key::OutOfBand)
            && may_be_fixed(field.ty)
    };
    let fields = &record.fields;
    (!made && !input.packed && !fields.is_empty() && fields.iter().all(plain)).then_some(fields)
}

/// Types whose rows are of no fixed width. Where another type has the name of one of them, its rows are gone through one by
/// one, as they would be without all this.
const VARYING: [&str; 39] = [
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "char",
    "str",
    "String",
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
    "Weak",
    "Cell",
    "RefCell",
    "Mutex",
    "RwLock",
    "Cow",
    "PathBuf",
    "OsString",
    "CString",
    "Duration",
    "SystemTime",
    "Result",
    "PhantomData",
    "Value",
];

fn may_be_fixed(ty: &Type) -> bool {
    match ty {
        Type::Array(array) => may_be_fixed(&array.elem),
        Type::Group(group) => may_be_fixed(&group.elem),
        Type::Paren(paren) => may_be_fixed(&paren.elem),
        Type::Tuple(tuple) => !tuple.elems.is_empty() && tuple.elems.iter().all(may_be_fixed),
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.is_some_and(|last| VARYING.iter().all(|name| last.ident != name))
        }
        _ => false,
    }
}
