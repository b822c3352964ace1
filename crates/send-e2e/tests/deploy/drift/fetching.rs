//! Where a distribution fetches from, and what it does with a request.

use anyhow::Context;
use serde_json::{Value, json};

use super::{
    Change,
    edge::{UPDATED, list},
};
use crate::hands::{lose, with};

/// The one origin.
fn origin(config: &mut Value) -> &mut Value {
    &mut config["Origins"]["Items"][0]
}

/// What it does by default.
fn default(config: &mut Value) -> &mut Value {
    &mut config["DefaultCacheBehavior"]
}

/// Where it fetches from, and what it does.
pub(super) const FETCHING: &[Change] = &[
    (
        |hands| {
            hands.distribution(|config| origin(config)["DomainName"] = json!("elsewhere.example"))
        },
        &["distribution/EDGE origins.function.domain: elsewhere.example => .."],
        &UPDATED,
    ),
    (
        |hands| {
            hands.distribution(|config| {
                origin(config)["CustomOriginConfig"]["OriginProtocolPolicy"] = json!("http-only")
            })
        },
        &["distribution/EDGE origins.function.protocol: http-only => https-only"],
        &UPDATED,
    ),
    (
        |hands| {
            hands.distribution(|config| {
                origin(config)["CustomOriginConfig"]["OriginSslProtocols"] =
                    list(json!(["TLSv1", "TLSv1.2"]))
            })
        },
        &["distribution/EDGE origins.function.tls: [\"TLSv1\",\"TLSv1.2\"] => [\"TLSv1.2\"]"],
        &UPDATED,
    ),
    (
        |hands| {
            hands.distribution(|config| {
                origin(config)["CustomOriginConfig"]["OriginReadTimeout"] = json!(30)
            })
        },
        &["distribution/EDGE origins.function.timeout_s: 30 => 60"],
        &UPDATED,
    ),
    (
        |hands| {
            hands.distribution(|config| {
                let door = origin(config)["CustomHeaders"]["Items"][0].clone();
                let more = json!({ "HeaderName": "x-mine", "HeaderValue": "1" });
                origin(config)["CustomHeaders"] = list(json!([door, more]));
            })
        },
        &["distribution/EDGE origins.function.headers_sha256.x-mine: .. => (none)"],
        &UPDATED,
    ),
    (
        |hands| {
            hands.distribution(|config| {
                let mut other = origin(config).clone();
                let one = other.clone();
                other["Id"] = json!("other");
                config["Origins"] = list(json!([one, other]));
            })
        },
        &["distribution/EDGE origins.other: {..} => (none)"],
        &UPDATED,
    ),
    (
        |hands| {
            let reading = with(
                list(json!(["GET", "HEAD"])),
                json!({ "CachedMethods": list(json!(["GET", "HEAD"])) }),
            );
            hands.distribution(|config| default(config)["AllowedMethods"] = reading)
        },
        &["distribution/EDGE default.methods: [\"GET\",\"HEAD\"] => [..]"],
        &UPDATED,
    ),
    (
        |hands| {
            hands
                .distribution(|config| default(config)["ViewerProtocolPolicy"] = json!("allow-all"))
        },
        &["distribution/EDGE default.protocol: allow-all => redirect-to-https"],
        &UPDATED,
    ),
    (
        |hands| hands.distribution(|config| default(config)["Compress"] = json!(false)),
        &["distribution/EDGE default.compress: false => true"],
        &UPDATED,
    ),
    (
        |hands| {
            hands.distribution(|config| {
                default(config)["CachePolicyId"] = json!("658327ea-f89d-4fab-a63d-7e88639e58f6")
            })
        },
        &[
            "distribution/EDGE default.cache_policy: 658327ea-f89d-4fab-a63d-7e88639e58f6 => 4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        ],
        &UPDATED,
    ),
    (
        |hands| {
            hands.distribution(|config| {
                default(config)["OriginRequestPolicyId"] =
                    json!("216adef6-5c7f-47e4-b989-5492eafa07d3")
            })
        },
        &[
            "distribution/EDGE default.request_policy: 216adef6-5c7f-47e4-b989-5492eafa07d3 => b689b0a8-53d0-40ab-baf2-68738e2966ac",
        ],
        &UPDATED,
    ),
    (
        |hands| hands.distribution(|config| lose(default(config), "ResponseHeadersPolicyId")),
        &["distribution/EDGE default.headers_policy:  => .."],
        &UPDATED,
    ),
    (
        |hands| {
            let spy = json!({ "FunctionARN": "arn:aws:cloudfront::000000000000:function/spy", "EventType": "viewer-request" });
            hands
                .distribution(|config| default(config)["FunctionAssociations"] = list(json!([spy])))
        },
        &[
            "distribution/EDGE default.functions: [\"arn:aws:cloudfront::000000000000:function/spy\"] => []",
        ],
        &UPDATED,
    ),
    (
        |hands| hands.distribution(|config| config["CacheBehaviors"] = json!({ "Quantity": 0 })),
        &["distribution/EDGE paths./assets/*: (none) => {..}"],
        &UPDATED,
    ),
    (
        |hands| {
            hands.distribution(|config| {
                config["CacheBehaviors"]["Items"][0]["PathPattern"] = json!("/*")
            })
        },
        &[
            "distribution/EDGE paths./*: {..} => (none)",
            "distribution/EDGE paths./assets/*: (none) => {..}",
        ],
        &UPDATED,
    ),
    (
        |hands| {
            hands.distribution(|config| origin(config)["CustomHeaders"] = json!({ "Quantity": 0 }))
        },
        &[
            "function/USER environment.SEND_DOOR_SHA256: .. => (known once it is made)",
            "function/USER live.environment.SEND_DOOR_SHA256: .. => (known once it is made)",
            "distribution/EDGE origins.function.headers_sha256.x-send-door: (none) => (known once it is made)",
        ],
        &[
            "cloudfront:UpdateDistribution",
            "lambda:Invoke",
            "lambda:PublishVersion",
            "lambda:UpdateAlias",
            "lambda:UpdateFunctionConfiguration",
        ],
    ),
    (
        |hands| {
            let all = hands.ask(
                "cloudfront",
                "ListResponseHeadersPolicies",
                json!({ "Type": "custom" }),
            )?;
            let id = all["ResponseHeadersPolicyList"]["Items"][0]["ResponseHeadersPolicy"]["Id"]
                .as_str()
                .context("no policy")?
                .to_owned();
            let told = hands.ask(
                "cloudfront",
                "GetResponseHeadersPolicy",
                json!({ "Id": id }),
            )?;
            hands.act(
                "cloudfront",
                "DeleteResponseHeadersPolicy",
                json!({ "Id": id, "IfMatch": told["ETag"] }),
            )
        },
        &[
            "headers_policy/EDGE it is not there",
            "distribution/EDGE default.headers_policy: .. => (known once it is made)",
            "distribution/EDGE paths./assets/*.headers_policy: .. => (known once it is made)",
        ],
        &[
            "cloudfront:CreateResponseHeadersPolicy",
            "cloudfront:UpdateDistribution",
        ],
    ),
];
