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

/// Whether whoever calls AWS by this ARN is let in.
#[must_use]
pub fn admits(names: &Names, config: &Config, caller: &str) -> bool {
    let principal = principal(caller);
    let known = principals(names, config);
    known
        .iter()
        .any(|pattern| like(pattern, &principal) || like(pattern, caller))
}

/// What `aws:PrincipalArn` is: of a role's session, the role.
fn principal(caller: &str) -> String {
    let parts: Vec<_> = caller.splitn(6, ':').collect();
    match parts[..] {
        [arn, partition, "sts", region, account, resource] => {
            match resource.split('/').collect::<Vec<_>>()[..] {
                ["assumed-role", role, _] => {
                    format!("{arn}:{partition}:iam:{region}:{account}:role/{role}")
                }
                _ => caller.to_owned(),
            }
        }
        _ => caller.to_owned(),
    }
}

/// `*` stands for any characters.
fn like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|left| {
            (0..=left.len())
                .filter(|at| left.is_char_boundary(*at))
                .any(|at| like(rest, &left[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters() {
        assert!(like("arn:aws:iam::1:*", "arn:aws:iam::1:user/a"));
        assert!(like("*role/ci-*", "arn:aws:iam::1:role/ci-dev"));
        assert!(!like("arn:aws:iam::1:role/*", "arn:aws:iam::1:user/a"));
        assert!(!like("arn", "arn:aws"));
    }

    #[test]
    fn a_session_is_its_role() {
        assert_eq!(
            principal("arn:aws:sts::1:assumed-role/ci/run-7"),
            "arn:aws:iam::1:role/ci"
        );
        assert_eq!(principal("arn:aws:iam::1:user/a"), "arn:aws:iam::1:user/a");
    }
}
