//! What the compiler says of wrong uses of the derive, and right uses that compile, run and assert.
//!
//! `ui/` holds a folder a mistake. After a change of messages, run with `TRYBUILD=overwrite` and
//! read the difference as a user would.

#[test]
fn mistakes_are_explained_at_the_token_that_is_wrong() {
    trybuild::TestCases::new().compile_fail("tests/ui/*/*.rs");
}

/// Apart from the mistakes, which are only checked: these are built and run.
#[test]
fn right_uses_compile_and_run() {
    trybuild::TestCases::new().pass("tests/pass/*.rs");
}
