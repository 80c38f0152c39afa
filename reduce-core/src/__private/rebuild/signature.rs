//! Functions as plain `fn` types, and the comparison of the type found with the one expected.

use super::lend::LendAs;
use super::outcome::{Fallible, Gives, Otherwise, Within};
use core::marker::PhantomData;

/// A `fn` type taken apart.
pub trait FnSig {
    /// Its parameters, as a tuple.
    type Args;
    /// What it returns.
    type Output;
}

/// A function of the signature `Sig`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a function that can be called while loading",
    label = "expected a safe `fn` with at most 17 parameters",
    note = "neither a constant nor an `unsafe fn` can stand here; wrap it in a plain `fn`"
)]
pub trait Callable<Sig: FnSig> {
    /// Calls it.
    fn call(self, args: Sig::Args) -> Sig::Output;
}

/// A function and the signature that was inferred for it.
pub struct Typed<F, Sig> {
    function: F,
    signature: PhantomData<Sig>,
}

impl<F, Sig> Typed<F, Sig> {
    /// Pairs a function with its signature.
    #[inline(always)]
    pub const fn new(function: F) -> Self {
        Typed { function, signature: PhantomData }
    }
}

/// A [`Typed`] function as one type, so that generated code need not count what is inferred.
pub trait Called {
    /// The function's own signature.
    type Sig: FnSig<Output = Self::Output>;
    /// What it returns.
    type Output;
    /// Calls it.
    fn call(self, args: <Self::Sig as FnSig>::Args) -> Self::Output;
}

impl<F: Callable<Sig>, Sig: FnSig> Called for Typed<F, Sig> {
    type Sig = Sig;
    type Output = Sig::Output;
    #[inline(always)]
    fn call(self, args: Sig::Args) -> Sig::Output {
        self.function.call(args)
    }
}

/// A tuple of arguments, and the `fn` type that takes them.
pub trait ArgTuple: Sized {
    /// The signature that takes these arguments and gives `T`.
    type Fn<T>: FnSig<Args = Self, Output = T>;
}

/// A signature that serves where `Expected` is called with references to kept fields.
#[diagnostic::on_unimplemented(
    message = "the `rebuild` function has the wrong signature",
    label = "expected `{Expected}`, found `{Self}`",
    note = "the `rebuild` function of a field gets every other kept field by reference, in declaration order (or those that `from(...)` names, after the context), and returns the field or a `Result` of it",
    note = "a parameter may also be `T` where `T: Copy`, or the borrowed form: `&str` for `String`, `&[T]` for `Vec<T>`, `&Path` for `PathBuf`"
)]
pub trait Matches<Expected: FnSig, How>: FnSig {
    /// The arguments as the function wants them.
    fn args(args: Expected::Args) -> Self::Args;
}

/// A signature that serves where `Expected` is called with kept fields by value.
#[diagnostic::on_unimplemented(
    message = "the `rebuild` function has the wrong signature",
    label = "expected `{Expected}`, found `{Self}`",
    note = "the `rebuild` function of a container gets every kept field by value, in declaration order (after the context, by reference), and returns `Self` or a `Result` of it"
)]
pub trait MatchesByValue<Expected: FnSig, How>: FnSig {
    /// The arguments, unchanged.
    fn args(args: Expected::Args) -> Self::Args;
}

/// A signature that serves as `default = path`.
#[diagnostic::on_unimplemented(
    message = "the `default` function has the wrong signature",
    label = "expected `{Expected}`, found `{Self}`",
    note = "a `default` function gets nothing and returns the field; what reads other fields or may fail is a `rebuild` function"
)]
pub trait MatchesDefault<Expected: FnSig>: FnSig {
    /// No arguments.
    fn args(args: Expected::Args) -> Self::Args;
    /// The value, unchanged.
    fn value(output: Self::Output) -> Expected::Output;
}

/// A signature that serves as `validate = path` for the reference `Value`.
#[diagnostic::on_unimplemented(
    message = "the `validate` function has the wrong signature",
    label = "expected `fn({Value}) -> Result<(), E>`, found `{Self}`",
    note = "a `validate` function borrows the whole value and returns `Ok(())`, or the error that says why the value is refused"
)]
pub trait Validates<Value, How>: FnSig {
    /// The value as the function's arguments.
    fn args(value: Value) -> Self::Args;
}

#[diagnostic::do_not_recommend]
impl<'v, T, E> Validates<&'v T, Fallible<E>> for fn(&'v T) -> Result<(), E> {
    #[inline(always)]
    fn args(value: &'v T) -> (&'v T,) {
        (value,)
    }
}

#[diagnostic::do_not_recommend]
impl<'v, T, Out, F> Validates<&'v T, Otherwise<Out>> for fn(&'v T) -> F
where
    F: Future<Output = Out>,
    Out: Within<()>,
{
    #[inline(always)]
    fn args(value: &'v T) -> (&'v T,) {
        (value,)
    }
}

/// One arity: each `P k a` is a parameter, the argument handed to it, and a name for their values.
macro_rules! arity {
    ($($P:ident $K:ident $a:ident)*) => {
        impl<$($P,)* R> FnSig for fn($($P),*) -> R {
            type Args = ($($P,)*);
            type Output = R;
        }

        impl<$($P),*> ArgTuple for ($($P,)*) {
            type Fn<T> = fn($($P),*) -> T;
        }

        #[diagnostic::do_not_recommend]
        impl<Function, $($P,)* R> Callable<fn($($P),*) -> R> for Function
        where
            Function: FnOnce($($P),*) -> R,
        {
            #[inline(always)]
            fn call(self, ($($a,)*): ($($P,)*)) -> R {
                self($($a),*)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($P, $K: LendAs<$P>,)* R, T, How> Matches<fn($($K),*) -> T, How> for fn($($P),*) -> R
        where
            R: Gives<T, How>,
        {
            #[inline(always)]
            #[allow(clippy::unused_unit, reason = "the tuple of no arguments")]
            fn args(($($a,)*): ($($K,)*)) -> ($($P,)*) {
                ($($a.lend(),)*)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($P,)* R, T, How> MatchesByValue<fn($($P),*) -> T, How> for fn($($P),*) -> R
        where
            R: Gives<T, How>,
        {
            #[inline(always)]
            fn args(args: ($($P,)*)) -> ($($P,)*) {
                args
            }
        }

        // Only `fn() -> T` is asked for. The others are here because rustc shows a lone impl beside
        // the error, whatever `do_not_recommend` says.
        #[diagnostic::do_not_recommend]
        impl<$($P,)* T> MatchesDefault<fn($($P),*) -> T> for fn($($P),*) -> T {
            #[inline(always)]
            fn args(args: ($($P,)*)) -> ($($P,)*) {
                args
            }
            #[inline(always)]
            fn value(output: T) -> T {
                output
            }
        }
    };
}

/// The arity of all that is given, and every smaller one.
macro_rules! arities {
    ([$($done:tt)*] $P:ident $K:ident $a:ident, $($rest:tt)*) => {
        arity!($($done)*);
        arities!([$($done)* $P $K $a] $($rest)*);
    };
    ([$($done:tt)*]) => {
        arity!($($done)*);
    };
}

// A context and 16 kept fields.
arities! { []
    P0 K0 a0, P1 K1 a1, P2 K2 a2, P3 K3 a3, P4 K4 a4, P5 K5 a5, P6 K6 a6, P7 K7 a7, P8 K8 a8,
    P9 K9 a9, P10 K10 a10, P11 K11 a11, P12 K12 a12, P13 K13 a13, P14 K14 a14, P15 K15 a15,
    P16 K16 a16,
}
