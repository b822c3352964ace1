//! The service over HTTP: each success, and the refusals beside it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod harness;

mod bodies;
mod claims;
mod configuration;
mod direct;
mod downloads;
mod info;
mod lambda;
mod pages;
mod parts;
mod presigned;
mod presigned_downloads;
mod removal;
mod rights;
mod sends;
mod sweep;
mod tokens;
mod transfers;
mod usage;
