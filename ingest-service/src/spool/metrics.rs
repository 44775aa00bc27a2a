//! What Prometheus is told of the spool; nothing where there is none.

use chrono::{DateTime, Utc};
use metrics::{Key, Label, Recorder};

use super::{Report, SpoolError, SpoolState};
use crate::metrics::{Metrics, ORIGIN};

const SPOOLED: &str = "ingest_spooled_total";
const DRAINED: &str = "ingest_drained_total";
const REFUSED: &str = "ingest_spool_refused_total";
const WAITING: &str = "ingest_spool_events";
const OLDEST: &str = "ingest_spool_oldest_seconds";
const BYTES: &str = "ingest_spool_bytes";
const LIMIT: &str = "ingest_spool_limit_bytes";
const WORKS: &str = "ingest_spool_works";

pub fn describe(metrics: &Metrics) {
    let counters = [
        (SPOOLED, "Messages written to the spool"),
        (DRAINED, "Messages of the spool that the broker has confirmed"),
        (REFUSED, "Webhooks that neither the broker nor the spool has taken"),
    ];
    for (name, text) in counters {
        metrics.recorder().describe_counter(name.into(), None, text.into());
    }
    let gauges = [
        (WAITING, "Messages that wait in the spool's files of this process"),
        (OLDEST, "Age of the oldest of them, in seconds"),
        (BYTES, "What they take on the disk"),
        (LIMIT, "SPOOL_MAX_BYTES"),
        (WORKS, "1 while the spool takes messages"),
    ];
    for (name, text) in gauges {
        metrics.recorder().describe_gauge(name.into(), None, text.into());
    }
    for error in SpoolError::ALL {
        count_refused(metrics, error, 0);
    }
}

pub fn refused(metrics: &Metrics, error: SpoolError) {
    count_refused(metrics, error, 1);
}

fn count_refused(metrics: &Metrics, error: SpoolError, by: u64) {
    let key = Key::from_parts(REFUSED, vec![Label::new("reason", error.as_str())]);
    metrics.recorder().register_counter(&key, &ORIGIN).increment(by);
}

#[expect(clippy::cast_precision_loss, reason = "a disk holds less than petabytes")]
pub fn show(metrics: &Metrics, report: &Report, now: DateTime<Utc>) {
    let age = report.oldest_at.and_then(|at| (now - at).to_std().ok()).unwrap_or_default();
    let works = f64::from(u8::from(report.state == SpoolState::Works));
    let gauges = [
        (WAITING, report.waiting as f64),
        (OLDEST, age.as_secs_f64()),
        (BYTES, report.bytes as f64),
        (LIMIT, report.max_bytes as f64),
        (WORKS, works),
    ];
    for (name, value) in gauges {
        metrics.recorder().register_gauge(&Key::from_static_name(name), &ORIGIN).set(value);
    }
    for (name, count) in [(SPOOLED, report.spooled), (DRAINED, report.drained)] {
        metrics.recorder().register_counter(&Key::from_static_name(name), &ORIGIN).absolute(count);
    }
}
