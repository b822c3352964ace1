//! What a service says of itself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `GET /info/health`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// Always `ok`.
    pub status: String,
}

/// `GET /info/status`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Status {
    /// The service.
    pub name: String,
    /// Its version.
    pub version: String,
    /// `operational`, or `degraded` while something is wrong with the storage.
    pub status: String,
    /// `ok`, or what is wrong with the storage.
    pub storage: String,
    /// Where it runs: `local` or `aws-lambda`.
    pub environment: String,
}

/// `GET /info/version`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Version {
    /// The service's version.
    pub version: String,
}

/// `GET /info/versions`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Versions {
    /// The service's version.
    pub send: String,
    /// The encrypted format that it carries.
    pub format: String,
    /// The versions of its own HTTP API.
    pub api: Vec<String>,
}

/// `GET /api/info`: what a client must know before it sends.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Info {
    /// The service.
    pub name: String,
    /// Its version.
    pub version: String,
    /// `open`: anyone may send; `token`: an access token is needed.
    pub uploads: String,
    /// What is allowed.
    pub limits: InfoLimits,
    /// The origin of the links that are shown, where the operator has set one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
}

/// What is allowed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct InfoLimits {
    /// The largest transfer, in stored bytes.
    pub max_transfer_bytes: u64,
    /// The longest life of a transfer, in seconds.
    pub max_age_s: u64,
    /// The life of a transfer that asks for none, in seconds.
    pub default_age_s: u64,
    /// The most downloads that a limit may allow.
    pub max_downloads: u64,
}
