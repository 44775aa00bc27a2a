//! `bench [ingest|pipeline|latency|memory|growth|scale|abuse]… [--smoke] [--json FILE]`, started by `cargo xtask bench`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use bench::figures::{self, Figure};
use bench::plan::{Bench, Plan};
use bench::stage::Programs;
use bench::table;
use e2e::system::Places;

struct Arguments {
    benches: Vec<Bench>,
    is_smoke: bool,
    json: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("✗ {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<ExitCode> {
    let arguments = read(std::env::args().skip(1))?;
    let plan = if arguments.is_smoke { Plan::smoke() } else { Plan::full() };
    let (places, programs) = (Places::from_environment()?, Programs::find()?);
    eprintln!("Load average at the start: {}", load_average());
    let tell = &mut |line| eprintln!("{line}   [load {}]", load_average());
    let figures = bench::run(&arguments.benches, &plan, &places, &programs, tell).await?;
    eprintln!();
    print!("{}", table::render(&figures));
    if let Some(path) = arguments.json {
        std::fs::write(&path, figures::to_json(&figures) + "\n")
            .with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(verdict(&figures, arguments.is_smoke))
}

/// The figures of a smoke run say nothing about speed.
fn verdict(figures: &[Figure], is_smoke: bool) -> ExitCode {
    let missed = figures.iter().any(|figure| figure.passes() == Some(false));
    if missed && !is_smoke { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn read(words: impl Iterator<Item = String>) -> Result<Arguments> {
    let mut arguments = Arguments { benches: Vec::new(), is_smoke: false, json: None };
    let mut words = words;
    while let Some(word) = words.next() {
        match word.as_str() {
            "--smoke" => arguments.is_smoke = true,
            "--json" => arguments.json = Some(words.next().context("--json needs a file")?.into()),
            name => match name.parse() {
                Ok(bench) => arguments.benches.push(bench),
                Err(problem) => bail!("{problem}"),
            },
        }
    }
    if arguments.benches.is_empty() {
        arguments.benches = Bench::ALL.to_vec();
    }
    Ok(arguments)
}

/// Of the last minute; a machine that does other work too gives other figures.
fn load_average() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("unknown").to_owned()
}
