//! What the fuzzer begins with, checked here as it does it, so that neither can rot.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails by panicking, as a test does")]

#[path = "../../dev/fuzz/src/bot.rs"]
mod checks;
#[path = "../../dev/fuzz/src/corpus.rs"]
mod corpus;

use corpus::each;

#[test]
fn each_button_that_is_understood_is_written_alike() {
    each("callback", checks::callback);
}

#[test]
fn each_update_is_placed_and_read() {
    each("update", checks::update);
}
