//! What a process held at most, as the kernel remembers it.

use anyhow::{Context, Result};

use crate::figures::Figure;

const MOST_IDLE: f64 = 40.0;
const MOST_UNDER_LOAD: f64 = 80.0;

/// One reading of a process's peak, in MB of 1024 · 1024 bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    pub service: &'static str,
    pub moment: Moment,
    pub megabytes: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Ready, and nothing has come yet.
    Idle,
    UnderLoad,
}

/// Reads what the process has held at most since its start.
///
/// # Errors
///
/// If the process is gone, or this is no Linux.
pub fn peak(service: &'static str, moment: Moment, process: u32) -> Result<Reading> {
    let path = format!("/proc/{process}/status");
    let status = std::fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    let megabytes = in_status(&status).with_context(|| format!("{path} has no VmHWM"))?;
    Ok(Reading { service, moment, megabytes })
}

/// The line is `VmHWM:     12345 kB`.
fn in_status(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u32 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(f64::from(kilobytes) / 1024.0)
}

/// The largest reading of each service and moment, against what it may be.
pub fn figures(readings: Vec<Reading>) -> Vec<Figure> {
    let mut largest: Vec<Reading> = Vec::new();
    for reading in readings {
        let same = |other: &&mut Reading| other.service == reading.service && other.moment == reading.moment;
        match largest.iter_mut().find(same) {
            Some(known) => known.megabytes = known.megabytes.max(reading.megabytes),
            None => largest.push(reading),
        }
    }
    largest.into_iter().map(figure).collect()
}

fn figure(reading: Reading) -> Figure {
    let (moment, most) = match reading.moment {
        Moment::Idle => ("idle", MOST_IDLE),
        Moment::UnderLoad => ("load", MOST_UNDER_LOAD),
    };
    Figure::told(format!("memory.{}.{moment}", reading.service), reading.megabytes, "MB").at_most(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_from_the_kernels_words() {
        let status = "Name:\tbot-service\nVmPeak:\t  900000 kB\nVmHWM:\t   20480 kB\nVmRSS:\t   10240 kB\n";
        assert_eq!(in_status(status), Some(20.0));
        assert_eq!(in_status("Name:\tzombie\n"), None);
    }

    #[test]
    fn our_own_peak_is_something() {
        let own = peak("bench", Moment::Idle, std::process::id()).unwrap();
        assert!(own.megabytes > 0.1);
    }

    #[test]
    fn of_several_runs_the_largest_counts() {
        let reading = |moment, megabytes| Reading { service: "bot-service", moment, megabytes };
        let readings = vec![
            reading(Moment::Idle, 20.0),
            reading(Moment::UnderLoad, 50.0),
            reading(Moment::Idle, 41.0),
            reading(Moment::UnderLoad, 30.0),
        ];
        let expected = [
            Figure::told("memory.bot-service.idle", 41.0, "MB").at_most(40.0),
            Figure::told("memory.bot-service.load", 50.0, "MB").at_most(80.0),
        ];
        assert_eq!(figures(readings), expected);
    }
}
