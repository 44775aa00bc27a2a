//! The binary as it is started on a server.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use shared::clock::Clock;
use sqlx::{ConnectOptions, PgPool};

/// Long enough for any line of a log to come.
const SOON: Duration = Duration::from_secs(30);

/// Everything here that no log may hold: the token, passwords, the webhook's secret.
const SECRETS: [&str; 6] =
    ["tokensecret", "databasesecret", "brokersecret", "proxysecret", "crmsecret", "0012300123001230"];

/// All that is required, at ports where nobody listens.
const VALUES: [(&str, &str); 12] = [
    ("BOT_TOKEN", "42:tokensecret"),
    ("ADMIN_IDS", "1001"),
    ("DATABASE_URL", "postgres://bot:databasesecret@127.0.0.1:1/bot"),
    ("AMQP_URL", "amqp://bot:brokersecret@127.0.0.1:1/%2f"),
    ("TELEGRAM_API_URL", "http://127.0.0.1:1"),
    ("TELEGRAM_PROXY", "http://bot:proxysecret@127.0.0.1:1"),
    ("AMOCRM_BASE_URL", "http://127.0.0.1:1"),
    ("AMOCRM_ACCESS_TOKEN", "crmsecret"),
    ("WEBHOOK_HOST", "https://zamer.example.ru"),
    ("WEBHOOK_SECRET", "0012300123001230"),
    ("BOT_HTTP_HOST", "127.0.0.1"),
    ("BOT_HTTP_PORT", "0"),
];

/// The binary in an empty folder, with nothing but these values.
fn command(values: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bot-service"));
    command.env_clear().envs(values.iter().copied()).current_dir(env!("CARGO_TARGET_TMPDIR"));
    command
}

fn refused(changes: &[(&str, &str)]) -> String {
    let Output { status, stdout, stderr } =
        command(&VALUES).envs(changes.iter().copied()).output().expect("the binary was built with this test");
    assert_eq!((status.code(), stdout), (Some(2), Vec::new()));
    String::from_utf8(stderr).expect("it says what is wrong in UTF-8")
}

#[test]
fn a_missing_value_stops_the_start_with_its_name() {
    let text = refused(&[("BOT_TOKEN", "")]);
    assert!(text.starts_with("bot-service: BOT_TOKEN is missing; expected the token"), "{text}");
}

#[test]
fn a_bad_secret_is_not_shown() {
    let text = refused(&[("DATABASE_URL", "mysql://bot:databasesecret@h")]);
    assert!(text.starts_with("bot-service: DATABASE_URL is a text of 28 characters; expected"), "{text}");
    let text = refused(&[("AMQP_URL", "amqp://bot:brokersecret@h:port")]);
    assert!(text.starts_with("bot-service: AMQP_URL is a text of 30 characters; expected"), "{text}");
}

#[test]
fn it_tells_its_version() {
    let output = command(&[]).arg("--version").output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("bot-service 0.1.0 ("));
}

#[test]
fn a_command_that_it_does_not_know_is_named() {
    let output = command(&VALUES).arg("chekc-config").output().unwrap();
    assert_eq!((output.status.code(), output.stdout), (Some(2), Vec::new()));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("bot-service: there is no command `chekc-config`; "), "{said}");
    let help = command(&[]).arg("--help").output().unwrap();
    assert!(help.status.success() && String::from_utf8(help.stdout).unwrap().contains("check-config"));
}

#[test]
fn the_check_of_what_cannot_be_reached_fails_and_shows_no_secret() {
    let output = command(&VALUES).arg("check-config").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(1), Vec::new()), "{said}");
    for subject in ["database", "broker", "Telegram", "AmoCRM"] {
        let wanted = format!("FAILS  {subject:<8}  ");
        assert!(said.lines().any(|line| line.starts_with(&wanted)), "{subject} in {said}");
    }
    assert!(said.contains("https://zamer.example.ru/webhook/amocrm/<secret>"), "{said}");
    hold_no_secret(&said);
}

/// Ends the process also where an assertion fails.
struct Running(Child);

impl Running {
    /// Logs everything there is.
    fn start(changes: &[(&str, &str)]) -> Self {
        let log = [("LOG_LEVEL", "trace"), ("LOG_FORMAT", "json")];
        let mut command = command(&VALUES);
        Self(
            command
                .envs(log)
                .envs(changes.iter().copied())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the binary was built with this test"),
        )
    }

    /// Reads on until a message is logged; its line as JSON.
    fn wait_for(&mut self, seen: &mut String, message: &str) -> serde_json::Value {
        let deadline = Instant::now() + SOON;
        let mut log = BufReader::with_capacity(1, self.0.stdout.as_mut().expect("it is piped"));
        loop {
            let start = seen.len();
            assert_ne!(
                log.read_line(seen).expect("a log is UTF-8"),
                0,
                "it ended without `{message}`: {seen}"
            );
            let line: serde_json::Value = serde_json::from_str(&seen[start..]).expect("a line is JSON");
            if line["message"] == message {
                return line;
            }
            assert!(Instant::now() < deadline, "no `{message}`: {seen}");
        }
    }

