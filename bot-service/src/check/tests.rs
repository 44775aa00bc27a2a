use super::testing::settings;
use super::*;

#[tokio::test]
async fn what_can_be_tried_is_tried_although_other_settings_are_wrong() {
    let changes = [
        ("BOT_TOKEN", "hunter2"),
        ("DATABASE_URL", "postgres://bot:databasesecret@127.0.0.1:1/bot"),
        ("AMQP_URL", ""),
        ("AMOCRM_RPS", "0"),
        ("WEBHOOK_HOST", "zamer"),
        ("LOG_LEVEL", "loud"),
    ];
    let report = all(&settings(&changes)).await;
    let said = report.to_string();
    let starts: Vec<&str> = said
        .lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| !line.starts_with(' '))
        .map(|line| line.split("  ").next().unwrap())
        .collect();
    assert_eq!(starts.iter().filter(|word| **word == "FAILS").count(), 7, "{said}");
    assert!(said.contains("FAILS  database  127.0.0.1:1 refused the connection\n"), "{said}");
    for subject in [check::BROKER, telegram::SUBJECT, amocrm::SUBJECT, check::LOGS] {
        let wanted = format!("-      {subject:<8}  not tried: see what is wrong above\n");
        assert!(said.contains(&wanted), "{subject} in {said}");
    }
    assert!(!said.contains("hunter2") && !said.contains("databasesecret"), "{said}");
}
