//! The processes as they would be deployed: settings of their own, everything else as it comes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use e2e::database::{Database, empty_queues};
use e2e::people;
use e2e::process::{Process, Service, free_port};
use e2e::settings;
use e2e::system::Places;
use hyper::body::Bytes;
use simulator::{amocrm, telegram};
use tempfile::TempDir;

use crate::load::Target;

/// What AmoCRM allows at most in any second; the simulator enforces it.
pub const AMOCRM_RPS: &str = "7";

/// Where the programs are.
#[derive(Debug, Clone)]
pub struct Programs {
    pub ingest: PathBuf,
    pub bot: PathBuf,
    /// The program that ingest-service is compared with.
    pub bare: PathBuf,
}

impl Programs {
    /// Named by the environment, or beside the running program.
    ///
    /// # Errors
    ///
    /// If one is missing; the error says how to build it.
    pub fn find() -> Result<Self> {
        Ok(Self {
            ingest: e2e::process::binary("INGEST_BIN", "ingest-service")?,
            bot: e2e::process::binary("BOT_BIN", "bot-service")?,
            bare: e2e::process::binary("BARE_BIN", "bare-publisher")?,
        })
    }
}

/// A process that takes webhooks.
#[derive(Debug)]
pub struct Taker {
    pub process: Process,
    pub target: Target,
}

/// Starts ingest-service.
///
/// # Errors
///
/// If it does not become ready.
pub async fn ingest(programs: &Programs, places: &Places, folder: &TempDir) -> Result<Taker> {
    let port = free_port().await?;
    let process =
        start(&programs.ingest, settings::ingest(places, port), port, folder.path().join("ingest.log"))
            .await?;
    Ok(Taker { process, target: Target::local(port, settings::webhook_path()) })
}

/// Starts the bare publisher.
///
/// # Errors
///
/// If it does not become ready.
pub async fn bare(programs: &Programs, places: &Places, folder: &TempDir) -> Result<Taker> {
    let port = free_port().await?;
    let settings = BTreeMap::from([("AMQP_URL", places.amqp_url.clone()), ("SERVER_PORT", port.to_string())]);
    let process = start(&programs.bare, settings, port, folder.path().join("bare.log")).await?;
    Ok(Taker { process, target: Target::local(port, "/webhook") })
}

async fn start(
    binary: &Path,
    settings: BTreeMap<&'static str, String>,
    port: u16,
    log: PathBuf,
) -> Result<Process> {
    Service { binary: binary.to_owned(), settings, port, log }.start().await
}

/// Both services with an empty database, empty queues, and simulators that answer at once within the limits of
/// the real ones. The one admin has pressed START.
pub struct Whole {
    pub telegram: telegram::Simulator,
    pub amocrm: amocrm::Simulator,
    pub database: Database,
    pub ingest: Taker,
    pub bot: Process,
    _folder: TempDir,
}

impl Whole {
    /// # Errors
    ///
    /// If a part does not start.
    pub async fn start(programs: &Programs, places: &Places) -> Result<Self> {
        empty_queues(&places.amqp_url).await.context("emptying the queues")?;
        let database = Database::create(&places.database_url).await?;
        let telegram = telegram::Simulator::start(telegram::Options::default()).await?;
        for person in people::everybody() {
            telegram.add_person(person);
        }
        let amocrm = amocrm::Simulator::start(amocrm::Options::demo()).await?;
        let folder = tempfile::tempdir()?;
        let port = free_port().await?;
        let mut settings = settings::bot(places, &database, &telegram, &amocrm, port);
        settings.insert("AMOCRM_RPS", AMOCRM_RPS.to_owned());
        let bot = start(&programs.bot, settings, port, folder.path().join("bot.log")).await?;
        let ingest = ingest(programs, places, &folder).await?;
        let whole = Self { telegram, amocrm, database, ingest, bot, _folder: folder };
        whole.welcome_the_admin().await?;
        Ok(whole)
    }

    async fn welcome_the_admin(&self) -> Result<()> {
        self.telegram.starts(people::ANNA, None)?;
        self.telegram.wait_for(people::ANNA, |_| true, e2e::wait::LIMIT).await?;
        Ok(())
    }

    /// Stops both services as a container would be.
    ///
    /// # Errors
    ///
    /// If one does not stop well.
    pub async fn stop(self) -> Result<()> {
        self.ingest.process.stop().await?;
        self.bot.stop().await?;
        self.database.drop_it().await
    }
}

/// Bodies as the load generator takes them.
pub fn bytes(bodies: Vec<String>) -> Arc<[Bytes]> {
    bodies.into_iter().map(Bytes::from).collect()
}
