//! The page's server, without a browser: who is served, what the stream tells, what acts do.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod acts;
mod stage;
mod stream;
