//! The service over HTTP: each success, and the refusals beside it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod harness;

mod audit;
mod auth;
mod configuration;
mod info;
mod pages;
mod settings;
