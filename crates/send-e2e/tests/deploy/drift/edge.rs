//! CloudFront.

use anyhow::Result;
use serde_json::{Value, json};

use super::Change;
use crate::hands::{Hands, with};

pub(super) const UPDATED: [&str; 1] = ["cloudfront:UpdateDistribution"];

/// A list, as CloudFront counts it.
pub(super) fn list(items: Value) -> Value {
    let quantity = items.as_array().map_or(0, Vec::len);
    json!({ "Quantity": quantity, "Items": items })
}

/// Changes the policy of headers.
fn headers(hands: &Hands, change: impl FnOnce(&mut Value)) -> Result<()> {
    let all = hands.ask(
        "cloudfront",
        "ListResponseHeadersPolicies",
        json!({ "Type": "custom" }),
    )?;
    let id = &all["ResponseHeadersPolicyList"]["Items"][0]["ResponseHeadersPolicy"]["Id"];
    let mut told = hands.ask(
        "cloudfront",
        "GetResponseHeadersPolicy",
        json!({ "Id": id }),
    )?;
    let mut config = told["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"].take();
    change(&mut config);
    let changed =
        json!({ "Id": id, "IfMatch": told["ETag"], "ResponseHeadersPolicyConfig": config });
    hands.ask("cloudfront", "UpdateResponseHeadersPolicy", changed)?;
    Ok(())
}

/// Changes the origin access control.
fn access(hands: &Hands, changed: Value) -> Result<()> {
    let all = hands.ask("cloudfront", "ListOriginAccessControls", json!({}))?;
    let id = &all["OriginAccessControlList"]["Items"][0]["Id"];
    let told = hands.ask(
        "cloudfront",
        "GetOriginAccessControlConfig",
        json!({ "Id": id }),
    )?;
    let config = with(told["OriginAccessControlConfig"].clone(), changed);
    hands.ask(
        "cloudfront",
        "UpdateOriginAccessControl",
        json!({ "Id": id, "IfMatch": told["ETag"], "OriginAccessControlConfig": config }),
    )?;
    Ok(())
}

/// A distribution, and what it uses.
pub(super) const DISTRIBUTION: &[Change] = &[
    (
        |hands| hands.distribution(|config| config["Enabled"] = json!(false)),
        &["distribution/EDGE enabled: false => true"],
        &UPDATED,
    ),
    (
        |hands| hands.distribution(|config| config["PriceClass"] = json!("PriceClass_All")),
        &["distribution/EDGE price_class: PriceClass_All => PriceClass_100"],
        &UPDATED,
    ),
    (
        |hands| hands.distribution(|config| config["HttpVersion"] = json!("http1.1")),
        &["distribution/EDGE http_version: http1.1 => http2and3"],
        &UPDATED,
    ),
    (
        |hands| hands.distribution(|config| config["IsIPV6Enabled"] = json!(false)),
        &["distribution/EDGE ipv6: false => true"],
        &UPDATED,
    ),
    (
        |hands| hands.distribution(|config| config["DefaultRootObject"] = json!("index.html")),
        &["distribution/EDGE root_object: index.html => "],
        &UPDATED,
    ),
    (
        |hands| hands.distribution(|config| config["Aliases"] = list(json!(["send.example"]))),
        &["distribution/EDGE aliases: [\"send.example\"] => []"],
        &UPDATED,
    ),
    (
        |hands| {
            hands.distribution(|config| {
                config["WebACLId"] = json!("arn:aws:wafv2:us-east-1:000000000000:global/webacl/a/b")
            })
        },
        &["distribution/EDGE web_acl: arn:aws:wafv2:us-east-1:000000000000:global/webacl/a/b => "],
        &UPDATED,
    ),
    (
        |hands| {
            let (_, arn) = hands.distribution_id()?;
            let tags =
                json!({ "Resource": arn, "Tags": { "Items": [{ "Key": "Mine", "Value": "1" }] } });
            hands.act("cloudfront", "TagResource", tags)
        },
        &["distribution/EDGE tags.Mine: 1 => (none)"],
        &["cloudfront:UntagResource"],
    ),
    (
        |hands| {
            let (_, arn) = hands.distribution_id()?;
            hands.act(
                "cloudfront",
                "UntagResource",
                json!({ "Resource": arn, "TagKeys": { "Items": ["App"] } }),
            )
        },
        &["distribution/EDGE tags.App: (none) => user"],
        &["cloudfront:TagResource"],
    ),
    (
        |hands| {
            headers(hands, |config| {
                config["SecurityHeadersConfig"]["StrictTransportSecurity"]["AccessControlMaxAgeSec"] =
                    json!(60)
            })
        },
        &["headers_policy/EDGE hsts_s: 60 => 31536000"],
        &["cloudfront:UpdateResponseHeadersPolicy"],
    ),
    (
        |hands| {
            headers(hands, |config| {
                config["SecurityHeadersConfig"]["StrictTransportSecurity"]["Override"] = json!(true)
            })
        },
        &["headers_policy/EDGE overrides: true => false"],
        &["cloudfront:UpdateResponseHeadersPolicy"],
    ),
    (
        |hands| {
            let mine = json!({ "Header": "X-Mine", "Value": "1", "Override": false });
            headers(hands, |config| {
                config["CustomHeadersConfig"] = list(json!([mine]))
            })
        },
        &["headers_policy/EDGE others: [\"x-mine\"] => []"],
        &["cloudfront:UpdateResponseHeadersPolicy"],
    ),
    (
        |hands| access(hands, json!({ "SigningBehavior": "never" })),
        &["origin_access/EDGE signing: never => always"],
        &["cloudfront:UpdateOriginAccessControl"],
    ),
];
