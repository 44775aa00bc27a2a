//! What is sent when somebody does something.

use std::time::Duration;

use simulator::amocrm::{
    ContactEdit, Deal, DealEdit, LeadId, NewContact, Outcome, Persistence, Simulator, demo,
};

use crate::support::{LIMIT, Received, Sink, account, noon};

async fn subscribed() -> (Simulator, Sink) {
    let (simulator, _) = account().await;
    let sink = Sink::start().await;
    simulator.subscribe(&sink.url);
    (simulator, sink)
}

async fn deal(simulator: &Simulator, sink: &Sink) -> LeadId {
    let id = simulator.create_deal(Deal::named("Окна").client("Иван", "+79160000001")).expect("a valid deal");
    sink.take(simulator).await;
    id
}

#[tokio::test]
async fn a_new_deal_is_told_in_amocrms_own_shape() {
    let (simulator, sink) = subscribed().await;
    let id = simulator
        .create_deal(
            Deal::named("Окна *2* & 🔥")
                .stage("Замер")
                .price(1500)
                .tag("Срочно")
                .address("Ленина, 5")
                .field("Дата замера", "2026-03-10")
                .field("Тип дома", "Дом")
                .field("Услуги", "Доставка; Монтаж"),
        )
        .unwrap();

    let hooks = sink.take(&simulator).await;
    let hook = &hooks[0];
    assert_eq!(hooks.len(), 1);
    let header = |name: &str| hook.headers[name].to_str().unwrap();
    assert_eq!(header("user-agent"), "amoCRM-Webhooks/3.0");
    assert_eq!(header("content-type"), "application/x-www-form-urlencoded");
    assert_eq!(header("content-length"), hook.body.len().to_string());
    assert_eq!(header("x-amocrm-requestid").len(), 36);
    assert!(hook.body.starts_with("account%5Bsubdomain%5D=demo&account%5Bid%5D=31000001&account%5B_links%5D%5Bself%5D=https%3A%2F%2Fdemo.amocrm.ru&leads%5Badd%5D%5B0%5D%5Bid%5D="));
    assert!(hook.body.contains("=%D0%9E%D0%BA%D0%BD%D0%B0+%2A2%2A+%26+%F0%9F%94%A5&"));

    let now = noon().timestamp().to_string();
    let lead = |key: &str| hook.get(&format!("leads[add][0]{key}"));
    assert_eq!(lead("[id]"), Some(id.to_string()));
    assert_eq!(lead("[price]").as_deref(), Some("1500"));
    assert_eq!(lead("[pipeline_id]"), Some(demo::PIPELINE.to_string()));
    assert_eq!(lead("[last_modified]"), Some(now.clone()));
    assert_eq!(lead("[date_create]"), Some(now));
    assert_eq!(lead("[tags][0][name]").as_deref(), Some("Срочно"));
    assert_eq!(lead("[custom_fields][0][values][0][value]").as_deref(), Some("Ленина, 5"));
    assert_eq!(lead("[custom_fields][1][values][0]").as_deref(), Some("1773090000"), "a date is a scalar");
    assert_eq!(
        lead("[custom_fields][2][values][value]").as_deref(),
        Some("Дом"),
        "a radio button has no index"
    );
    assert_eq!(lead("[custom_fields][2][values][enum]").as_deref(), Some("475012"));
    assert_eq!(lead("[custom_fields][3][values][1][enum]").as_deref(), Some("475022"));
    assert_eq!(lead("[custom_fields][4][code]").as_deref(), Some("UTM_MEDIUM"));
    assert!(!hook.body.contains("%5B4%5D%5Bvalues%5D"), "an unset tracking field has no values");
    assert_eq!(lead("[custom_fields][5][id]"), None, "fields that are not filled are left out");
}

