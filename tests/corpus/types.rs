//! Records and enums with their three implementations by hand, as a derive would write them.

use reduce_core::__private::Mode;
use reduce_core::{
    Describe, Error, Expand, Field, Fields, Reader, Reduce, TypeDef, Variant, Writer,
};

/// A struct with fields of these names.
macro_rules! record {
    ($type:ident $(<$param:ident>)? = $name:literal { $($field:ident: $of:ty),* $(,)? } $($rebuilds:ident)?) => {
        #[derive(Clone, Debug, PartialEq)]
        pub struct $type $(<$param>)? { $(pub $field: $of),* }

        impl $(<$param: Describe>)? Describe for $type $(<$param>)? {
            fn def() -> &'static TypeDef {
                const {
                    &TypeDef::record::<Self>(
                        $name,
                        Fields::Named(const { &[$(Field::new(stringify!($field), <$of as Describe>::def)),*] }),
                    )$(.$rebuilds())?
                }
            }
        }

        impl $(<$param: Reduce>)? Reduce for $type $(<$param>)? {
            fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                $(Reduce::reduce(&self.$field, w)?;)*
                Ok(())
            }
        }

        impl<'de, $($param: Expand<'de>)?> Expand<'de> for $type $(<$param>)? {
            fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                $(let $field = <$of as Expand>::expand(r)?;)*
                Ok($type { $($field),* })
            }
        }
    };
}

record!(Point = "geo.Point" { x: f64, y: f64 });
record!(Pair<T> = "Pair" { a: T, b: T });
record!(Line = "shop.Line" { article: String, count: u32, price: Option<u64> });
record!(Order = "shop.Order" { id: u64, customer: String, lines: Vec<Line> });
record!(Tree = "Tree" { name: String, children: Vec<Tree> });
record!(Term = "math.Term" { factor: i32, of: Box<Expr> });
record!(Checked = "Checked" { path: String, length: u64 } rebuilds);

impl Tree {
    pub fn leaf(name: &str) -> Tree {
        Tree { name: name.into(), children: vec![] }
    }
}

/// A value and what follows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    pub value: u8,
    pub next: Option<Box<Chain>>,
}

impl Chain {
    pub fn of(values: &[u8]) -> Chain {
        let mut next = None;
        for &value in values.iter().rev() {
            next = Some(Box::new(Chain { value, next }));
        }
        *next.unwrap()
    }
}

impl Describe for Chain {
    fn def() -> &'static TypeDef {
        const {
            &TypeDef::record::<Self>(
                "Chain",
                Fields::Named(
                    const {
                        &[
                            Field::new("value", u8::def),
                            Field::new("next", <Option<Box<Chain>>>::def),
                        ]
                    },
                ),
            )
        }
    }
}

impl Reduce for Chain {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.value.reduce(w)?;
        Reduce::reduce(&self.next, w)
    }
}

impl<'de> Expand<'de> for Chain {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Ok(Chain { value: u8::expand(r)?, next: Expand::expand(r)? })
    }
}

/// Stored as `T`, by a type that has rebuild functions.
pub struct Rebuilt<T>(pub T);

impl<T: Describe> Describe for Rebuilt<T> {
    fn def() -> &'static TypeDef {
        const { &TypeDef::transparent::<Self>(T::def).rebuilds() }
    }
}

impl<T: Reduce> Reduce for Rebuilt<T> {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        Reduce::reduce(&self.0, w)
    }
}

impl<'de, T: Expand<'de>> Expand<'de> for Rebuilt<T> {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        T::expand(r).map(Rebuilt)
    }

    fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        mode.value(r).map(Rebuilt)
    }
}

/// `struct Marker;`
#[derive(Clone, Debug, PartialEq)]
pub struct Marker;

impl Describe for Marker {
    fn def() -> &'static TypeDef {
        const { &TypeDef::record::<Self>("Marker", Fields::Unit) }
    }
}

impl Reduce for Marker {
    fn reduce(&self, _: &mut Writer<'_>) -> Result<(), Error> {
        Ok(())
    }
}

