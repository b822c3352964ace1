//! What tests of more than one crate share: real servers as processes of their own, and a client that can be told to misbehave.
//!
//! - [`Server`]: the real binary; [`Folder`]: a storage that several of them share, and that outlives them; [`Pair`]: two on one
//! - [`Admin`]: the admin service on such a storage, asked with its key
//! - [`Aws`]: many services of AWS on one emulator
//! - [`S3Server`]: a real S3 server of somebody else; [`Bucket`]: a storage on it; [`faults`]: what makes it misbehave
//! - [`crash`]: the real service, ended at one named point
//! - [`Sealed`]: a real transfer made with `send-crypto`, and each [`Request`] that moves it
//! - [`spellings`]: how a secret could be written in a log
//! - [`Lambda`]: the real binary as a function of AWS Lambda; [`Watch`]: the same where somebody else plays Lambda
//! - [`Client`]: sends requests as they should be sent, and shows whatever is answered
//! - [`Wire`]: sends the same requests byte by byte, and breaks off where it is told to

mod admin;
pub mod aws;
mod certificate;
mod client;
pub mod crash;
mod direct;
pub mod faults;
mod folder;
pub mod lambda;
mod memory;
mod pair;
mod patience;
mod ports;
mod process;
mod request;
pub mod s3;
mod sealed;
pub mod server;
mod shared;
pub mod spellings;
mod tools;
mod wire;

pub use admin::Admin;
pub use aws::Aws;
pub use client::{Answer, Client};
pub use folder::Folder;
pub use lambda::{Lambda, Watch};
pub use memory::Memory;
pub use pair::Pair;
pub use request::Request;
pub use s3::{Bucket, Peer, S3Server};
pub use sealed::{Claim, Sealed};
pub use server::Server;
pub use shared::Shared;
pub use wire::Wire;

/// Bytes of a mebibyte.
pub const MIB: u64 = 1 << 20;

/// What every HTTP client of the tests is made of: it asks no proxy.
pub fn http() -> reqwest::ClientBuilder {
    choose_cryptography();
    reqwest::Client::builder().no_proxy()
}

/// reqwest wants to be told whose cryptography TLS uses, even where all it does is plain HTTP.
fn choose_cryptography() {
    // An error means that it has been told already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
