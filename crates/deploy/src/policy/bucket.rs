//! Who may not use the bucket, whatever IAM allows them.

use serde_json::{Value, json};

use crate::{
    cloud::Document,
    config::Config,
    names::{App, Names},
};

/// The policy of a bucket that is locked down: the same, whoever deploys.
#[must_use]
pub fn policy(names: &Names, config: &Config) -> Document {
    let tls = json!({ "Bool": { "aws:SecureTransport": "false" } });
    let old = json!({ "NumericLessThan": { "s3:TlsVersion": "1.2" } });
    let other = json!({
        "Null": { "s3:x-amz-server-side-encryption": "false" },
        "StringNotEquals": { "s3:x-amz-server-side-encryption": "AES256" },
    });
    let strangers = json!({
        "ArnNotLike": { "aws:PrincipalArn": principals(names, config) },
        "BoolIfExists": { "aws:PrincipalIsAWSService": "false" },
    });
    let whole = [names.bucket_arn(), format!("{}/*", names.bucket_arn())];
    let objects = [format!("{}/*", names.bucket_arn())];
    Document::new([
        ("DenyPlainHttp", deny("s3:*", &whole, &tls)),
        ("DenyOldTls", deny("s3:*", &whole, &old)),
        (
            "DenyOtherEncryption",
            deny("s3:PutObject", &objects, &other),
        ),
        ("DenyStrangers", deny("s3:*", &whole, &strangers)),
    ])
}

fn deny(action: &str, resources: &[String], condition: &Value) -> Value {
    json!({ "Effect": "Deny", "Principal": "*", "Action": action, "Resource": resources, "Condition": condition })
}

/// The two functions, and those who deploy: whom the configuration names, or else whom IAM allows in this account.
fn principals(names: &Names, config: &Config) -> Vec<String> {
    let (partition, account) = (names.partition(), &names.account);
    let mut all = Vec::new();
    for app in App::ALL {
        all.push(names.role_arn(app));
        // AWS compares with the role; what else keeps to this API compares with its session.
        all.push(format!(
            "arn:{partition}:sts::{account}:assumed-role/{}/*",
            names.role(app)
        ));
    }
    match config.deployers.as_slice() {
        [] => all.extend(
            ["iam", "sts"].map(|service| format!("arn:{partition}:{service}::{account}:*")),
        ),
        named => all.extend_from_slice(named),
    }
    all
}