    fn stop(&mut self, seen: &mut String) -> Option<i32> {
        let pid = self.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("there is `kill`").success());
        self.0.stdout.as_mut().expect("it is piped").read_to_string(seen).expect("a log is UTF-8");
        self.0.stderr.as_mut().expect("it is piped").read_to_string(seen).expect("a log is UTF-8");
        self.0.wait().expect("it is our child").code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

#[tokio::test]
async fn without_a_database_it_lives_but_is_not_ready_and_a_signal_ends_it_well() {
    let (mut running, mut seen) = (Running::start(&[]), String::new());
    let address = running.wait_for(&mut seen, "Listening")["address"].as_str().unwrap().to_owned();
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5)).build().unwrap();
    let get = async |path: &str| {
        let answer = client.get(format!("http://{address}{path}")).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(get("/health").await, (200, r#"{"status":"alive"}"#.to_owned()));
    let port = address.rsplit(':').next().unwrap();
    let probe = |port: &str| command(&VALUES).env("BOT_HTTP_PORT", port).arg("healthcheck").output().unwrap();
    assert!(probe(port).status.success());
    assert_eq!(probe("1").status.code(), Some(1));
    let away =
        r#"{"broker":"away","database":"away","leads":false,"status":"not_ready","updates":"polling"}"#;
    assert_eq!(get("/ready").await, (503, away.to_owned()));
    let (code, metrics) = get("/metrics").await;
    assert!(code == 200 && metrics.contains("bot_database_connected 0"), "{metrics}");
    assert!(metrics.contains("\nprocess_resident_memory_bytes "), "{metrics}");

    running.wait_for(&mut seen, "Waiting for the database");
    assert_eq!(running.stop(&mut seen), Some(0), "{seen}");
    assert!(seen.contains("https://zamer.example.ru/webhook/amocrm/<secret>"), "{seen}");
    assert!(seen.contains("MEASUREMENT_TRIGGERS is empty") && seen.contains("Stopped"), "{seen}");
    hold_no_secret(&seen);
}

/// The names of all files in a folder, and what they hold together.
fn files(folder: &Path) -> (Vec<String>, String) {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("a folder can be read").path())
        .collect();
    files.sort();
    let text = files.iter().map(|file| std::fs::read_to_string(file).expect("a log is UTF-8"));
    let names = files.iter().filter_map(|file| Some(file.file_name()?.to_str()?.to_owned()));
    (names.collect(), text.collect())
}

#[test]
fn with_a_folder_the_log_goes_into_a_file_of_the_day_too() {
    let folder = tempfile::tempdir().unwrap();
    // Fourteen hours ahead of UTC, all year.
    let changes = [("LOG_DIR", folder.path().to_str().unwrap()), ("TIMEZONE", "Pacific/Kiritimati")];
    let today = || (Clock::system().now() + TimeDelta::hours(14)).date_naive();
    let day_before = today();
    let (mut running, mut seen) = (Running::start(&changes), String::new());
    running.wait_for(&mut seen, "Listening");
    assert_eq!(running.stop(&mut seen), Some(0), "{seen}");

    let (names, written) = files(folder.path());
    let days = [day_before, today()].map(|day| format!("bot_{day}.log"));
    assert!(!names.is_empty() && names.iter().all(|name| days.contains(name)), "{names:?}");
    assert!(written.contains(r#""message":"Listening""#) && written.contains("Stopped"), "{written}");
    hold_no_secret(&written);
}

#[test]
fn a_folder_that_cannot_be_written_stops_the_start_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let dir = folder.path().join("file/logs").to_str().unwrap().to_owned();
    // An address of no machine (RFC 5737): it ends in any case.
    let output = command(&VALUES).env("LOG_DIR", &dir).env("BOT_HTTP_HOST", "192.0.2.1").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout), (Some(1), Vec::new()), "{said}");
    let wanted = format!("bot-service: starting the log: LOG_DIR is `{dir}`; expected a folder");
    assert!(said.starts_with(&wanted), "{said}");
}

#[sqlx::test]
async fn at_work_with_nobody_to_reach_no_log_holds_a_secret(db: PgPool) {
    let url = db.connect_options().to_url_lossy().to_string();
    let (mut running, mut seen) = (Running::start(&[("DATABASE_URL", &url)]), String::new());
    running.wait_for(&mut seen, "Telegram does not tell the bot's name");
    running.wait_for(&mut seen, "Lost the broker; connecting again");
    assert_eq!(running.stop(&mut seen), Some(0), "{seen}");
    hold_no_secret(&seen);
}

fn hold_no_secret(seen: &str) {
    for secret in SECRETS {
        assert!(!seen.contains(secret), "{secret} in {seen}");
    }
}
