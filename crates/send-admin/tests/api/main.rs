//! The service over HTTP: each success, and the refusals beside it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod harness;

mod info;
mod pages;
