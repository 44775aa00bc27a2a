//! What the fuzzer begins with, checked here as it does it, so that neither can rot.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails by panicking, as a test does")]

#[path = "../../dev/fuzz/src/ingest.rs"]
mod checks;
#[path = "../../dev/fuzz/src/corpus.rs"]
mod corpus;

use corpus::each;

#[test]
fn each_form_is_read_and_its_events_are_understood() {
    each("form", checks::form);
}

#[test]
fn each_hook_in_json_is_read_and_its_events_are_understood() {
    each("hook", checks::hook);
}

#[test]
fn each_message_that_is_understood_is_written_alike() {
    each("event", checks::event);
}
