//! The direction of dependencies, read from the `use` lines and paths of the source.
//!
//! `telegram, consumer, sync, outbox, jobs, http → actions → storage → domain`; nothing points back.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails by panicking, as a test does")]

use std::fs;
use std::path::{Path, PathBuf};

/// Each layer with the modules of this crate that it may name, besides itself.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("storage", &["domain"]),
    ("actions", &["domain", "storage"]),
    ("amocrm", &["complaint", "config", "domain", "storage"]),
    ("format", &["domain"]),
    ("consumer", &["app", "domain", "storage"]),
    ("sync", &["actions", "amocrm", "app", "config", "domain", "leader", "storage", "wake"]),
    ("files", &["app", "config", "domain", "leader", "storage", "telegram", "wake"]),
    ("jobs", &["actions", "amocrm", "app", "config", "domain", "leader", "storage", "wake"]),
    ("reception", &["actions", "app", "config", "domain", "leader", "storage", "telegram"]),
    ("updates", &["actions", "app", "complaint", "domain", "storage", "telegram", "wake"]),
    ("outbox", &["actions", "app", "config", "domain", "leader", "storage", "telegram", "wake"]),
    ("check", &["amocrm", "config", "database", "domain", "files", "telegram", "MIGRATOR"]),
    ("http", &["app", "config", "domain", "storage", "telegram"]),
    ("leader", &["app", "complaint", "storage"]),
    ("telegram/screens", &["actions::views", "domain", "format", "telegram"]),
    ("telegram", &["actions", "app", "config", "domain", "format", "storage", "telegram"]),
];

/// Libraries that some layers must not know.
const BANNED: &[(&str, &[&str])] = &[
    ("domain", &["sqlx::", "teloxide::", "reqwest::", "tokio::", "lapin::", "Utc::now"]),
    ("storage", &["teloxide::", "reqwest::", "lapin::"]),
    ("actions", &["teloxide::", "reqwest::", "lapin::", "sqlx::query"]),
    ("amocrm", &["teloxide::", "lapin::", "sqlx::query"]),
    ("telegram", &["sqlx::query", "lapin::"]),
    ("sync", &["sqlx::query", "teloxide::"]),
    ("consumer", &["sqlx::query", "teloxide::"]),
];

#[test]
fn nothing_points_back() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for file in rust_files(&source) {
        let path = file.strip_prefix(&source).unwrap().to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&file).unwrap();
        let code = production(&path, &text);
        if let Some((layer, allowed)) = layer_of(&path) {
            for target in named_modules(&code) {
                let is_own = target.split("::").next() == layer.split('/').next() && !layer.contains('/');
                if !is_own && !allowed.iter().any(|allowed| target.starts_with(allowed)) {
                    wrong.push(format!("{path}: {layer} must not know crate::{target}"));
                }
            }
        }
        for (layer, banned) in BANNED {
            for word in banned.iter().filter(|word| belongs(&path, layer) && code.contains(**word)) {
                wrong.push(format!("{path}: {layer} must not know {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_layer_exists() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (layer, _) in ARROWS {
        let (folder, file) = (source.join(layer), source.join(format!("{layer}.rs")));
        assert!(folder.is_dir() || file.is_file(), "{layer} is gone; the arrows are out of date");
    }
}

/// The innermost layer that a file is part of. What joins the parts (`run.rs`) is of none.
fn layer_of(path: &str) -> Option<&'static (&'static str, &'static [&'static str])> {
    ARROWS.iter().filter(|(layer, _)| belongs(path, layer)).max_by_key(|(layer, _)| layer.len())
}

fn belongs(path: &str, layer: &str) -> bool {
    path.strip_prefix(layer).is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let nested = entries.map(|path| {
        if path.is_dir() {
            rust_files(&path)
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            vec![path]
        } else {
            vec![]
        }
    });
    nested.flatten().collect()
}

/// The text without tests and comments.
fn production(path: &str, text: &str) -> String {
    if path.ends_with("tests.rs") || path.contains("/tests/") || path == "testing.rs" {
        return String::new();
    }
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// What follows each `crate::`, up to two segments; a nested `use crate::{a, b}` would hide arrows, so it fails.
fn named_modules(code: &str) -> Vec<String> {
    code.split("crate::")
        .skip(1)
        .map(|rest| {
            assert!(!rest.starts_with('{'), "write one `use crate::…` per module");
            let end =
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
            rest[..end].trim_end_matches(':').split("::").take(2).collect::<Vec<_>>().join("::")
        })
        .collect()
}
