use super::*;
use crate::spool::record;

/// As this version writes it. A file may be drained by a newer one: whatever changes, this must be read.
const WRITTEN: &str = r#"{"exchange":"amocrm.events","routing_key":"lead.add","properties":{"content_type":"application/json","content_encoding":null,"headers":null,"delivery_mode":2,"priority":null,"correlation_id":null,"reply_to":null,"expiration":null,"message_id":"00000000-0000-0000-0000-000000000007","timestamp":1700000007,"kind":"lead-event","user_id":null,"app_id":"ingest-service","cluster_id":null}}"#;

#[test]
fn a_message_comes_back_as_it_was() {
    for message in [event(7), raw(100)] {
        let record = Record::new(message.into(), second(7)).unwrap();
        let back = record::message(&record.head, record.message.body()).unwrap();
        assert_eq!(back, *record.message);
    }
}

#[test]
fn what_is_written_today_is_read_for_ever() {
    assert_eq!(record(7).head, WRITTEN);
    assert_eq!(record::message(WRITTEN, event(7).body()).unwrap(), event(7));
}
