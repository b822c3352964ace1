//! CloudFront.

use deploy::cloud::{Distribution, HeadersPolicy, Origin, OriginAccess};

use super::{ACCOUNT, State, each_is_named_and_mended};

fn distribution(state: &mut State) -> &mut Distribution {
    let all = &mut state.account(ACCOUNT).distributions;
    &mut all.values_mut().next().unwrap().distribution
}

fn origin(state: &mut State) -> &mut Origin {
    distribution(state).origins.get_mut("function").unwrap()
}

#[tokio::test(start_paused = true)]
async fn of_a_distribution() {
    each_is_named_and_mended(&[
        (
            |state| distribution(state).enabled = false,
            &["distribution enabled"],
        ),
        (
            |state| distribution(state).ipv6 = false,
            &["distribution ipv6"],
        ),
        (
            |state| distribution(state).http_version = "http1.1".into(),
            &["distribution http_version"],
        ),
        (
            |state| distribution(state).price_class = "PriceClass_All".into(),
            &["distribution price_class"],
        ),
        (
            |state| distribution(state).root_object = "index.html".into(),
            &["distribution root_object"],
        ),
        (
            |state| {
                distribution(state).web_acl = "arn:aws:wafv2:us-east-1:1:global/webacl/a/b".into()
            },
            &["distribution web_acl"],
        ),
        (
            |state| {
                distribution(state).certificate.arn =
                    Some("arn:aws:acm:us-east-1:1:certificate/a".into())
            },
            &["distribution certificate.arn"],
        ),
        (
            |state| distribution(state).aliases.push("send.example".into()),
            &["distribution aliases"],
        ),
        (
            |state| drop(distribution(state).tags.insert("Mine".into(), "1".into())),
            &["distribution tags.Mine"],
        ),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_an_origin() {
    each_is_named_and_mended(&[
        (
            |state| origin(state).domain = "elsewhere.example".into(),
            &["distribution origins.function.domain"],
        ),
        (
            |state| origin(state).protocol = "http-only".into(),
            &["distribution origins.function.protocol"],
        ),
        (
            |state| origin(state).tls.push("TLSv1".into()),
            &["distribution origins.function.tls"],
        ),
        (
            |state| origin(state).timeout_s = 30,
            &["distribution origins.function.timeout_s"],
        ),
        (
            |state| drop(origin(state).headers.insert("x-more".into(), "1".into())),
            &["distribution origins.function.headers_sha256.x-more"],
        ),
        (
            |state| {
                let other = Origin {
                    domain: "elsewhere.example".into(),
                    ..origin(state).clone()
                };
                distribution(state).origins.insert("other".into(), other);
            },
            &["distribution origins.other"],
        ),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_a_behaviour() {
    each_is_named_and_mended(&[
        (
            |state| distribution(state).default.methods.truncate(2),
            &["distribution default.methods"],
        ),
        (
            |state| distribution(state).default.protocol = "allow-all".into(),
            &["distribution default.protocol"],
        ),
        (
            |state| distribution(state).default.compress = false,
            &["distribution default.compress"],
        ),
        (
            |state| {
                distribution(state).default.cache_policy =
                    "658327ea-f89d-4fab-a63d-7e88639e58f6".into()
            },
            &["distribution default.cache_policy"],
        ),
        (
            |state| distribution(state).default.request_policy = String::new(),
            &["distribution default.request_policy"],
        ),
        (
            |state| distribution(state).default.headers_policy = String::new(),
            &["distribution default.headers_policy"],
        ),
        (
            |state| {
                distribution(state)
                    .default
                    .functions
                    .push("arn:aws:cloudfront::1:function/spy".into())
            },
            &["distribution default.functions"],
        ),
        (
            |state| distribution(state).paths.clear(),
            &["distribution paths./assets/*"],
        ),
        (
            |state| {
                let cached = distribution(state).paths["/assets/*"].clone();
                distribution(state).paths.insert("/api/*".into(), cached);
            },
            &["distribution paths./api/*"],
        ),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_what_a_distribution_uses() {
    fn access(state: &mut State) -> &mut OriginAccess {
        state.account(ACCOUNT).accesses.values_mut().next().unwrap()
    }
    fn policy(state: &mut State) -> &mut HeadersPolicy {
        state.account(ACCOUNT).headers.values_mut().next().unwrap()
    }
    each_is_named_and_mended(&[
        (
            |state| access(state).signing = "never".into(),
            &["origin_access signing"],
        ),
        (
            |state| access(state).origin_type = "s3".into(),
            &["origin_access origin_type"],
        ),
        (
            |state| policy(state).hsts_s = None,
            &["headers_policy hsts_s"],
        ),
        (
            |state| policy(state).overrides = true,
            &["headers_policy overrides"],
        ),
        (
            |state| policy(state).others.push("x-frame-options".into()),
            &["headers_policy others"],
        ),
    ])
    .await;
}
