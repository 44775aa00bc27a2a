//! Caddy with our Caddyfile between Telegram and two bot-services.

use std::net::Ipv4Addr;

use anyhow::{Context, Result, ensure};
use e2e::acts::PATIENCE;
use e2e::people::ANNA;
use e2e::process::Process;
use e2e::proxy::{NameServer, Ports, Proxy};
use e2e::settings::{TELEGRAM_HOST, TELEGRAM_PATH, TELEGRAM_SECRET, by_webhook};
use e2e::system::System;
use e2e::wait;
use reqwest::StatusCode;

use crate::files::Folder;
use crate::stage::with_system;
use crate::tools;

const NAME: &str = "bot-service";
const HEADER: &str = "X-Telegram-Bot-Api-Secret-Token";

/// Replicas share a port, each with an address of its own, as in compose.
async fn another_bot(system: &System, at: Ipv4Addr) -> Result<Process> {
    let mut service = system.another_bot().await?;
    service.port = system.bot.port;
    service.settings.insert("BOT_HTTP_PORT", service.port.to_string());
    service.settings.insert("BOT_HTTP_HOST", at.to_string());
    let process = service.spawn()?;
    let ready = format!("http://{at}:{}/ready", service.port);
    wait::until("a replica of bot-service to be ready", PATIENCE, async || {
        reqwest::get(&ready).await.ok()?.status().is_success().then_some(())
    })
    .await?;
    Ok(process)
}

/// How many updates this replica has stored.
async fn stored(system: &System, at: Ipv4Addr) -> Result<f64> {
    let metrics = reqwest::get(format!("http://{at}:{}/metrics", system.bot.port)).await?.text().await?;
    let name = r#"bot_telegram_webhook_requests_total{outcome="stored"} "#;
    let count = metrics.lines().find_map(|line| line.strip_prefix(name));
    Ok(count.map_or(Ok(0.0), str::parse)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn updates_come_through_the_proxy_to_every_replica_and_its_log_holds_no_secret() -> Result<()> {
    let Some(caddy) = tools::find("caddy")? else { return Ok(()) };
    with_system(async |system| {
        system.settled().await?;
        system.kill_bot().await?;
        system.bot.settings.extend(by_webhook());
        let replicas = [Ipv4Addr::LOCALHOST, Ipv4Addr::new(127, 0, 0, 2)];
        let names = NameServer::start([(NAME, replicas.to_vec())]).await?;
        let folder = Folder::create()?;
        let ports = Ports { ingest: system.ingest.port, bot: system.bot.port };
        let proxy = Proxy::start(&caddy, folder.path(), ports, &names).await?;
        system.telegram.resolve(TELEGRAM_HOST, [proxy.address()]);
        system.start_services().await?;
        let second = another_bot(system, replicas[1]).await?;

        for _ in 0..6 {
            let asked = system.asks(ANNA, "/pending", &["Новых замеров нет"]).await;
            asked.with_context(|| proxy.log())?;
        }
        for replica in replicas {
            ensure!(stored(system, replica).await? > 0.0, "{replica} got none of the updates");
        }
        second.kill().await?;
        names.forget(NAME, replicas[1]);
        for _ in 0..3 {
            let asked = system.asks(ANNA, "/pending", &["Новых замеров нет"]).await;
            asked.with_context(|| proxy.log())?;
        }
        only_updates_pass(&proxy).await?;
        system.settled().await?;
        system.stop_services().await?;
        nobody_behind_is_told_without_the_secret(&proxy).await
    })
    .await
}

async fn only_updates_pass(proxy: &Proxy) -> Result<()> {
    let (client, address) = (reqwest::Client::new(), format!("{}{TELEGRAM_PATH}", proxy.address()));
    let post = |secret: &str| client.post(&address).header(HEADER, secret);
    for (what, request, wanted) in [
        ("a wrong secret", post("wrong"), StatusCode::UNAUTHORIZED),
        ("no secret", client.post(&address), StatusCode::UNAUTHORIZED),
        ("a look", client.get(&address), StatusCode::NOT_FOUND),
        (
            "a path below",
            client.post(format!("{address}/x")).header(HEADER, TELEGRAM_SECRET),
            StatusCode::NOT_FOUND,
        ),
        ("metrics of the bot", client.get(format!("{}/metrics", proxy.address())), StatusCode::NOT_FOUND),
        ("junk", post(TELEGRAM_SECRET).body("{"), StatusCode::OK),
    ] {
        let status = request.send().await?.status();
        ensure!(status == wanted, "{what} is answered with {status}");
    }
    // Whoever has read enough may hang up before the answer can be read.
    if let Ok(answer) = post(TELEGRAM_SECRET).body("a".repeat(1_500_000)).send().await {
        ensure!(!answer.status().is_success(), "a body of 1.5 MB is answered with {}", answer.status());
    }
    Ok(())
}

async fn nobody_behind_is_told_without_the_secret(proxy: &Proxy) -> Result<()> {
    let address = format!("{}{TELEGRAM_PATH}", proxy.address());
    let request = reqwest::Client::new().post(&address).header(HEADER, TELEGRAM_SECRET).body("{}");
    let status = request.send().await?.status();
    ensure!(status.is_server_error(), "nobody is there, yet {status}");
    let log = proxy.log();
    ensure!(log.contains("http.log.error"), "the failure itself is logged:\n{log}");
    ensure!(!log.contains(TELEGRAM_SECRET) && !log.contains("/webhook"), "the log holds the address:\n{log}");
    Ok(())
}
