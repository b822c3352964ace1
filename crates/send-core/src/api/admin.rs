//! Signing in to the admin service, and how it is set up.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Millis;

/// `POST /auth/set-auth-cookie`.
#[derive(Deserialize, ToSchema)]
pub struct SignIn {
    /// The admin key.
    pub cookie_value: String,
}

/// The answer to a sign-in; the session itself is in the cookie.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SignedIn {
    /// `Signed in.`
    pub message: String,
    /// Which key it was: the first 8 digits of its SHA-256.
    pub key: String,
    /// When the session ends, in milliseconds since 1970.
    pub expires_at: Millis,
}

/// `GET /auth/session`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Which key it was: the first 8 digits of its SHA-256.
    pub key: String,
    /// When the session ends, in milliseconds since 1970; null where the key itself was shown.
    pub expires_at: Option<Millis>,
}

/// `GET /settings`: how the service is set up, without anything secret.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Settings {
    /// The version of the service.
    pub version: String,
    /// Where bytes are kept.
    pub storage: String,
    /// Requests must come through a CDN in front.
    pub door: bool,
    /// Origins that may call the original's routes.
    pub origins: Vec<String>,
    /// The origin of the links that are shown.
    pub public_url: Option<String>,
    /// What is allowed.
    pub limits: SettingsLimits,
    /// The header or cookie that carries the admin key.
    pub admin_key_name: String,
    /// Which admin keys are valid: the first 8 digits of the SHA-256 of each.
    pub admin_keys: Vec<String>,
    /// Where the service runs: `local` or `aws-lambda`.
    pub environment: String,
}

/// What is allowed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SettingsLimits {
    /// The largest transfer, in stored bytes.
    pub max_transfer_bytes: u64,
    /// The longest life of a transfer, in seconds.
    pub max_age_s: u64,
    /// The life of a transfer that asks for none, in seconds.
    pub default_age_s: u64,
}
