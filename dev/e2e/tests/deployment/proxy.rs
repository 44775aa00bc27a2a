//! The proxy before three ingest-services and two bot-services.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use e2e::people::ANNA;
use e2e::process::Process;
use e2e::proxy::{NameServer, Ports, Proxy};
use e2e::system::System;
use e2e::wait;
use reqwest::StatusCode;
use simulator::amocrm::{Deal, Outcome, demo};

use crate::files::{Folder, root, succeed};
use crate::stage::with_system;
use crate::tools;

/// AmoCRM waits no longer.
const PATIENCE: Duration = Duration::from_secs(2);
const HOOKS: usize = 40;

/// Replicas share a port, each with an address of its own, as in compose.
async fn another_ingest(system: &System, at: Ipv4Addr) -> Result<Process> {
    let mut service = system.ingest.clone();
    service.settings.insert("SERVER_HOST", at.to_string());
    let process = service.start().await?;
    let ready = format!("http://{at}:{}/ready", service.port);
    wait::until("a replica of ingest-service to be ready", wait::LIMIT, async || {
        reqwest::get(&ready).await.ok()?.status().is_success().then_some(())
    })
    .await?;
    Ok(process)
}

/// How many probes without content the replica has answered.
async fn answered(system: &System, at: Ipv4Addr) -> Result<f64> {
    let metrics = reqwest::get(format!("http://{at}:{}/metrics", system.ingest.port)).await?.text().await?;
    let line =
        metrics.lines().find_map(|line| line.strip_prefix(r#"ingest_requests_total{outcome="empty"} "#));
    Ok(line.context("the counter is there from the start")?.parse()?)
}

/// Every one must be answered well, in the time that AmoCRM gives.
async fn all_pass(url: &str) -> Result<()> {
    let client = reqwest::Client::new();
    for number in 0..HOOKS {
        let asked = Instant::now();
        let status = client.post(url).send().await?.status();
        let took = asked.elapsed();
        ensure!(status == StatusCode::OK && took < PATIENCE, "hook {number}: {status} after {took:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn hooks_come_through_the_proxy_to_every_replica_and_its_log_holds_no_secret() -> Result<()> {
    let Some(caddy) = tools::find("caddy")? else { return Ok(()) };
    with_system(async |system| {
        let replicas = [Ipv4Addr::LOCALHOST, Ipv4Addr::new(127, 0, 0, 2), Ipv4Addr::new(127, 0, 0, 3)];
        let second = another_ingest(system, replicas[1]).await?;
        let third = another_ingest(system, replicas[2]).await?;
        let another_bot = system.another_bot().await?.start().await?;
        let names = NameServer::start([("ingest-service", replicas.to_vec())]).await?;
        let folder = Folder::create()?;
        let ports = Ports { ingest: system.ingest.port, bot: system.bot.port };
        let proxy = Proxy::start(&caddy, folder.path(), ports, &names).await?;

        let direct = system.amocrm.webhooks()[0].destination.clone();
        let secret = direct.rsplit('/').next().context("the address ends with the secret")?.to_owned();
        let public = format!("{}/webhook/amocrm/{secret}", proxy.address());
        system.amocrm.unsubscribe(&direct);
        system.amocrm.subscribe(&public);
        let deal = |name: &str| Deal::named(name).stage(demo::MEASUREMENT).address("ул. Ленина, д. 5");
        let first = system.amocrm.create_deal(deal("Окна"))?;
        let seen = system.sees(ANNA, &["⏳ Ожидает назначения", "Окна"]).await;
        seen.with_context(|| proxy.log())?;

        all_pass(&public).await.with_context(|| proxy.log())?;
        for replica in replicas {
            ensure!(answered(system, replica).await? > 0.0, "{replica} got none of {HOOKS} hooks");
        }
        third.kill().await?;
        names.forget("ingest-service", replicas[2]);
        let other = system.amocrm.create_deal(deal("Балкон"))?;
        is_sent_until_it_arrives(system).await.with_context(|| proxy.log())?;
        system.sees(ANNA, &["⏳ Ожидает назначения", "Балкон"]).await?;
        all_pass(&public).await.with_context(|| proxy.log())?;
        system.settled().await?;
        system.one_measurement_each(&[first, other]).await?;

        only_the_webhook_passes(&proxy, &public).await?;
        second.kill().await?;
        system.stop_services().await?;
        nobody_behind_is_told_without_the_secret(&proxy, &public, &secret).await?;
        let status = another_bot.stop().await?;
        ensure!(status.success(), "the second bot-service ended with {status}");
        Ok(())
    })
    .await
}

/// As AmoCRM does: a hook with any other answer than 200 is sent again.
async fn is_sent_until_it_arrives(system: &System) -> Result<()> {
    wait::until("the newest hook to arrive", wait::LIMIT, async || {
        system.amocrm.wait_for_hook_answers(PATIENCE).await.ok()?;
        let hook = system.amocrm.newest_hooks(1).pop()?;
        if matches!(hook.outcome, Outcome::Answered { status: 200, .. }) {
            return Some(());
        }
        system.amocrm.redeliver(hook.id).ok()?;
        None
    })
    .await
}

async fn only_the_webhook_passes(proxy: &Proxy, public: &str) -> Result<()> {
    for path in
        ["/", "/health", "/ready", "/metrics", "/webhook", "/webhook/other", "/webhook/amocrm/../../metrics"]
    {
        let status = reqwest::get(format!("{}{path}", proxy.address())).await?.status();
        ensure!(status == StatusCode::NOT_FOUND, "{path} is answered with {status}");
    }
    let client = reqwest::Client::new();
    for size in [1_500_000, 20_000_000] {
        // Whoever has read enough may hang up before the answer can be read.
        if let Ok(answer) = client.post(public).body("a".repeat(size)).send().await {
            ensure!(!answer.status().is_success(), "{size} bytes are answered with {}", answer.status());
        }
    }
    let wrong = client.post(format!("{}/webhook/amocrm/wrong", proxy.address())).send().await?.status();
    ensure!(wrong == StatusCode::UNAUTHORIZED, "a wrong secret: {wrong}");
    Ok(())
}

async fn nobody_behind_is_told_without_the_secret(proxy: &Proxy, public: &str, secret: &str) -> Result<()> {
    let client = reqwest::Client::new();
    let request = client.post(format!("{public}?secret={secret}")).header("X-Webhook-Secret", secret);
    let status = request.header("Referer", public).body("leads[add][0][id]=1").send().await?.status();
    ensure!(status.is_server_error(), "nobody is there, yet {status}");
    let log = proxy.log();
    ensure!(log.contains("http.log.error"), "the failure itself is logged:\n{log}");
    ensure!(!log.contains(secret) && !log.contains("/webhook"), "the log holds the address:\n{log}");
    Ok(())
}

#[test]
fn a_host_of_https_is_served_with_a_certificate_and_nothing_else_is_open() -> Result<()> {
    let Some(caddy) = tools::find("caddy")? else { return Ok(()) };
    let mut command = std::process::Command::new(caddy);
    command.args(["adapt", "--adapter", "caddyfile", "--config"]).arg(root().join("deploy/Caddyfile"));
    command
        .env_clear()
        .env("WEBHOOK_HOST", "https://zamer.example.ru")
        .env("WEBHOOK_PATH", "/webhook/amocrm");
    let config: serde_json::Value = serde_json::from_str(&succeed(&mut command)?)?;
    ensure!(config["admin"]["disabled"] == true, "the administration is open");
    let servers = config["apps"]["http"]["servers"].as_object().context("servers")?;
    let mut listening: Vec<_> = servers.values().map(|server| server["listen"].to_string()).collect();
    listening.sort();
    ensure!(listening == [r#"["127.0.0.1:2020"]"#, r#"[":443"]"#], "{listening:?}");
    let public = servers.values().find(|server| server["listen"][0] == ":443").context("the public one")?;
    ensure!(public["routes"][0]["match"][0]["host"][0] == "zamer.example.ru", "{public}");
    ensure!(public["logs"].is_null(), "there is a log of requests");
    ensure!(config["apps"]["tls"].is_null(), "certificates come by themselves");
    Ok(())
}
