mod properties;
mod recorded;
mod samples;

use insta::assert_snapshot;

use super::*;
use crate::form;
use samples::*;

/// Reads a body written as lines of `key=value`, encoded as AmoCRM does.
fn read_lines(lines: &str) -> Reading<'static> {
    let pairs = lines.lines().map(|line| line.split_once('=').unwrap());
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    read_raw(&body)
}

/// A reading borrows from its body, which therefore outlives the test.
fn read_raw(body: &str) -> Reading<'static> {
    let body = body.to_owned().leak().as_bytes();
    read(Box::leak(Box::new(form::read(Some("application/x-www-form-urlencoded"), body))))
}

/// The fields of the first event.
fn payload(reading: &Reading<'_>) -> serde_json::Value {
    serde_json::to_value(reading.found[0].payload).unwrap()
}

/// The events of a reading, one a line, without their payloads; then what is wrong with the rest.
fn show(reading: &Reading<'_>) -> String {
    let mut lines: Vec<_> =
        reading.found.iter().map(|found| serde_json::to_string(&found.subject).unwrap()).collect();
    lines.extend(reading.flaws.iter().map(|flaw| format!("flaw: {}", flaw.as_str())));
    lines.join("\n")
}

#[test]
fn a_stage_change_without_a_pipeline_is_a_nudge_without_an_entry() {
    assert_snapshot!(show(&read_lines(STATUS_2016)), @r#"{"kind":"lead","lead_id":31926001,"action":"status","changed_at":"2016-06-09T11:23:52Z","entry":null}"#);
}

#[test]
fn a_new_responsible_person_is_no_entry() {
    assert_snapshot!(show(&read_lines(RESPONSIBLE_2016)), @r#"{"kind":"lead","lead_id":31926001,"action":"responsible","changed_at":"2016-06-09T11:23:52Z","entry":null}"#);
}

#[test]
fn a_stage_change_is_an_entry_with_its_time() {
    let reading = read_lines(STATUS_2021);
    assert_snapshot!(show(&reading), @r#"{"kind":"lead","lead_id":30267001,"action":"status","changed_at":"2021-03-17T12:57:26Z","entry":{"stage":{"pipeline_id":788001,"status_id":16525002},"from":16525001}}"#);
    let payload = payload(&reading);
    assert_eq!(payload["custom_fields"]["1"]["values"]["0"], "1615845600", "a date has no [value]");
    assert_eq!(payload["custom_fields"]["2"]["values"]["0"]["enum"], "959001");
    assert_eq!(payload["tags"]["0"]["name"], "Test");
}

#[test]
fn a_deletion_is_three_ids() {
    assert_eq!(DELETE_2025_RAW.len(), 257, "the length that the capture declared");
    assert_snapshot!(show(&read_raw(DELETE_2025_RAW)), @r#"{"kind":"lead","lead_id":30052001,"action":"delete","changed_at":null,"entry":null}"#);
}

#[test]
fn a_restored_deal_says_so_and_enters_no_stage() {
    let restored = "leads[restore][0][id]=5\nleads[restore][0][status_id]=71\nleads[restore][0][pipeline_id]=7\n\
                    leads[restore][0][old_status_id]=70\nleads[restore][0][last_modified]=1700000000";
    assert_snapshot!(show(&read_lines(restored)), @r#"{"kind":"lead","lead_id":5,"action":"restore","changed_at":"2023-11-14T22:13:20Z","entry":null}"#);
}

#[test]
fn a_contact_names_its_deals() {
    assert_snapshot!(show(&read_lines(CONTACT_2025)), @r#"{"kind":"contact","contact_id":37054001,"linked_leads":[32000001,32000002]}"#);
}

#[test]
fn companies_and_new_contacts_bring_nothing_and_are_counted() {
    for sample in [COMPANY_2016, CHOICES] {
        let reading = read_lines(sample);
        assert_eq!(show(&reading), "");
        assert_eq!(reading.skipped, Skipped { unused: 1, ..Skipped::default() });
    }
    let company = read_lines("contacts[update][0][id]=5\ncontacts[update][0][type]=company");
    assert_eq!((company.found.len(), company.skipped.unused), (0, 1));
}

#[test]
fn every_shape_of_a_value_reaches_the_payload() {
    let changed = CHOICES.replace("[add]", "[update]");
    let payload = payload(&read_lines(&changed));
    assert_eq!(payload["custom_fields"]["2"]["values"]["0"]["value"], "12.01.1980");
    assert_eq!(payload["custom_fields"]["4"]["values"]["value"], "2");
}

#[test]
fn a_batch_gives_an_event_for_every_index() {
    assert_eq!(BATCH_RAW.len(), 958);
    let reading = read_raw(BATCH_RAW);
    assert_snapshot!(show(&reading), @r#"
    {"kind":"lead","lead_id":101,"action":"status","changed_at":null,"entry":null}
    {"kind":"lead","lead_id":102,"action":"status","changed_at":null,"entry":null}
    "#);
    assert_eq!(payload(&reading)["name"], "Сделка 🔥 №1 & \"А\" [x]=100%");
    assert_eq!(payload(&reading)["custom_fields"]["1"]["values"]["value"], "Да");
}

#[test]
fn digital_pipeline_hooks_are_nudges_with_entries() {
    let moved = "leads[status][0][id]=1\nleads[status][0][status_id]=142\nleads[status][0][pipeline_id]=8\n\
                 leads[status][0][old_status_id]=142\nleads[status][0][old_pipeline_id]=7\naccount[id]=3";
    assert_snapshot!(show(&read_lines(moved)), @r#"{"kind":"lead","lead_id":1,"action":"status","changed_at":null,"entry":{"stage":{"pipeline_id":8,"status_id":142},"from":142}}"#);
    let created =
        "leads[add][0][id]=2\nleads[add][0][status_id]=70\nleads[add][0][pipeline_id]=7\naccount[id]=3";
    assert_snapshot!(show(&read_lines(created)), @r#"{"kind":"lead","lead_id":2,"action":"add","changed_at":null,"entry":{"stage":{"pipeline_id":7,"status_id":70},"from":null}}"#);
    let mail = read_lines(
        "leads[mail_in][0][id]=3\nleads[mail_in][0][status_id]=70\nleads[mail_in][0][pipeline_id]=7",
    );
    assert_snapshot!(show(&mail), @r#"{"kind":"lead","lead_id":3,"action":"other","changed_at":null,"entry":null}"#);
    assert_eq!(mail.skipped, Skipped::default());
}

#[test]
fn an_update_is_an_entry_only_where_the_stage_changed() {
    let update = |old: &str| {
        read_lines(&format!(
            "leads[update][0][id]=1\nleads[update][0][status_id]=71\nleads[update][0][pipeline_id]=7\n\
             leads[update][0][updated_at]=1700000000{old}"
        ))
    };
    let stayed = ["", "\nleads[update][0][old_status_id]=71", "\nleads[update][0][old_status_id]="];
    assert_eq!(
        stayed.map(|old| show(&update(old))),
        [show(&update("")), show(&update("")), show(&update(""))]
    );
    assert_snapshot!(show(&update("")), @r#"{"kind":"lead","lead_id":1,"action":"update","changed_at":"2023-11-14T22:13:20Z","entry":null}"#);
    let moved = update("\nleads[update][0][old_status_id]=70");
    assert_snapshot!(show(&moved), @r#"{"kind":"lead","lead_id":1,"action":"update","changed_at":"2023-11-14T22:13:20Z","entry":{"stage":{"pipeline_id":7,"status_id":71},"from":70}}"#);
}

#[test]
fn a_note_nudges_its_deal_and_no_other_thing() {
    let note = |kind: &str| {
        read_lines(&format!(
            "leads[note][0][note][id]=900\nleads[note][0][note][element_id]=42\n\
             leads[note][0][note][element_type]={kind}\nleads[note][0][note][updated_at]=1700000000"
        ))
    };
    assert_snapshot!(show(&note("2")), @r#"{"kind":"lead","lead_id":42,"action":"note","changed_at":null,"entry":null}"#);
    assert_eq!((note("1").found.len(), note("1").skipped.unused), (0, 1));
}

#[test]
fn an_accepted_application_names_its_deal() {
    let accepted = "unsorted[delete][0][action]=accept\nunsorted[delete][0][accept_result][leads][0]=42\n\
                    unsorted[delete][1][action]=decline\nunsorted[delete][1][decline_result][leads][0]=43\n\
                    unsorted[delete][2][action]=accept\nunsorted[delete][2][accept_result][leads][0][id]=44";
    let reading = read_lines(accepted);
    assert_snapshot!(show(&reading), @r#"
    {"kind":"lead","lead_id":42,"action":"unsorted","changed_at":null,"entry":null}
    {"kind":"lead","lead_id":44,"action":"unsorted","changed_at":null,"entry":null}
    "#);
    assert_eq!(reading.skipped.unused, 1);
}

#[test]
fn a_new_application_of_full_depth_is_read_and_unused() {
    let key = "unsorted[add][0][data][leads][0][custom_fields][0][values][0][value]";
    let reading = read_lines(&format!("unsorted[add][0][uid]=abc\n{key}=Окна"));
    assert_eq!((show(&reading).as_str(), reading.skipped.unused), ("", 1));
}

#[test]
fn what_is_unknown_is_counted_and_harmless() {
    let unknown = "task[add][0][id]=1\nrockets[launch][0][id]=1\nleads[exploded][0][id]=5\n\
                   leads[add][0][id]=6\nleads[add][0][colour]=red\ncontacts[sang][0][id]=7\nunsorted[x][0][id]=1";
    let reading = read_lines(unknown);
    assert_snapshot!(show(&reading), @r#"
    {"kind":"lead","lead_id":6,"action":"add","changed_at":null,"entry":null}
    {"kind":"lead","lead_id":5,"action":"other","changed_at":null,"entry":null}
    "#);
    let expected = Skipped { unused: 1, unknown_entities: 1, unknown_actions: 3, unknown_fields: 1 };
    assert_eq!(reading.skipped, expected);
}

#[test]
fn a_broken_part_does_not_take_the_others_with_it() {
    let cases = [
        ("leads[add][0][name]=x", "no_id"),
        ("leads[add][0][id]=0", "no_id"),
        ("leads[add][0][id]=12x", "no_id"),
        ("leads[add][0][id][x]=1", "no_id"),
        ("leads[add][0]=1", "shape"),
        ("leads[add]=1", "shape"),
        ("unsorted=1", "shape"),
        ("leads[note][0][id]=1", "shape"),
        ("leads[note][0][note][id]=1", "no_id"),
        ("contacts[update][0][name]=x", "no_id"),
        ("contacts[update][0][id]=4\ncontacts[update][0][linked_leads_id][x]=y", "no_id"),
        ("unsorted[delete][0][action]=accept", "no_id"),
        ("leads[add][1][id]=7\nleads[add][1][last_modified]=today", "number"),
        ("leads[add][1][id]=7\nleads[add][1][last_modified]=99999999999999", "number"),
        ("leads[add][1][id]=7\nleads[add][1][status_id]=x", "number"),
    ];
    for (broken, flaw) in cases {
        let reading = read_lines(&format!("leads[status][0][id]=99\n{broken}"));
        assert_eq!(Flaw::list(&reading.flaws), flaw, "{broken}");
        let whole = reading
            .found
            .iter()
            .any(|found| matches!(&found.subject, Subject::Lead { lead_id, .. } if lead_id.0 == 99));
        assert!(whole, "{broken}");
    }
}

#[test]
fn a_body_without_any_entity_is_not_a_hook() {
    for body in ["hello", "a=1&b=2", "%7B%22leads%22%3A1%7D"] {
        assert_eq!(show(&read_raw(body)), "flaw: not_a_hook", "{body}");
    }
    for body in ["", "account[id]=1", "leads[add]=", "event[type]=1&subdomain=demo"] {
        assert_eq!(show(&read_raw(body)), "", "{body}");
    }
}
