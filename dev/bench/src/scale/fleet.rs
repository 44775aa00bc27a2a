//! Replicas of ingest-service behind the proxy: one port, each with an address of its own.

use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use e2e::process::{Process, Service, free_port};
use e2e::proxy::{self, NameServer, Ports, Proxy};
use e2e::system::Places;
use e2e::{settings, wait};
use tokio::time::sleep;

use crate::load::Target;
use crate::stage::Programs;

const INGEST: &str = "ingest-service";
/// The proxy asks for addresses every second, and may have asked just now.
const ADDRESSES_LAST: Duration = Duration::from_millis(2_500);

pub struct Fleet {
    proxy: Proxy,
    names: NameServer,
    port: u16,
    replicas: Vec<Process>,
}

impl Fleet {
    /// Starts the proxy and so many replicas, which all get webhooks.
    ///
    /// # Errors
    ///
    /// If caddy is not installed, or a part does not start.
    pub async fn start(programs: &Programs, places: &Places, folder: &Path, count: usize) -> Result<Self> {
        let caddy = proxy::caddy().context("caddy is not installed: `cargo xtask install` does that")?;
        let port = free_port().await?;
        let mut replicas = Vec::new();
        for number in 0..count {
            replicas.push(ingest(programs, places, folder, (port, number)).await?);
        }
        let names = NameServer::start([(INGEST, addresses(count)?)]).await?;
        // Nobody asks for the bot here.
        let ports = Ports { ingest: port, bot: free_port().await? };
        let proxy = Proxy::start(&caddy, folder, ports, &names).await?;
        Ok(Self { proxy, names, port, replicas })
    }

    pub fn target(&self) -> Target {
        Target::local(self.proxy.port, settings::webhook_path())
    }

    /// From now on only the first so many get webhooks; the others rest.
    ///
    /// # Errors
    ///
    /// If there are not so many.
    pub async fn use_only(&self, count: usize) -> Result<()> {
        ensure!(count <= self.replicas.len(), "{count} replicas are too many");
        self.names.set(INGEST, addresses(count)?);
        sleep(ADDRESSES_LAST).await;
        Ok(())
    }

    /// How many webhooks each replica has accepted since its start.
    ///
    /// # Errors
    ///
    /// If one does not tell.
    pub async fn accepted(&self) -> Result<Vec<f64>> {
        let mut accepted = Vec::new();
        for address in addresses(self.replicas.len())? {
            let metrics = format!("http://{address}:{}/metrics", self.port);
            let metrics = reqwest::get(metrics).await?.text().await?;
            let line = metrics
                .lines()
                .find_map(|line| line.strip_prefix(r#"ingest_requests_total{outcome="accepted"} "#));
            accepted.push(line.context("the counter is there from the start")?.parse()?);
        }
        Ok(accepted)
    }

    /// # Errors
    ///
    /// If one does not stop well.
    pub async fn stop(self) -> Result<()> {
        for replica in self.replicas {
            let status = replica.stop().await?;
            ensure!(status.success(), "a replica of ingest-service ended with {status}");
        }
        Ok(())
    }
}

fn addresses(count: usize) -> Result<Vec<Ipv4Addr>> {
    (1..=count).map(|number| Ok(Ipv4Addr::new(127, 0, 0, u8::try_from(number)?))).collect()
}

async fn ingest(
    programs: &Programs,
    places: &Places,
    folder: &Path,
    (port, number): (u16, usize),
) -> Result<Process> {
    let address = addresses(number + 1)?.pop().context("the last of them")?;
    let mut settings = settings::ingest(places, port);
    settings.insert("SERVER_HOST", address.to_string());
    let log = folder.join(format!("ingest-{number}.log"));
    let service = Service { binary: programs.ingest.clone(), settings, port, log };
    let process = service.spawn()?;
    let ready = format!("http://{address}:{port}/ready");
    let started = wait::until("a replica of ingest-service to be ready", wait::LIMIT, async || {
        reqwest::get(&ready).await.ok()?.status().is_success().then_some(())
    });
    started.await.with_context(|| service.end_of_log())?;
    Ok(process)
}
