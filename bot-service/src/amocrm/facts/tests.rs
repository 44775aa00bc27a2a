use serde_json::json;
use shared::ids::ContactId;

use super::*;
use crate::domain::setup::FieldKeys;

fn names() -> FieldNames {
    FieldNames {
        address: FieldKeys::parse("Адрес|Адрес замера"),
        order_number: FieldKeys::parse("294002"),
        zone: FieldKeys::parse("ZONE"),
        dealer: FieldKeys::parse("DEALER"),
        product: FieldKeys::parse("Изделие|Услуги"),
        comment: FieldKeys::parse("Дата|Тип дома|Договор"),
    }
}

fn deal(custom_fields: &Value) -> Deal {
    let names = names();
    let reader = Reader { fields: &names, timezone: Tz::Europe__Moscow };
    let lead = json!({
        "id": 42, "name": " Окна\u{0} ", "status_id": 20, "pipeline_id": 1, "responsible_user_id": 5,
        "updated_at": 1_700_000_000, "custom_fields_values": custom_fields,
        "_embedded": { "contacts": [{ "id": 8, "is_main": false }, { "id": 9, "is_main": true }] },
    });
    reader.deal(&serde_json::from_value(lead).unwrap(), None)
}

fn hook(payload: &Value) -> Deal {
    Reader { fields: &names(), timezone: Tz::Europe__Moscow }.hook(payload)
}

fn field(id: i64, name: &str, kind: &str, values: &Value) -> Value {
    json!({ "field_id": id, "field_name": name, "field_code": null, "field_type": kind, "values": values })
}

fn contact(value: Value) -> Facts {
    let names = names();
    let lead = json!({ "id": 1, "name": null, "status_id": 1, "pipeline_id": 1,
                       "responsible_user_id": 0, "updated_at": 0 });
    let reader = Reader { fields: &names, timezone: Tz::Europe__Moscow };
    let contact: Contact = serde_json::from_value(value).unwrap();
    let deal = reader.deal(&serde_json::from_value(lead).unwrap(), Some(&contact));
    assert_eq!((deal.responsible, deal.updated_at, deal.contact_id), (None, None, None));
    deal.facts
}

#[test]
fn a_deal_has_its_stage_its_person_and_its_main_contact() {
    let deal = deal(&Value::Null);
    assert_eq!(deal.stage, Some("1:20".parse().unwrap()));
    assert_eq!((deal.responsible, deal.contact_id), (Some(AmoUserId(5)), Some(ContactId(9))));
    assert_eq!(deal.updated_at, DateTime::from_timestamp(1_700_000_000, 0));
    assert_eq!(deal.facts, Facts { lead_name: "Окна".into(), ..Facts::default() });
}

#[test]
fn a_deal_in_the_bin_says_so() {
    let names = names();
    let reader = Reader { fields: &names, timezone: Tz::Europe__Moscow };
    let lead = json!({ "id": 42, "name": "Окна", "status_id": 20, "pipeline_id": 1, "responsible_user_id": 5,
                       "updated_at": 1_700_000_000, "is_deleted": true });
    assert_eq!(reader.deal(&serde_json::from_value(lead).unwrap(), None).is_deleted, Some(true));
    assert_eq!(deal(&Value::Null).is_deleted, Some(false));
}

#[test]
fn a_field_is_found_by_id_code_or_name_and_the_first_key_with_a_value_wins() {
    let with_code = json!({ "field_id": 3, "field_name": "Район", "field_code": "zone", "field_type": "select",
                            "values": [{ "value": "Север", "enum_id": 1 }] });
    let facts = deal(&json!([
        field(1, "адрес", "text", &json!([{ "value": " " }])),
        field(2, "АДРЕС ЗАМЕРА", "text", &json!([{ "value": "Ленина, 5" }])),
        field(294_002, "как угодно", "numeric", &json!([{ "value": "1042" }])),
        with_code,
        "not a field at all",
    ]))
    .facts;
    assert_eq!(facts.address.as_deref(), Some("Ленина, 5"));
    assert_eq!((facts.order_number.as_deref(), facts.zone.as_deref()), (Some("1042"), Some("Север")));
}

