//! docker-compose.yml as compose understands it, with a `.env` made by the documented commands.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::files::{Folder, run, succeed};
use crate::tools;

/// The five values that a person fills in.
const FILLED: [(&str, &str); 5] = [
    ("WEBHOOK_HOST", "https://zamer.example.ru"),
    ("BOT_TOKEN", "42:token"),
    ("ADMIN_IDS", "1001"),
    ("AMOCRM_SUBDOMAIN", "demo"),
    ("AMOCRM_ACCESS_TOKEN", "crmtoken"),
];

/// Megabytes of the server; the system itself gets what the limits leave.
const SERVER: u64 = 2048;
const SYSTEM: u64 = 64;

/// compose of either make, in a folder.
fn compose(folder: &Folder) -> Result<Option<Command>> {
    let Some(program) = tools::find("docker-compose")? else { return Ok(None) };
    let mut command = Command::new(program);
    command.current_dir(folder.path()).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", folder.path());
    Ok(Some(command))
}

pub fn fill(folder: &Folder) -> Result<()> {
    let path = folder.path().join(".env");
    let mut text = std::fs::read_to_string(&path)?;
    for (name, value) in FILLED {
        let empty = format!("\n{name}=\n");
        ensure!(text.contains(&empty), "{name} is not there to be filled in");
        text = text.replace(&empty, &format!("\n{name}={value}\n"));
    }
    std::fs::write(path, text)?;
    folder.sh(&["deploy/secrets.sh"]).map(drop)
}

/// The file with everything put in. docker-compose is written in Python and brings its reader of YAML.
pub fn services(folder: &Folder) -> Result<Option<Value>> {
    let Some(mut command) = compose(folder)? else { return Ok(None) };
    std::fs::write(folder.path().join("full.yml"), succeed(command.arg("config"))?)?;
    let script = "import json, sys, yaml; json.dump(yaml.safe_load(open('full.yml')), sys.stdout)";
    let json = succeed(Command::new("python3").args(["-c", script]).current_dir(folder.path()))?;
    Ok(Some(serde_json::from_str::<Value>(&json)?["services"].clone()))
}

#[test]
fn the_documented_commands_make_a_whole_configuration() -> Result<()> {
    let folder = Folder::of_a_fresh_server()?;
    fill(&folder)?;
    let Some(mut command) = compose(&folder)? else { return Ok(()) };
    let output = run(command.args(["config", "-q"]))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success() && said.is_empty(), "{said}");

    let services = services(&folder)?.context("compose is there")?;
    let bot = &services["bot-service"]["environment"];
    for (name, value) in FILLED {
        ensure!(bot[name] == value, "{name} is {}", bot[name]);
    }
    ensure!(bot["FIELD_ADDRESS"] == "Адрес|Адрес замера|Адрес доставки", "{bot}");
    ensure!(services["proxy"]["environment"]["WEBHOOK_PATH"] == "/webhook/amocrm");
    let password = |url: &Value| url.as_str().and_then(|url| url.split(['@', ':']).nth(2).map(str::to_owned));
    let broker = password(&bot["AMQP_URL"]).context("a password")?;
    ensure!(services["rabbitmq"]["environment"]["RABBITMQ_DEFAULT_PASS"] == broker.as_str());
    let database = password(&bot["DATABASE_URL"]).context("a password")?;
    ensure!(services["postgres"]["environment"]["POSTGRES_PASSWORD"] == database.as_str());
    Ok(())
}

#[test]
fn what_was_forgotten_is_told_before_anything_starts() -> Result<()> {
    let folder = Folder::of_a_fresh_server()?;
    let Some(mut command) = compose(&folder)? else { return Ok(()) };
    let output = run(command.args(["config", "-q"]))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let is_told =
        said.contains("run sh deploy/secrets.sh") || said.contains("write the address of the server");
    ensure!(!output.status.success() && is_told, "{said}");
    Ok(())
}

#[test]
fn the_limits_of_memory_fit_the_server_also_when_scaled_or_watched() -> Result<()> {
    let folder = Folder::of_a_fresh_server()?;
    fill(&folder)?;
    let Some(services) = services(&folder)? else { return Ok(()) };
    let services = services.as_object().context("services")?;
    let limit = |name: &str| -> Result<u64> {
        let limit = &services[name]["deploy"]["resources"]["limits"]["memory"];
        let text = limit.as_str().with_context(|| format!("{name} has no limit of memory"))?;
        Ok(text.strip_suffix('M').context("in megabytes")?.parse()?)
    };
    let (mut always, mut watched) = (0, 0);
    for (name, service) in services {
        *(if service["profiles"].is_null() { &mut always } else { &mut watched }) += limit(name)?;
    }
    // As in the guide: --scale ingest-service=3 --scale bot-service=2
    let scaled = always + 2 * limit("ingest-service")? + limit("bot-service")?;
    let most = SERVER - SYSTEM;
    ensure!(
        watched > 0 && scaled.max(always + watched) <= most,
        "{always}, scaled {scaled}, watched {watched}"
    );
    Ok(())
}

#[test]
fn every_part_comes_up_again_and_tells_of_its_health_and_only_the_proxy_is_seen() -> Result<()> {
    let folder = Folder::of_a_fresh_server()?;
    fill(&folder)?;
    let Some(services) = services(&folder)? else { return Ok(()) };
    for (name, service) in services.as_object().context("services")? {
        ensure!(service["restart"] == "unless-stopped", "{name} stays down");
        ensure!(service["healthcheck"]["test"].is_array(), "{name} has no health check");
        ensure!(service["container_name"].is_null(), "{name} cannot be scaled");
        ensure!(service["logging"]["options"]["max-size"].is_string(), "the log of {name} grows for ever");
        let image = service["image"].as_str();
        let is_pinned = image.is_some_and(|image| image.contains(':') && !image.ends_with(":latest"));
        ensure!(is_pinned || service["build"].is_object(), "{name} is not pinned: {image:?}");
        let ports = service["ports"].as_array().map_or(0, Vec::len);
        let is_local = |port: &Value| port.as_str().is_some_and(|port| port.starts_with("127.0.0.1:"));
        let all_local = service["ports"].as_array().is_none_or(|ports| ports.iter().all(is_local));
        ensure!(all_local || name == "proxy", "{name} is seen from outside: {ports} ports");
    }
    let waits = |who: &str, whom: &str| services[who]["depends_on"][whom]["condition"] == "service_healthy";
    ensure!(waits("proxy", "ingest-service") && waits("ingest-service", "rabbitmq"));
    ensure!(waits("bot-service", "rabbitmq") && waits("bot-service", "postgres"));
    for service in ["ingest-service", "bot-service"] {
        ensure!(
            services[service]["healthcheck"]["test"] == serde_json::json!(["CMD", service, "healthcheck"])
        );
        ensure!(services[service]["environment"]["LOG_DIR"] == "/logs");
    }
    let ingest = &services["ingest-service"];
    ensure!(ingest["environment"]["SPOOL_DIR"] == "/spool");
    let volumes = ingest["volumes"].as_array().context("volumes")?;
    for mounted in ["/logs", "/spool"] {
        let is_it =
            |volume: &Value| volume.as_str().is_some_and(|text| text.split(':').nth(1) == Some(mounted));
        ensure!(volumes.iter().any(is_it), "{mounted} is lost with the container: {volumes:?}");
    }
    Ok(())
}
