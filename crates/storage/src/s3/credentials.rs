//! Where credentials come from, in the order of AWS's own tools: the environment, a profile, the role of a container, the role
//! of an instance.

use std::sync::Arc;

use async_trait::async_trait;
use object_store::{
    CredentialProvider,
    aws::{AmazonS3Builder, AwsCredential},
};

use super::profile::Profile;

/// What object_store understands of credentials, under these names. How objects are encrypted at rest is the bucket's own setting:
/// what clients send straight must not differ from what the service writes.
const SETTINGS: [&str; 11] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_ENDPOINT_URL_STS",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_METADATA_ENDPOINT",
];
/// Any of these goes before a profile.
const ENVIRONMENT: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE"];
/// Any of these tells of a container.
const CONTAINER: [&str; 2] = [
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/// A builder that knows where its credentials come from.
pub(super) fn of(profile: &Profile, get: &impl Fn(&str) -> Option<String>) -> AmazonS3Builder {
    let set = SETTINGS.iter().filter_map(|name| {
        let key = name.to_ascii_lowercase().parse().ok()?;
        Some((key, get(name)?))
    });
    let builder = set.fold(AmazonS3Builder::new(), |builder, (key, value)| {
        builder.with_config(key, value)
    });
    let told = |names: [&str; 2]| names.iter().any(|name| get(name).is_some());
    let no_instance = || get("AWS_EC2_METADATA_DISABLED").as_deref() == Some("true");
    if told(ENVIRONMENT) {
        builder
    } else if let (Some(id), Some(secret)) = (
        profile.get("aws_access_key_id"),
        profile.get("aws_secret_access_key"),
    ) {
        let builder = builder
            .with_access_key_id(id)
            .with_secret_access_key(secret);
        match profile.get("aws_session_token") {
            Some(token) => builder.with_token(token),
            None => builder,
        }
    } else if !told(CONTAINER) && no_instance() {
        builder.with_credentials(Arc::new(Nobody))
    } else {
        builder
    }
}

/// Where nobody may be asked for credentials.
#[derive(Debug)]
struct Nobody;

#[async_trait]
impl CredentialProvider for Nobody {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        Err(object_store::Error::Unauthenticated {
            path: String::new(),
            source: "there are no credentials in the environment nor in a profile".into(),
        })
    }
}
