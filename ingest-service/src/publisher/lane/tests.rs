use chrono::DateTime;
use lapin::BasicProperties;
use lapin::message::{BasicReturnMessage, Delivery};

use super::*;

type Receipt = oneshot::Receiver<Result<(), PublishError>>;

/// Messages under way, by their numbers from 1, and what is said of each.
fn under_way(count: usize) -> (Sent, Vec<Arc<Message>>, Vec<Receipt>) {
    let mut sent = Sent::default();
    let (mut messages, mut receipts) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let message = Arc::new(Message::unreadable(b"a".to_vec(), None, "reason".into(), at));
        let (receipt, received) = oneshot::channel();
        let deadline = Instant::now() + Duration::from_mins(1);
        sent.add(Parcel { message: message.clone(), deadline, receipt }).unwrap();
        messages.push(message);
        receipts.push(received);
    }
    (sent, messages, receipts)
}

fn return_of(message: &Message) -> BasicReturnMessage {
    let delivery = Delivery::mock(0, "exchange".into(), "key".into(), false, Vec::new());
    let mut returned = BasicReturnMessage { delivery, reply_code: 312, reply_text: "NO_ROUTE".into() };
    returned.delivery.properties = BasicProperties::default().with_message_id(message.id().unwrap().clone());
    returned
}

/// The outcome of each message that has one.
fn said(receipts: &mut [Receipt]) -> Vec<Option<&'static str>> {
    let outcome = |receipt: &mut Receipt| {
        receipt.try_recv().ok().map(|outcome| outcome.map_or_else(|error| error.as_str(), |()| "published"))
    };
    receipts.iter_mut().map(outcome).collect()
}

#[tokio::test]
async fn only_a_plain_confirm_is_a_success() {
    let (mut sent, _, mut receipts) = under_way(3);
    let answers = vec![(1, Ok(Confirmation::Ack(None))), (2, Ok(Confirmation::Nack(None)))];
    assert!(sent.judge(answers).is_ok());
    assert_eq!(said(&mut receipts), [Some("published"), Some("nack"), None]);
    assert_eq!(sent.len(), 1);
}

#[tokio::test]
async fn a_return_is_of_the_message_that_it_names_and_not_of_the_one_whose_confirm_brought_it() {
    let (mut sent, messages, mut receipts) = under_way(3);
    let brought = Confirmation::Ack(Some(return_of(&messages[2])));
    assert!(sent.judge(vec![(1, Ok(brought))]).is_ok());
    assert_eq!(said(&mut receipts), [Some("published"), None, None]);
    let answers = vec![(2, Ok(Confirmation::Ack(None))), (3, Ok(Confirmation::Ack(None)))];
    assert!(sent.judge(answers).is_ok());
    assert_eq!(said(&mut receipts[1..]), [Some("published"), Some("returned")]);
    assert!(sent.returned.is_empty());
}

#[tokio::test]
async fn a_return_that_is_seen_in_the_same_moment_counts_whichever_confirm_is_looked_at_first() {
    let (mut sent, messages, mut receipts) = under_way(2);
    let brought = Confirmation::Nack(Some(return_of(&messages[0])));
    assert!(sent.judge(vec![(1, Ok(Confirmation::Ack(None))), (2, Ok(brought))]).is_ok());
    assert_eq!(said(&mut receipts), [Some("returned"), Some("nack")]);
}

#[tokio::test]
async fn a_return_that_names_nobody_spoils_everything_that_is_under_way() {
    let (mut sent, messages, mut receipts) = under_way(2);
    let mut nameless = return_of(&messages[0]);
    nameless.delivery.properties = BasicProperties::default();
    let ended = sent.judge(vec![(1, Ok(Confirmation::Ack(Some(nameless))))]);
    assert!(matches!(ended, Err(Unusable::Unresolved)));
    assert_eq!(said(&mut receipts), [Some("timeout"), Some("timeout")]);
}

#[tokio::test]
async fn a_confirm_that_is_missing_costs_the_channel_and_what_is_under_way_on_it() {
    let (mut sent, _, mut receipts) = under_way(2);
    assert!(sent.look(Instant::now()).is_ok());
    let ended = sent.look(Instant::now() + Duration::from_secs(61));
    assert!(matches!(ended, Err(Unusable::Unresolved)));
    assert_eq!(said(&mut receipts), [Some("timeout"), Some("timeout")]);
}

#[tokio::test]
async fn a_channel_that_does_not_confirm_is_of_no_use() {
    let (mut sent, _, mut receipts) = under_way(2);
    let ended = sent.judge(vec![(2, Ok(Confirmation::NotRequested))]);
    assert!(matches!(ended, Err(Unusable::Unresolved)));
    assert_eq!(said(&mut receipts), [Some("timeout"), Some("unconfirmed")]);
}

#[tokio::test]
async fn a_message_whose_time_is_over_is_not_sent() {
    let (mut sent, messages, _) = under_way(1);
    let (receipt, received) = oneshot::channel();
    let parcel = Parcel { message: messages[0].clone(), deadline: Instant::now(), receipt };
    assert_eq!(sent.add(parcel), None);
    assert_eq!(said(&mut [received]), [Some("busy")]);
}
