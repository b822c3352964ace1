//! How much the service is used, as the admin service tells it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    clock::{Date, Millis},
    usage::Figures,
};

/// `GET /usage`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Usage {
    /// Every day that can be read, the oldest first.
    pub days: Vec<DayUsage>,
    /// The days whose figures are damaged in the storage, and are not among the others.
    pub damaged: Vec<String>,
    /// By access token: most bytes first, at most twenty.
    pub tokens: Vec<TokenUsage>,
    /// What is stored, as the last full sweep found it.
    pub stored: Option<StoredUsage>,
}

/// One day, by UTC.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DayUsage {
    /// As in `2026-11-23`.
    pub date: String,
    /// Transfers that were created.
    pub transfers: u64,
    /// Bytes that were stored for transfers, as they came.
    pub bytes_stored: u64,
    /// Bytes of transfers that went out through the service.
    pub bytes_served: u64,
    /// Claims and counted downloads that were new.
    pub claims: u64,
    /// Requests, those of probes aside.
    pub requests: u64,
    /// Those that were answered 4xx.
    pub refusals: u64,
    /// Those that were answered 5xx.
    pub failures: u64,
}

/// One access token.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TokenUsage {
    /// Its name; none for what belongs to no token, or to the rest.
    pub token_name: Option<String>,
    /// Transfers that were created.
    pub transfers: u64,
    /// Bytes that were stored for transfers, as they came.
    pub bytes_stored: u64,
    /// Bytes of transfers that went out through the service.
    pub bytes_served: u64,
    /// Claims and counted downloads that were new.
    pub claims: u64,
    /// Requests with it that were refused.
    pub refusals: u64,
}

/// What is stored.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StoredUsage {
    /// When it was looked at.
    pub at: Millis,
    /// Transfers.
    pub transfers: u64,
    /// Bytes of ciphertext.
    pub bytes: u64,
    /// By age, the youngest first.
    pub by_age: Vec<AgeUsage>,
}

/// What is stored of one age.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgeUsage {
    /// Younger than so many days; none for all that are older.
    pub days: Option<u64>,
    /// Transfers.
    pub transfers: u64,
    /// Bytes of ciphertext.
    pub bytes: u64,
}

/// `GET /health/pulse`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pulse {
    /// The minutes that were looked at, the present one included.
    pub window_minutes: u64,
    /// Requests in them.
    pub active_requests: u64,
    /// Distinct addresses of clients.
    pub active_visitors: u64,
    /// Distinct transfers that were created, filled, claimed or read.
    pub active_transfers: u64,
}

impl DayUsage {
    /// What was counted on a day.
    #[must_use]
    pub fn of(date: Date, figures: Figures) -> Self {
        let Figures {
            transfers,
            bytes_stored,
            bytes_served,
            claims,
            requests,
            refusals,
            failures,
        } = figures;
        Self {
            date: date.to_string(),
            transfers,
            bytes_stored,
            bytes_served,
            claims,
            requests,
            refusals,
            failures,
        }
    }
}

impl TokenUsage {
    /// What was counted for an access token, or for none.
    #[must_use]
    pub fn of(token_name: Option<String>, figures: Figures) -> Self {
        Self {
            token_name,
            transfers: figures.transfers,
            bytes_stored: figures.bytes_stored,
            bytes_served: figures.bytes_served,
            claims: figures.claims,
            refusals: figures.refusals,
        }
    }
}

impl Pulse {
    /// What went on in so many minutes.
    #[must_use]
    pub const fn of(window_minutes: u64, pulse: crate::usage::Pulse) -> Self {
        Self {
            window_minutes,
            active_requests: pulse.requests,
            active_visitors: pulse.visitors,
            active_transfers: pulse.transfers,
        }
    }
}
