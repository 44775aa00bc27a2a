//! What a container may do: as whom it runs, where it writes.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::compose::{fill, services};
use crate::files::Folder;

#[test]
fn nobody_in_a_container_is_root_or_writes_beside_his_volumes() -> Result<()> {
    let folder = Folder::of_a_fresh_server()?;
    fill(&folder)?;
    let Some(services) = services(&folder)? else { return Ok(()) };
    for (name, service) in services.as_object().context("services")? {
        ensure!(service["read_only"] == true, "{name} writes into its image");
        ensure!(service["cap_drop"] == json!(["ALL"]), "{name} keeps rights of root");
        ensure!(service["security_opt"] == json!(["no-new-privileges:true"]), "{name} may gain rights");
        ensure!(service["privileged"].is_null() && service["devices"].is_null(), "{name} owns the server");
        let memory = service["tmpfs"].as_array().context("tmpfs")?;
        ensure!(memory.contains(&json!("/tmp")), "{name} has no place for temporary files");
        let gained = if name == "proxy" { json!(["NET_BIND_SERVICE"]) } else { Value::Null };
        ensure!(service["cap_add"] == gained, "{name} has {}", service["cap_add"]);
        let user = match service["build"]["target"].as_str() {
            Some(target) => user_of(target)?,
            None => service["user"].as_str().with_context(|| format!("{name} is root"))?.to_owned(),
        };
        ensure!(!["", "root", "0"].contains(&user.split(':').next().unwrap_or_default()), "{name} is {user}");
        for volume in service["volumes"].as_array().into_iter().flatten() {
            let volume = volume.as_str().context("a volume in short form")?;
            ensure!(
                !volume.starts_with('/') || volume.ends_with(":ro"),
                "{name} writes to the server: {volume}"
            );
            ensure!(!volume.contains("docker.sock"), "{name} commands Docker");
        }
    }
    // A user other than root has no port below 1024 by himself.
    let sysctls = &services["proxy"]["sysctls"];
    ensure!(sysctls["net.ipv4.ip_unprivileged_port_start"].to_string().trim_matches('"') == "0", "{sysctls}");
    Ok(())
}

/// Whom the Dockerfile's last stage makes the process, and its folders.
fn user_of(target: &str) -> Result<String> {
    let text = std::fs::read_to_string(crate::files::root().join("Dockerfile"))?;
    let stages: Vec<&str> = text.split("\nFROM ").skip(1).collect();
    let stage = |name: &str| {
        let is_it =
            |stage: &&&str| stage.lines().next().is_some_and(|head| head.ends_with(&format!(" AS {name}")));
        stages.iter().find(is_it).copied().with_context(|| format!("there is no stage {name}"))
    };
    let mut name = target.to_owned();
    loop {
        let stage = stage(&name)?;
        if let Some(user) = stage.lines().find_map(|line| line.strip_prefix("USER ")) {
            let owned = format!("install -d -o {}", if name == "proxy" { user } else { "service" });
            ensure!(stage.contains(&owned), "volumes take their owner from the image");
            return Ok(user.to_owned());
        }
        name = stage.split_whitespace().next().context("a stage has a base")?.to_owned();
    }
}
