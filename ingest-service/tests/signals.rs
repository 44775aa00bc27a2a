//! The signals that end the binary.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::Command;
use tokio::time::timeout;

/// Longer than a start or a stop may take, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn sigterm_and_sigint_end_it_well() {
    for signal in ["SIGTERM", "SIGINT"] {
        let mut service = Command::new(env!("CARGO_BIN_EXE_ingest-service"));
        service.env_clear().current_dir(env!("CARGO_TARGET_TMPDIR"));
        service.env("AMQP_URL", "amqp://127.0.0.1:1/%2f").env("WEBHOOK_SECRET", "0012300123001230");
        service.env("SERVER_HOST", "127.0.0.1").env("SERVER_PORT", "0");
        let mut running = service.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let mut log = BufReader::new(running.stdout.take().unwrap());
        let mut seen = String::new();
        while !seen.contains("Listening") {
            let read = timeout(PATIENCE, log.read_line(&mut seen)).await.expect("it starts").unwrap();
            assert_ne!(read, 0, "it listens before it ends: {seen}");
        }

        let pid = running.id().unwrap().to_string();
        let kill = Command::new("kill").args(["-s", &signal["SIG".len()..], &pid]).status().await.unwrap();
        assert!(kill.success());
        let code = timeout(PATIENCE, running.wait()).await.expect("it stops when asked").unwrap().code();
        log.read_to_string(&mut seen).await.unwrap();
        assert_eq!(code, Some(0), "{signal}: {seen}");
        assert!(seen.contains(signal) && seen.contains("Stopped"), "{seen}");
    }
}
