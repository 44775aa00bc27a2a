use simulator::amocrm::{Answer, Fault, Options, Simulator, demo};

use super::*;
use crate::check::testing::{settings, shown};

const SECRET: &str = "0012300123001230";

async fn account() -> Simulator {
    Simulator::start(Options::demo().without_limits()).await.unwrap()
}

async fn said(changes: &[(&str, &str)]) -> String {
    let settings = settings(changes);
    let (config, intake) = (AmoCrmConfig::read(&settings).unwrap(), Intake::read(&settings).unwrap());
    let webhook = WebhookConfig::read(&settings).unwrap();
    let said = shown(tried(&config, &intake, webhook.as_ref()).await);
    let secrets = [demo::TOKEN, "crmsecret", SECRET];
    assert!(!secrets.iter().any(|secret| said.contains(secret)), "{said}");
    said
}

async fn said_of(account: &Simulator, changes: &[(&str, &str)]) -> String {
    let given = [("AMOCRM_BASE_URL", account.url()), ("AMOCRM_ACCESS_TOKEN", account.token())];
    said(&[&given, changes].concat()).await
}

#[tokio::test]
async fn an_account_with_everything_that_the_settings_name_works() {
    let account = account().await;
    let trigger = format!("{}:{}", demo::MEASUREMENT.pipeline, demo::MEASUREMENT.status);
    let cancel = format!("{}:{}", demo::REFUSED.pipeline, demo::REFUSED.status);
    let changes = [
        ("AMOCRM_ACCOUNT_ID", "31000001"),
        ("MEASUREMENT_TRIGGERS", trigger.as_str()),
        ("CANCEL_TRIGGERS", cancel.as_str()),
        ("FIELD_ADDRESS", "294001"),
        ("FIELD_ZONE", "нет|зона"),
    ];
    let said = said_of(&account, &changes).await;
    let place = account.url().trim_start_matches("http://");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], format!("ok     AmoCRM  account «Окна Плюс», number 31000001, at {place}"));
    assert!(lines[1].starts_with("ok     stages  «Замер» (Продажи) open a measurement, «"), "{said}");
    let unwatched =
        "without WEBHOOK_HOST and WEBHOOK_SECRET the bot neither makes the webhook nor watches it";
    let hook = format!("note   hook    {unwatched}");
    assert_eq!(lines[2..], ["ok     fields  every fact has its field", hook.as_str()]);
}

#[tokio::test]
async fn another_accounts_number_fails() {
    let account = account().await;
    let said = said_of(&account, &[("AMOCRM_ACCOUNT_ID", "5")]).await;
    assert!(said.contains("but AMOCRM_ACCOUNT_ID is 5: its webhooks would be refused\n"), "{said}");
    assert!(said.contains("→ Set AMOCRM_ACCOUNT_ID=31000001"), "{said}");
}

#[tokio::test]
async fn a_stage_that_is_not_there_is_told_with_those_that_are() {
    let account = account().await;
    let said =
        said_of(&account, &[("MEASUREMENT_TRIGGERS", "3177001:1"), ("CANCEL_TRIGGERS", "9:143")]).await;
    assert!(said.contains("FAILS  stages  MEASUREMENT_TRIGGERS names 3177001:1, which"), "{said}");
    assert!(said.contains("FAILS  stages  CANCEL_TRIGGERS names 9:143, which"), "{said}");
    assert!(said.contains("→ It has ") && said.contains("3177001:32392003 «Замер» (Продажи)"), "{said}");
    let said = said_of(&account, &[]).await;
    assert!(said.contains("note   stages  MEASUREMENT_TRIGGERS is empty"), "{said}");
}

#[tokio::test]
async fn a_field_that_was_named_must_be_there_and_a_default_one_may_lack() {
    let account = account().await;
    let said = said_of(&account, &[("FIELD_ZONE", "Район")]).await;
    assert!(said.contains("FAILS  fields  no field of the account is what FIELD_ZONE names\n"), "{said}");
    assert!(said.contains("→ There are: Адрес, Номер заказа, Зона,"), "{said}");

    let options = Options::demo().without_limits();
    let mut directory = options.directory.clone();
    directory.lead_fields.retain(|field| field.id == demo::ADDRESS);
    let bare = Simulator::start(Options { directory, ..options }).await.unwrap();
    let said = said_of(&bare, &[]).await;
    let lacking = "FIELD_ORDER_NUMBER, FIELD_ZONE, FIELD_DEALER, FIELD_PRODUCT, FIELD_COMMENT names";
    assert!(said.contains(&format!("note   fields  no field of the account is what {lacking}")), "{said}");
}

