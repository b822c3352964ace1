//! What holds of each of the services.

use super::{
    Refusal,
    shapes::{arn, domain, schedule},
    unless,
};
use crate::{
    config::{Config, DistributionConfig},
    names::App,
};

/// Classes of CloudFront, from few places to all.
const PRICE_CLASSES: [&str; 3] = ["PriceClass_100", "PriceClass_200", "PriceClass_All"];

pub(super) fn broken(app: App, config: &Config) -> Vec<Refusal> {
    let of = config.app(app);
    let key = |name: &str| format!("{app}.{name}");
    let sweep = of.sweep.iter().filter_map(|text| match app {
        App::Admin => unless(
            schedule(text),
            key("sweep"),
            text,
            "give rate(15 minutes), or cron(..) with six fields",
        ),
        App::User => unless(
            false,
            key("sweep"),
            text,
            "the admin service sweeps; give it under [admin]",
        ),
    });
    let reserved = of.reserved_concurrency.iter().filter_map(|number| {
        unless(
            *number >= 1,
            key("reserved_concurrency"),
            number,
            "give 1 or more, or leave it out to share the account's",
        )
    });
    let distribution = of.distribution.iter().flat_map(|of| edge(app, of));
    [
        unless(
            (128..=10_240).contains(&of.memory_mb),
            key("memory_mb"),
            of.memory_mb,
            "Lambda has 128 to 10240 MB",
        ),
        unless(
            (1..=900).contains(&of.timeout_s),
            key("timeout_s"),
            of.timeout_s,
            "Lambda waits 1 to 900 seconds",
        ),
    ]
    .into_iter()
    .flatten()
    .chain(sweep)
    .chain(reserved)
    .chain(distribution)
    .collect()
}

fn edge(app: App, of: &DistributionConfig) -> Vec<Refusal> {
    let key = |name: &str| format!("{app}.distribution.{name}");
    let global = |text: &str, service, kind: &str| {
        let rest = arn(text, service).and_then(|rest| rest.strip_prefix(":us-east-1:"));
        rest.is_some_and(|rest| rest.contains(kind))
    };
    let pair = match (&of.domain, &of.certificate) {
        (Some(domain), None) => unless(
            false,
            key("domain"),
            domain,
            "it needs a certificate: give certificate too",
        ),
        (None, Some(arn)) => unless(
            false,
            key("certificate"),
            arn,
            "it needs the domain that it is for: give domain too",
        ),
        _ => None,
    };
    [
        unless(
            PRICE_CLASSES.contains(&of.price_class.as_str()),
            key("price_class"),
            &of.price_class,
            &format!("give {}", PRICE_CLASSES.join(" or ")),
        ),
        pair,
        of.domain.as_ref().and_then(|text| unless(domain(text), key("domain"), text, "give a name such as send.example.org")),
        of.certificate.as_ref().and_then(|text| {
            let allowed = "give the ARN of a certificate in us-east-1, where CloudFront looks: arn:aws:acm:us-east-1:111122223333:certificate/..";
            unless(global(text, "acm", ":certificate/"), key("certificate"), text, allowed)
        }),
        of.web_acl.as_ref().and_then(|text| {
            let allowed = "give the ARN of a web ACL for CloudFront: arn:aws:wafv2:us-east-1:111122223333:global/webacl/..";
            unless(global(text, "wafv2", ":global/webacl/"), key("web_acl"), text, allowed)
        }),
        unless(of.hsts_s >= 0, key("hsts_s"), of.hsts_s, "give seconds, 0 for none"),
    ]
    .into_iter()
    .flatten()
    .collect()
}