#[test]
fn every_shape_of_a_value_is_a_text() {
    let comment = |kind: &str, values: &Value| deal(&json!([field(1, "Дата", kind, values)])).facts.comment;
    let is = |kind, values, text: &str| assert_eq!(comment(kind, &values).as_deref(), Some(text), "{kind}");
    is("date", json!([{ "value": 1_729_717_200 }]), "24.10.2024");
    is("date", json!([{ "value": "2024-10-24T00:00:00+03:00" }]), "24.10.2024");
    is("date", json!([{ "value": "2020-05-08" }]), "2020-05-08");
    is("date_time", json!([{ "value": 1_729_717_200 }]), "24.10.2024 00:00");
    is("multiselect", json!([{ "value": "Доставка" }, { "value": "Монтаж" }]), "Доставка, Монтаж");
    is("numeric", json!([{ "value": 3 }]), "3");
    is("checkbox", json!([{ "value": true }]), "да");
    is("legal_entity", json!([{ "value": { "name": "ООО Окна", "vat_id": "1" } }]), "ООО Окна");
    is("file", json!([{ "value": { "file_name": "план.pdf", "file_uuid": "x" } }]), "план.pdf");
    let address = json!([
        { "value": "ул. Ленина, 5", "enum_code": "address_line_1" }, { "value": null, "enum_code": "state" },
        { "value": "Химки", "enum_code": "city" }, { "value": "RU", "enum_code": "country" },
    ]);
    is("smart_address", address, "ул. Ленина, 5, Химки");
    for empty in [json!(null), json!([]), json!([{ "value": false }]), json!([{ "value": null }, {}])] {
        assert_eq!(comment("checkbox", &empty), None);
    }
}

#[test]
fn a_client_has_every_phone_once() {
    let facts = contact(json!({
        "id": 9, "name": "", "first_name": "Иван", "last_name": "Иванов",
        "custom_fields_values": [
            { "field_id": 1, "field_code": "PHONE", "field_type": "multitext", "values": [
                { "value": "8 (916) 123-45-67", "enum_code": "WORK" },
                { "value": "+79161234567; 8 495 123-45-67", "enum_code": "MOB" }, { "value": "мужу" } ] },
            { "field_id": 2, "field_code": "EMAIL", "field_type": "multitext", "values": [{ "value": "a@b.test" }] },
        ],
    }));
    assert_eq!(facts.client_name.as_deref(), Some("Иван Иванов"));
    let phones: Vec<_> =
        facts.phones.iter().map(|phone| phone.e164.as_deref().unwrap_or(&phone.raw)).collect();
    assert_eq!(phones, ["+79161234567", "+74951234567", "мужу"]);
}

#[test]
fn a_hook_is_read_in_all_its_shapes() {
    let deal = hook(&json!({
        "id": "42", "name": "Окна", "status_id": "20", "pipeline_id": "1", "responsible_user_id": "5",
        "last_modified": "1700000000", "price": "0",
        "custom_fields": {
            "10": { "id": "7", "name": "Адрес замера", "values": { "0": { "value": "дом 10" } } },
            "2": { "id": "294002", "name": "Номер", "values": { "0": { "value": "A-1" } } },
            "3": { "id": "8", "name": "Услуги", "values": {
                "10": { "value": "Монтаж" }, "2": { "value": "Доставка", "enum": "475021" } } },
            "4": { "id": "9", "name": "Тип дома", "values": { "value": "Дом", "enum": "475012" } },
            "5": { "id": "10", "name": "utm", "code": "UTM_MEDIUM" },
        },
    }));
    assert_eq!((deal.source, deal.stage), (Source::Hook, Some("1:20".parse().unwrap())));
    assert_eq!(deal.updated_at, DateTime::from_timestamp(1_700_000_000, 0));
    assert_eq!(deal.responsible, Some(AmoUserId(5)));
    let facts = deal.facts;
    assert_eq!((facts.address.as_deref(), facts.order_number.as_deref()), (Some("дом 10"), Some("A-1")));
    assert_eq!((facts.product.as_deref(), facts.comment.as_deref()), (Some("Доставка, Монтаж"), Some("Дом")));

    let values = |values: &Value| {
        hook(&json!({ "custom_fields": { "0": { "name": "Дата", "values": values } } })).facts.comment
    };
    assert_eq!(values(&json!({ "0": "1729717200" })).as_deref(), Some("24.10.2024"));
    assert_eq!(values(&json!({ "0": "1" })).as_deref(), Some("1"));
    assert_eq!(values(&json!({ "0": { "value": { "name": "ООО" } } })).as_deref(), Some("ООО"));
    let address = json!({ "0": { "value": "Ленина", "subtype": "address_line_1" },
                          "1": { "value": "RU", "subtype": "country" } });
    assert_eq!(values(&address).as_deref(), Some("Ленина"));
}

#[test]
fn a_thin_hook_tells_the_stage_and_nothing_else() {
    let deal = hook(&json!({ "id": "42", "status_id": "20", "pipeline_id": "1" }));
    assert_eq!((deal.updated_at, deal.responsible), (None, None));
    assert_eq!(deal.facts, Facts::default());
    assert_eq!(hook(&json!({ "status_id": "20" })).stage, None, "a stage without its pipeline is none");
}
