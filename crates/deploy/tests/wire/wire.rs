//! The emulator that all tests share, with an account of its own for each.

use std::{
    fmt::Debug,
    sync::atomic::{AtomicU64, Ordering},
};

use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use deploy::{
    aws,
    cloud::{Answer, Cloud, Kind, Tags},
};
use send_e2e::Aws;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

/// Where the tests are, but for those of regions.
pub(crate) const REGION: &str = "eu-west-1";

static EMULATOR: OnceCell<Aws> = OnceCell::const_new();
static ACCOUNTS: AtomicU64 = AtomicU64::new(100_000_000_000);

/// An account, and its owner's key.
pub(crate) struct Account {
    pub(crate) number: String,
    endpoint: String,
    credentials: SharedCredentialsProvider,
}

impl Account {
    /// One that nobody else has.
    pub(crate) async fn new() -> anyhow::Result<Self> {
        let emulator = EMULATOR.get_or_try_init(Aws::start).await?;
        let number = ACCOUNTS.fetch_add(1, Ordering::Relaxed).to_string();
        let credentials = Credentials::new(&number, emulator.secret(), None, None, "test");
        Ok(Self {
            number,
            endpoint: emulator.endpoint().to_owned(),
            credentials: SharedCredentialsProvider::new(credentials),
        })
    }

    /// What the tests are about.
    pub(crate) async fn cloud(&self) -> Cloud {
        self.cloud_in(REGION).await
    }

    /// The same in another region.
    pub(crate) async fn cloud_in(&self, region: &str) -> Cloud {
        aws::connect_by(self.settings(), region).await
    }

    /// For what the cloud has no method for: somebody else did it.
    pub(crate) async fn sdk(&self) -> SdkConfig {
        self.settings().region(Region::new(REGION)).load().await
    }

    fn settings(&self) -> ConfigLoader {
        self.settings_by(self.credentials.clone())
    }

    /// As somebody else than the owner.
    pub(crate) fn settings_by(&self, credentials: SharedCredentialsProvider) -> ConfigLoader {
        let settings = aws_config::defaults(BehaviorVersion::latest());
        settings
            .endpoint_url(&self.endpoint)
            .credentials_provider(credentials)
    }
}

/// A cloud in a new account.
pub(crate) async fn cloud() -> anyhow::Result<Cloud> {
    Ok(Account::new().await?.cloud().await)
}

/// What is compared: as the plans do it.
pub(crate) fn spec(one: &impl Serialize) -> Value {
    json!(one)
}

/// The tags of most things here.
pub(crate) fn tags() -> Tags {
    let tags = [
        ("Project", "sgraph-send"),
        ("Stage", "dev"),
        ("Note", "a b/c=d+e@f:g"),
    ];
    tags.map(|(key, value)| (key.into(), value.into())).into()
}

/// Requires that a call failed, and so.
#[track_caller]
pub(crate) fn failed<T: Debug>(answer: Answer<T>, kind: Kind) {
    match answer {
        Err(error) => assert_eq!(error.kind, kind, "{error}"),
        Ok(done) => panic!("{done:?} in place of a failure: {kind:?}"),
    }
}
