//! A real browser for tests and pictures: headless Chromium, driven through chromedriver.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use nix::unistd::geteuid;
use serde_json::{Value, json};
use tokio::process::{Child, Command};

use crate::process::free_port;
use crate::wait;

const DRIVER: &str = "chromedriver";
/// Takes a picture in base64 and gives it back with a palette.
const SMALL_PNG: &str = include_str!("small_png.js");
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
        let features = json!([
            { "name": "prefers-color-scheme", "value": colours },
            // A picture must not catch a message on its way.
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await?;
        Ok(())
    }

    /// A PNG of a part of the window, in CSS pixels, with a palette of 256 colours.
    ///
    /// # Errors
    ///
    /// If the browser refuses.
    pub async fn picture(&self, x: f64, y: f64, width: f64, height: f64) -> Result<Vec<u8>> {
        let clip = json!({ "x": x, "y": y, "width": width, "height": height, "scale": 1 });
        let taken = self.devtools("Page.captureScreenshot", json!({ "format": "png", "clip": clip })).await?;
        let small = self.client.execute_async(SMALL_PNG, vec![taken["data"].clone()]).await?;
        let data = small.as_str().with_context(|| format!("making the picture small: {small}"))?;
        BASE64_STANDARD.decode(data).context("reading the picture")
    }

    async fn devtools(&self, command: &str, params: Value) -> Result<Value> {
        let body = json!({ "cmd": command, "params": params });
        let sent = self.http.post(format!("{}/goog/cdp/execute", self.session)).json(&body).send();
        let answer = sent.await?.error_for_status().with_context(|| command.to_owned())?;
        Ok(answer.json::<Value>().await?["value"].take())
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
