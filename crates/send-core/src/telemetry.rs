//! The log: one line an event on standard error, without secrets, ids of transfers or addresses.

use std::io::{self, IsTerminal};

use tracing::level_filters::LevelFilter;

/// Starts the log: for a person where standard error is a terminal, else JSON.
pub fn start() {
    let log = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::INFO)
        .with_writer(io::stderr)
        .with_target(false);
    if io::stderr().is_terminal() {
        log.compact().init();
    } else {
        log.json().flatten_event(true).init();
    }
}
