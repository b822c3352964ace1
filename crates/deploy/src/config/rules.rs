//! What a configuration must hold to beyond the types of its keys. What the services check when they start is checked by their own reader.

mod app;
mod shapes;
mod variables;

use std::{collections::BTreeSet, fmt};

use super::{Config, Door};
use crate::names::{App, TAG_KEYS};
use shapes::{account, arn, bucket, region, tag};

/// How long CloudWatch can keep lines, in days: PutRetentionPolicy of the CloudWatch Logs API.
const RETENTIONS: [i32; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];

/// Tags that a resource may have, ours among them: tag quotas of most services.
const TAGS: usize = 50;

/// A value that will not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// Where it stands, with dots: `user.memory_mb`.
    pub(super) key: String,
    why: String,
}

impl Refusal {
    fn new(key: impl Into<String>, why: impl Into<String>) -> Self {
        let (key, why) = (key.into(), why.into());
        Self { key, why }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.key, self.why)
    }
}

/// Everything that will not do.
pub(super) fn broken(config: &Config) -> Vec<Refusal> {
    let apps = App::ALL
        .into_iter()
        .flat_map(|app| app::broken(app, config));
    let all = [stage(config), arns(config), tags(config)]
        .into_iter()
        .flatten();
    all.chain(variables::broken(config)).chain(apps).collect()
}

/// A refusal unless `holds`.
fn unless(
    holds: bool,
    key: impl Into<String>,
    value: impl fmt::Debug,
    allowed: &str,
) -> Option<Refusal> {
    (!holds).then(|| Refusal::new(key, format!(" = {value:?} is refused: {allowed}")))
}

fn stage(config: &Config) -> Vec<Refusal> {
    let days = config.log_retention_days;
    let kept = RETENTIONS.map(|days| days.to_string()).join(", ");
    let kept = format!("CloudWatch keeps lines for one of {kept} days");
    let project = &config.project;
    [
        unless(
            (1..=20).contains(&project.len()) && shapes::label(project),
            "project",
            project,
            "give at most 20 lower-case letters, digits and hyphens, beginning with a letter",
        ),
        config.account.as_ref().and_then(|text| {
            unless(account(text), "account", text, "give the twelve digits of an AWS account")
        }),
        config.region.as_ref().and_then(|text| {
            unless(region(text), "region", text, "give a region of AWS, such as eu-west-1")
        }),
        config.bucket.as_ref().and_then(|text| {
            let allowed = "give 3 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit";
            unless(bucket(text), "bucket", text, allowed)
        }),
        unless(RETENTIONS.contains(&days), "log_retention_days", days, &kept),
        unless((1..=50).contains(&config.keep), "keep", config.keep, "give 1 to 50 versions"),
        unless(
            config.door == Door::Guarded || config.user.distribution.is_some(),
            "door",
            config.door.name(),
            "there is no distribution that could sign; give guarded, or [user.distribution]",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn arns(config: &Config) -> Vec<Refusal> {
    let deployers = config.deployers.iter().filter_map(|text| {
        let allowed = "give ARNs of IAM or STS that name an account, such as arn:aws:iam::111122223333:role/deploy-*";
        let held = ["iam", "sts"].iter().any(|service| {
            arn(text, service).is_some_and(|rest| rest.starts_with("::") && rest.get(2..14).is_some_and(account))
        });
        unless(held, "deployers", text, allowed)
    });
    let boundary = config.permissions_boundary.iter().filter_map(|text| {
        let held = arn(text, "iam").is_some_and(|rest| rest.contains(":policy/"));
        unless(
            held,
            "permissions_boundary",
            text,
            "give the ARN of a policy, such as arn:aws:iam::111122223333:policy/boundary",
        )
    });
    let topic = config.alarm_topic.iter().filter_map(|text| {
        let held = arn(text, "sns").is_some_and(|rest| rest.split(':').count() == 4);
        unless(
            held,
            "alarm_topic",
            text,
            "give the ARN of an SNS topic, such as arn:aws:sns:eu-west-1:111122223333:alarms",
        )
    });
    deployers.chain(boundary).chain(topic).collect()
}

/// Tags must suit all services: IAM does not tell capitals apart, CloudWatch Logs allows the fewest characters.
fn tags(config: &Config) -> Vec<Refusal> {
    let ours: BTreeSet<_> = TAG_KEYS.iter().map(|key| key.to_lowercase()).collect();
    let mut seen = ours.clone();
    let mut refusals = Vec::new();
    for (key, value) in &config.tags {
        let lower = key.to_lowercase();
        let place = format!("tags.{key}");
        if ours.contains(&lower) {
            refusals.push(Refusal::new(
                place,
                format!(
                    " is refused: {} are tags that deploy sets itself",
                    TAG_KEYS.join(", ")
                ),
            ));
        } else if !seen.insert(lower.clone()) {
            refusals.push(Refusal::new(
                place,
                " is refused: IAM takes it for another tag that differs only in capitals",
            ));
        } else if !tag(key, 1..=128) || lower.starts_with("aws:") || !tag(value, 0..=256) {
            let allowed = "a tag has up to 128 characters, its value up to 256: letters, digits, spaces and _.:/=+-@; aws: at its beginning is AWS's own";
            refusals.extend(unless(false, place, value, allowed));
        }
    }
    let most = TAGS - TAG_KEYS.len();
    refusals.extend(unless(
        config.tags.len() <= most,
        "tags",
        config.tags.len(),
        &format!("AWS allows {TAGS} a resource, ours among them: give at most {most}"),
    ));
    refusals
}
