//! What the cases share: an account each, and how answers are compared.

use std::fmt::Debug;

use aws_config::{ConfigLoader, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use deploy::{
    aws,
    cloud::{Answer, Cloud, Kind, Tagged, Tags},
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::place;

/// Where the tests are, but for those of regions.
pub(crate) const REGION: &str = "eu-west-1";

/// An account, and who owns it.
pub(crate) struct Account {
    pub(crate) number: String,
    pub(crate) caller: String,
    pub(crate) endpoint: String,
    pub(crate) credentials: SharedCredentialsProvider,
}

impl Account {
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
        place::settings(&self.endpoint, credentials)
    }
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

/// Adds a tag and removes one.
pub(crate) async fn retag(service: &dyn Tagged, name: &str, tags: &mut Tags) -> Answer {
    let added = Tags::from([("Version".into(), "0.1.0".into())]);
    service.tag(name, &added).await?;
    service.untag(name, &["Note".into()]).await?;
    tags.extend(added);
    tags.remove("Note");
    Ok(())
}

/// Requires that a call failed, and so.
#[track_caller]
pub(crate) fn failed<T: Debug>(answer: Answer<T>, kind: Kind) {
    match answer {
        Err(error) => assert_eq!(error.kind, kind, "{error}"),
        Ok(done) => panic!("{done:?} in place of a failure: {kind:?}"),
    }
}
