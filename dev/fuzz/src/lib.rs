//! What the fuzz targets check, each with a folder of `corpus`. Apart from the targets, because ordinary tests of the
//! services do the same with the corpora, by including these files (`tests/corpora.rs` of both).
//!
//! ```sh
//! cargo install cargo-fuzz --locked
//! mkdir -p target/grown/form               # where inputs of interest are added; `corpus` stays as small as it is
//! cargo fuzz run --fuzz-dir . -s none form target/grown/form corpus/form -- -max_total_time=600
//! ```
//!
//! In this folder, and in turns with `hook`, `event`, `callback` and `update`. The stable compiler has no sanitizers, and
//! nothing here is unsafe. What breaks a target is written to `artifacts`: mend it, and keep the input in `corpus`.

pub mod bot;
pub mod ingest;
