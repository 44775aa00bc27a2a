//! What Prometheus is told. No label ever holds an id or a text from outside.

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use metrics::{Counter, Histogram, Key, Label, Level, Metadata, Recorder};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use shared::broker::BrokerState;
use shared::memory;

use crate::events::Skipped;
use crate::flaw::Flaw;
use crate::ingest::Accepted;
use crate::rejection::Rejection;

const PUBLISH_SECONDS: &str = "ingest_publish_seconds";
const CONNECTED: &str = "ingest_broker_connected";

/// Seconds; the sender's patience ends at two.
const BUCKETS: &[f64] = &[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 1.5, 2.0];
pub const ORIGIN: Metadata<'static> = Metadata::new(module_path!(), Level::INFO, Some(module_path!()));

/// The recorder of this instance. Not a global one: several may live in one process.
pub struct Metrics {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    requests: Counters,
    events: Counters,
    skipped: Counters,
    unreadable: Counters,
    published: Counters,
    publish_seconds: Histogram,
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
        let metrics = Self {
            handle: recorder.handle(),
            requests: Counters::new("ingest_requests_total", "outcome"),
            events: Counters::new("ingest_events_total", "kind"),
            skipped: Counters::new("ingest_skipped_total", "what"),
            unreadable: Counters::new("ingest_unreadable_total", "reason"),
            published: Counters::new("ingest_publish_total", "outcome"),
            publish_seconds: recorder.register_histogram(&Key::from_static_name(PUBLISH_SECONDS), &ORIGIN),
            recorder,
        };
        metrics.describe();
        metrics
    }

    /// Names what is counted, and lets every outcome of a request and every part that may be skipped start at zero.
    fn describe(&self) {
        let counters = [
            (&self.requests, "Webhooks by outcome, and requests for which there is no handler"),
            (&self.events, "Events published by kind"),
            (&self.skipped, "Parts of hooks that bring no event"),
            (&self.unreadable, "Bodies kept raw by what is wrong with them"),
            (&self.published, "Messages by what the broker said"),
        ];
        for (counters, text) in counters {
            self.recorder.describe_counter(counters.name.into(), None, text.into());
        }
        let seconds = "Time from the wish to publish to the broker's word, in seconds";
        self.recorder.describe_histogram(PUBLISH_SECONDS.into(), None, seconds.into());
        let connected = "1 while the broker takes messages";
        self.recorder.describe_gauge(CONNECTED.into(), None, connected.into());
        self.recorder.describe_gauge(memory::METRIC.into(), None, memory::METRIC_ABOUT.into());
        let accepted = Accepted::ALL.map(Accepted::as_str);
        for outcome in Rejection::ALL.map(Rejection::code).into_iter().chain(accepted) {
            self.requests.add(&self.recorder, outcome, 0);
        }
        self.add_skipped(Skipped::default());
    }

    /// For parts that tell of themselves.
    pub fn recorder(&self) -> &PrometheusRecorder {
        &self.recorder
    }

    pub fn request(&self, outcome: &'static str) {
        self.requests.add(&self.recorder, outcome, 1);
    }

    pub fn event(&self, kind: &str) {
        self.events.add(&self.recorder, kind, 1);
    }

    pub fn unreadable(&self, flaw: Flaw) {
        self.unreadable.add(&self.recorder, flaw.as_str(), 1);
    }

    pub fn skipped(&self, skipped: Skipped) {
        if skipped.total() > 0 {
            self.add_skipped(skipped);
        }
    }

    fn add_skipped(&self, skipped: Skipped) {
        let parts = [
            ("unused", skipped.unused),
            ("unknown_entity", skipped.unknown_entities),
            ("unknown_action", skipped.unknown_actions),
            ("unknown_field", skipped.unknown_fields),
        ];
        for (what, count) in parts {
            self.skipped.add(&self.recorder, what, count);
        }
    }

    pub fn published(&self, outcome: &'static str, took: Duration) {
        self.published.add(&self.recorder, outcome, 1);
        self.publish_seconds.record(took.as_secs_f64());
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
}

/// The counters of one name, by the value of their one label. Each is looked up in the recorder once.
struct Counters {
    name: &'static str,
    label: &'static str,
    known: RwLock<Vec<(String, Counter)>>,
}

impl Counters {
    fn new(name: &'static str, label: &'static str) -> Self {
        Self { name, label, known: RwLock::default() }
    }

    fn add(&self, recorder: &PrometheusRecorder, value: &str, count: u64) {
        {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, counter)) = known.iter().find(|(there, _)| *there == value) {
                return counter.increment(count);
            }
        }
        let key = Key::from_parts(self.name, vec![Label::new(self.label, value.to_owned())]);
        let counter = recorder.register_counter(&key, &ORIGIN);
        counter.increment(count);
        self.known.write().unwrap_or_else(PoisonError::into_inner).push((value.to_owned(), counter));
    }
}
