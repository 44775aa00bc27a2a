//! Caddy with our Caddyfile, adapted by its variables alone, before replicas of the services.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result};
use tokio::process::{Child, Command};

use crate::process::free_port;
use crate::wait;

mod name_server;

pub use name_server::NameServer;

const CADDYFILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/Caddyfile");

/// The ports of the replicas, each of which has an address of its own.
#[derive(Debug, Clone, Copy)]
pub struct Ports {
    pub ingest: u16,
    pub bot: u16,
}

/// Caddy on its way or at work. Dropping it kills it.
pub struct Proxy {
    pub port: u16,
    log: PathBuf,
    _child: Child,
}

impl Proxy {
    /// Starts it in `folder`, where its log will be.
    ///
    /// # Errors
    ///
    /// If it does not answer its health check.
    pub async fn start(caddy: &Path, folder: &Path, ports: Ports, names: &NameServer) -> Result<Self> {
        let (port, health) = (free_port().await?, free_port().await?);
        let log = folder.join("caddy.log");
        let file = File::create(&log)?;
        let child = Command::new(caddy)
            .args(["run", "--adapter", "caddyfile", "--config", CADDYFILE])
            .env_clear()
            .env("HOME", folder)
            .env("WEBHOOK_HOST", address(port))
            .env("WEBHOOK_PATH", "/webhook/amocrm")
            .env("INGEST_PORT", ports.ingest.to_string())
            .env("BOT_PORT", ports.bot.to_string())
            .env("NAME_SERVER", format!("udp/{}", names.address))
            .env("HEALTH_PORT", health.to_string())
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .kill_on_drop(true)
            .spawn()?;
        let proxy = Self { port, log, _child: child };
        let health = format!("{}/", address(health));
        let alive = wait::until("caddy to answer its health check", wait::LIMIT, async || {
            reqwest::get(&health).await.ok()?.status().is_success().then_some(())
        });
        alive.await.with_context(|| proxy.log())?;
        Ok(proxy)
    }

    /// `http://127.0.0.1:…`, as the world sees it.
    pub fn address(&self) -> String {
        address(self.port)
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

fn address(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// Where caddy is, if it is installed.
pub fn caddy() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join("caddy")).find(|file| file.is_file())
}
