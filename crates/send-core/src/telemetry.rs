//! The log: one line an event on standard error, without secrets, ids of transfers or addresses.

use std::io::{self, IsTerminal, Write};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    Layer, filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt,
};

/// Starts the log: for a person where standard error is a terminal, else JSON.
pub fn start() {
    // The S3 client tells of each request that it tries again, with its path; the client of AWS Lambda tells again which events failed,
    // without their ids.
    start_with(
        Targets::new()
            .with_default(LevelFilter::INFO)
            .with_target("object_store", LevelFilter::OFF)
            .with_target("lambda_runtime::layers::panic", LevelFilter::OFF),
    );
}

/// Starts the log with all that any part of the program tells, at every level: for tests, which look for secrets in it. Left out is where
/// the client of AWS Lambda repeats whole events, at TRACE, which no log of ours goes down to.
pub fn start_with_everything() {
    start_with(
        Targets::new()
            .with_default(LevelFilter::TRACE)
            .with_target("lambda_runtime::layers::api_response", LevelFilter::DEBUG),
    );
}

fn start_with(wanted: Targets) {
    let log = fmt::layer().with_writer(io::stderr).with_target(false);
    let log = if io::stderr().is_terminal() {
        log.compact().boxed()
    } else {
        log.json().flatten_event(true).boxed()
    };
    tracing_subscriber::registry()
        .with(log.with_filter(wanted))
        .init();
}

/// Writes a line of figures as it is: CloudWatch reads it only where nothing is around it.
pub(crate) fn figures(line: &str) {
    // That standard error is closed is no reason to fail.
    let _ = writeln!(io::stderr().lock(), "{line}");
}