#[tokio::test]
async fn a_move_is_told_twice_and_names_the_old_stage() {
    let (simulator, sink) = subscribed().await;
    let id = deal(&simulator, &sink).await;
    simulator.move_deal(id, demo::MEASUREMENT).unwrap();

    let mut hooks = sink.take(&simulator).await;
    hooks.sort_by_key(Received::event);
    let old = Some(demo::NEW.status.to_string());
    assert_eq!(hooks.len(), 2);
    assert_eq!(hooks[0].get("leads[status][0][old_status_id]"), old);
    assert_eq!(hooks[1].get("leads[update][0][old_status_id]"), old);
    assert_eq!(hooks[1].get("leads[update][0][status_id]"), Some(demo::MEASUREMENT.status.to_string()));

    simulator.move_deal(id, demo::MEASUREMENT).unwrap();
    assert_eq!(sink.events(&simulator).await, [""; 0], "nothing changed, nothing is told");
}

#[tokio::test]
async fn each_action_has_its_event() {
    let (simulator, sink) = subscribed().await;
    let id = deal(&simulator, &sink).await;

    simulator.edit_deal(id, DealEdit::default().field("Адрес", "Мира, 1")).unwrap();
    assert_eq!(sink.events(&simulator).await, ["leads[update]"]);

    simulator.change_responsible(id, "Олег Петров").unwrap();
    let hooks = sink.take(&simulator).await;
    assert_eq!(hooks[0].event(), "leads[responsible]");
    assert_eq!(hooks[0].get("leads[responsible][0][old_responsible_user_id]"), Some(demo::OLGA.to_string()));

    simulator.delete_deal(id).unwrap();
    let hooks = sink.take(&simulator).await;
    let keys: Vec<_> =
        hooks[0].pairs().into_iter().map(|(key, _)| key).filter(|key| key.starts_with("leads")).collect();
    assert_eq!(
        keys,
        ["leads[delete][0][id]", "leads[delete][0][status_id]", "leads[delete][0][pipeline_id]"]
    );

    simulator.restore_deal(id).unwrap();
    assert_eq!(sink.events(&simulator).await, ["leads[restore]"]);

    let contact = simulator.create_contact(NewContact::default()).unwrap();
    assert_eq!(sink.events(&simulator).await, ["contacts[add]"]);
    simulator.link_contact(id, contact).unwrap();
    assert_eq!(sink.events(&simulator).await, ["leads[update]"]);
}

#[tokio::test]
async fn a_changed_phone_is_told_with_the_leads_of_the_contact() {
    let (simulator, sink) = subscribed().await;
    let id = deal(&simulator, &sink).await;
    let before = simulator.deal(id).unwrap();
    simulator.edit_client_phone(id, "+79160000002").unwrap();

    let hooks = sink.take(&simulator).await;
    let contact = |key: &str| hooks[0].get(&format!("contacts[update][0]{key}"));
    assert_eq!(contact(&format!("[linked_leads_id][{id}][ID]")), Some(id.to_string()));
    assert_eq!(contact("[custom_fields][0][code]").as_deref(), Some("PHONE"));
    assert_eq!(contact("[custom_fields][0][values][0][value]").as_deref(), Some("+79160000002"));
    assert_eq!(contact("[custom_fields][0][values][0][enum]").as_deref(), Some("718001"));
    assert_eq!(contact("[type]").as_deref(), Some("contact"));
    assert_eq!(simulator.deal(id), Some(before), "the lead itself is untouched");

    let contact = simulator.main_contact(id).unwrap();
    simulator.edit_contact(contact.id, ContactEdit::default().name("Пётр")).unwrap();
    assert_eq!(sink.events(&simulator).await, ["contacts[update]"]);
}

#[tokio::test]
async fn a_pipeline_hook_has_the_minimal_shape() {
    let (simulator, sink) = subscribed().await;
    let id = deal(&simulator, &sink).await;
    simulator.send_pipeline_hook(id, Some(demo::UNSORTED)).unwrap();
    let hooks = sink.take(&simulator).await;
    let place = |key: &str| format!("leads[status][0]{key}");
    let keys: Vec<_> = hooks[0].pairs().into_iter().map(|(key, _)| key).collect();
    let wanted = ["[id]", "[status_id]", "[pipeline_id]", "[old_status_id]", "[old_pipeline_id]"].map(place);
    assert_eq!(keys[..5], wanted);
    assert_eq!(keys[5..], ["account[id]", "account[subdomain]"]);
}

