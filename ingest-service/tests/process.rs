//! The binary as it is started on a server.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use chrono::TimeDelta;
use shared::clock::Clock;

const SECRET: &str = "0012300123001230";

/// The binary in an empty folder, with nothing but these values.
fn command(values: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ingest-service"));
    command.env_clear().envs(values.iter().copied()).current_dir(env!("CARGO_TARGET_TMPDIR"));
    command
}

fn output(values: &[(&str, &str)]) -> Output {
    command(values).output().expect("the binary was built with this test")
}

#[test]
fn a_missing_value_stops_the_start_with_its_name() {
    let output = output(&[("AMQP_URL", "amqp://localhost")]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.starts_with("ingest-service: WEBHOOK_SECRET is missing; expected one secret"), "{text}");
    assert_eq!(output.stdout, b"");
}

#[test]
fn a_bad_secret_is_not_shown() {
    let output = output(&[("AMQP_URL", "amqp://localhost"), ("WEBHOOK_SECRET", "hunter2")]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("a text of 7 characters") && !text.contains("hunter2"), "{text}");
}

#[test]
fn both_files_of_the_working_directory_are_read_and_the_environment_wins() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), "server_port = 'first'\nlog_level = 'much'").unwrap();
    std::fs::write(folder.path().join(".env"), "SERVER_PORT=second\nLOG_FORMAT=third\n").unwrap();
    let values = [("AMQP_URL", "amqp://localhost"), ("WEBHOOK_SECRET", SECRET), ("LOG_FORMAT", "fourth")];
    let output = command(&values).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    for found in ["SERVER_PORT is `second`", "LOG_LEVEL is `much`", "LOG_FORMAT is `fourth`"] {
        assert!(said.contains(found), "{found}: {said}");
    }
}

#[test]
fn it_tells_its_version() {
    let output = command(&[]).arg("--version").output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("ingest-service 0.1.0 ("));
}

#[test]
fn the_check_fails_where_the_broker_is_away() {
    let values = [("AMQP_URL", "amqp://u:hunter2@127.0.0.1:1/%2f"), ("WEBHOOK_SECRET", SECRET)];
    let output = command(&values).arg("check-config").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("127.0.0.1:1 refused the connection") && !said.contains("hunter2"), "{said}");
}

#[test]
fn words_that_it_does_not_know_stop_it() {
    let output = command(&[]).args(["run", "fast"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("ingest-service: nothing is known about `fast` here; "), "{said}");
}

/// Ends the process also where an assertion fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

#[tokio::test]
async fn a_signal_ends_it_well_and_no_log_of_any_level_holds_the_secret() {
    let values = [
        ("AMQP_URL", "amqp://127.0.0.1:1/%2f"),
        ("WEBHOOK_SECRET", SECRET),
        ("SERVER_HOST", "127.0.0.1"),
        ("SERVER_PORT", "0"),
        ("LOG_LEVEL", "trace"),
        ("LOG_FORMAT", "json"),
    ];
    let mut running = Running(command(&values).stdout(Stdio::piped()).spawn().unwrap());
    let mut log = BufReader::new(running.0.stdout.take().unwrap());
    let mut seen = String::new();
    let address = loop {
        let start = seen.len();
        assert_ne!(log.read_line(&mut seen).unwrap(), 0, "it listens before it ends: {seen}");
        let line: serde_json::Value = serde_json::from_str(&seen[start..]).unwrap();
        if line["message"] == "Listening" {
            break line["address"].as_str().unwrap().to_owned();
        }
    };
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let port = address.rsplit(':').next().unwrap();
    assert!(command(&values).env("SERVER_PORT", port).arg("healthcheck").status().unwrap().success());
    assert_eq!(command(&values).env("SERVER_PORT", "1").arg("healthcheck").status().unwrap().code(), Some(1));
    let metrics = client.get(format!("http://{address}/metrics")).send().await.unwrap();
    assert!(metrics.text().await.unwrap().contains("\nprocess_resident_memory_bytes "));
    for path in [format!("/{SECRET}"), format!("?secret={SECRET}"), format!("/{SECRET}/x?secret={SECRET}")] {
        let url = format!("http://{address}/webhook/amocrm{path}");
        let request = client.post(url).header("X-Webhook-Secret", SECRET).body("leads[add][0][id]=1");
        assert!(!request.send().await.unwrap().status().is_success());
    }
    let pid = running.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
    log.read_to_string(&mut seen).unwrap();
    assert!(seen.contains("Stopped") && seen.contains("A webhook is not safe"), "{seen}");
    assert!(!seen.contains(SECRET), "{seen}");
    let requests = seen.lines().filter(|line| line.contains("A webhook is not safe"));
    assert!(requests.into_iter().all(|line| line.contains(r#""span":{"id":""#)), "{seen}");
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
    let values = [
        ("AMQP_URL", "amqp://127.0.0.1:1/%2f"),
        ("WEBHOOK_SECRET", SECRET),
        ("SERVER_HOST", "127.0.0.1"),
        ("SERVER_PORT", "0"),
        ("LOG_DIR", folder.path().to_str().unwrap()),
        // Fourteen hours ahead of UTC, all year.
        ("TIMEZONE", "Pacific/Kiritimati"),
    ];
    let today = || (Clock::system().now() + TimeDelta::hours(14)).date_naive();
    let day_before = today();
    let mut running = Running(command(&values).stdout(Stdio::piped()).spawn().unwrap());
    let mut log = BufReader::new(running.0.stdout.take().unwrap());
    let mut seen = String::new();
    while !seen.contains("Listening") {
        assert_ne!(log.read_line(&mut seen).unwrap(), 0, "it listens before it ends: {seen}");
    }
    let pid = running.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
    log.read_to_string(&mut seen).unwrap();

    let (names, written) = files(folder.path());
    let days = [day_before, today()].map(|day| format!("app_{day}.log"));
    assert!(!names.is_empty() && names.iter().all(|name| days.contains(name)), "{names:?}");
    assert!(written.contains("Listening") && written.contains("Stopped"), "{written}");
    assert_eq!(written.lines().count(), seen.lines().count(), "stdout says the same: {seen}");
}

#[test]
fn a_folder_that_cannot_be_written_stops_the_start_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let dir = folder.path().join("file/logs").to_str().unwrap().to_owned();
    let values = [
        ("AMQP_URL", "amqp://127.0.0.1:1/%2f"),
        ("WEBHOOK_SECRET", SECRET),
        ("LOG_DIR", &dir),
        // Of no machine (RFC 5737): it ends in any case.
        ("SERVER_HOST", "192.0.2.1"),
    ];
    let output = output(&values);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout), (Some(1), Vec::new()), "{said}");
    let wanted = format!("ingest-service: starting the log: LOG_DIR is `{dir}`; expected a folder");
    assert!(said.starts_with(&wanted), "{said}");
}
