use simulator::telegram::{Fault, FaultRule, Options, Person, Refusal as Refused, Simulator};

use super::*;
use crate::check::testing::{settings, shown};

const SOON: Duration = Duration::from_secs(5);

async fn said(changes: &[(&str, &str)], limit: Duration) -> String {
    let config = TelegramConfig::read(&settings(changes)).unwrap();
    let said = shown(tried(&config, limit).await);
    assert!(!said.contains("tokensecret"), "{said}");
    said
}

/// What is said of the simulated Telegram after `prepare`.
async fn said_of(prepare: impl FnOnce(&Simulator), limit: Duration) -> String {
    let telegram = Simulator::start(Options::default()).await.unwrap();
    prepare(&telegram);
    let (token, url) = (telegram.token(), telegram.url());
    said(&[("BOT_TOKEN", &token), ("TELEGRAM_API_URL", &url)], limit).await
}

#[tokio::test]
async fn the_bot_is_named() {
    let telegram = Simulator::start(Options::default()).await.unwrap();
    let (token, url) = (telegram.token(), telegram.url());
    let said = said(&[("BOT_TOKEN", &token), ("TELEGRAM_API_URL", &url)], SOON).await;
    let place = url.trim_start_matches("http://");
    let wanted = format!(
        "ok     Telegram  the bot is @{}, at {place}\n\
         ok     updates   polling: no webhook is in the way of asking for them",
        telegram.bot_username()
    );
    assert_eq!(said, wanted);
}

#[tokio::test]
async fn a_token_that_telegram_does_not_know_fails() {
    let telegram = Simulator::start(Options::default()).await.unwrap();
    let said = said(&[("TELEGRAM_API_URL", &telegram.url())], SOON).await;
    assert!(said.contains(" does not know the token\n") && said.contains("@BotFather"), "{said}");
}

/// What is said of updates while Telegram posts to this address, if to any.
async fn said_of_updates(webhook: Option<&str>, changes: &[(&str, &str)]) -> String {
    let telegram = Simulator::start(Options::unlimited()).await.unwrap();
    for host in ["elsewhere.example.org", "zamer.example.ru"] {
        telegram.resolve(host, Vec::<String>::new());
    }
    telegram.add_person(Person::new(1001, "Анна"));
    let (token, url) = (telegram.token(), telegram.url());
    if let Some(webhook) = webhook {
        let body = serde_json::json!({ "url": webhook });
        let set = reqwest::Client::new().post(format!("{url}/bot{token}/setWebhook")).json(&body);
        assert!(set.send().await.unwrap().status().is_success());
        telegram.starts(1001, None).unwrap();
        let failed = |it: &Simulator| (!it.deliveries().is_empty()).then_some(());
        telegram.wait_until("a delivery failed", SOON, failed).await.unwrap();
    }
    let place = [("BOT_TOKEN", token.as_str()), ("TELEGRAM_API_URL", url.as_str())];
    let said = said(&[&place, changes].concat(), SOON).await;
    said.split_once('\n').map_or_else(String::new, |(_, rest)| rest.to_owned())
}

#[tokio::test]
async fn a_webhook_set_by_another_program_fails_and_its_path_is_not_shown() {
    let said = said_of_updates(Some("https://elsewhere.example.org/tokensecret"), &[]).await;
    let wanted = "FAILS  updates   polling: they go to a webhook at elsewhere.example.org: another";
    assert!(said.starts_with(wanted), "{said}");
}

#[tokio::test]
async fn of_both_modes_is_told_what_stands_and_what_the_bot_will_do() {
    const OURS: &str = "https://zamer.example.ru/webhook/telegram";
    let url = ("TELEGRAM_WEBHOOK_URL", OURS);
    let webhook = [("TELEGRAM_MODE", "webhook"), url, ("TELEGRAM_WEBHOOK_SECRET", "0012300123001230")];
    let said = said_of_updates(Some(OURS), &[url]).await;
    assert!(said.starts_with("note   updates   polling: they go to the bot's own webhook still"), "{said}");
    let said = said_of_updates(None, &webhook).await;
    assert!(
        said.starts_with("note   updates   webhook: no webhook is set yet; the bot sets https://zamer"),
        "{said}"
    );
    let said = said_of_updates(Some("https://elsewhere.example.org/tokensecret"), &webhook).await;
    assert!(said.contains("webhook: a webhook at elsewhere.example.org takes them now"), "{said}");
    let said = said_of_updates(Some(OURS), &webhook).await;
    assert!(said.starts_with("FAILS  updates   webhook: 1 wait for https://zamer"), "{said}");
    assert!(said.contains("Telegram met «Connection refused»") && said.contains("does the proxy"), "{said}");
}

#[tokio::test]
async fn trouble_between_here_and_telegram_is_told_with_the_reason() {
    let gateway = said_of(|it| it.fault(FaultRule::any(Fault::BadGateway)), SOON).await;
    assert!(gateway.contains(" answered 502 and nothing of the Bot API\n"), "{gateway}");
    let often = said_of(|it| it.fault(FaultRule::any(Fault::too_many_requests(30))), SOON).await;
    assert!(often.contains(" was asked too often\n"), "{often}");
    let inner = said_of(|it| it.fault(FaultRule::any(Fault::internal_error())), SOON).await;
    assert!(inner.contains(" refused with 500\n"), "{inner}");
    let broken = said_of(|it| it.fault(FaultRule::any(Fault::Disconnect)), SOON).await;
    assert!(broken.contains(" broke the connection off\n"), "{broken}");
    let silent = Fault::Hang(Duration::from_mins(1));
    let silent = said_of(|it| it.fault(FaultRule::any(silent)), Duration::from_secs(1)).await;
    assert!(silent.contains(" did not answer within 1 s\n"), "{silent}");
    let refusal = Fault::Refuse(Refused::new(403, "Forbidden"));
    let half = said_of(|it| it.fault(FaultRule::on("getWebhookInfo", refusal)), SOON).await;
    assert!(half.starts_with("ok     Telegram") && half.contains("FAILS  updates "), "{half}");
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_told_by_the_setting_that_holds_it() {
    let refused = said(&[("TELEGRAM_API_URL", "http://127.0.0.1:1")], SOON).await;
    assert!(refused.starts_with("FAILS  Telegram  127.0.0.1:1 refused the connection\n"), "{refused}");
    let unknown = said(&[("TELEGRAM_API_URL", "http://nobody.invalid")], SOON).await;
    assert!(
        unknown.contains("nobody.invalid is not known") && unknown.contains("TELEGRAM_API_URL"),
        "{unknown}"
    );
    let proxy = said(&[("TELEGRAM_PROXY", "http://bot:tokensecret@127.0.0.1:1")], SOON).await;
    assert!(proxy.contains("api.telegram.org, through TELEGRAM_PROXY, refused the connection"), "{proxy}");
}
