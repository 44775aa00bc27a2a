//! Against the simulated AmoCRM.

use std::time::Duration;

use secrecy::SecretString;
use simulator::amocrm::{Answer, Deal, Fault, LimitRefusal, Limits, Options, Simulator, demo};

use super::*;

async fn account() -> Simulator {
    Simulator::start(Options::demo().without_limits()).await.unwrap()
}

fn client(account: &Simulator) -> Client {
    client_with(account, account.token())
}

fn client_with(account: &Simulator, token: &str) -> Client {
    let base = account.url().parse().unwrap();
    Client::new(&base, Tokens::LongLived(SecretString::from(token)), 1_000.0).unwrap()
}

fn deals(account: &Simulator, count: usize) -> Vec<LeadId> {
    (0..count).map(|n| LeadId(account.create_deal(Deal::named(format!("Окна {n}"))).unwrap())).collect()
}

fn calls(account: &Simulator) -> Vec<u16> {
    account.calls().iter().map(|call| call.status).collect()
}

async fn failure(account: &Simulator, answer: Answer) -> AmoCrmError {
    let ids = deals(account, 1);
    account.answer_next(1, answer);
    client(account).leads(&ids).await.unwrap_err()
}

#[tokio::test]
async fn the_account_tells_its_number() {
    let account = account().await;
    let told = client(&account).account().await.unwrap();
    assert_eq!((told.id.0, told.subdomain.as_deref()), (demo::ACCOUNT, Some(demo::SUBDOMAIN)));
}

#[tokio::test]
async fn many_deals_take_few_calls() {
    let account = account().await;
    let ids = deals(&account, 600);
    let found = client(&account).leads(&ids).await.unwrap();
    assert_eq!((found.elements.len(), found.unreadable.len()), (600, 0));
    assert_eq!(calls(&account), [200; 3]);
}

#[tokio::test]
async fn a_deal_names_its_contact_and_the_contact_is_read_apart() {
    let account = account().await;
    let id = account.create_deal(Deal::named("Окна").client("Иван", "+79161234567")).unwrap();
    let client = client(&account);
    let leads = client.leads(&[LeadId(id)]).await.unwrap().elements;
    let contact = leads[0].contact_id().unwrap();
    let contacts = client.contacts(&[contact]).await.unwrap().elements;
    assert_eq!((contacts[0].id, contacts[0].name.as_deref()), (contact, Some("Иван")));
}

#[tokio::test]
async fn nothing_is_an_answer_too() {
    let account = account().await;
    let found = client(&account).leads(&[LeadId(404)]).await.unwrap();
    assert!(found.elements.is_empty() && found.unreadable.is_empty());
    assert_eq!(calls(&account), [204]);
    assert!(client(&account).leads(&[]).await.unwrap().elements.is_empty());
    assert_eq!(calls(&account).len(), 1, "no ids, no call");
}

#[tokio::test]
async fn one_bad_element_does_not_spoil_the_others() {
    let account = account().await;
    let ids = deals(&account, 5);
    account.inject(Fault::BrokenLead { lead: ids[2].0 }).unwrap();
    let found = client(&account).leads(&ids).await.unwrap();
    assert_eq!(found.elements.len(), 4);
    assert_eq!(found.unreadable, BTreeSet::from([ids[2]]));
}

#[tokio::test]
async fn what_was_not_asked_for_is_dropped() {
    let account = account().await;
    let ids = deals(&account, 5);
    account.inject(Fault::FiltersIgnored).unwrap();
    let found = client(&account).leads(&ids[1..2]).await.unwrap();
    assert_eq!(found.elements.iter().map(|lead| lead.id).collect::<Vec<_>>(), &ids[1..2]);
    assert_eq!(calls(&account).len(), 1, "a list without a filter is not read to its end");
}

#[tokio::test]
async fn a_refused_batch_is_halved() {
    for status in [400, 414, 422, 504] {
        let account = account().await;
        let ids = deals(&account, 200);
        account.answer_next(2, Answer::Json { status });
        let found = client(&account).leads(&ids).await.unwrap();
        assert_eq!(found.elements.len(), 200);
        assert_eq!(calls(&account), [status, status, 200, 200, 200]);
    }
}

#[tokio::test]
async fn an_entity_that_is_refused_alone_is_unreadable() {
    let account = account().await;
    let ids = deals(&account, 2);
    account.answer_next(2, Answer::Json { status: 400 });
    let found = client(&account).leads(&ids).await.unwrap();
    assert_eq!((found.elements.len(), found.unreadable), (1, BTreeSet::from([ids[0]])));
}

#[tokio::test]
async fn refusals_without_end_are_given_up() {
    let account = account().await;
    let ids = deals(&account, 250);
    account.inject(Fault::Down { status: 400 }).unwrap();
    assert!(client(&account).leads(&ids).await.unwrap_err().is_of_the_batch());
    account.inject(Fault::Down { status: 504 }).unwrap();
    account.forget_calls();
    assert!(client(&account).leads(&ids).await.unwrap_err().is_late());
    assert!(calls(&account).len() <= 4, "a gateway that is down is not the batch's fault");
}

