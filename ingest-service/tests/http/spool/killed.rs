//! The real binary, ended in the middle.

use std::collections::HashSet;
use std::path::Path;
use std::process::Stdio;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Client;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::deals;
use crate::relay::dead_url;
use crate::service::{SECRET, amqp_url, new_id};
use crate::tap::{Tap, lead_of};

const PATIENCE: Duration = Duration::from_secs(20);

/// Ends with the test.
struct Binary {
    process: Child,
    hook: String,
    client: Client,
}

impl Binary {
    async fn start(amqp_url: &str, spool: &Path) -> Self {
        Self::run(Command::new(env!("CARGO_BIN_EXE_ingest-service")), amqp_url, spool).await
    }

    /// No file that it writes gets larger than a megabyte and a half, like on a disk that is full.
    async fn start_on_a_small_disk(amqp_url: &str, spool: &Path) -> Self {
        let mut command = Command::new("sh");
        let script = "trap '' XFSZ; ulimit -f 3072; exec \"$0\"";
        command.args(["-c", script, env!("CARGO_BIN_EXE_ingest-service")]);
        Self::run(command, amqp_url, spool).await
    }

    async fn run(mut command: Command, amqp_url: &str, spool: &Path) -> Self {
        command.env_clear().current_dir(env!("CARGO_TARGET_TMPDIR")).env("PATH", "/usr/bin:/bin");
        command.env("AMQP_URL", amqp_url).env("WEBHOOK_SECRET", SECRET).env("SPOOL_DIR", spool);
        command.env("SERVER_HOST", "127.0.0.1").env("SERVER_PORT", "0").env("LOG_FORMAT", "json");
        let mut process = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let mut log = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = loop {
            let line = timeout(PATIENCE, log.next_line()).await.expect("it starts").unwrap().unwrap();
            let line: serde_json::Value = serde_json::from_str(&line).unwrap();
            if line["message"] == "Listening" {
                break line["address"].as_str().unwrap().to_owned();
            }
        };
        // Whoever does not read its log stops it in the end.
        let mut reading = tokio::task::JoinSet::new();
        reading.spawn(async move { while let Ok(Some(_)) = log.next_line().await {} });
        reading.detach_all();
        let client = Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        Self { process, hook: format!("http://{address}/webhook/amocrm/{SECRET}"), client }
    }

    /// The status; none where the process is gone.
    async fn hook(&self, id: i64) -> Option<u16> {
        let request = self.client.post(&self.hook).body(deals([id]));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        Some(request.send().await.ok()?.status().as_u16())
    }

    async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }
}

/// Sends webhooks, several at once, until `enough` says so of those answered 200 or the process is gone.
async fn load(service: &Binary, enough: impl Fn(usize) -> bool) -> HashSet<i64> {
    let safe = Mutex::new(HashSet::new());
    let sender = async || {
        while !enough(safe.lock().unwrap().len()) {
            let id = new_id();
            match service.hook(id).await {
                Some(200) => drop(safe.lock().unwrap().insert(id)),
                Some(_) => {}
                None => return,
            }
        }
    };
    join_all((0..16).map(|_| sender())).await;
    safe.into_inner().unwrap()
}

async fn all_arrive(tap: &mut Tap, mut missing: HashSet<i64>) {
    while !missing.is_empty() {
        let delivery = tap.next(|delivery| lead_of(delivery).is_some_and(|id| missing.contains(&id))).await;
        missing.remove(&lead_of(&delivery).unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_200_is_drained_by_the_next_process_after_a_kill_in_the_middle() {
    let dir = tempfile::tempdir().unwrap();
    let service = Binary::start(&dead_url().await, dir.path()).await;
    let pid = service.process.id().unwrap().to_string();
    let killed = tokio::sync::OnceCell::new();
    let killing = |safe: usize| {
        if safe >= 200 && killed.set(()).is_ok() {
            let kill = std::process::Command::new("kill").args(["-9", &pid]).status();
            assert!(kill.unwrap().success());
        }
        false
    };
    let safe = load(&service, killing).await;
    assert!(safe.len() >= 200, "{}", safe.len());
    service.kill().await;

    let mut tap = Tap::leads().await;
    let next = Binary::start(&amqp_url(), dir.path()).await;
    all_arrive(&mut tap, safe).await;
    next.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_while_it_is_drained_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let service = Binary::start(&dead_url().await, dir.path()).await;
    let safe = load(&service, |safe| safe >= 1000).await;
    service.kill().await;

    let mut tap = Tap::leads().await;
    let draining = Binary::start(&amqp_url(), dir.path()).await;
    let first = tap.next(|delivery| lead_of(delivery).is_some_and(|id| safe.contains(&id))).await;
    draining.kill().await;
    let last = Binary::start(&amqp_url(), dir.path()).await;
    let rest = safe.into_iter().filter(|id| Some(*id) != lead_of(&first)).collect();
    all_arrive(&mut tap, rest).await;
    last.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_disk_that_fails_in_the_middle_webhooks_are_refused_and_what_was_accepted_stays() {
    let dir = tempfile::tempdir().unwrap();
    let service = Binary::start_on_a_small_disk(&dead_url().await, dir.path()).await;
    let mut safe = HashSet::new();
    let refused = loop {
        let id = new_id();
        match service.hook(id).await.unwrap() {
            200 => safe.insert(id),
            other => break other,
        };
        assert!(safe.len() < 20_000, "the disk never failed");
    };
    assert_eq!(refused, 503);
    assert!(safe.len() > 10, "{}", safe.len());
    let id = new_id();
    assert_eq!(service.hook(id).await, Some(200), "a new file takes what comes then");
    safe.insert(id);
    service.kill().await;

    let mut tap = Tap::leads().await;
    let next = Binary::start(&amqp_url(), dir.path()).await;
    all_arrive(&mut tap, safe).await;
    next.kill().await;
}
