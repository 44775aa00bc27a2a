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
    let mut benches = Bench::ALL.to_vec();
    if e2e::proxy::caddy().is_none() {
        println!("!!! caddy is not installed: `scale` is NOT tried out");
        benches.retain(|bench| *bench != Bench::Scale);
    }
    let figures = bench::run(&benches, &Plan::smoke(), &places, &programs, tell).await.unwrap();
    let names = figures.iter().map(|figure| figure.name.as_str());
    let (steps, names): (Vec<_>, Vec<_>) = names.partition(|name| name.starts_with("growth."));
    assert!(steps.len() > 80, "{steps:?}");
    let (scales, names): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| name.starts_with("scale."));
    assert_eq!(scales.len(), if benches.contains(&Bench::Scale) { 6 } else { 0 }, "{scales:?}");
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
            "abuse.none.p99",
            "abuse.loris.p99",
            "abuse.loris.acts",
            "abuse.idle.p99",
            "abuse.idle.acts",
            "abuse.endless.p99",
            "abuse.endless.acts",
            "abuse.bombs.p99",
            "abuse.bombs.acts",
            "abuse.secrets.p99",
            "abuse.secrets.acts",
        ]
    );
    assert!(figures.iter().all(|figure| figure.value > 0.0), "{figures:?}");
}
