//! A real browser for tests and pictures: headless Chromium, driven through chromedriver.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use nix::unistd::geteuid;
use serde_json::{Value, json};
use tokio::process::{Child, Command};

use crate::process::free_port;
use crate::wait;

const DRIVER: &str = "chromedriver";
const STARTED_WITHIN: Duration = Duration::from_secs(30);

/// Nothing of a person's own profile, and no calls to anybody.
const SWITCHES: [&str; 11] = [
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--lang=ru",
    "--window-size=1440,900",
];

/// One window. Call [`Browser::close`]; dropping it kills the driver, and Chromium with it.
#[derive(Debug)]
pub struct Browser {
    pub client: Client,
    /// Where the driver takes commands for this session.
    session: String,
    http: reqwest::Client,
    driver: Child,
    profile: PathBuf,
}

/// Size in CSS pixels, and the colours that the person prefers.
#[derive(Debug, Clone, Copy)]
pub struct Display {
    pub width: u32,
    pub height: u32,
    pub is_dark: bool,
}

/// Whether chromedriver is on this machine.
pub fn is_present() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(DRIVER).is_file())
}

impl Browser {
    /// # Errors
    ///
    /// If chromedriver or Chromium does not start.
    pub async fn start() -> Result<Self> {
        let port = free_port().await?;
        let address = format!("http://127.0.0.1:{port}");
        let driver = Command::new(DRIVER)
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {DRIVER} (the Debian package chromium-driver)"))?;
        let http = reqwest::Client::builder().no_proxy().build()?;
        wait::until("chromedriver to be ready", STARTED_WITHIN, async || {
            let status: Value = http.get(format!("{address}/status")).send().await.ok()?.json().await.ok()?;
            (status["value"]["ready"] == true).then_some(())
        })
        .await?;
        let profile = std::env::temp_dir().join(format!("browser-{}", uuid::Uuid::new_v4()));
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(&profile))
            .connect(&address)
            .await
            .context("starting Chromium")?;
        let id = client.session_id().await?.context("a session has an id")?;
        Ok(Self { client, session: format!("{address}/session/{id}"), http, driver, profile })
    }

    /// Shows pages as on this display from now on.
    ///
    /// # Errors
    ///
    /// If the driver refuses.
    pub async fn show_on(&self, display: Display) -> Result<()> {
        let Display { width, height, is_dark } = display;
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await?;
        let colours = if is_dark { "dark" } else { "light" };
        let feature = json!({ "name": "prefers-color-scheme", "value": colours });
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": [feature] })).await
    }

    async fn devtools(&self, command: &str, params: Value) -> Result<()> {
        let body = json!({ "cmd": command, "params": params });
        let sent = self.http.post(format!("{}/goog/cdp/execute", self.session)).json(&body).send();
        sent.await?.error_for_status().with_context(|| command.to_owned())?;
        Ok(())
    }

    /// # Errors
    ///
    /// If the browser does not end well.
    pub async fn close(mut self) -> Result<()> {
        self.client.close().await?;
        self.driver.kill().await?;
        std::fs::remove_dir_all(&self.profile).context("removing the browser's profile")
    }
}

fn capabilities(profile: &std::path::Path) -> serde_json::Map<String, Value> {
    let mut switches: Vec<_> = SWITCHES.map(str::to_owned).to_vec();
    switches.push(format!("--user-data-dir={}", profile.display()));
    if geteuid().is_root() {
        switches.push("--no-sandbox".to_owned());
    }
    serde_json::Map::from_iter([
        ("browserName".to_owned(), json!("chrome")),
        ("goog:chromeOptions".to_owned(), json!({ "args": switches })),
    ])
}
