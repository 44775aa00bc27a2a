//! What the packages we build with may bring: licences, and the parts that must exist once or not at all.

mod expression;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use serde_json::Value;

use crate::project;
use crate::steps::Checked;

const ALLOWED: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// A second C cryptography library beside ring: slow to build, needs cmake.
const BANNED: [&str; 1] = ["aws-lc-sys"];

/// Two incompatible versions of these mean two pools, two TLS stacks, or types that do not fit.
const SINGLE: [&str; 5] = ["axum", "hyper", "reqwest", "rustls", "sqlx"];

/// Fails with one line for each package that breaks a rule.
pub async fn check() -> Result<Checked> {
    let complaints = complaints(&project::metadata().await?);
    if complaints.is_empty() {
        return Ok(Checked::Passed);
    }
    bail!("\n  {}", complaints.join("\n  "))
}

fn complaints(metadata: &Value) -> Vec<String> {
    let packages = metadata["packages"].as_array().map_or(&[][..], Vec::as_slice);
    let mut found: Vec<String> = packages.iter().filter_map(licence_complaint).collect();
    let mut lines: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in packages {
        let name = text(package, "name");
        if BANNED.contains(&name) {
            found.push(format!("{name}: must not be part of the build"));
        }
        if SINGLE.contains(&name) {
            lines.entry(name).or_default().insert(compatible_line(text(package, "version")));
        }
    }
    for (name, versions) in lines.into_iter().filter(|(_, versions)| versions.len() > 1) {
        found.push(format!("{name}: more than one version: {versions:?}"));
    }
    found
}

fn licence_complaint(package: &Value) -> Option<String> {
    let (name, licence) = (text(package, "name"), text(package, "license"));
    match expression::satisfiable(licence, |name| ALLOWED.contains(&name)) {
        Ok(true) => None,
        Ok(false) => Some(format!("{name}: licence `{licence}` is not among the allowed ones")),
        Err(problem) => Some(format!("{name}: {problem}")),
    }
}

fn text<'a>(package: &'a Value, key: &str) -> &'a str {
    package[key].as_str().unwrap_or_default()
}

/// The part of a version within which versions are compatible: `0.12` of `0.12.3`, `1` of `1.2.3`.
fn compatible_line(version: &str) -> &str {
    let dots = if version.starts_with("0.") { 2 } else { 1 };
    let end = version.match_indices('.').nth(dots - 1).map_or(version.len(), |(index, _)| index);
    &version[..end]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_broken_rule_is_named() {
        let metadata = json!({"packages": [
            {"name": "good", "version": "1.0.0", "license": "MIT OR GPL-3.0"},
            {"name": "bad", "version": "1.0.0", "license": "GPL-3.0"},
            {"name": "bare", "version": "1.0.0", "license": null},
            {"name": "aws-lc-sys", "version": "0.1.0", "license": "ISC"},
            {"name": "reqwest", "version": "0.12.28", "license": "MIT"},
            {"name": "reqwest", "version": "0.13.1", "license": "MIT"},
            {"name": "hyper", "version": "1.1.0", "license": "MIT"},
            {"name": "hyper", "version": "1.9.0", "license": "MIT"},
        ]});
        let names: Vec<String> =
            complaints(&metadata).iter().map(|line| line.split(':').next().unwrap().to_owned()).collect();
        assert_eq!(names, ["bad", "bare", "aws-lc-sys", "reqwest"]);
    }

    #[test]
    fn compatibility_follows_the_first_number_that_is_not_zero() {
        assert_eq!(compatible_line("0.12.28"), "0.12");
        assert_eq!(compatible_line("1.9.0"), "1");
    }
}
