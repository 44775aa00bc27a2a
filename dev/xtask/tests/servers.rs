//! The program itself: what it starts ends with it, and what its commands say is what it says.

use std::fs::{Permissions, read_dir, set_permissions};
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use serde_json::Value;

fn xtask() -> Command {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
}

#[test]
fn the_private_servers_end_with_whoever_asked_for_them() {
    let folder = tempfile::tempdir().unwrap();
    // The server may run as another user.
    set_permissions(folder.path(), Permissions::from_mode(0o711)).unwrap();
    let mut host = xtask()
        .args(["host-servers", "--postgres"])
        .env("TMPDIR", folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(host.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let answer: Value = serde_json::from_str(&line).unwrap();
    let url = answer["database_url"].as_str().unwrap();
    let (_, place) = url.rsplit_once('@').unwrap();
    let (address, _) = place.split_once('/').unwrap();
    TcpStream::connect(address).unwrap();
    assert_eq!(read_dir(folder.path()).unwrap().count(), 1);

    drop(host.stdin.take());
    assert!(host.wait().unwrap().success());
    TcpStream::connect(address).expect_err("the server has ended");
    assert_eq!(read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_exit_code_of_a_command_beside_servers_is_its_own() {
    let given = [("DEMO_DATABASE_URL", "postgres://given"), ("DEMO_AMQP_URL", "amqp://given")];
    let script = r#"test "$DATABASE_URL $AMQP_URL" = "postgres://given amqp://given" && exit 3"#;
    let status = xtask().envs(given).args(["with-servers", "--", "sh", "-c", script]).status().unwrap();
    assert_eq!(status.code(), Some(3));
}
