//! What a named function may return: the value, or a `Result` of it.
//!
//! A future of the value is known too, so that an `async` function is refused in words of its own.

use core::convert::Infallible;
use core::marker::PhantomData;

use crate::BoxError;

/// The function returns the value.
pub struct Plain;

/// The function returns a `Result` with the error `E`.
pub struct Fallible<E>(PhantomData<E>);

/// The function returns a future of `Out`, or nothing that would do.
pub struct Otherwise<Out>(PhantomData<Out>);

/// A return type that gives a `T`; `How` is inferred.
///
/// `How` keeps the impls apart, also where `T` is a `Result` or a future itself.
pub trait Gives<T, How> {}

#[diagnostic::do_not_recommend]
impl<T> Gives<T, Plain> for T {}

#[diagnostic::do_not_recommend]
impl<T, E> Gives<T, Fallible<E>> for Result<T, E> {}

// A return type that fits no impl is taken for this one, and no future: `Out` stays open, so that no
// error about futures follows the one about the signature.
#[diagnostic::do_not_recommend]
impl<T, Out: Within<T>, F: Future<Output = Out>> Gives<T, Otherwise<Out>> for F {}

/// What the future of an `async` function gives: a `T`, or a `Result` of it.
pub trait Within<T> {}

impl<T> Within<T> for T {}

impl<T, E> Within<T> for Result<T, E> {}

/// The way from what a function returned to the value.
#[diagnostic::on_unimplemented(
    message = "an `async` function cannot be called while loading",
    label = "this returns a future of `{T}`",
    note = "name a plain `fn` that waits for the future, with the `block_on` of your async runtime"
)]
pub trait Outcome<Output, T> {
    /// The function's own error; uninhabited if it cannot fail.
    type Error;
    /// The value or the error.
    fn outcome(output: Output) -> Result<T, Self::Error>;
}

#[diagnostic::do_not_recommend]
impl<T> Outcome<T, T> for Plain {
    type Error = Infallible;
    #[inline(always)]
    fn outcome(output: T) -> Result<T, Infallible> {
        Ok(output)
    }
}

#[diagnostic::do_not_recommend]
impl<T, E> Outcome<Result<T, E>, T> for Fallible<E> {
    type Error = E;
    #[inline(always)]
    fn outcome(output: Result<T, E>) -> Result<T, E> {
        output
    }
}

#[diagnostic::do_not_recommend]
impl<Output, T, Out: Waits<Output, T>> Outcome<Output, T> for Otherwise<Out> {
    type Error = Out::Error;
    #[inline(always)]
    fn outcome(output: Output) -> Result<T, Out::Error> {
        Out::wait(output)
    }
}

/// What a load can wait for: nothing. Without this trait, an open `Out` would be an error too.
pub trait Waits<Output, T> {
    /// The function's own error.
    type Error;
    /// Waits.
    fn wait(output: Output) -> Result<T, Self::Error>;
}

/// An error that can be the cause of an [`Error`](crate::Error).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error of a function that is called while loading",
    label = "the error of this function does not convert to `Box<dyn Error + Send + Sync>`",
    note = "any `std::error::Error` that is `Send + Sync + 'static` will do, and so will `Box<dyn Error + Send + Sync>`, `String` and `&'static str`"
)]
pub trait Failure {
    /// Erases the type.
    fn into_cause(self) -> BoxError;
}

#[diagnostic::do_not_recommend]
impl<E: Into<BoxError>> Failure for E {
    fn into_cause(self) -> BoxError {
        self.into()
    }
}
