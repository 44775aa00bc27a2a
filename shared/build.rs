//! Tells the program which commit it was built from: `GIT_COMMIT` where that is set, else what `.git` says.
//!
//! A debug build does not look into `.git`: every commit would build everything anew.

use std::path::Path;
use std::{env, fs};

/// Enough of a commit's name to find it.
const SHORT: usize = 12;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=GIT_COMMIT");
    let told = env::var("GIT_COMMIT").ok().filter(|commit| !commit.trim().is_empty());
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = told.or_else(|| is_release.then(|| checked_out(Path::new("../.git"))).flatten());
    let text = match commit {
        Some(commit) => format!("commit {}", commit.trim().chars().take(SHORT).collect::<String>()),
        None if is_release => "unknown commit".to_owned(),
        None => "debug build".to_owned(),
    };
    println!("cargo::rustc-env=BUILT_FROM={text}");
}

/// Read from the files, which an image's build has too; the program `git` it may lack.
fn checked_out(git: &Path) -> Option<String> {
    let places = ["HEAD", "refs/heads", "packed-refs"].map(|name| git.join(name));
    for place in places.iter().filter(|place| place.exists()) {
        println!("cargo::rerun-if-changed={}", place.display());
    }
    let head = fs::read_to_string(git.join("HEAD")).ok()?;
    let Some(reference) = head.trim().strip_prefix("ref: ") else { return Some(head) };
    let loose = fs::read_to_string(git.join(reference)).ok();
    loose.or_else(|| {
        let packed = fs::read_to_string(git.join("packed-refs")).ok()?;
        packed.lines().find_map(|line| line.strip_suffix(reference)?.strip_suffix(' ').map(str::to_owned))
    })
}
