//! The demo's program: the story on real parts, and nothing left behind however it ends.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sqlx::{Connection as _, PgConnection};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::timeout;

/// The story waits for the limits of Telegram's edits many times.
const STORY: Duration = Duration::from_mins(3);

/// The queues are shared, so one at a time.
static ALONE: Mutex<()> = Mutex::const_new(());

/// The demo's program with a folder of its own for whatever it leaves.
struct Demo {
    command: Command,
    folder: PathBuf,
    /// Those of tests that failed before.
    databases: BTreeSet<String>,
    _alone: MutexGuard<'static, ()>,
}

impl Demo {
    async fn new() -> Result<Self> {
        let alone = ALONE.lock().await;
        let folder = std::env::temp_dir().join(format!("demo-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&folder)?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_demo"));
        command.env("TMPDIR", &folder).kill_on_drop(true);
        Ok(Self { command, folder, databases: databases().await?, _alone: alone })
    }

    /// No file, no database and no process may be left.
    async fn leaves_nothing(&self) -> Result<()> {
        let files: Vec<_> = std::fs::read_dir(&self.folder)?.collect();
        ensure!(files.is_empty(), "left in the folder: {files:?}");
        let processes = working_in(&self.folder)?;
        ensure!(processes.is_empty(), "still running: {processes:?}");
        let now = databases().await?;
        let left: Vec<_> = now.difference(&self.databases).collect();
        ensure!(left.is_empty(), "left on the server: {left:?}");
        std::fs::remove_dir(&self.folder)?;
        Ok(())
    }
}

/// The databases of stories on the server.
async fn databases() -> Result<BTreeSet<String>> {
    let mut conn = PgConnection::connect(&std::env::var("DATABASE_URL")?).await?;
    let names = sqlx::query_scalar("select datname from pg_database where datname like 'story\\_%'");
    Ok(names.fetch_all(&mut conn).await?.into_iter().collect())
}

/// The processes whose working directory is, or was, inside of `folder`.
fn working_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let processes = std::fs::read_dir("/proc")?.filter_map(Result::ok).map(|entry| entry.path());
    Ok(processes
        .filter(|process| std::fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd.starts_with(folder)))
        .collect())
}

#[tokio::test]
async fn a_deal_is_carried_from_amocrm_to_a_completed_visit() -> Result<()> {
    let mut demo = Demo::new().await?;
    let output =
        timeout(STORY, demo.command.arg("--once").output()).await.context("the story takes long")??;
    let transcript = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{transcript}\n{errors}");
    ensure!(transcript.contains("✓ История сыграна, всё сошлось."), "{transcript}");
    demo.leaves_nothing().await
}

#[tokio::test]
async fn after_the_story_the_demo_stays_up_until_ctrl_c() -> Result<()> {
    let mut demo = Demo::new().await?;
    let mut child = demo.command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut lines = BufReader::new(child.stdout.take().context("it was piped")?).lines();
    let playing = async {
        while !lines.next_line().await?.context("it ended by itself")?.starts_with("Система работает")
        {
        }
        for _ in 0..2 {
            let line = lines.next_line().await?.context("it ended by itself")?;
            let control = line.split_whitespace().find(|word| word.ends_with("/control"));
            let address = control.with_context(|| format!("no address in {line}"))?;
            ensure!(reqwest::get(address).await?.status().is_success(), "{address}");
        }
        let id = i32::try_from(child.id().context("it runs")?)?;
        kill(Pid::from_raw(id), Signal::SIGINT)?;
        while lines.next_line().await?.is_some() {}
        anyhow::Ok(child.wait().await?)
    };
    let status = timeout(STORY, playing).await.context("it does not get there")??;
    ensure!(status.success(), "{status}");
    demo.leaves_nothing().await
}

#[tokio::test]
async fn the_demo_stopped_in_the_middle_leaves_nothing() -> Result<()> {
    let mut demo = Demo::new().await?;
    let mut child = demo.command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut lines = BufReader::new(child.stdout.take().context("it was piped")?).lines();
    let playing = async {
        while !lines.next_line().await?.context("it ended by itself")?.starts_with("Откройте") {}
        ensure!(!working_in(&demo.folder)?.is_empty(), "the services work in its folder");
        let id = i32::try_from(child.id().context("it runs")?)?;
        kill(Pid::from_raw(id), Signal::SIGTERM)?;
        while lines.next_line().await?.is_some() {}
        anyhow::Ok(child.wait().await?)
    };
    let status = timeout(STORY, playing).await.context("it does not stop")??;
    ensure!(status.code() == Some(1), "a story that was not played is no success: {status}");
    demo.leaves_nothing().await
}

#[tokio::test]
async fn a_demo_whose_service_does_not_start_fails_and_leaves_nothing() -> Result<()> {
    let mut demo = Demo::new().await?;
    let running = demo.command.env("BOT_BIN", "/bin/false").arg("--once").output();
    let output = timeout(STORY, running).await.context("it does not end")??;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.code() == Some(1) && errors.contains("/bin/false"), "{}: {errors}", output.status);
    demo.leaves_nothing().await
}
