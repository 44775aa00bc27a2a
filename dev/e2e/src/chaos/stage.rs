//! The system under test with everything around it that can break: two replicas of each service as processes, a
//! PostgreSQL and a RabbitMQ of our own, the simulators, and a relay on every line between them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use private_servers::{Folder, Postgres, RabbitMq};
use simulator::amocrm::{self, Integration, Persistence, Rotation};
use simulator::telegram;
use tokio::sync::Mutex;

use super::cast;
use super::plan::faults::{Link, Who};
use super::slot::Slot;
use crate::database::Database;
use crate::process::{Service, binary, free_port};
use crate::relay::Relay;
use crate::settings;
use crate::system::Places;
use crate::wait;

/// So much faster than AmoCRM itself does the simulated one come again with a hook.
const HOOKS_SPEED: u32 = 150;
/// Shorter than an hour, so that the bot renews its tokens as often as it may: every five minutes.
const TOKENS_LIVE: chrono::TimeDelta = chrono::TimeDelta::minutes(20);
const REFRESH_TOKEN: &str = "simulated-first-refresh-token";
const CLIENT_ID: &str = "3ab1f2f0-0000-4000-8000-000000000001";
const CLIENT_SECRET: &str = "simulated-client-secret";
const REDIRECT_URI: &str = "https://zamer.example.test/oauth";

pub struct Stage {
    pub telegram: telegram::Simulator,
    pub amocrm: amocrm::Simulator,
    pub database: Database,
    pub postgres: Mutex<Postgres>,
    pub rabbitmq: Mutex<RabbitMq>,
    pub amqp_url: String,
    pub ingests: [Arc<Slot>; 2],
    pub bots: [Arc<Slot>; 2],
    pub lines: BTreeMap<Link, Relay>,
    /// Where AmoCRM's webhooks go.
    pub destination: String,
    /// Of the logs.
    pub logs: PathBuf,
    /// Below everything that has its files in it.
    _folder: Folder,
}

impl Stage {
    /// Everything starts, with an empty database and empty queues.
    ///
    /// # Errors
    ///
    /// If a part does not come up.
    pub async fn build() -> Result<Self> {
        let folder = Folder::create()?;
        // The database survives kills only if it keeps its promises.
        let (postgres, rabbitmq) =
            tokio::try_join!(Postgres::start(&folder, true), RabbitMq::start(&folder))?;
        let database = Database::create(&postgres.url).await?;
        let telegram = telegram::Simulator::start(telegram::Options::default()).await?;
        for person in cast::people() {
            telegram.add_person(person);
        }
        let amocrm = amocrm::Simulator::start(options()).await?;
        amocrm.let_tokens_live(TOKENS_LIVE);
        let logs = std::env::temp_dir().join(format!("chaos-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(&logs)?;

        let around = Around {
            postgres: &database.url(),
            rabbitmq: &rabbitmq.url,
            telegram: &telegram,
            amocrm: &amocrm,
        };
        let ports = [free_port().await?, free_port().await?, free_port().await?, free_port().await?];
        let (lines, addresses) = around.lines(&ports[..2]).await?;
        let describe = Describe {
            logs: &logs,
            database: &database,
            telegram: &telegram,
            amocrm: &amocrm,
            addresses: &addresses,
        };
        let ingests = [describe.ingest(1, ports[0])?, describe.ingest(2, ports[1])?];
        let bots = [describe.bot(1, ports[2])?, describe.bot(2, ports[3])?];
        let destination = format!("{}{}", addresses[&Link::HooksToIngest], settings::webhook_path());
        let amqp_url = rabbitmq.url.clone();
        Ok(Self {
            telegram,
            amocrm,
            database,
            postgres: Mutex::new(postgres),
            rabbitmq: Mutex::new(rabbitmq),
            amqp_url,
            ingests,
            bots,
            lines,
            destination,
            logs,
            _folder: folder,
        })
    }

    pub fn slots(&self) -> impl Iterator<Item = &Arc<Slot>> {
        self.ingests.iter().chain(&self.bots)
    }

    /// The replica meant, which for a leader depends on the moment.
    pub async fn slot(&self, who: Who) -> &Arc<Slot> {
        match who {
            Who::Ingest(number) => &self.ingests[number % 2],
            Who::Bot(number) => &self.bots[number % 2],
            Who::Leader => self.leader().await.unwrap_or(&self.bots[0]),
        }
    }

    pub async fn leader(&self) -> Option<&Arc<Slot>> {
        for bot in &self.bots {
            if bot.ready().await.is_some_and(|says| says["leads"] == true) {
                return Some(bot);
            }
        }
        None
    }

    /// Every replica is ready, has its broker, and one of the bots leads.
    pub async fn is_well(&self) -> bool {
        let mut leaders = 0;
        for slot in self.slots() {
            let Some(says) = slot.ready().await else { return false };
            if says["broker"] != "connected" {
                return false;
            }
            leaders += usize::from(says["leads"] == true);
        }
        leaders == 1
    }

    /// # Errors
    ///
    /// If it is not within `limit`.
    pub async fn becomes_well(&self, limit: Duration) -> Result<()> {
        let well = wait::until("all replicas to be well", limit, async || self.is_well().await.then_some(()));
        well.await.with_context(|| self.ends_of_logs())
    }

    pub fn ends_of_logs(&self) -> String {
        let ends: Vec<_> = self.slots().map(|slot| slot.service.end_of_log()).collect();
        ends.join("\n\n")
    }
}

fn options() -> amocrm::Options {
    let integration = Integration {
        client_id: CLIENT_ID.to_owned(),
        client_secret: CLIENT_SECRET.to_owned(),
        redirect_uri: REDIRECT_URI.to_owned(),
        refresh_token: REFRESH_TOKEN.to_owned(),
        rotation: Rotation::UntilUsed,
    };
    let persistence = Persistence { speed: HOOKS_SPEED, gives_up: false };
    amocrm::Options::demo().integration(integration).persistence(persistence)
}

/// What the lines lead to.
struct Around<'a> {
    postgres: &'a str,
    rabbitmq: &'a str,
    telegram: &'a telegram::Simulator,
    amocrm: &'a amocrm::Simulator,
}

impl Around<'_> {
    /// Every line with the address through it.
    async fn lines(&self, ingests: &[u16]) -> Result<(BTreeMap<Link, Relay>, BTreeMap<Link, String>)> {
        let (mut lines, mut addresses) = (BTreeMap::new(), BTreeMap::new());
        for link in Link::ALL {
            let (relay, address) = match link {
                Link::HooksToIngest => {
                    let replicas = ingests.iter().map(|port| format!("127.0.0.1:{port}")).collect();
                    let relay = Relay::among(replicas).await?;
                    let address = format!("http://{}", relay.address());
                    (relay, address)
                }
                Link::IngestToBroker | Link::BotToBroker => Relay::before(self.rabbitmq).await?,
                Link::BotToDatabase => Relay::before(self.postgres).await?,
                Link::BotToAmoCrm => Relay::before(self.amocrm.url()).await?,
                Link::BotToTelegram => Relay::before(&self.telegram.url()).await?,
            };
            lines.insert(link, relay);
            addresses.insert(link, address.trim_end_matches('/').to_owned());
        }
        Ok((lines, addresses))
    }
}

