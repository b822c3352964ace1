//! The service over HTTP: each success, and the refusals beside it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod harness;
mod sender;

mod audit;
mod auth;
mod configuration;
mod info;
mod pages;
mod reports;
mod settings;
mod sweep;
mod tokens;
mod transfers;
mod usage;
