//! Breaks everything for a while and says whether anything was lost. Started by `cargo xtask chaos`.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use e2e::chaos::plan::{Plan, Size};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("\n✗ {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// `--minutes N` and `--seed S`; without minutes the short form, without a seed a new one.
async fn run() -> Result<bool> {
    let (mut minutes, mut seed) = (None, None);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let number: u64 =
            words.next().unwrap_or_default().parse().with_context(|| format!("{word} needs a number"))?;
        match word.as_str() {
            "--minutes" => minutes = Some(number),
            "--seed" => seed = Some(number),
            _ => bail!("unknown word {word}"),
        }
    }
    let size = minutes.map_or(Size::SHORT, |minutes| Size::of(Duration::from_secs(minutes * 60)));
    let seed = seed.unwrap_or_else(|| u64::from(uuid::Uuid::new_v4().as_fields().0));
    let plan = Plan::draw(seed, size);
    println!("{plan}");
    let again = match minutes {
        Some(minutes) => format!("cargo xtask chaos --minutes {minutes} --seed {seed}"),
        None => format!("cargo xtask chaos --seed {seed}"),
    };
    let report = e2e::chaos::run(&plan, &|line| println!("{line}")).await;
    let report = report.with_context(|| format!("to repeat it: {again}"))?;
    println!("\n{report}");
    if !report.is_clean() {
        println!("\n✗ to repeat it: {again}");
    }
    Ok(report.is_clean())
}