#[tokio::test]
async fn the_subscription_is_looked_at() {
    let account = account().await;
    let by_hand = [
        ("WEBHOOK_HOST", "https://zamer.example.ru"),
        ("WEBHOOK_SECRET", SECRET),
        ("AMOCRM_MANAGE_WEBHOOK", "false"),
    ];
    let changes = &by_hand[..2];
    let ours = format!("https://zamer.example.ru/webhook/amocrm/{SECRET}");
    account.subscribe("https://elsewhere.example.org/x");
    let said = said_of(&account, changes).await;
    let wanted =
        "note   hook    AmoCRM is not subscribed to https://zamer.example.ru/webhook/amocrm/<secret> yet";
    assert!(said.ends_with(&format!("{wanted}: the bot does that when it runs")), "{said}");
    let said = said_of(&account, &by_hand).await;
    assert!(said.ends_with(&format!("{wanted}: add it by hand")), "{said}");
    account.subscribe_to(&ours, &["add_lead", "status_lead", "update_contact"]);
    let said = said_of(&account, &by_hand).await;
    let missing = "update_lead, responsible_lead, delete_lead, restore_lead";
    assert!(
        said.contains(&format!("FAILS  hook    AmoCRM is subscribed, but does not tell of {missing}\n")),
        "{said}"
    );
    let said = said_of(&account, changes).await;
    assert!(
        said.ends_with(&format!("does not tell of {missing}: the bot mends that when it runs")),
        "{said}"
    );
    account.subscribe(&ours);
    let said = said_of(&account, changes).await;
    assert!(said.ends_with("ok     hook    AmoCRM is subscribed, with every event that counts"), "{said}");
    account.disable_webhook(&ours);
    let said = said_of(&account, &by_hand).await;
    assert!(said.contains("FAILS  hook    AmoCRM has switched the webhook off\n"), "{said}");
    let said = said_of(&account, changes).await;
    assert!(said.ends_with("switched the webhook off: the bot mends that when it runs"), "{said}");
    account.inject(Fault::Forbidden { path: "/api/v4/webhooks".into() }).unwrap();
    let said = said_of(&account, changes).await;
    assert!(said.contains("FAILS  hook ") && said.contains("lets the token's owner not read"), "{said}");
}

#[tokio::test]
async fn a_refusal_says_what_to_do() {
    let account = account().await;
    let wrong = said_of(&account, &[("AMOCRM_ACCESS_TOKEN", "crmsecret")]).await;
    assert!(wrong.contains(" refuses the token\n"), "{wrong}");
    account.inject(Fault::Forbidden { path: "/api/v4/leads/pipelines".into() }).unwrap();
    let rights = said_of(&account, &[]).await;
    assert!(
        rights.contains("FAILS  stages  ") && rights.contains("lets the token's owner not read"),
        "{rights}"
    );
    assert!(rights.contains("ok     fields"), "{rights}");
    account.heal();
    account.inject(Fault::Down { status: 502 }).unwrap();
    let down = said_of(&account, &[]).await;
    assert!(down.contains(" answers 502\n"), "{down}");
    account.heal();
    let next = |status| account.answer_next(1, Answer::Json { status });
    next(429);
    assert!(said_of(&account, &[]).await.contains(" was asked too often\n"));
    next(404);
    assert!(said_of(&account, &[]).await.contains(" answers 404 as if there were no API\n"));
    account.answer_next(1, Answer::BrokenJson);
    assert!(said_of(&account, &[]).await.contains(" answers with something else than AmoCRM does\n"));
    account.inject(Fault::Blocked).unwrap();
    let blocked = said_of(&account, &[]).await;
    assert!(blocked.contains(" has blocked us\n") && blocked.contains("support"), "{blocked}");
}

#[tokio::test]
async fn an_account_that_cannot_be_reached_is_told_with_the_reason() {
    let token = ("AMOCRM_ACCESS_TOKEN", "crmsecret");
    let refused = said(&[token, ("AMOCRM_BASE_URL", "http://127.0.0.1:1")]).await;
    assert!(refused.starts_with("FAILS  AmoCRM  127.0.0.1:1 refused the connection\n"), "{refused}");
    let unknown = said(&[token, ("AMOCRM_BASE_URL", "http://nobody.invalid")]).await;
    assert!(
        unknown.contains("nobody.invalid is not known") && unknown.contains("AMOCRM_SUBDOMAIN"),
        "{unknown}"
    );
    assert!(said(&[]).await.starts_with("note   AmoCRM  AMOCRM_ACCESS_TOKEN is empty"));
}
