//! What README.md says of deploying is true.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::files::{Folder, root, succeed};

fn readme() -> Result<String> {
    std::fs::read_to_string(root().join("README.md")).context("reading README.md")
}

/// Names with the readers and the default of each, as the example has them.
fn of_the_example() -> Result<BTreeMap<String, (String, String)>> {
    let text = std::fs::read_to_string(root().join(".env.example"))?;
    let (mut readers, mut settings) = (String::new(), BTreeMap::new());
    for line in text.lines() {
        if let Some((marks, _)) = line.strip_prefix("# (").and_then(|rest| rest.split_once(')')) {
            readers = marks.replace('i', "ingest").replace('b', "bot").replace('c', "compose");
        } else if let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
            settings.insert(name.to_owned(), (readers.clone(), value.trim_matches('"').to_owned()));
        }
    }
    Ok(settings)
}

#[test]
fn the_table_holds_every_setting_with_its_default() -> Result<()> {
    let readme = readme()?;
    let mut example = of_the_example()?;
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let rows = rows.filter(|(name, _)| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'));
    for (name, rest) in rows {
        let rest = rest.replace("\\|", "\u{1}");
        let cells: Vec<String> = rest.split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect();
        let (readers, value) = example.remove(name).with_context(|| format!("{name} is no setting"))?;
        ensure!(cells[0] == readers, "{name} is read by {readers}, not {}", cells[0]);
        // What is required has an example for a value, not a default.
        if !cells[1].contains("**required**") {
            ensure!(
                cells[1].trim_matches('`') == value,
                "the default of {name} is {value}, not {}",
                cells[1]
            );
        }
    }
    ensure!(example.is_empty(), "not in the table: {:?}", example.keys());
    Ok(())
}

#[test]
fn the_address_for_amocrm_is_printed_as_it_says() -> Result<()> {
    let readme = readme()?;
    let line = readme.lines().find(|line| line.starts_with("sh -c '. ./.env;")).context("the command")?;
    let folder = Folder::of_a_fresh_server()?;
    let env = std::fs::read_to_string(folder.path().join(".env"))?;
    let env = env.replace("\nWEBHOOK_HOST=\n", "\nWEBHOOK_HOST=https://zamer.example.ru\n");
    let env = env.replace("\nWEBHOOK_SECRET=\n", "\nWEBHOOK_SECRET=new-secret-0123456,old-secret-0123456\n");
    std::fs::write(folder.path().join(".env"), env)?;
    let printed = succeed(Command::new("sh").args(["-c", line]).current_dir(folder.path()))?;
    ensure!(printed == "https://zamer.example.ru/webhook/amocrm/new-secret-0123456\n", "{printed}");
    Ok(())
}

#[test]
fn every_script_and_service_that_it_names_is_there() -> Result<()> {
    let (readme, compose) = (readme()?, std::fs::read_to_string(root().join("docker-compose.yml"))?);
    let scripts =
        readme.split("sh deploy/").skip(1).filter_map(|rest| rest.split([' ', '`', '\n', '\'']).next());
    for script in scripts {
        ensure!(root().join("deploy").join(script).is_file(), "there is no deploy/{script}");
    }
    let commands = readme.lines().filter(|line| line.starts_with("docker compose run --rm "));
    for command in commands {
        let words: Vec<&str> = command.split(' ').collect();
        ensure!(compose.contains(&format!("\n  {}:\n", words[4])) && words[5] == "check-config", "{command}");
    }
    ensure!(readme.contains("docker compose --profile monitoring up -d") && compose.contains("[monitoring]"));
    Ok(())
}