#[tokio::test]
async fn the_status_decides_whatever_the_body_is() {
    let account = account().await;
    for (answer, expected) in [
        (Answer::Json { status: 401 }, "unauthorized"),
        (Answer::Json { status: 403 }, "forbidden"),
        (Answer::Html { status: 403 }, "blocked"),
        (Answer::Html { status: 502 }, "server_error"),
        (Answer::Empty { status: 500 }, "server_error"),
        (Answer::Html { status: 429 }, "too_many"),
        (Answer::Empty { status: 302 }, "refused"),
        (Answer::Json { status: 402 }, "refused"),
        (Answer::BrokenJson, "unreadable"),
    ] {
        assert_eq!(failure(&account, answer.clone()).await.as_str(), expected, "{answer:?}");
    }
    let error = client_with(&account, "wrong").leads(&[LeadId(1)]).await.unwrap_err();
    assert_eq!(error.as_str(), "unauthorized");
    account.stop();
    let gone = client(&account).leads(&[LeadId(1)]).await.unwrap_err();
    assert_eq!(gone.as_str(), "unreachable");
    assert!(!format!("{gone:?}").contains("filter"), "an address in a log holds the account's name and ids");
}

#[tokio::test]
async fn how_long_to_wait_is_read_from_the_refusal() {
    let retry_after = Some(Duration::from_secs(7));
    let limits = Limits { per_integration: 0, retry_after, ..Limits::default() };
    let account = Simulator::start(Options::demo().limits(limits.clone())).await.unwrap();
    let refused = async || match client(&account).users().await.unwrap_err() {
        AmoCrmError::TooMany { retry_after, .. } => retry_after,
        other => panic!("{other}"),
    };
    assert_eq!(refused().await, retry_after);
    account.set_limits(Some(Limits { refusal: LimitRefusal::Html, ..limits }));
    assert_eq!(refused().await, None);
}

#[tokio::test]
async fn lists_are_read_to_their_end() {
    let account = account().await;
    for n in 0..120 {
        account.edit_directory(|directory| {
            let mut field = directory.lead_fields[0].clone();
            field.id = 900_000 + n;
            directory.lead_fields.push(field);
        });
    }
    let client = client(&account);
    let fields = client.lead_fields().await.unwrap();
    assert_eq!((fields.elements.len(), fields.is_complete), (131, true));
    let users = client.users().await.unwrap();
    assert!(users.elements.iter().any(|user| user.id.0 == demo::OLGA));
    let pipelines = client.pipelines().await.unwrap();
    assert_eq!(pipelines.elements[0].embedded.statuses.len(), 6);
}

#[tokio::test]
async fn a_batch_that_takes_too_long_is_halved() {
    let account = account().await;
    let ids = deals(&account, 80);
    account.answer_next(1, Answer::Hang { delay: Duration::from_mins(1) });
    assert_eq!(client(&account).leads(&ids).await.unwrap().elements.len(), 80);
}

#[tokio::test]
async fn every_call_gives_a_sign_of_life() {
    let account = account().await;
    let ids = deals(&account, 600);
    let (beats, heard) = std::sync::mpsc::channel();
    let beats = std::sync::Mutex::new(beats);
    let client = client(&account).with_beat(move |call| beats.lock().unwrap().send(call).unwrap());
    account.answer_next(1, Answer::Json { status: 400 });
    client.leads(&ids).await.unwrap();
    assert_eq!(heard.try_iter().collect::<Vec<_>>(), [Call::Leads; 5], "also a refused one");
    client.users().await.unwrap();
    assert_eq!(heard.try_iter().collect::<Vec<_>>(), [Call::Users]);
}

#[tokio::test]
async fn calls_keep_within_the_account_s_limit() {
    let account = Simulator::start(Options::demo()).await.unwrap();
    let base = account.url().parse().unwrap();
    let client = Client::new(&base, Tokens::LongLived(SecretString::from(account.token())), 5.0).unwrap();
    for _ in 0..9 {
        client.users().await.unwrap();
    }
    assert_eq!(account.call_counts().too_many, 0);
}

#[tokio::test]
async fn a_batch_of_many_calls_ends_where_the_next_one_may_not_be_made() {
    let account = account().await;
    let ids = deals(&account, 600);
    let until = chrono::DateTime::UNIX_EPOCH;
    let left = std::sync::atomic::AtomicI32::new(2);
    let client = client(&account).with_doorkeeper(move |_| {
        let is_open = left.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) > 0;
        ready(if is_open { Ok(()) } else { Err(Closed::Paused(until)) }).boxed()
    });
    assert_eq!(client.leads(&ids).await.unwrap_err().as_str(), "closed");
    assert_eq!(calls(&account), [200; 2]);
}
