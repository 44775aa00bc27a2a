//! The stages of the Dockerfile that build, each in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::dockerfile::{Stage, Step};
use super::succeed_in;
use crate::project;
use crate::steps::succeed;

/// Where our stages have their sources, and cargo its results.
const WORKDIR: &str = "/src";
const RESULTS: &str = "/src/target/";

/// Folders below `target/`; the results stay, so that libraries are built once.
pub struct Place {
    folder: PathBuf,
}

impl Place {
    /// Empty, except for earlier results.
    pub fn new(target: &Path) -> Result<Self> {
        let folder = target.join("image");
        let stages = folder.join("stages");
        if stages.exists() {
            fs::remove_dir_all(&stages).context("removing what an earlier run left")?;
        }
        fs::create_dir_all(&stages).context("making a folder for the stages")?;
        Ok(Self { folder })
    }

    /// What Docker would be given.
    pub fn context(&self) -> PathBuf {
        self.stage("context")
    }

    fn stage(&self, name: &str) -> PathBuf {
        self.folder.join("stages").join(name)
    }

    fn results(&self) -> PathBuf {
        self.folder.join("results")
    }

    /// Clones what is committed, without what `.dockerignore` keeps out of `.git`; returns the commit.
    pub async fn clone_project(&self) -> Result<String> {
        let origin = format!("file://{}", project::root().display());
        let context = self.context();
        let to = context.to_str().context("paths are text")?;
        succeed_in(project::root(), "git", &["clone", "--quiet", "--depth=1", &origin, to]).await?;
        let mut head = project::command("git");
        let output = head.args(["rev-parse", "HEAD"]).current_dir(&context).output().await.context("git")?;
        let ignored = fs::read_to_string(context.join(".dockerignore")).context("reading .dockerignore")?;
        ensure!(ignored.lines().any(|line| line == ".git/*"), ".dockerignore lets all of .git in");
        let kept: Vec<&str> = ignored.lines().filter_map(|line| line.strip_prefix("!.git/")).collect();
        for entry in fs::read_dir(context.join(".git")).context("reading .git")? {
            let path = entry.context("reading .git")?.path();
            if kept.iter().all(|name| !path.ends_with(name)) {
                if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) }
                    .with_context(|| format!("removing {}", path.display()))?;
            }
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

/// Runs the stages that start from Rust, and returns the programs that the others take from them.
pub async fn build(place: &Place, stages: &[Stage]) -> Result<Vec<PathBuf>> {
    let mut programs = Vec::new();
    for stage in stages {
        let builds = stage.base.starts_with("rust:");
        for step in &stage.steps {
            match step {
                Step::Run(command) if builds => run(place, stage, command).await?,
                Step::Copy { from, source, to } if builds => {
                    copy(place, stage, from.as_deref(), source, to).await?;
                }
                Step::Copy { source, .. } => programs.push(result(place, source)?),
                Step::Run(_) | Step::Other => {}
            }
        }
    }
    ensure!(!programs.is_empty(), "no image takes a program");
    Ok(programs)
}

async fn run(place: &Place, stage: &Stage, line: &str) -> Result<()> {
    eprintln!("[{}] {line}", stage.name);
    let mut command = project::command("sh");
    command.args(["-c", line]).current_dir(place.stage(&stage.name)).env("CARGO_TARGET_DIR", place.results());
    for name in ["DATABASE_URL", "SQLX_OFFLINE", "SQLX_OFFLINE_DIR", "GIT_COMMIT", "RUSTFLAGS"] {
        command.env_remove(name);
    }
    succeed(command).await.map(drop)
}

/// Whole folders are all that our stages copy.
async fn copy(place: &Place, stage: &Stage, from: Option<&str>, source: &str, to: &str) -> Result<()> {
    let whole = if from.is_some() { WORKDIR } else { "." };
    ensure!(source == whole && to == ".", "[{}] copies {source} to {to}: not known here", stage.name);
    let folder = place.stage(&stage.name);
    fs::create_dir_all(&folder).context("making a stage's folder")?;
    let source = place.stage(from.unwrap_or("context")).join(".");
    let (source, folder) =
        (source.to_str().context("paths are text")?, folder.to_str().context("paths are text")?);
    succeed_in(project::root(), "cp", &["-R", source, folder]).await
}

fn result(place: &Place, source: &str) -> Result<PathBuf> {
    let inside =
        source.strip_prefix(RESULTS).with_context(|| format!("{source} is no result of the build"))?;
    let program = place.results().join(inside);
    ensure!(program.is_file(), "the build made no {source}");
    Ok(program)
}