/// What each process is told.
struct Describe<'a> {
    logs: &'a std::path::Path,
    database: &'a Database,
    telegram: &'a telegram::Simulator,
    amocrm: &'a amocrm::Simulator,
    addresses: &'a BTreeMap<Link, String>,
}

impl Describe<'_> {
    fn ingest(&self, number: usize, port: u16) -> Result<Arc<Slot>> {
        let mut settings = settings::ingest(&self.places(Link::IngestToBroker), port);
        settings.insert("SPOOL_DIR", self.logs.join("spool").display().to_string());
        self.slot(binary("INGEST_BIN", "ingest-service")?, settings, (format!("ingest-{number}"), port))
    }

    fn bot(&self, number: usize, port: u16) -> Result<Arc<Slot>> {
        let places = self.places(Link::BotToBroker);
        let mut settings = settings::bot(&places, self.database, self.telegram, self.amocrm, port);
        settings.remove("AMOCRM_ACCESS_TOKEN");
        settings.extend([
            ("DATABASE_URL", self.addresses[&Link::BotToDatabase].clone()),
            ("TELEGRAM_API_URL", self.addresses[&Link::BotToTelegram].clone()),
            ("AMOCRM_BASE_URL", self.addresses[&Link::BotToAmoCrm].clone()),
            ("AMOCRM_REFRESH_TOKEN", REFRESH_TOKEN.to_owned()),
            ("AMOCRM_CLIENT_ID", CLIENT_ID.to_owned()),
            ("AMOCRM_CLIENT_SECRET", CLIENT_SECRET.to_owned()),
            ("AMOCRM_REDIRECT_URI", REDIRECT_URI.to_owned()),
            ("WEBHOOK_HOST", self.addresses[&Link::HooksToIngest].clone()),
            ("WEBHOOK_SECRET", settings::WEBHOOK_SECRET.to_owned()),
        ]);
        self.slot(binary("BOT_BIN", "bot-service")?, settings, (format!("bot-{number}"), port))
    }

    fn places(&self, broker: Link) -> Places {
        Places { database_url: String::new(), amqp_url: self.addresses[&broker].clone() }
    }

    fn slot(
        &self,
        binary: PathBuf,
        settings: BTreeMap<&'static str, String>,
        (name, port): (String, u16),
    ) -> Result<Arc<Slot>> {
        let log = self.logs.join(format!("{name}.log"));
        Ok(Arc::new(Slot::new(name, Service { binary, settings, port, log })?))
    }
}
