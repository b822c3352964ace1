//! What a stage should be: a base for all stages, what a stage says otherwise, and what the environment and the command line say otherwise
//! again.

mod layers;
mod read;
mod rules;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::names::App;

pub use read::{Files, Flags, read};

/// How a stage is set up. A key that is not here is an error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
pub struct Config {
    /// In every name and in the tag `Project`.
    pub project: String,
    /// The account that it must be, of twelve digits; without one, that of whoever deploys.
    pub account: Option<String>,
    /// The region, where neither the command line nor the environment names one.
    pub region: Option<String>,
    /// Tags on everything, beside ours.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// `arm64`, or `x86_64` where an emulator runs the functions as they are.
    pub architecture: Architecture,
    /// Who is let in once everything is locked down.
    pub door: Door,
    /// The bucket's name, in place of ours.
    pub bucket: Option<String>,
    /// Days that a transfer may live; a day later the bucket removes what is left of it.
    pub max_age_days: i32,
    /// The largest transfer: `100GiB`.
    pub max_transfer: String,
    /// Who may send: `open` or `token`.
    pub uploads: String,
    /// Which way bytes go straight between browser and bucket: `off`, `uploads`, `both`.
    pub direct: String,
    /// ARNs of those who may use the bucket beside the two functions, `*` for any characters; without any, whom IAM allows in this account.
    #[serde(default)]
    pub deployers: Vec<String>,
    /// ARN of a policy beyond which the functions may do nothing.
    pub permissions_boundary: Option<String>,
    /// Days that log lines are kept, as CloudWatch allows them.
    pub log_retention_days: i32,
    /// So many zips and versions stay beside the live one, to go back to.
    pub keep: usize,
    /// ARN of the SNS topic that alarms tell; without one there are no alarms.
    pub alarm_topic: Option<String>,
    /// The user service.
    pub user: AppConfig,
    /// The admin service.
    pub admin: AppConfig,
}

/// How one of the services is set up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
pub struct AppConfig {
    /// Memory in MB; processors come with it.
    pub memory_mb: i32,
    /// Seconds that one request may take.
    pub timeout_s: i32,
    /// So many requests at once are set aside for it, and no more are let in; without a number it shares the account's.
    pub reserved_concurrency: Option<i32>,
    /// Variables of the service (`SEND_..`) beside those that follow from the stage.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// CloudFront in front of it; without one its Function URL is the way in.
    pub distribution: Option<DistributionConfig>,
    /// How often it sweeps, for the admin service: `rate(15 minutes)`.
    pub sweep: Option<String>,
}

/// How CloudFront is set up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
pub struct DistributionConfig {
    /// In which parts of the world it answers: `PriceClass_100`, `PriceClass_200`, `PriceClass_All`.
    pub price_class: String,
    /// Its own domain, which also needs a certificate.
    pub domain: Option<String>,
    /// ARN of the certificate of that domain, in us-east-1.
    pub certificate: Option<String>,
    /// ARN of a web ACL.
    pub web_acl: Option<String>,
    /// Seconds for which browsers ask by HTTPS only.
    pub hsts_s: i32,
}

/// Whom a locked-down function lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Door {
    /// Whoever comes with the header that our distribution adds; everybody, where there is no distribution.
    Guarded,
    /// The same, and AWS itself lets in our distribution only, which signs. Clients that send no `x-amz-content-sha256` cannot write then.
    Oac,
}

/// What processors the functions run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub enum Architecture {
    /// Graviton.
    #[serde(rename = "arm64")]
    #[value(name = "arm64")]
    Arm64,
    /// Intel and AMD.
    #[serde(rename = "x86_64")]
    #[value(name = "x86_64")]
    X86,
}

impl Config {
    /// How one of the services is set up.
    #[must_use]
    pub const fn app(&self, app: App) -> &AppConfig {
        match app {
            App::User => &self.user,
            App::Admin => &self.admin,
        }
    }

    /// The variables of both services that say what is allowed on this stage.
    #[must_use]
    pub fn limits(&self) -> BTreeMap<String, String> {
        [
            ("SEND_UPLOADS", self.uploads.clone()),
            ("SEND_DIRECT", self.direct.clone()),
            ("SEND_MAX_TRANSFER_BYTES", self.max_transfer.clone()),
            ("SEND_MAX_AGE", format!("{}d", self.max_age_days)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}

impl Door {
    /// As the configuration names it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Guarded => "guarded",
            Self::Oac => "oac",
        }
    }
}

impl Architecture {
    /// As Lambda names it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86 => "x86_64",
        }
    }
}
