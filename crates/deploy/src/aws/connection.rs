//! What all clients share: who asks, in which region, and how patiently.

use std::{env, time::Duration};

use anyhow::{Context, Result};
use aws_config::{
    ConfigLoader, Region, SdkConfig,
    environment::EnvironmentVariableRegionProvider,
    meta::region::ProvideRegion,
    profile::ProfileFileRegionProvider,
    retry::RetryConfig,
    timeout::{TimeoutConfig, TimeoutConfigBuilder},
};

use super::calls::Counter;

/// How often a call is tried where it was throttled, or the connection broke; with the pauses of the SDK that is about a minute.
const ATTEMPTS: u32 = 8;
/// To reach AWS.
const CONNECT: Duration = Duration::from_secs(5);
/// For the first byte of an answer.
const ANSWER: Duration = Duration::from_secs(30);
/// For a zip of 50 MB on a slow line; a function may take as long: AWS Lambda quotas.
const LONG_ANSWER: Duration = Duration::from_mins(15);

/// What clients are made of.
pub(super) struct Connection {
    /// Credentials, region, endpoint, time limits.
    pub(super) sdk: SdkConfig,
    /// Counts their calls.
    pub(super) counter: Counter,
}

impl Connection {
    /// As these settings say, but in this region, and as patient as deploying needs.
    pub(super) async fn new(settings: ConfigLoader, region: &str) -> Self {
        let loader = settings
            .region(Region::new(region.to_owned()))
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(timeouts().read_timeout(ANSWER).build());
        Self {
            sdk: loader.load().await,
            counter: Counter::default(),
        }
    }

    /// Where it is.
    pub(super) fn region(&self) -> &str {
        self.sdk.region().map_or("", AsRef::as_ref)
    }

    /// Whether S3 is not AWS's own, whose buckets have host names.
    pub(super) fn elsewhere(&self) -> bool {
        self.sdk.endpoint_url().is_some() || env::var_os("AWS_ENDPOINT_URL_S3").is_some()
    }
}

/// For what moves a zip, or waits for a function.
pub(super) fn patiently() -> TimeoutConfig {
    timeouts().read_timeout(LONG_ANSWER).build()
}

fn timeouts() -> TimeoutConfigBuilder {
    TimeoutConfig::builder().connect_timeout(CONNECT)
}

/// The region: what the environment says, or else what was configured, or else that of the profile.
///
/// # Errors
/// When nobody names one; the sentence says how to.
pub async fn region(configured: Option<&str>) -> Result<String> {
    let environment = EnvironmentVariableRegionProvider::new().region().await;
    let configured = configured.map(|name| Region::new(name.to_owned()));
    let region = match environment.or(configured) {
        None => ProfileFileRegionProvider::builder().build().region().await,
        known => known,
    };
    let region = region.context(
        "no region: name one with --region eu-west-1, or in AWS_REGION, or as `region` in config/base.toml, or with `aws configure set region eu-west-1`",
    )?;
    Ok(region.to_string())
}
