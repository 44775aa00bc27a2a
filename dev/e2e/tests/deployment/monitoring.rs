//! Prometheus' settings and rules, and that whatever they and the dashboard look at exists.

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use e2e::people::ANNA;
use serde_json::Value;
use simulator::amocrm::{Deal, demo};

use crate::files::{root, succeed};
use crate::stage::with_system;
use crate::tools;

/// Of what these say of themselves, all that we look at. Seen at RabbitMQ 3.10 with our list of plugins; 4.2 has the
/// same names.
const OF_OTHERS: [&str; 8] = [
    "ALERTS",
    "up",
    "rabbitmq_disk_space_available_bytes",
    "rabbitmq_disk_space_available_limit_bytes",
    "rabbitmq_process_resident_memory_bytes",
    "rabbitmq_queue_messages_ready",
    "rabbitmq_resident_memory_limit_bytes",
    "process_resident_memory_bytes",
];
/// Told only where the settings have more than these tests do: the address of the webhook, a token that tells its end.
const SOMETIMES: [&str; 3] = [
    "bot_amocrm_webhook_subscribed",
    "bot_amocrm_webhook_unwatched_seconds",
    "bot_amocrm_token_expires_seconds",
];
const FOLDER: &str = "deploy/monitoring";

#[test]
fn prometheus_understands_its_settings_and_rules() -> Result<()> {
    let Some(promtool) = tools::find("promtool")? else { return Ok(()) };
    let check = |what: &str, file: &str| {
        succeed(Command::new(&promtool).args(["check", what, file]).current_dir(root().join(FOLDER)))
    };
    check("config", "prometheus.yml")?;
    let said = check("rules", "alerts.yml")?;
    ensure!(said.contains(&format!("{} rules found", expressions_of_rules()?.len())), "{said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_looked_at_exists() -> Result<()> {
    with_system(async |system| {
        system.amocrm.create_deal(Deal::named("Окна").stage(demo::MEASUREMENT))?;
        system.sees(ANNA, &["⏳ Ожидает назначения", "Окна"]).await?;
        system.asks(ANNA, "/pending", &["Окна"]).await?;
        system.settled().await?;
        let hook = system.amocrm.webhooks()[0].destination.clone();
        let unreadable =
            reqwest::Client::new().post(hook).body("{").header("content-type", "application/json");
        ensure!(unreadable.send().await?.status().is_success());

        let mut said = String::new();
        let mut known: BTreeSet<String> = OF_OTHERS.into_iter().chain(SOMETIMES).map(str::to_owned).collect();
        for port in [system.ingest.port, system.bot.port] {
            let text = reqwest::get(format!("http://127.0.0.1:{port}/metrics")).await?.text().await?;
            let lines = text.lines().filter(|line| !line.starts_with('#'));
            let names: BTreeSet<String> =
                lines.filter_map(|line| line.split(['{', ' ']).next()).map(str::to_owned).collect();
            ensure!(names.contains("process_resident_memory_bytes"), "{port} tells nothing of its memory");
            known.extend(names);
            said.push_str(&text);
        }
        for line in ["bot_leader 1\n", "bot_outbox_waiting 0\n", "bot_nudges_waiting 0\n"] {
            ensure!(said.contains(line), "no {line} in {said}");
        }
        for labelled in ["bot_sends_total{", "bot_amocrm_calls_total{", "ingest_requests_total{"] {
            let mut lines = said.lines().filter(|line| line.starts_with(labelled));
            ensure!(lines.all(|line| line.contains("outcome=\"")), "{labelled} is told without its outcome");
        }
        let expressions = [expressions_of_rules()?, expressions_of_the_dashboard()?].concat();
        ensure!(expressions.len() > 30, "the scan finds too little: {expressions:?}");
        for expression in expressions {
            let names = names(&expression);
            ensure!(!names.is_empty(), "no name in {expression}");
            for name in names {
                ensure!(known.contains(&name), "nobody tells {name}, of {expression}");
            }
        }
        Ok(())
    })
    .await
}

/// The value of each `expr:`, also of one that goes on below.
fn expressions_of_rules() -> Result<Vec<String>> {
    let text = std::fs::read_to_string(root().join(FOLDER).join("alerts.yml"))?;
    let rules = text.split("- alert: ").skip(1);
    rules
        .map(|rule| {
            let (_, rest) = rule.split_once("expr: ").context("a rule has an expression")?;
            let end =
                rest.find("\n        for:").or_else(|| rest.find("\n        labels:")).context("it ends")?;
            Ok(rest[..end].trim_start_matches(">-").trim().to_owned())
        })
        .collect()
}

fn expressions_of_the_dashboard() -> Result<Vec<String>> {
    let text = std::fs::read_to_string(root().join(FOLDER).join("grafana/dashboards/zamer.json"))?;
    let dashboard: Value = serde_json::from_str(&text)?;
    let panels = dashboard["panels"].as_array().context("panels")?;
    let targets = panels.iter().filter_map(|panel| panel["targets"].as_array()).flatten();
    targets.map(|target| Ok(target["expr"].as_str().context("an expression")?.to_owned())).collect()
}

/// The metrics that an expression names: words that are neither functions, nor operators, nor in brackets of any kind
/// that hold labels.
fn names(expression: &str) -> Vec<String> {
    let mut plain = without(expression, '{', '}');
    plain = without(&plain, '[', ']');
    while let Some(at) = plain.find("by (") {
        let end = plain[at..].find(')').map_or(plain.len(), |end| at + end + 1);
        plain.replace_range(at..end, "");
    }
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut names = Vec::new();
    let mut rest = plain.as_str();
    while let Some(start) = rest.find(is_word) {
        let word = &rest[start..];
        let end = word.find(|c| !is_word(c)).unwrap_or(word.len());
        let is_function = word[end..].trim_start().starts_with('(');
        let is_number = word.starts_with(|c: char| c.is_ascii_digit());
        if !is_function && !is_number && word[..end] != *"or" {
            names.push(word[..end].to_owned());
        }
        rest = &word[end..];
    }
    names
}

fn without(text: &str, open: char, close: char) -> String {
    let parts = text.split(open).enumerate();
    parts
        .map(
            |(place, part)| {
                if place == 0 { part } else { part.split_once(close).map_or("", |(_, rest)| rest) }
            },
        )
        .collect()
}

#[test]
fn the_names_in_an_expression_are_found() {
    let expression = r#"histogram_quantile(0.5, sum by (le) (rate(a_bucket{x="y"}[5m]))) > 1e8 or absent(b)"#;
    assert_eq!(names(expression), ["a_bucket", "b"]);
}
