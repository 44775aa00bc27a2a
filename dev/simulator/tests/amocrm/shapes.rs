//! The shape of a custom field's value in a hook, which differs by the kind of field.

use simulator::amocrm::{Deal, Field, FieldKind, Options, Simulator};

use crate::support::Sink;

/// What stands under `[values]` of a field of this kind into which a person typed this.
async fn told(kind: FieldKind, typed: &str) -> Vec<(String, String)> {
    let mut options = Options::demo().without_limits();
    options.directory.lead_fields =
        vec![Field::new(7, "Поле", kind).choices(&[(71, "Дом"), (72, "Дача")]).code("FIELD")];
    let simulator = Simulator::start(options).await.expect("the simulator starts");
    let sink = Sink::start().await;
    simulator.subscribe(&sink.url);
    simulator.create_deal(Deal::named("Окна").field("Поле", typed)).expect("a valid deal");
    let hook = sink.take(&simulator).await.remove(0);
    let of_field = |key: &str| hook.get(&format!("leads[add][0][custom_fields][0]{key}"));
    let named = ["[id]", "[name]", "[code]"].map(|key| of_field(key).unwrap_or_default());
    assert_eq!(named, ["7", "Поле", "FIELD"]);
    let values = hook.pairs().into_iter().filter_map(|(key, value)| {
        Some((key.strip_prefix("leads[add][0][custom_fields][0][values]")?.to_owned(), value))
    });
    values.collect()
}

/// A kind of field, what is typed into it, and the pairs that the hook then has.
type Case = (FieldKind, &'static str, &'static [(&'static str, &'static str)]);

#[tokio::test]
async fn each_kind_of_field_has_its_shape() {
    // Dates are midnight in Moscow, where the account is.
    let cases: [Case; 16] = [
        (FieldKind::Text, "Ленина, 5", &[("[0][value]", "Ленина, 5")]),
        (FieldKind::Textarea, "a\nb", &[("[0][value]", "a\nb")]),
        (FieldKind::Numeric, "150.00", &[("[0][value]", "150.00")]),
        (FieldKind::Monetary, "1500", &[("[0][value]", "1500")]),
        (FieldKind::Url, "https://example.ru/?a=b", &[("[0][value]", "https://example.ru/?a=b")]),
        (FieldKind::Checkbox, "да", &[("[0][value]", "1")]),
        (FieldKind::Date, "2024-10-24", &[("[0]", "1729717200")]),
        (FieldKind::DateTime, "2024-10-24T15:30:00+03:00", &[("[0]", "1729773000")]),
        (FieldKind::Birthday, "1980-01-12", &[("[0][value]", "12.01.1980")]),
        (FieldKind::Select, "Дача", &[("[0][value]", "Дача"), ("[0][enum]", "72")]),
        (
            FieldKind::Multiselect,
            "Дача; Дом",
            &[("[0][value]", "Дача"), ("[0][enum]", "72"), ("[1][value]", "Дом"), ("[1][enum]", "71")],
        ),
        (FieldKind::Radiobutton, "Дом", &[("[value]", "Дом"), ("[enum]", "71")]),
        (FieldKind::Multitext, "+79160000001", &[("[0][value]", "+79160000001"), ("[0][enum]", "71")]),
        (
            FieldKind::SmartAddress,
            "Мира, 1",
            &[("[0][value]", "Мира, 1"), ("[0][subtype]", "address_line_1")],
        ),
        (FieldKind::LegalEntity, "ООО «Окна»", &[("[0][value][name]", "ООО «Окна»")]),
        (FieldKind::TrackingData, "", &[]),
    ];
    for (kind, typed, shape) in cases {
        let shape: Vec<_> =
            shape.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        assert_eq!(told(kind, typed).await, shape, "{kind:?}");
    }
}

#[tokio::test]
async fn a_file_is_told_by_its_name_and_ids() {
    let mut told = told(FieldKind::File, "план.pdf").await;
    told.sort();
    let keys: Vec<_> = told.iter().map(|(key, _)| key.as_str()).collect();
    let names = ["file_name", "file_size", "file_uuid", "version_uuid"];
    assert_eq!(keys, names.map(|name| format!("[0][value][{name}]")));
    assert_eq!((told[0].1.as_str(), told[2].1.len()), ("план.pdf", 36));
}
