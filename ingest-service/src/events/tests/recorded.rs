//! What was made of bodies before the reader was written anew, broken ones for the most part: their samples were
//! cut, mixed and filled with what breaks readers. It must not change by accident.

use std::fmt::Write as _;

use super::*;

/// Cases parted by empty lines: the body; the tree; an event a line; flaws and what was skipped.
const CASES: &str = include_str!("recorded.txt");

fn outcome(body: &str) -> String {
    let form = form::read(None, body.as_bytes());
    let reading = read(&form);
    let mut text = serde_json::to_string(&form.root).unwrap();
    for Found { subject, payload } in &reading.found {
        let (subject, payload) = (serde_json::to_string(subject), serde_json::to_string(payload));
        write!(text, "\n{} {}", subject.unwrap(), payload.unwrap()).unwrap();
    }
    write!(text, "\n{:?} {:?}", reading.flaws, reading.skipped).unwrap();
    text
}

#[test]
fn each_body_is_read_as_it_always_was() {
    let cases: Vec<_> = CASES.trim_end().split("\n\n").collect();
    assert!(cases.len() > 100);
    for case in cases {
        let (body, expected) = case.split_once('\n').unwrap();
        assert_eq!(outcome(body), expected, "{body}");
    }
}
