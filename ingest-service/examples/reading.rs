//! Reads one webhook and writes its event, again and again: for the clock, and for a profiler.
//!
//! ```sh
//! cargo run --release -p ingest-service --example reading
//! valgrind --tool=callgrind target/release/examples/reading 1000
//! ```

use std::hint::black_box;
use std::time::{Duration, Instant};

use ingest_service::{events, form};
use mimalloc::MiMalloc;
use shared::clock::Clock;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// A new deal as the simulated AmoCRM tells it.
const BODY: &str = include_str!("webhook.txt");
const ROUNDS: u32 = 200_000;
/// So many are timed together; the quickest of them is what the work takes on a machine that does nothing else.
const TOGETHER: u32 = 1_000;

fn main() {
    let rounds = std::env::args().nth(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let body = black_box(BODY.trim_end().as_bytes());
    let now = Clock::system().now();
    let mut best = Duration::MAX;
    for _ in 0..rounds.div_ceil(TOGETHER) {
        let started = Instant::now();
        for _ in 0..TOGETHER {
            let form = form::read(None, body);
            for found in events::read(&form).found {
                black_box(found.into_event(now).encode());
            }
        }
        best = best.min(started.elapsed() / TOGETHER);
    }
    println!("{} bytes: {best:?}", body.len());
}
