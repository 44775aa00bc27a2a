//! What Prometheus is told. No label ever holds an id or a text from outside.

use std::time::Duration;

use metrics::{Counter, Key, Label, Level, Metadata, Recorder};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use shared::broker::BrokerState;
use shared::memory;

use crate::events::Skipped;
use crate::flaw::Flaw;
use crate::ingest::Accepted;
use crate::rejection::Rejection;

const REQUESTS: &str = "ingest_requests_total";
const EVENTS: &str = "ingest_events_total";
const SKIPPED: &str = "ingest_skipped_total";
const UNREADABLE: &str = "ingest_unreadable_total";
const PUBLISHED: &str = "ingest_publish_total";
const PUBLISH_SECONDS: &str = "ingest_publish_seconds";
const CONNECTED: &str = "ingest_broker_connected";

/// Seconds; the sender's patience ends at two.
const BUCKETS: &[f64] = &[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 1.5, 2.0];
const ORIGIN: Metadata<'static> = Metadata::new(module_path!(), Level::INFO, Some(module_path!()));

/// The recorder of this instance. Not a global one: several may live in one process.
pub struct Metrics {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

impl Metrics {
    /// # Panics
    ///
    /// Never: the buckets are a constant list that is not empty.
    pub fn new() -> Self {
        let matcher = Matcher::Full(PUBLISH_SECONDS.to_owned());
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(matcher, BUCKETS)
            .expect("the list of buckets is not empty")
            .build_recorder();
        let handle = recorder.handle();
        let metrics = Self { recorder, handle };
        metrics.describe();
        metrics
    }

    /// Names what is counted, and lets every outcome of a request start at zero.
    fn describe(&self) {
        let counters = [
            (REQUESTS, "Webhooks by outcome, and requests for which there is no handler"),
            (EVENTS, "Events published by kind"),
            (SKIPPED, "Parts of hooks that bring no event"),
            (UNREADABLE, "Bodies kept raw by what is wrong with them"),
            (PUBLISHED, "Messages by what the broker said"),
        ];
        for (name, text) in counters {
            self.recorder.describe_counter(name.into(), None, text.into());
        }
        let seconds = "Time from the wish to publish to the broker's word, in seconds";
        self.recorder.describe_histogram(PUBLISH_SECONDS.into(), None, seconds.into());
        let connected = "1 while the broker takes messages";
        self.recorder.describe_gauge(CONNECTED.into(), None, connected.into());
        self.recorder.describe_gauge(memory::METRIC.into(), None, memory::METRIC_ABOUT.into());
        let accepted = Accepted::ALL.map(Accepted::as_str);
        for outcome in Rejection::ALL.map(Rejection::code).into_iter().chain(accepted) {
            self.counter(REQUESTS, "outcome", outcome).increment(0);
        }
    }

    pub fn request(&self, outcome: &'static str) {
        self.counter(REQUESTS, "outcome", outcome).increment(1);
    }

    pub fn event(&self, kind: &str) {
        self.counter(EVENTS, "kind", kind).increment(1);
    }

    pub fn unreadable(&self, flaw: Flaw) {
        self.counter(UNREADABLE, "reason", flaw.as_str()).increment(1);
    }

    pub fn skipped(&self, skipped: Skipped) {
        let parts = [
            ("unused", skipped.unused),
            ("unknown_entity", skipped.unknown_entities),
            ("unknown_action", skipped.unknown_actions),
            ("unknown_field", skipped.unknown_fields),
        ];
        for (what, count) in parts {
            self.counter(SKIPPED, "what", what).increment(count);
        }
    }

    pub fn published(&self, outcome: &'static str, took: Duration) {
        self.counter(PUBLISHED, "outcome", outcome).increment(1);
        let key = Key::from_static_name(PUBLISH_SECONDS);
        self.recorder.register_histogram(&key, &ORIGIN).record(took.as_secs_f64());
    }

    /// Everything in Prometheus' text format.
    pub fn render(&self, broker: BrokerState) -> String {
        let connected = f64::from(u8::from(broker == BrokerState::Connected));
        self.recorder.register_gauge(&Key::from_static_name(CONNECTED), &ORIGIN).set(connected);
        #[expect(clippy::cast_precision_loss, reason = "a process holds less than petabytes")]
        if let Some(held) = memory::resident_bytes() {
            self.recorder.register_gauge(&Key::from_static_name(memory::METRIC), &ORIGIN).set(held as f64);
        }
        self.handle.render()
    }

    /// Condenses the samples; without it they pile up while nobody asks for the metrics.
    pub fn upkeep(&self) {
        self.handle.run_upkeep();
    }

    fn counter(&self, name: &'static str, label: &'static str, value: impl Into<String>) -> Counter {
        let key = Key::from_parts(name, vec![Label::new(label, value.into())]);
        self.recorder.register_counter(&key, &ORIGIN)
    }
}
