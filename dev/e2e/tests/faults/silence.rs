//! What operators are told: logs, metrics and the answers to errors. None of it may name a person, say how to reach
//! one, or hold a secret; ids are enough to find everything else.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use e2e::people::{ANNA, IVAN, STRANGER};
use e2e::settings::{WEBHOOK_SECRET, webhook_path};
use e2e::system::System;
use lapin::options::BasicPublishOptions;
use lapin::{BasicProperties, Connection, ConnectionProperties};
use shared::topology::EVENTS;
use simulator::amocrm::{Deal, demo};

use crate::stage::with_system;

/// Words of the story below that belong to people. Case and spelling as they come in.
const OF_PEOPLE: [&str; 10] = [
    "Кукушкин",
    "Сиреневая",
    "Окна-Рябинниковы",
    "916123",
    "916 123",
    "123-45-67",
    "Серова",
    "Петров",
    "Жан",
    "мой пароль",
];

#[tokio::test(flavor = "multi_thread")]
async fn operators_are_told_no_name_no_phone_and_no_secret() -> Result<()> {
    with_system(async |system| {
        log_everything(system).await?;
        let code = system.database.invitation("measurer").await?;
        system.telegram.starts(IVAN, Some(&code))?;
        system.sees(IVAN, &["👷"]).await?;
        a_deal_is_carried_through(system).await?;
        let answers = trouble(system).await?;
        let metrics = metrics(system).await?;
        system.stop_services().await?;

        let secrets = [
            WEBHOOK_SECRET.to_owned(),
            code,
            system.amocrm.token().to_owned(),
            system.telegram.token().split_once(':').context("a token has two halves")?.1.to_owned(),
        ];
        let words: Vec<_> = OF_PEOPLE.into_iter().map(ToOwned::to_owned).chain(secrets).collect();
        let mut told = vec![("answers", answers), ("metrics", metrics)];
        told.extend(logs(system)?);
        ensure!(
            told.iter().filter(|(where_, _)| *where_ == "log").count() >= 4,
            "both log to stdout and to a file"
        );
        for (where_, text) in &told {
            ensure!(!text.is_empty(), "{where_} is empty");
            for word in &words {
                let line = text.lines().find(|line| line.to_lowercase().contains(&word.to_lowercase()));
                ensure!(line.is_none(), "{where_} holds `{word}`: {line:?}");
            }
        }
        system.start_services().await
    })
    .await
}

/// To stdout and into files, as much as anybody would turn on.
async fn log_everything(system: &mut System) -> Result<()> {
    system.stop_services().await?;
    for service in [&mut system.ingest, &mut system.bot] {
        service.settings.insert("LOG_LEVEL", "debug".to_owned());
        service.settings.insert("LOG_DIR", "logs".to_owned());
    }
    system.start_services().await
}

async fn a_deal_is_carried_through(system: &System) -> Result<()> {
    let deal = Deal::named("Окна-Рябинниковы")
        .stage(demo::MEASUREMENT)
        .responsible(demo::OLGA)
        .address("ул. Сиреневая, д. 5")
        .client("Кукушкин Иван", "8 (916) 123-45-67");
    system.amocrm.create_deal(deal)?;
    let card = system.sees(ANNA, &["⏳ Ожидает назначения", "Кукушкин"]).await?;
    system.presses(&card, "Иван П.").await?;
    let card = system.sees(IVAN, &["Окна-Рябинниковы", "Сиреневая"]).await?;
    system.presses(&card, "✅ Завершить").await?;
    system.telegram.says(IVAN, "мой пароль 12345")?;
    system.telegram.starts(STRANGER, Some("chuzhoy"))?;
    system.settled().await
}

/// Everything that is refused or cannot be read. Returns what was answered.
async fn trouble(system: &System) -> Result<String> {
    let ingest = format!("http://127.0.0.1:{}", system.ingest.port);
    let hook = format!("{ingest}{}", webhook_path());
    let client = reqwest::Client::new();
    let form = "application/x-www-form-urlencoded";
    let broken = "leads[add][0][name]=Кукушкин&leads[add][0][phone]=+79161234567&leads[add=1";
    let posts = [
        client.post(&hook).header("content-type", form).body(broken),
        client
            .post(&hook)
            .header("content-type", "application/json")
            .body(r#"{"leads": "Кукушкин 9161234567"#),
        client.post(&hook).header("content-encoding", "gzip").body("Кукушкин"),
        client.post(&hook).header("content-type", form).body("account[id]=1&account[name]=Кукушкин"),
        client.post(format!("{ingest}/webhook/amocrm/Кукушкин-9161234567")).body(broken),
        client.post(format!("{ingest}/webhook?secret={WEBHOOK_SECRET}")).body(broken),
        client.get(&hook),
        client.get(format!("http://127.0.0.1:{}/Кукушкин", system.bot.port)),
    ];
    let mut answers = String::new();
    for post in posts {
        let answer = post.send().await?;
        writeln!(answers, "{} {:?}", answer.status(), answer.headers())?;
        answers.push_str(&answer.text().await?);
        answers.push('\n');
    }
    let url = system.bot.settings.get("AMQP_URL").context("the bot has a broker")?;
    let connection = Connection::connect(url, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    for message in [r#"{"version":1,"id":"Кукушкин","subject":"+79161234567"}"#, "Кукушкин 9161234567"]
    {
        let (options, properties) = (BasicPublishOptions::default(), BasicProperties::default());
        channel
            .basic_publish(EVENTS.into(), "lead.add".into(), options, message.as_bytes(), properties)
            .await?
            .await?;
    }
    connection.close(200, "said".into()).await?;
    system.settled().await?;
    Ok(answers)
}

async fn metrics(system: &System) -> Result<String> {
    let mut all = String::new();
    for port in [system.ingest.port, system.bot.port] {
        for path in ["metrics", "ready", "health"] {
            let answer = reqwest::get(format!("http://127.0.0.1:{port}/{path}")).await?;
            all.push_str(&answer.text().await?);
        }
    }
    Ok(all)
}

fn logs(system: &System) -> Result<Vec<(&'static str, String)>> {
    let folder = system.bot.log.parent().context("a log is in a folder")?;
    let mut logs = Vec::new();
    for folder in [folder, &folder.join("logs")] {
        logs.extend(in_folder(folder)?);
    }
    Ok(logs)
}

fn in_folder(folder: &Path) -> Result<Vec<(&'static str, String)>> {
    let files = std::fs::read_dir(folder)?.filter_map(|file| Some(file.ok()?.path()));
    let logs = files.filter(|file| file.extension().is_some_and(|extension| extension == "log"));
    logs.map(|file| Ok(("log", std::fs::read_to_string(file)?))).collect()
}
