//! Figures for Prometheus, since the process began.

use std::borrow::Cow;

use axum::http::Method;
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{
        counter::Counter,
        family::Family,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};
use storage::counted::{Operation, Outcome};

use super::Answered;
use crate::usage::Figures;

/// Upper bounds of durations in seconds: from 1 ms, each twice the one before, to 16 s.
fn durations() -> Histogram {
    Histogram::new(exponential_buckets(0.001, 2.0, 15))
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: Cow<'static, str>,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    method: Cow<'static, str>,
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    operation: &'static str,
    outcome: &'static str,
}

/// What Prometheus is told.
pub(super) struct Instruments {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    seconds: Family<RouteLabels, Histogram, fn() -> Histogram>,
    calls: Family<CallLabels, Counter>,
    transfers: Counter,
    stored: Counter,
    served: Counter,
    claims: Counter,
    refusals: Counter,
    failures: Counter,
}

impl Instruments {
    pub(super) fn new() -> Self {
        let mut new = Self {
            registry: Registry::with_prefix("send"),
            requests: Family::default(),
            seconds: Family::new_with_constructor(durations),
            calls: Family::default(),
            transfers: Counter::default(),
            stored: Counter::default(),
            served: Counter::default(),
            claims: Counter::default(),
            refusals: Counter::default(),
            failures: Counter::default(),
        };
        new.register();
        new
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register(
            "requests",
            "Requests that were answered",
            self.requests.clone(),
        );
        registry.register(
            "request_seconds",
            "How long requests took until their answer began",
            self.seconds.clone(),
        );
        registry.register(
            "storage_calls",
            "Calls to the storage, by how they ended",
            self.calls.clone(),
        );
        for (name, sentence, counter) in [
            ("transfers", "Transfers that were created", &self.transfers),
            (
                "bytes_stored",
                "Bytes that were stored for transfers",
                &self.stored,
            ),
            (
                "bytes_served",
                "Bytes of transfers that went out",
                &self.served,
            ),
            (
                "claims",
                "Claims and counted downloads that were new",
                &self.claims,
            ),
            (
                "refusals",
                "Requests that were answered 4xx",
                &self.refusals,
            ),
            (
                "failures",
                "Requests that were answered 5xx",
                &self.failures,
            ),
        ] {
            registry.register(name, sentence, counter.clone());
        }
    }

    pub(super) fn answered(&self, answered: &Answered, figures: Figures) {
        let (method, route) = (method(answered.method), answered.route.to_owned());
        let labels = RouteLabels {
            method: method.clone(),
            route: route.clone(),
        };
        let seconds = answered.took.as_secs_f64();
        self.seconds.get_or_create(&labels).observe(seconds);
        let labels = RequestLabels {
            method,
            route,
            status: answered.status.as_u16(),
        };
        self.requests.get_or_create(&labels).inc();
        self.tell(figures);
    }

    pub(super) fn storage(&self, operation: Operation, outcome: Outcome) {
        let labels = CallLabels {
            operation: operation.name(),
            outcome: outcome.name(),
        };
        self.calls.get_or_create(&labels).inc();
    }

    /// Requests themselves are counted by route.
    pub(super) fn tell(&self, figures: Figures) {
        let Figures {
            transfers,
            bytes_stored,
            bytes_served,
            claims,
            requests: _,
            refusals,
            failures,
        } = figures;
        self.transfers.inc_by(transfers);
        self.stored.inc_by(bytes_stored);
        self.served.inc_by(bytes_served);
        self.claims.inc_by(claims);
        self.refusals.inc_by(refusals);
        self.failures.inc_by(failures);
    }

    pub(super) fn text(&self) -> String {
        let mut all = String::new();
        // A String takes everything.
        let _ = text::encode(&mut all, &self.registry);
        all
    }
}

/// Clients may invent methods, but not figures.
fn method(method: &Method) -> Cow<'static, str> {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    if known.contains(method) {
        Cow::Owned(method.to_string())
    } else {
        Cow::Borrowed("other")
    }
}
