//! Hooks lost, doubled, reordered, merged and misshapen.

use std::time::Duration;

use simulator::amocrm::{
    CompanyLink, Deal, Grouping, HookBehaviour, HookKind, Layout, LeadId, Modifier, Outcome, Release,
    Sending, Simulator, TextForm,
};

use crate::support::{Received, Sink, account};

async fn with(behaviour: HookBehaviour) -> (Simulator, Sink, LeadId) {
    let (simulator, _) = account().await;
    let sink = Sink::start().await;
    let id = simulator.create_deal(Deal::named("Окна & «двери»")).expect("a valid deal");
    simulator.subscribe(&sink.url);
    simulator.set_hook_behaviour(behaviour);
    (simulator, sink, id)
}

fn good() -> HookBehaviour {
    HookBehaviour::default()
}

#[tokio::test]
async fn lost_hooks_are_logged_and_can_still_be_sent() {
    let (simulator, sink, id) = with(HookBehaviour { sending: Sending::Lost, ..good() }).await;
    simulator.move_deal(id, "Замер").unwrap();
    assert_eq!(sink.events(&simulator).await, [""; 0]);
    let lost = simulator.hooks_sent();
    assert_eq!(lost.iter().map(|hook| &hook.outcome).collect::<Vec<_>>(), [&Outcome::Lost, &Outcome::Lost]);
    simulator.redeliver(lost[1].id).unwrap();
    assert_eq!(sink.events(&simulator).await, ["leads[status]"]);
}

#[tokio::test]
async fn every_hook_may_come_several_times() {
    let (simulator, sink, id) = with(HookBehaviour { copies: 3, ..good() }).await;
    simulator.delete_deal(id).unwrap();
    let hooks = sink.take(&simulator).await;
    assert_eq!(hooks.len(), 3);
    assert!(hooks.iter().all(|hook| hook.body == hooks[0].body));
}

#[tokio::test]
async fn a_late_hook_comes_after_those_of_later_changes() {
    let late = Sending::Late { by: Duration::from_millis(300) };
    let (simulator, sink, id) = with(HookBehaviour { sending: late, ..good() }).await;
    simulator.delete_deal(id).unwrap();
    simulator.set_hook_behaviour(good());
    simulator.restore_deal(id).unwrap();
    assert_eq!(sink.events(&simulator).await, ["leads[restore]"]);
    sink.receives(1).await;
    assert_eq!(sink.events(&simulator).await, ["leads[delete]"]);
}

#[tokio::test]
async fn held_hooks_come_in_the_order_wanted() {
    let (simulator, sink, id) = with(HookBehaviour { sending: Sending::Held, ..good() }).await;
    let names = async || -> Vec<_> { sink.take(&simulator).await.iter().map(Received::event).collect() };
    simulator.move_deal(id, "Замер").unwrap();
    simulator.delete_deal(id).unwrap();
    assert_eq!(names().await, [""; 0]);
    assert_eq!(simulator.release_hooks(&Release::Reversed), 3);
    assert_eq!(names().await, ["leads[delete]", "leads[status]", "leads[update]"]);

    simulator.restore_deal(id).unwrap();
    simulator.move_deal(id, "Новая").unwrap();
    simulator.release_hooks(&Release::Places(vec![2, 0, 2]));
    assert_eq!(names().await, ["leads[status]", "leads[restore]", "leads[status]"]);
}

#[tokio::test]
async fn held_hooks_may_share_a_body_with_gaps_between_indexes() {
    let (simulator, sink, id) = with(HookBehaviour { sending: Sending::Held, ..good() }).await;
    simulator.move_deal(id, "Замер").unwrap();
    simulator.move_deal(id, "Производство").unwrap();
    simulator.release_hooks(&Release::OneBody);
    let hooks = sink.take(&simulator).await;
    assert_eq!(hooks.len(), 1);
    for key in
        ["leads[update][1][id]", "leads[status][1][id]", "leads[update][4][id]", "leads[status][4][id]"]
    {
        assert_eq!(hooks[0].get(key), Some(id.to_string()), "{key}");
    }
    assert_eq!(hooks[0].get("leads[status][0][id]"), None);
}

#[tokio::test]
async fn events_of_one_action_may_come_merged() {
    let (simulator, sink, id) = with(HookBehaviour { grouping: Grouping::PerChange, ..good() }).await;
    simulator.move_deal(id, "Замер").unwrap();
    let hooks = sink.take(&simulator).await;
    assert_eq!(hooks.len(), 1);
    assert!(hooks[0].get("leads[update][0][id]").is_some() && hooks[0].get("leads[status][0][id]").is_some());
}

#[tokio::test]
async fn the_digital_pipeline_may_be_the_only_source() {
    let (simulator, sink, id) = with(HookBehaviour { kind: HookKind::DigitalPipeline, ..good() }).await;
    simulator.move_deal(id, "Замер").unwrap();
    let hooks = sink.take(&simulator).await;
    assert_eq!(hooks.len(), 1);
    assert_eq!(hooks[0].get("leads[status][0][id]"), Some(id.to_string()));
    assert_eq!(hooks[0].get("leads[status][0][last_modified]"), None);
    assert_eq!(hooks[0].get("account[_links][self]"), None);
}

#[tokio::test]
async fn old_layout_escaped_text_and_a_nameless_modifier_are_possible() {
    let behaviour = HookBehaviour {
        layout: Layout::AccountLast,
        text: TextForm::HtmlEscaped,
        modifier: Modifier::Zero,
        ..good()
    };
    let (simulator, sink, id) = with(behaviour).await;
    simulator.change_responsible(id, "Олег Петров").unwrap();
    let hooks = sink.take(&simulator).await;
    assert!(hooks[0].body.starts_with("leads%5Bresponsible%5D"));
    assert!(hooks[0].body.ends_with("&account%5B_links%5D%5Bself%5D=https%3A%2F%2Fdemo.amocrm.ru"));
    assert_eq!(hooks[0].get("leads[responsible][0][name]").as_deref(), Some("Окна &amp; «двери»"));
    assert_eq!(hooks[0].get("leads[responsible][0][modified_user_id]").as_deref(), Some("0"));
}

#[tokio::test]
async fn the_company_of_a_lead_is_told_by_some_hooks_and_not_by_others() {
    let (simulator, sink, id) = with(HookBehaviour { company: CompanyLink::Told, ..good() }).await;
    simulator.link_company(id, Some("Окна Плюс")).unwrap();
    let company = simulator.deal(id).unwrap().company.unwrap().to_string();
    let link = "leads[update][0][linked_company_id]";
    assert_eq!(sink.take(&simulator).await[0].get(link), Some(company));
    simulator.set_hook_behaviour(good());
    simulator.link_company(id, None).unwrap();
    simulator.link_company(id, Some("Окна Плюс")).unwrap();
    assert!(sink.take(&simulator).await.iter().all(|hook| hook.get(link).is_none()));
}
