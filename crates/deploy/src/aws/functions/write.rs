//! What is wanted of a function, in Lambda's shapes.

use aws_sdk_lambda::types::{
    AliasRoutingConfiguration, Environment, EphemeralStorage, LogFormat, LoggingConfig,
};
use base64::{Engine, prelude::BASE64_STANDARD};

use super::Called;
use crate::cloud::{Answer, Configuration};

pub(super) fn disk(wanted: &Configuration) -> Answer<EphemeralStorage> {
    let disk = EphemeralStorage::builder().size(wanted.disk_mb);
    disk.build().called("lambda:CreateFunction")
}

pub(super) fn environment(wanted: &Configuration) -> Environment {
    let variables = wanted.environment.clone().into_iter().collect();
    Environment::builder()
        .set_variables(Some(variables))
        .build()
}

/// As text: our lines are JSON already, and Lambda would wrap them into more.
pub(super) fn logging(wanted: &Configuration) -> LoggingConfig {
    let logging = LoggingConfig::builder().log_format(LogFormat::Text);
    logging.log_group(&wanted.log_group).build()
}

/// All events to one version.
pub(super) fn alone() -> AliasRoutingConfiguration {
    let routing = AliasRoutingConfiguration::builder();
    routing
        .set_additional_version_weights(Some(Default::default()))
        .build()
}

/// In base64, as Lambda compares it. What is no hash is sent as it is, and refused there.
pub(super) fn sha256(hexadecimal: &str) -> String {
    let bytes = hex::decode(hexadecimal);
    bytes.map_or_else(
        |_| hexadecimal.into(),
        |bytes| BASE64_STANDARD.encode(bytes),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::functions::hexadecimal;

    #[test]
    fn hashes_go_there_and_come_back() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(
            sha256(empty),
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
        assert_eq!(hexadecimal(&sha256(empty)), empty);
    }
}
