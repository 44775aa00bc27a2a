//! `sh deploy/backup.sh` and `sh deploy/restore.sh` on a real PostgreSQL: a `docker` on the path runs here what should
//! run in the container.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use e2e::people::ANNA;
use e2e::system::{Places, System};
use reqwest::Url;
use simulator::amocrm::{Deal, demo};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::files::{Folder, run, succeed};
use crate::stage::with_system;
use crate::tools;

const DOCKER: &str = r#"#!/bin/sh
echo "$*" >>"$CALLS"
shift
[ "$1" = exec ] || exit 0
while [ "$1" != postgres ]; do shift; done
shift
exec "$@"
"#;
const DATABASES: [&str; 3] = ["zamer", "zamer_restored", "zamer_before_restore"];

/// What the scripts see as Docker, and the server behind it.
struct Server {
    folder: Folder,
    url: Url,
}

impl Server {
    fn new(places: &Places) -> Result<Self> {
        let folder = Folder::of_a_fresh_server()?;
        let docker = folder.path().join("docker");
        std::fs::write(&docker, DOCKER)?;
        std::fs::set_permissions(&docker, std::fs::Permissions::from_mode(0o755))?;
        Ok(Self { folder, url: places.database_url.parse()? })
    }

    fn script(&self, name: &str, file: &Path) -> Command {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("sh");
        command.arg(self.folder.path().join("deploy").join(name)).arg(file);
        command
            .env("PATH", format!("{}:{path}", self.folder.path().display()))
            .env("CALLS", self.folder.path().join("calls"))
            .env("PGHOST", self.url.host_str().unwrap_or_default())
            .env("PGPORT", self.url.port().unwrap_or(5432).to_string())
            .env("PGUSER", self.url.username())
            .env("PGPASSWORD", self.url.password().unwrap_or_default());
        command
    }

    fn calls(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("calls")).unwrap_or_default()
    }

    fn database(&self, name: &str) -> String {
        let mut url = self.url.clone();
        url.set_path(name);
        url.into()
    }

    async fn run(&self, statement: String) -> Result<()> {
        let mut conn = PgConnection::connect(self.url.as_str()).await?;
        sqlx::query(AssertSqlSafe(statement)).execute(&mut conn).await?;
        Ok(conn.close().await?)
    }

    async fn exists(&self, name: &str) -> Result<bool> {
        let mut conn = PgConnection::connect(self.url.as_str()).await?;
        let found = sqlx::query_scalar("select exists (select from pg_database where datname = $1)");
        Ok(found.bind(name).fetch_one(&mut conn).await?)
    }

    /// Every row of what people would miss, in one text.
    async fn rows(&self) -> Result<String> {
        let mut conn = PgConnection::connect(&self.database("zamer")).await?;
        let mut all = String::new();
        for table in [
            "measurements",
            "measurement_history",
            "users",
            "user_roles",
            "leads",
            "outbox",
            "_sqlx_migrations",
        ] {
            let select =
                format!("select coalesce(string_agg(t::text, E'\\n' order by t::text), '') from {table} t");
            all += &sqlx::query_scalar::<_, String>(AssertSqlSafe(select)).fetch_one(&mut conn).await?;
            all += "\n--\n";
        }
        conn.close().await?;
        Ok(all)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_brings_everything_back_and_the_bot_goes_on() -> Result<()> {
    if tools::find("pg_dump")?.is_none() {
        return Ok(());
    }
    let server = Server::new(&Places::from_environment()?)?;
    for name in DATABASES {
        ensure!(
            !server.exists(name).await?,
            "the server has a database {name}, which this test will not touch"
        );
    }
    let tried = with_system(async |system| try_out(system, &server).await).await;
    for name in DATABASES {
        server.run(format!("drop database if exists {name} with (force)")).await?;
    }
    tried
}

async fn try_out(system: &mut System, server: &Server) -> Result<()> {
    system.amocrm.create_deal(Deal::named("Окна").stage(demo::MEASUREMENT).address("ул. Ленина, д. 5"))?;
    system.sees(ANNA, &["⏳ Ожидает назначения", "Окна"]).await?;
    system.settled().await?;
    system.stop_services().await?;
    let own = system.database.url().rsplit('/').next().context("the name of the database")?.to_owned();
    server.run(format!("alter database {own} rename to zamer")).await?;
    let before = server.rows().await?;
    ensure!(before.contains("Ленина"), "{before}");

    let file = server.folder.path().join("saved/zamer.dump");
    succeed(&mut server.script("backup.sh", &file))?;
    let mode = std::fs::metadata(&file)?.permissions().mode() & 0o777;
    ensure!(mode == 0o600, "everybody may read the backup: {mode:o}");
    ensure!(std::fs::read_dir(server.folder.path().join("saved"))?.count() == 1, "a part is left behind");
    a_damaged_file_changes_nothing(server, &file, &before).await?;

    // A new server: compose has made an empty database.
    server.run("drop database zamer with (force)".to_owned()).await?;
    server.run("create database zamer".to_owned()).await?;
    succeed(&mut server.script("restore.sh", &file))?;
    let calls = server.calls();
    ensure!(
        calls.contains("compose stop bot-service\n") && calls.ends_with("compose start bot-service\n"),
        "{calls}"
    );
    ensure!(server.rows().await? == before, "not the same rows");
    ensure!(server.exists("zamer_before_restore").await?, "what was there before is gone");
    // Once more, over a database that is full and in use.
    let in_use = PgConnection::connect(&server.database("zamer")).await?;
    succeed(&mut server.script("restore.sh", &file))?;
    drop(in_use);
    ensure!(server.rows().await? == before, "not the same rows the second time");

    let mut bot = system.bot.clone();
    bot.settings.insert("DATABASE_URL", server.database("zamer"));
    let running = bot.start().await?;
    system.asks(ANNA, "/pending", &["Окна"]).await?;
    let status = running.stop().await?;
    ensure!(status.success(), "bot-service ended with {status}");
    Ok(())
}

async fn a_damaged_file_changes_nothing(server: &Server, good: &Path, before: &str) -> Result<()> {
    let damaged = server.folder.path().join("damaged.dump");
    let whole = std::fs::read(good)?;
    std::fs::write(&damaged, &whole[..whole.len() / 2])?;
    let output = run(&mut server.script("restore.sh", &damaged))?;
    ensure!(!output.status.success(), "half a file was restored");
    ensure!(
        server.rows().await? == before && !server.exists("zamer_before_restore").await?,
        "it changed something"
    );
    ensure!(!server.calls().contains("stop bot-service"), "the bot rested for nothing");

    server.run("alter database zamer rename to zamer_restored".to_owned()).await?;
    let missing = server.folder.path().join("nothing.dump");
    let output = run(&mut server.script("backup.sh", &missing))?;
    ensure!(!output.status.success() && !missing.exists(), "a backup of nothing looks like one");
    server.run("alter database zamer_restored rename to zamer".to_owned()).await
}
