use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// A form borrows from its body, which therefore outlives the test.
fn form(body: &str) -> Form<'static> {
    read(None, body.to_owned().leak().as_bytes())
}

fn json_of(form: &Form<'_>) -> String {
    serde_json::to_string(&form.root).unwrap()
}

#[test]
fn brackets_may_be_literal_or_encoded() {
    let literal = form("leads[add][0][name]=%D0%9E%D0%BA%D0%BD%D0%B0+%26+%D0%B4%D0%B2%D0%B5%D1%80%D0%B8");
    let encoded = form(
        "leads%5Badd%5D%5b0%5d%5Bname%5D=%D0%9E%D0%BA%D0%BD%D0%B0%20%26%20%D0%B4%D0%B2%D0%B5%D1%80%D0%B8",
    );
    assert_eq!(json_of(&literal), r#"{"leads":{"add":{"0":{"name":"Окна & двери"}}}}"#);
    assert_eq!(literal, encoded);
}

#[test]
fn a_huge_index_costs_as_much_as_a_small_one() {
    let form = form("a[18446744073709551615]=x&a[7]=y&a[]=z");
    assert_eq!(json_of(&form), r#"{"a":{"7":"y","18446744073709551615":"x"}}"#);
    assert_eq!(form.flaws, BTreeSet::from([Flaw::Key]), "there is no index after the largest");
}

#[test]
fn empty_brackets_append_after_the_largest_index() {
    assert_eq!(json_of(&form("a[]=x&a[5]=y&a[]=z&a[b]=w")), r#"{"a":{"0":"x","5":"y","6":"z","b":"w"}}"#);
}

#[test]
fn what_cannot_be_placed_is_reported_and_the_rest_is_read() {
    let deep = format!("a{}=1", "[b]".repeat(11));
    let cases = [
        ("a[b=1", Flaw::Key),
        (deep.as_str(), Flaw::TooDeep),
        ("ok=2", Flaw::Conflict),
        ("ok[b]=2", Flaw::Conflict),
    ];
    for (part, flaw) in cases {
        let form = form(&format!("ok=1&{part}&last=3"));
        assert_eq!(form.flaws, BTreeSet::from([flaw]), "{part}");
        assert_eq!(form.root.text("last"), Some("3"), "{part}");
    }
    assert_eq!(form("ok=1&ok=1").flaws, BTreeSet::new(), "a repetition takes nothing away");
}

#[test]
fn more_pairs_than_the_limit_are_not_read() {
    let body = |count: usize| "a[]=&".repeat(count);
    assert_eq!(form(&body(MAX_PAIRS)).flaws, BTreeSet::new());
    let over = form(&body(MAX_PAIRS + 1));
    assert_eq!(over.flaws, BTreeSet::from([Flaw::TooManyPairs]));
    assert_eq!(over.root.branch("a").unwrap().iter().count(), MAX_PAIRS);
}

#[test]
fn nul_never_gets_through() {
    assert_eq!(json_of(&form("a%00b=c%00d")), r#"{"ab":"cd"}"#);
    assert_eq!(json_of(&read(Some("application/json"), br#"{"a\u0000b":"c\u0000d"}"#)), r#"{"ab":"cd"}"#);
}

#[test]
fn bytes_that_are_not_utf8_become_replacement_characters() {
    assert_eq!(form("a=%FF").root.text("a"), Some("\u{FFFD}"));
    assert_eq!(read(None, b"a=\xFF").root.text("a"), Some("\u{FFFD}"));
}

#[test]
fn json_gives_the_same_tree() {
    let body = r#"{"leads":{"add":[{"id":5,"price":1.5,"hot":true,"tags":[],"note":null,"name":"Окна"}]}}"#;
    let json = read(Some("Application/JSON; charset=utf-8"), body.as_bytes());
    assert_eq!(
        json_of(&json),
        r#"{"leads":{"add":{"0":{"hot":"1","id":"5","name":"Окна","price":"1.5","tags":{}}}}}"#
    );
    assert_eq!(json.flaws, BTreeSet::new());
}

#[test]
fn half_an_emoji_costs_one_character_and_not_the_hook() {
    let body = br#"{"leads":{"add":[{"id":5,"name":"Sun \ud83d"}]}}"#;
    let json = read(Some("application/json"), body);
    assert_eq!(json_of(&json), r#"{"leads":{"add":{"0":{"id":"5","name":"Sun "}}}}"#);
    assert_eq!(json.flaws, BTreeSet::new());
}

#[test]
fn json_has_the_same_bounds() {
    let nested = |depth: usize| format!("{{\"a\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
    let read = |body: String| read(Some("application/json"), body.as_bytes()).flaws;
    assert_eq!(read(nested(10)), BTreeSet::new());
    assert_eq!(read(nested(11)), BTreeSet::from([Flaw::TooDeep]));
    assert_eq!(read(nested(100_000)), BTreeSet::from([Flaw::Json]));
    let many = format!("{{\"a\":[1{}]}}", ",1".repeat(MAX_PAIRS));
    assert_eq!(read(many), BTreeSet::from([Flaw::TooManyPairs]));
    let hollow = format!("{{\"a\":[[]{}]}}", ",[]".repeat(MAX_PAIRS));
    assert_eq!(read(hollow), BTreeSet::from([Flaw::TooManyPairs]));
}

#[test]
fn another_type_or_shape_is_a_flaw_of_the_whole() {
    assert_eq!(read(Some("text/plain"), b"a=1").flaws, BTreeSet::from([Flaw::ContentType]));
    for body in ["", "[]", "1", "{", "\u{FEFF}{}"] {
        let flaws = read(Some("application/json"), body.as_bytes()).flaws;
        assert_eq!(flaws, BTreeSet::from([Flaw::Json]), "{body}");
    }
}

/// Keys of few names, so that they often meet.
fn keys() -> impl Strategy<Value = String> {
    let segments = vec(select(vec!["leads", "add", "0", "1", "id", "77"]), 1..5);
    segments.prop_map(|segments| {
        let (name, rest) = segments.split_first().unwrap();
        rest.iter().fold((*name).to_owned(), |key, segment| format!("{key}[{segment}]"))
    })
}

fn encoded(pairs: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(body in vec(any::<u8>(), 0..400)) {
        read(None, &body);
        read(Some("application/json"), &body);
    }

    #[test]
    fn no_play_with_brackets_makes_it_panic(body in "[\\[\\]=&%a05]{0,80}") {
        read(None, body.as_bytes());
    }

    #[test]
    fn the_order_of_pairs_does_not_matter(
        (pairs, shuffled) in proptest::collection::btree_map(keys(), "[а-яa-z&=+%\\[\\]🔥]{0,6}", 0..12)
            .prop_map(|map| map.into_iter().collect::<Vec<_>>())
            .prop_flat_map(|pairs| (Just(pairs.clone()), Just(pairs).prop_shuffle())),
    ) {
        prop_assert_eq!(form(&encoded(&pairs)), form(&encoded(&shuffled)));
    }

    #[test]
    fn the_same_tree_as_json_reads_the_same(
        pairs in proptest::collection::btree_map(keys(), "[а-яa-z&=+%\\[\\]🔥]{0,6}", 0..12),
    ) {
        let pairs: Vec<_> = pairs.into_iter().collect();
        let from_form = form(&encoded(&pairs));
        let json = json_of(&from_form);
        let from_json = read(Some("application/json"), json.as_bytes());
        prop_assert_eq!(from_json.root, from_form.root);
    }
}
