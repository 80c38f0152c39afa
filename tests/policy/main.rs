//! What a loader lets a stream do: which registered types it may name, how many functions it may have called; and what it
//! would have called, without calling it.

mod allow;
mod dry_run;
mod rebuilds;
