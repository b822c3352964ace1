//! The price list.

use serde::Deserialize;

use crate::config::Architecture;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Prices {
    pub(super) date: String,
    pub(super) region: String,
    pub(super) lambda: Lambda,
    pub(super) s3: S3,
    pub(super) out: Out,
    pub(super) cloudfront: CloudFront,
    pub(super) cloudwatch: CloudWatch,
    pub(super) assumed: Assumed,
}

/// What so many units cost, and how many are free each month.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Price {
    price: f64,
    per: f64,
    pub(super) free: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lambda {
    pub(super) requests: Price,
    arm64_gb_s: Price,
    x86_64_gb_s: Price,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct S3 {
    pub(super) gb_months: Price,
    pub(super) writes: Price,
    pub(super) reads: Price,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Out {
    pub(super) gb: Price,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CloudFront {
    pub(super) requests: Price,
    pub(super) out_gb: Price,
    pub(super) in_gb: Price,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CloudWatch {
    pub(super) log_gb: Price,
    pub(super) figures: Price,
    pub(super) alarms: Price,
}

/// What is reckoned with and not known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Assumed {
    pub(super) request_s: f64,
    pub(super) log_bytes: f64,
    pub(super) sweep_s: f64,
    pub(super) sweep_transfer_s: f64,
}

impl Lambda {
    pub(super) const fn gb_s(&self, architecture: Architecture) -> Price {
        match architecture {
            Architecture::Arm64 => self.arm64_gb_s,
            Architecture::X86 => self.x86_64_gb_s,
        }
    }
}

impl Price {
    /// What so many cost where none are free.
    pub(super) fn list(&self, amount: f64) -> f64 {
        amount * self.price / self.per
    }

    /// What is to pay of it.
    pub(super) fn due(&self, amount: f64) -> f64 {
        self.list((amount - self.free).max(0.0))
    }
}
