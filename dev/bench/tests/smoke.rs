//! Every bench in small, on real parts: nothing is said of speed, but none can rot.

use std::path::PathBuf;

use bench::plan::{Bench, Plan};
use bench::stage::Programs;
use e2e::system::Places;

#[tokio::test(flavor = "multi_thread")]
async fn every_bench_still_measures() {
    let programs =
        Programs { bare: PathBuf::from(env!("CARGO_BIN_EXE_bare-publisher")), ..Programs::find().unwrap() };
    let places = Places::from_environment().unwrap();
    let tell = &mut |line| println!("{line}");
    let figures = bench::run(&Bench::ALL, &Plan::smoke(), &places, &programs, tell).await.unwrap();
    let names: Vec<_> = figures.iter().map(|figure| figure.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "ingest.rate.4",
            "ingest.p50.4",
            "ingest.p99.4",
            "pipeline.burst",
            "pipeline.rate",
            "pipeline.accepted",
            "latency.p50",
            "latency.p99",
            "latency.samples",
            "memory.ingest-service.idle",
            "memory.ingest-service.load",
            "memory.bot-service.idle",
            "memory.bot-service.load",
        ]
    );
    assert!(figures.iter().all(|figure| figure.value > 0.0), "{figures:?}");
}
