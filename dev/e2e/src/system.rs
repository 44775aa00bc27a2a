//! The whole system: both services as processes, with AmoCRM and Telegram as simulators around them.

use std::path::PathBuf;

use anyhow::{Context, Result};
use simulator::{amocrm, telegram};

use crate::database::{Database, empty_queues};
use crate::people;
use crate::process::{Process, Service, binary, free_port};
use crate::settings;

/// Where the real parts are. Both addresses come from the environment: `cargo xtask` gives private ones.
#[derive(Debug, Clone)]
pub struct Places {
    pub database_url: String,
    pub amqp_url: String,
}

impl Places {
    /// # Errors
    ///
    /// If `DATABASE_URL` or `AMQP_URL` is not set.
    pub fn from_environment() -> Result<Self> {
        let read = |name: &str| {
            std::env::var(name).with_context(|| format!("{name} is not set: run this through `cargo xtask`"))
        };
        Ok(Self { database_url: read("DATABASE_URL")?, amqp_url: read("AMQP_URL")? })
    }
}

/// Everything that a story needs. Services end with it; call [`System::stop`] to see them end well.
pub struct System {
    pub telegram: telegram::Simulator,
    pub amocrm: amocrm::Simulator,
    pub database: Database,
    pub ingest: Service,
    pub bot: Service,
    running_ingest: Option<Process>,
    running_bot: Option<Process>,
    folder: PathBuf,
}

impl System {
    /// Starts all of it, with an empty database and empty queues; AmoCRM's webhooks point at ingest-service.
    ///
    /// # Errors
    ///
    /// If a part does not start.
    pub async fn start(places: &Places) -> Result<Self> {
        empty_queues(&places.amqp_url).await.context("emptying the queues")?;
        let database = Database::create(&places.database_url).await?;
        let telegram = telegram::Simulator::start(telegram::Options::default()).await?;
        for person in people::everybody() {
            telegram.add_person(person);
        }
        let amocrm = amocrm::Simulator::start(amocrm::Options::demo()).await?;
        let folder = std::env::temp_dir().join(format!("story-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(&folder)?;

        let (ingest_port, bot_port) = (free_port().await?, free_port().await?);
        let ingest = Service {
            binary: binary("INGEST_BIN", "ingest-service")?,
            settings: settings::ingest(places, ingest_port),
            port: ingest_port,
            log: folder.join("ingest.log"),
        };
        let bot = Service {
            binary: binary("BOT_BIN", "bot-service")?,
            settings: settings::bot(places, &database, &telegram, &amocrm, bot_port),
            port: bot_port,
            log: folder.join("bot.log"),
        };
        let destination = format!("http://127.0.0.1:{ingest_port}{}", settings::webhook_path());
        amocrm.subscribe(&destination);
        let (running_ingest, running_bot) = (None, None);
        let mut system =
            Self { telegram, amocrm, database, ingest, bot, running_ingest, running_bot, folder };
        if let Err(error) = system.start_services().await {
            system.stop().await.context("removing the traces of a system that did not start")?;
            return Err(error);
        }
        Ok(system)
    }

    /// Stops both services as a container would be, and removes what the story made.
    ///
    /// # Errors
    ///
    /// If one does not stop well.
    pub async fn stop(mut self) -> Result<()> {
        let stopped = self.stop_services().await;
        self.database.drop_it().await?;
        std::fs::remove_dir_all(&self.folder)?;
        stopped
    }

    /// Stops both services at the same time, as a container would be.
    ///
    /// # Errors
    ///
    /// If one does not end within ten seconds with exit code 0.
    pub async fn stop_services(&mut self) -> Result<()> {
        let (bot, ingest) = (self.running_bot.take(), self.running_ingest.take());
        let (bot, ingest) = tokio::join!(end_well(bot), end_well(ingest));
        bot.context("stopping bot-service")?;
        ingest.context("stopping ingest-service")
    }

    /// Starts what does not run of the two.
    ///
    /// # Errors
    ///
    /// If one does not come up.
    pub async fn start_services(&mut self) -> Result<()> {
        if self.running_ingest.is_none() {
            self.running_ingest = Some(self.ingest.start().await?);
        }
        if self.running_bot.is_none() {
            self.running_bot = Some(self.bot.start().await?);
        }
        Ok(())
    }

    /// Kills bot-service where it stands.
    ///
    /// # Errors
    ///
    /// If it does not run.
    pub async fn kill_bot(&mut self) -> Result<()> {
        self.running_bot.take().context("bot-service does not run")?.kill().await
    }

    /// Stops bot-service as a container would be.
    ///
    /// # Errors
    ///
    /// If it does not run, or does not end well.
    pub async fn stop_bot(&mut self) -> Result<()> {
        end_well(Some(self.running_bot.take().context("bot-service does not run")?)).await
    }

    /// Kills bot-service where it stands and starts it again.
    ///
    /// # Errors
    ///
    /// If it does not come up.
    pub async fn restart_bot_hard(&mut self) -> Result<()> {
        self.kill_bot().await?;
        self.start_services().await
    }

    /// A second bot-service beside the first, with the same settings.
    ///
    /// # Errors
    ///
    /// If no port is free.
    pub async fn another_bot(&self) -> Result<Service> {
        let mut bot =
            Service { port: free_port().await?, log: self.folder.join("bot-2.log"), ..self.bot.clone() };
        bot.settings.insert("BOT_HTTP_PORT", bot.port.to_string());
        Ok(bot)
    }
}

async fn end_well(process: Option<Process>) -> Result<()> {
    let Some(process) = process else { return Ok(()) };
    let status = process.stop().await?;
    anyhow::ensure!(status.success(), "it ended with {status}");
    Ok(())
}
