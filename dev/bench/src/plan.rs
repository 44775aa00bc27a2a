//! What is run, and how much of it.

use std::str::FromStr;
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bench {
    Ingest,
    Pipeline,
    Latency,
    Memory,
}

impl Bench {
    pub const ALL: [Self; 4] = [Self::Ingest, Self::Pipeline, Self::Latency, Self::Memory];
}

impl FromStr for Bench {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "ingest" => Ok(Self::Ingest),
            "pipeline" => Ok(Self::Pipeline),
            "latency" => Ok(Self::Latency),
            "memory" => Ok(Self::Memory),
            other => Err(format!("there is no bench `{other}`: ingest, pipeline, latency or memory")),
        }
    }
}

/// How much is measured.
#[derive(Debug, Clone)]
pub struct Plan {
    pub connections: Vec<usize>,
    /// Each round measures the bare publisher and then ingest-service.
    pub rounds: usize,
    /// Not counted, at the start of each measurement of a round.
    pub warm_up: Duration,
    pub measured: Duration,
    /// How many deals a burst has, and how many bursts there are.
    pub deals: usize,
    pub bursts: usize,
    pub samples: usize,
    /// How long a service is left alone before its idle memory is read.
    pub idle: Duration,
}

impl Plan {
    /// What the documented figures come from: some six minutes.
    pub fn full() -> Self {
        Self {
            connections: vec![16, 128],
            rounds: 5,
            warm_up: Duration::from_secs(1),
            measured: Duration::from_secs(4),
            deals: 5_000,
            bursts: 3,
            samples: 120,
            idle: Duration::from_secs(5),
        }
    }

    /// Proves that every bench still works; its figures mean nothing.
    pub fn smoke() -> Self {
        Self {
            connections: vec![4],
            rounds: 1,
            warm_up: Duration::from_millis(100),
            measured: Duration::from_millis(400),
            deals: 20,
            bursts: 1,
            samples: 2,
            idle: Duration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bench_has_a_name_and_others_are_refused() {
        let named: Result<Vec<Bench>, _> =
            ["ingest", "pipeline", "latency", "memory"].map(str::parse).into_iter().collect();
        assert_eq!(named, Ok(Bench::ALL.to_vec()));
        assert!("ingset".parse::<Bench>().is_err_and(|problem| problem.contains("ingset")));
    }
}
