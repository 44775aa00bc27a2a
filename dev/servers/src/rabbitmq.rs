//! A private RabbitMQ with a port mapper of its own, so that it meets no other node of the machine.

use std::fs::{self, File};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::time::timeout;

use crate::folder::Folder;
use crate::group::{Farewell, Frozen, Group};
use crate::ports::{free_port, random_word};
use crate::{find, readiness};

const START_LIMIT: Duration = Duration::from_mins(2);
const CONTROL_LIMIT: Duration = Duration::from_mins(1);
const PROTOCOL_HEADER: &[u8] = b"AMQP\x00\x00\x09\x01";
/// The first byte of the frame that a broker answers the header with.
const METHOD_FRAME: u8 = 1;

/// A broker. Dropping it stops it and then, by the order of the fields, its port mapper.
pub struct RabbitMq {
    /// `amqp://…` with the administrator's name and password, on the default virtual host.
    pub url: String,
    /// None after it was killed.
    server: Option<Group>,
    _mapper: Group,
    place: Place,
}

impl RabbitMq {
    /// Starts a broker with its files in `folder`.
    pub async fn start(folder: &Folder) -> Result<Self> {
        let place = Place::create(folder)?;
        // Erlang would start a mapper that detaches from everything; one that already listens keeps it from that.
        let mut mapper = Group::spawn(&mut place.mapper()?, Farewell::ABRUPT)?;
        let listening =
            || async { TcpStream::connect((Ipv4Addr::LOCALHOST, place.mapper_port)).await.is_ok() };
        readiness::until_ready("epmd", START_LIMIT, &place.log, &mut mapper, listening).await?;

        let url = format!("amqp://guest:{}@127.0.0.1:{}/%2f", place.password, place.port);
        let mut rabbitmq = Self { url, server: None, _mapper: mapper, place };
        rabbitmq.start_again().await?;
        Ok(rabbitmq)
    }

    /// `kill -9` for every process of it but the port mapper.
    pub fn kill(&mut self) {
        if let Some(server) = self.server.take() {
            server.kill();
        }
    }

    /// SIGSTOP for every process of it, until the result is dropped.
    ///
    /// # Errors
    ///
    /// If it does not run.
    pub fn freeze(&self) -> Result<Frozen> {
        self.server.as_ref().context("it was killed")?.freeze()
    }

    /// Starts it on the data and the port it had, which takes some seconds. Does nothing while it runs.
    pub async fn start_again(&mut self) -> Result<()> {
        if self.server.is_some() {
            return Ok(());
        }
        let server = self.server.insert(Group::spawn(&mut self.place.server()?, Farewell::ABRUPT)?);
        let port = self.place.port;
        readiness::until_ready("RabbitMQ", START_LIMIT, &self.place.log, server, || answers(port)).await
    }

    /// Runs `rabbitmqctl`, which takes a second or more.
    pub async fn control(&self, arguments: &[&str]) -> Result<()> {
        let program = self.place.script.with_file_name("rabbitmqctl");
        let mut control = self.place.inside(&program)?;
        control.args(arguments).kill_on_drop(true);
        let ended =
            timeout(CONTROL_LIMIT, control.status()).await.context("rabbitmqctl takes too long")??;
        ensure!(ended.success(), "rabbitmqctl failed: {}", readiness::tail(&self.place.log));
        Ok(())
    }
}

struct Place {
    script: PathBuf,
    folder: PathBuf,
    log: PathBuf,
    password: String,
    port: u16,
    node_port: u16,
    mapper_port: u16,
}

impl Place {
    fn create(folder: &Folder) -> Result<Self> {
        let place = Self {
            script: find::rabbitmq().context("RabbitMQ is not installed")?,
            folder: folder.subfolder("rabbitmq")?,
            log: folder.path().join("rabbitmq.log"),
            password: random_word()?,
            port: free_port()?,
            node_port: free_port()?,
            mapper_port: free_port()?,
        };
        // Without the limit on free space a small disk would block every publisher.
        let settings = format!(
            "listeners.tcp.1 = 127.0.0.1:{}\ndefault_pass = {}\ndisk_free_limit.absolute = 50MB\n",
            place.port, place.password
        );
        place.write("rabbitmq.conf", &settings)?;
        place.write("enabled_plugins", "[].\n")?;
        Ok(place)
    }

    fn write(&self, name: &str, text: &str) -> Result<()> {
        fs::write(self.folder.join(name), text).with_context(|| format!("writing {name}"))
    }

    /// A command that writes to the log and sees no setting of another node.
    fn command(&self, program: &Path) -> Result<Command> {
        let log = File::options().create(true).append(true).open(&self.log).context("opening the log")?;
        let mut command = Command::new(program);
        command.current_dir(&self.folder);
        command.stdout(log.try_clone().context("sharing the log")?).stderr(log);
        for (name, _) in std::env::vars_os() {
            let bytes = name.as_encoded_bytes();
            if bytes.starts_with(b"RABBITMQ_") || bytes.starts_with(b"ERL_") || bytes == b"NOTIFY_SOCKET" {
                command.env_remove(name);
            }
        }
        command.env("ERL_EPMD_ADDRESS", "127.0.0.1").env("ERL_EPMD_PORT", self.mapper_port.to_string());
        Ok(command)
    }

    fn mapper(&self) -> Result<Command> {
        self.command(&find::epmd().context("Erlang's epmd is not installed")?)
    }

    fn server(&self) -> Result<Command> {
        self.inside(&self.script)
    }

    /// A command that knows the node and its folders.
    fn inside(&self, program: &Path) -> Result<Command> {
        let inside = |name: &str| self.folder.join(name);
        let mut command = self.command(program)?;
        command
            .env("HOME", &self.folder)
            .env("RABBITMQ_NODENAME", "private@localhost")
            .env("RABBITMQ_DIST_PORT", self.node_port.to_string())
            .env("RABBITMQ_MNESIA_BASE", inside("data"))
            .env("RABBITMQ_LOG_BASE", inside("log"))
            .env("RABBITMQ_CONFIG_FILE", inside("rabbitmq.conf"))
            .env("RABBITMQ_ADVANCED_CONFIG_FILE", inside("advanced.config"))
            .env("RABBITMQ_CONF_ENV_FILE", inside("rabbitmq-env.conf"))
            .env("RABBITMQ_ENABLED_PLUGINS_FILE", inside("enabled_plugins"))
            .env("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}");
        Ok(command)
    }
}

/// Whether the port speaks AMQP already: a broker opens it only after its start-up is complete.
async fn answers(port: u16) -> bool {
    let greeting = async {
        let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
        connection.write_all(PROTOCOL_HEADER).await?;
        connection.read_u8().await
    };
    matches!(tokio::time::timeout(Duration::from_secs(5), greeting).await, Ok(Ok(METHOD_FRAME)))
}
