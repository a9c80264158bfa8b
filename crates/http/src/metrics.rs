//! What is counted, for Prometheus.

use std::{sync::atomic::AtomicU64, time::Duration};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: String,
    route: String,
}

/// Upper bounds of the duration buckets, in seconds.
const BOUNDS: [f64; 15] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0];

/// The counters of one server.
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    durations: Family<Route, Histogram>,
    waiters: Gauge<i64>,
    streams: Gauge<i64>,
    seal_lag: Gauge<f64, AtomicU64>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("signoff");
        let requests = Family::default();
        registry.register("http_requests", "Requests that were answered", requests.clone());
        let durations = Family::<Route, Histogram>::new_with_constructor(|| Histogram::new(BOUNDS));
        registry.register("http_request_duration_seconds", "Time to an answer; long-polls wait for theirs", durations.clone());
        let waiters = Gauge::default();
        registry.register("waiters", "Requests that wait for a decision or an event", waiters.clone());
        let streams = Gauge::default();
        registry.register("event_streams", "Open event streams", streams.clone());
        let seal_lag = Gauge::default();
        registry.register("seal_duration_seconds", "Time of the last sealing pass", seal_lag.clone());
        Self { registry, requests, durations, waiters, streams, seal_lag }
    }
}

impl Metrics {
    /// Counts a request.
    pub(crate) fn request(&self, method: &str, route: &str, status: u16, took: Duration) {
        // Methods are an open set on the wire; a label must not be.
        let method = match method {
            "GET" | "POST" | "PATCH" | "PUT" | "DELETE" | "HEAD" | "OPTIONS" => method,
            _ => "other",
        };
        let labels = Labels { method: method.into(), route: route.into(), status };
        self.requests.get_or_create(&labels).inc();
        self.durations.get_or_create(&Route { method: method.into(), route: route.into() }).observe(took.as_secs_f64());
    }

    /// Counts an event stream while the answer is held.
    pub(crate) fn stream(self: &std::sync::Arc<Self>) -> impl Drop + Send + use<> {
        struct Open(std::sync::Arc<Metrics>);
        impl Drop for Open {
            fn drop(&mut self) {
                self.0.streams.dec();
            }
        }
        self.streams.inc();
        Open(std::sync::Arc::clone(self))
    }

    /// Notes how long a sealing pass took.
    pub fn sealed(&self, took: Duration) {
        self.seal_lag.set(took.as_secs_f64());
    }

    /// Everything, in the text format of Prometheus.
    pub(crate) fn text(&self, waiting: usize) -> String {
        self.waiters.set(i64::try_from(waiting).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
