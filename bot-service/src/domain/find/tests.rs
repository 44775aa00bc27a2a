use super::*;

fn text(typed: &str) -> Wanted {
    match Query::parse(typed) {
        Some(Query::Text(wanted)) => wanted,
        other => panic!("{typed} is {other:?}"),
    }
}

#[test]
fn a_phone_in_any_spelling_is_looked_for_by_its_digits() {
    for typed in [
        "+79161234567",
        "8 (916) 123-45-67",
        "89161234567",
        "7 916 123 45 67",
        "тел. 8-916-123-45-67",
        "Иванов 89161234567",
    ] {
        assert_eq!(text(typed).phone.as_deref(), Some("%79161234567 %"), "{typed}");
    }
    for (typed, phone) in [
        ("4567", Some("%4567 %")),
        ("45-67", Some("%4567 %")),
        (" 123 45 67 ", Some("%1234567 %")),
        ("916 123-45-67", Some("%79161234567 %")),
        ("567", None),
        ("кв 4567", None),
    ] {
        assert_eq!(text(typed).phone.as_deref(), phone, "{typed}");
    }
}

#[test]
fn words_are_folded_and_cut_at_all_that_is_no_letter_and_no_digit() {
    assert_eq!(text("ЁЛОЧНАЯ, Химки").words, ["%елочная%", "%химки%"]);
    assert_eq!(text("ул. Ленина, д.5").words, ["%ленина%", "% ул%", "% д%", "% 5 %"]);
    assert_eq!(text("О'Коннор").words, ["%коннор%", "% о%"]);
    assert_eq!(text("%иван_ов\\").words, ["%иван%", "% ов%"]);
    assert_eq!(text("А-15/2026").words, ["%2026 %", "% 15 %", "% а%"]);
    assert_eq!(text("один два три четыре пять шесть").words.len(), MOST_WORDS);
}

#[test]
fn a_number_is_a_measurement_first_and_a_marked_one_nothing_else() {
    assert_eq!(text("12"), Wanted { number: Some(12), words: vec!["% 12 %".into()], phone: None });
    assert_eq!(text("4567").number, Some(4567));
    assert_eq!((text("0000").number, text("0000").phone.is_some()), (None, true));
    for typed in ["№12", "№ 12", "#12", "No. 12", "Замер №12", " замер № 12 ", "Measurement No. 12"]
    {
        assert_eq!(Query::parse(typed), Some(Query::Number(MeasurementId(12))), "{typed}");
    }
    assert!(matches!(Query::parse("№12а4"), Some(Query::Text(_)) | None));
    assert_eq!(text("99999999999999999999").number, None, "more than a number can be");
}

#[test]
fn a_link_is_the_deal() {
    for typed in [
        "https://x.amocrm.ru/leads/detail/123",
        "x.kommo.com/leads/detail/123?tab_id=1",
        "вот https://x.amocrm.ru/leads/detail/123, посмотри",
    ] {
        assert_eq!(Query::parse(typed), Some(Query::Deal(LeadId(123))), "{typed}");
    }
    assert!(!matches!(Query::parse("https://x.amocrm.ru/leads/detail/"), Some(Query::Deal(_))));
    assert!(!matches!(Query::parse("/leads/detail/99999999999999999999"), Some(Query::Deal(_))));
}

#[test]
fn what_says_too_little_is_nothing() {
    for typed in ["", "  ", "ок", "д 5", "5 12", "🙂🙂🙂🙂", "%%%", "…", "\u{0}", "№"] {
        assert_eq!(Query::parse(typed), None, "{typed}");
    }
    assert!(["Ким", "А-15", "12/1", "кв. 125"].iter().all(|typed| Query::parse(typed).is_some()));
    assert!(Query::parse(&"я".repeat(4_000)).is_some());
    assert!(Query::parse(&"%_\\".repeat(1_300)).is_none());
}

#[test]
fn no_log_shows_what_was_looked_for() {
    let query = Query::parse("Иванов 4567").unwrap();
    assert_eq!(format!("{query:?} {:?}", text("Иванов")), "Text Wanted { .. }");
}
