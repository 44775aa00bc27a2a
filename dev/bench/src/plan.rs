//! What is run, and how much of it.

use std::str::FromStr;
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bench {
    Ingest,
    Pipeline,
    Latency,
    Memory,
    Growth,
    Scale,
    Abuse,
}

impl Bench {
    pub const ALL: [Self; 7] =
        [Self::Ingest, Self::Pipeline, Self::Latency, Self::Memory, Self::Growth, Self::Scale, Self::Abuse];
}

impl FromStr for Bench {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "ingest" => Ok(Self::Ingest),
            "pipeline" => Ok(Self::Pipeline),
            "latency" => Ok(Self::Latency),
            "memory" => Ok(Self::Memory),
            "growth" => Ok(Self::Growth),
            "scale" => Ok(Self::Scale),
            "abuse" => Ok(Self::Abuse),
            other => Err(format!(
                "there is no bench `{other}`: ingest, pipeline, latency, memory, growth, scale or abuse"
            )),
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
    pub growth: Growth,
    pub scale: Scale,
    pub abuse: Abuses,
}

/// Databases of several sizes.
#[derive(Debug, Clone)]
pub struct Growth {
    /// The smallest first: what a step takes there is the measure.
    pub measurements: Vec<i64>,
    /// Of each step on each database, not counted.
    pub warm_up: usize,
    pub samples: usize,
}

/// Several replicas of each service.
#[derive(Debug, Clone)]
pub struct Scale {
    /// Replicas of ingest-service, how often each number of them is measured, and with how many webhooks.
    pub ingests: Vec<usize>,
    pub rounds: usize,
    pub webhooks: usize,
    /// Replicas of bot-service.
    pub bots: Vec<usize>,
    /// How many deals a burst has, and how many bursts each number of replicas gets.
    pub deals: usize,
    pub bursts: usize,
}

/// How much is done to ingest-service while honest webhooks are measured.
#[derive(Debug, Clone)]
pub struct Abuses {
    /// Connections that say a byte now and then, and such that say nothing.
    pub loris: usize,
    pub idle: usize,
    pub endless_a_second: u32,
    /// Compressed bodies and wrong secrets.
    pub refused_a_second: u32,
    /// From the beginning of the abuse, which opens its connections first, to the first honest webhook that is
    /// measured, and how long these are.
    pub before: Duration,
    pub measured: Duration,
}

impl Plan {
    /// What the documented figures come from: some twenty minutes.
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
            growth: Growth { measurements: vec![1_000, 100_000, 1_000_000], warm_up: 20, samples: 1_000 },
            scale: Scale {
                ingests: vec![1, 2, 3],
                rounds: 5,
                webhooks: 10_000,
                bots: vec![1, 2],
                deals: 2_000,
                bursts: 3,
            },
            abuse: Abuses {
                loris: 1_000,
                idle: 10_000,
                endless_a_second: 16,
                refused_a_second: 1_000,
                before: Duration::from_secs(10),
                measured: Duration::from_secs(20),
            },
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
            growth: Growth { measurements: vec![1_000, 2_000], warm_up: 1, samples: 2 },
            scale: Scale {
                ingests: vec![1, 2],
                rounds: 1,
                webhooks: 200,
                bots: vec![1, 2],
                deals: 20,
                bursts: 1,
            },
            abuse: Abuses {
                loris: 20,
                idle: 100,
                endless_a_second: 2,
                refused_a_second: 50,
                before: Duration::from_millis(300),
                measured: Duration::from_millis(500),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bench_has_a_name_and_others_are_refused() {
        let names = ["ingest", "pipeline", "latency", "memory", "growth", "scale", "abuse"];
        let benches: Result<Vec<Bench>, _> = names.map(str::parse).into_iter().collect();
        assert_eq!(benches, Ok(Bench::ALL.to_vec()));
        assert!("ingset".parse::<Bench>().is_err_and(|problem| problem.contains("ingset")));
    }
}
