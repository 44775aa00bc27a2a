//! A private PostgreSQL for data that nobody keeps: fast and forgetful, unless durability is asked for.

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use nix::sys::signal::Signal;
use nix::unistd::{User, geteuid};
use tokio::process::Command;

use crate::folder::Folder;
use crate::group::{Farewell, Frozen, Group};
use crate::ports::{free_port, random_word};
use crate::{find, readiness};

const START_LIMIT: Duration = Duration::from_mins(1);
/// SIGQUIT is PostgreSQL's immediate shutdown: its processes stop at once and free their shared memory.
const FAREWELL: Farewell = Farewell { signal: Signal::SIGQUIT, patience: Duration::from_secs(5) };

/// A server. Dropping it stops it.
pub struct Postgres {
    /// `postgres://…` with a superuser's name and password.
    pub url: String,
    place: Place,
    port: u16,
    is_durable: bool,
    /// None after it was killed.
    server: Option<Group>,
}

impl Postgres {
    /// Creates a cluster in `folder` and starts a server on it.
    pub async fn start(folder: &Folder, is_durable: bool) -> Result<Self> {
        let place = Place::create(folder)?;
        let password = random_word()?;
        place.create_cluster(&password).await?;
        let port = free_port()?;
        let url = format!("postgres://postgres:{password}@127.0.0.1:{port}/postgres");
        let mut postgres = Self { url, place, port, is_durable, server: None };
        postgres.start_again().await?;
        Ok(postgres)
    }

    /// `kill -9` for every process of it, as when the machine runs out of memory. What it has confirmed stays only
    /// if it is durable.
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

    /// Starts it on the data and the port it had. Does nothing while it runs.
    pub async fn start_again(&mut self) -> Result<()> {
        if self.server.is_some() {
            return Ok(());
        }
        let mut command = self.place.server(self.port)?;
        if !self.is_durable {
            command.args(settings(FORGETFUL));
        }
        let server = self.server.insert(Group::spawn(&mut command, FAREWELL)?);
        let answers = || self.place.answers(self.port);
        readiness::until_ready("PostgreSQL", START_LIMIT, &self.place.log, server, answers).await
    }
}

struct Place {
    programs: PathBuf,
    folder: PathBuf,
    log: PathBuf,
    /// PostgreSQL refuses to run as root; root starts it as this user.
    account: Option<User>,
}

impl Place {
    fn create(folder: &Folder) -> Result<Self> {
        let programs = find::postgres().context("PostgreSQL is not installed")?;
        let account = geteuid().is_root().then(unprivileged_account).transpose()?;
        let place = Self {
            programs,
            folder: folder.subfolder("postgres")?,
            log: folder.path().join("postgres.log"),
            account,
        };
        place.give_away(&place.folder)?;
        Ok(place)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn give_away(&self, path: &Path) -> Result<()> {
        let Some(account) = &self.account else { return Ok(()) };
        chown(path, Some(account.uid.as_raw()), Some(account.gid.as_raw()))
            .with_context(|| format!("giving {} to {}", path.display(), account.name))
    }

    /// One of PostgreSQL's programs, as its user, writing to the log, deaf to `PG…` of our environment.
    fn command(&self, program: &str) -> Result<Command> {
        let log = File::options().create(true).append(true).open(&self.log).context("opening the log")?;
        let mut command = Command::new(self.programs.join(program));
        command.current_dir(&self.folder).env("LC_MESSAGES", "C");
        command.stdout(log.try_clone().context("sharing the log")?).stderr(log);
        let foreign = std::env::vars_os().map(|(name, _)| name);
        for name in foreign.filter(|name| name.as_encoded_bytes().starts_with(b"PG")) {
            command.env_remove(name);
        }
        if let Some(account) = &self.account {
            command.uid(account.uid.as_raw()).gid(account.gid.as_raw());
        }
        Ok(command)
    }

    async fn create_cluster(&self, password: &str) -> Result<()> {
        let password_file = self.folder.join("password");
        fs::write(&password_file, password).context("writing the password file")?;
        fs::set_permissions(&password_file, fs::Permissions::from_mode(0o600))
            .context("closing the password file")?;
        self.give_away(&password_file)?;
        let mut command = self.command("initdb")?;
        // A plain password instead of a salted one: thousands of test connections, all on the loopback.
        command.args(["--username=postgres", "--auth=password", "--encoding=UTF8", "--no-sync", LOCALE]);
        command.arg("--pwfile").arg(&password_file).arg("--pgdata").arg(self.data());
        let mut running = Group::spawn(&mut command, Farewell::ABRUPT)?;
        let status =
            tokio::time::timeout(START_LIMIT, running.wait()).await.context("initdb takes too long")??;
        ensure!(status.success(), "initdb failed ({status}):\n{}", readiness::tail(&self.log));
        Ok(())
    }

    fn server(&self, port: u16) -> Result<Command> {
        let mut command = self.command("postgres")?;
        command.arg("-D").arg(self.data()).arg("-p").arg(port.to_string());
        command.args(settings(SETTINGS));
        Ok(command)
    }

    async fn answers(&self, port: u16) -> bool {
        let mut command = Command::new(self.programs.join("pg_isready"));
        command.args(["--quiet", "--host=127.0.0.1", "--timeout=2", "--port"]).arg(port.to_string());
        command.status().await.is_ok_and(|status| status.success())
    }
}

const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=300",
    "timezone=UTC",
    "logging_collector=off",
];
const FORGETFUL: &[&str] = &["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

fn settings<'a>(settings: &'a [&str]) -> impl Iterator<Item = &'a str> {
    settings.iter().flat_map(|setting| ["-c", setting])
}

/// Case and order of Cyrillic text must work as they do in production.
const LOCALE: &str = if cfg!(target_os = "linux") { "--locale=C.UTF-8" } else { "--locale=en_US.UTF-8" };

fn unprivileged_account() -> Result<User> {
    for name in ["postgres", "nobody"] {
        if let Some(user) = User::from_name(name).with_context(|| format!("looking up the user {name}"))? {
            return Ok(user);
        }
    }
    bail!("PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`")
}