impl<'de> Expand<'de> for Marker {
    fn expand(_: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Ok(Marker)
    }
}

/// `struct Metres(u16);`
#[derive(Clone, Debug, PartialEq)]
pub struct Metres(pub u16);

impl Describe for Metres {
    fn def() -> &'static TypeDef {
        const { &TypeDef::record::<Self>("Metres", Fields::Tuple(const { &[Field::unnamed(u16::def)] })) }
    }
}

impl Reduce for Metres {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.0.reduce(w)
    }
}

impl<'de> Expand<'de> for Metres {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        u16::expand(r).map(Metres)
    }
}

/// Stored as the list that it is: a list of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Nest(pub Vec<Nest>);

impl Describe for Nest {
    fn def() -> &'static TypeDef {
        const { &TypeDef::list::<Self>(Nest::def) }
    }
}

impl Reduce for Nest {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.0.reduce(w)
    }
}

impl<'de> Expand<'de> for Nest {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Vec::expand(r).map(Nest)
    }
}

/// Variants of all kinds.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Empty,
    Circle(f32),
    Segment(i64, i64),
    Label { text: String, at: Point },
}

impl Describe for Shape {
    fn def() -> &'static TypeDef {
        const {
            &TypeDef::enumeration::<Self>(
                "geo.Shape",
                const {
                    &[
                        Variant::new("Empty", Fields::Unit),
                        Variant::new(
                            "Circle",
                            Fields::Tuple(const { &[Field::unnamed(f32::def)] }),
                        ),
                        Variant::new(
                            "Segment",
                            Fields::Tuple(const { &[Field::unnamed(i64::def); 2] }),
                        ),
                        Variant::new(
                            "Label",
                            Fields::Named(
                                const {
                                    &[Field::new("text", String::def), Field::new("at", Point::def)]
                                },
                            ),
                        ),
                    ]
                },
            )
        }
    }
}

impl Reduce for Shape {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        match self {
            Shape::Empty => reduce_core::__private::reduce_variant(0, w),
            Shape::Circle(radius) => {
                reduce_core::__private::reduce_variant(1, w)?;
                radius.reduce(w)
            }
            Shape::Segment(from, to) => {
                reduce_core::__private::reduce_variant(2, w)?;
                (from, to).reduce(w)
            }
            Shape::Label { text, at } => {
                reduce_core::__private::reduce_variant(3, w)?;
                text.reduce(w)?;
                at.reduce(w)
            }
        }
    }
}

impl<'de> Expand<'de> for Shape {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Ok(match reduce_core::__private::expand_variant("geo.Shape", 4, r)? {
            0 => Shape::Empty,
            1 => Shape::Circle(f32::expand(r)?),
            2 => Shape::Segment(i64::expand(r)?, i64::expand(r)?),
            _ => Shape::Label { text: String::expand(r)?, at: Point::expand(r)? },
        })
    }
}

/// Holds terms, which hold expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Number(i32),
    Sum(Vec<Term>),
}

impl Describe for Expr {
    fn def() -> &'static TypeDef {
        const {
            &TypeDef::enumeration::<Self>(
                "math.Expr",
                const {
                    &[
                        Variant::new(
                            "Number",
                            Fields::Tuple(const { &[Field::unnamed(i32::def)] }),
                        ),
                        Variant::new(
                            "Sum",
                            Fields::Tuple(const { &[Field::unnamed(<Vec<Term>>::def)] }),
                        ),
                    ]
                },
            )
        }
    }
}

impl Reduce for Expr {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        match self {
            Expr::Number(number) => {
                reduce_core::__private::reduce_variant(0, w)?;
                number.reduce(w)
            }
            Expr::Sum(terms) => {
                reduce_core::__private::reduce_variant(1, w)?;
                terms.reduce(w)
            }
        }
    }
}

impl<'de> Expand<'de> for Expr {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Ok(match reduce_core::__private::expand_variant("math.Expr", 2, r)? {
            0 => Expr::Number(i32::expand(r)?),
            _ => Expr::Sum(Vec::expand(r)?),
        })
    }
}