#[tokio::test]
async fn only_subscribed_events_are_sent_and_none_to_a_disabled_hook() {
    let (simulator, sink) = subscribed().await;
    simulator.subscribe_to(&sink.url, &["status_lead"]);
    let id = simulator.create_deal(Deal::named("Окна")).unwrap();
    simulator.move_deal(id, "Замер").unwrap();
    assert_eq!(sink.events(&simulator).await, ["leads[status]"]);

    simulator.disable_webhook(&sink.url);
    simulator.move_deal(id, "Производство").unwrap();
    assert_eq!(sink.events(&simulator).await, [""; 0]);
}

#[tokio::test]
async fn answers_are_kept_with_their_status() {
    let (simulator, sink) = subscribed().await;
    sink.answer_with(503, Duration::ZERO);
    simulator.create_deal(Deal::named("Окна")).unwrap();
    sink.take(&simulator).await;
    let hook = simulator.hooks_sent().pop().unwrap();
    assert!(matches!(hook.outcome, Outcome::Answered { status: 503, .. }));
    assert!(!hook.is_delivered());

    sink.answer_with(200, Duration::ZERO);
    let again = simulator.redeliver(hook.id).unwrap();
    let received = sink.take(&simulator).await;
    assert_eq!(received[0].body, hook.body);
    assert!(simulator.hooks_sent().iter().find(|hook| hook.id == again).unwrap().is_delivered());
}

#[tokio::test]
async fn an_answer_after_two_seconds_is_none_and_a_dead_address_is_noticed() {
    let (simulator, sink) = subscribed().await;
    sink.answer_with(200, Duration::from_millis(2_500));
    simulator.subscribe("http://127.0.0.1:9/closed");
    simulator.create_deal(Deal::named("Окна")).unwrap();
    sink.take(&simulator).await;
    let outcomes: Vec<_> = simulator.hooks_sent().into_iter().map(|hook| hook.outcome).collect();
    assert_eq!(outcomes[0], Outcome::TimedOut);
    assert!(matches!(outcomes[1], Outcome::Unreachable { .. }));
}

/// AmoCRM, a thousand times faster.
fn impatient(gives_up: bool) -> Persistence {
    Persistence { speed: 1_000, gives_up }
}

#[tokio::test]
async fn a_hook_that_was_not_taken_comes_again_until_it_is() {
    let (simulator, sink) = subscribed().await;
    simulator.set_hook_persistence(impatient(true));
    sink.answer_with(503, Duration::ZERO);
    simulator.create_deal(Deal::named("Окна")).unwrap();
    sink.receives(2).await;
    sink.answer_with(200, Duration::ZERO);
    sink.receives(3).await;
    simulator.wait_for_hook_answers(LIMIT).await.unwrap();
    let hooks = simulator.hooks_sent();
    let attempts: Vec<_> = hooks.iter().map(|hook| (hook.attempt, hook.is_delivered())).collect();
    assert_eq!(attempts, [(1, false), (2, false), (3, true)]);
    assert!(hooks.iter().all(|hook| hook.body == hooks[0].body));
    assert_eq!(simulator.hooks_ahead(), 0, "what was taken does not come again");
}

#[tokio::test]
async fn a_hook_that_is_never_taken_is_lost_after_five_attempts() {
    let (simulator, sink) = subscribed().await;
    simulator.set_hook_persistence(Persistence { speed: 10_000, gives_up: true });
    sink.answer_with(500, Duration::ZERO);
    simulator.create_deal(Deal::named("Окна")).unwrap();
    sink.receives(5).await;
    simulator.wait_for_hook_answers(LIMIT).await.unwrap();
    assert_eq!(simulator.hooks_ahead(), 0);
}

#[tokio::test]
async fn an_address_with_more_than_a_hundred_bad_answers_is_switched_off_unless_told_otherwise() {
    for gives_up in [true, false] {
        let (simulator, sink) = subscribed().await;
        simulator.set_hook_persistence(Persistence { speed: 1, gives_up });
        sink.answer_with(404, Duration::ZERO);
        for number in 0..102 {
            simulator.create_deal(Deal::named(format!("Окна {number}"))).unwrap();
        }
        sink.take(&simulator).await;
        assert_eq!(simulator.webhooks()[0].disabled, gives_up);
    }
}
