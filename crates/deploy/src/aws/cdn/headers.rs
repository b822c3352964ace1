//! The policy of headers that are added to answers.

use aws_sdk_cloudfront::{
    Client,
    types::{
        ResponseHeadersPolicy, ResponseHeadersPolicyConfig,
        ResponseHeadersPolicySecurityHeadersConfig, ResponseHeadersPolicyStrictTransportSecurity,
        ResponseHeadersPolicyType,
    },
};

use super::Called;
use crate::cloud::{Answer, HeadersPolicy};

/// The one of this name. Lists tell all but the ETag, which only a change needs.
pub(super) async fn read(cloudfront: &Client, name: &str) -> Answer<Option<HeadersPolicy>> {
    let mut next = None;
    loop {
        let list = cloudfront.list_response_headers_policies();
        let list = list.r#type(ResponseHeadersPolicyType::Custom);
        let asked = list.set_marker(next).send().await;
        let told = asked.called("cloudfront:ListResponseHeadersPolicies")?;
        let Some(page) = told.response_headers_policy_list else {
            return Ok(None);
        };
        let policies = page.items.unwrap_or_default().into_iter();
        let mut specs = policies.filter_map(|one| named(one.response_headers_policy?, name));
        next = page.next_marker.filter(|marker| !marker.is_empty());
        match specs.next() {
            None if next.is_some() => {}
            found => return Ok(found),
        }
    }
}

fn named(policy: ResponseHeadersPolicy, name: &str) -> Option<HeadersPolicy> {
    let config = policy.response_headers_policy_config?;
    (config.name() == name).then(|| spec(config, policy.id))
}

async fn etag(cloudfront: &Client, id: &str) -> Answer<String> {
    let asked = cloudfront.get_response_headers_policy().id(id).send().await;
    let told = asked.called("cloudfront:GetResponseHeadersPolicy")?;
    Ok(told.e_tag.unwrap_or_default())
}

fn spec(config: ResponseHeadersPolicyConfig, id: String) -> HeadersPolicy {
    let others = others(&config);
    let security = config.security_headers_config;
    let hsts = security.and_then(|security| security.strict_transport_security);
    HeadersPolicy {
        remark: config.comment.unwrap_or_default(),
        hsts_s: hsts.as_ref().map(|hsts| hsts.access_control_max_age_sec),
        overrides: hsts.is_some_and(|hsts| hsts.r#override),
        others,
        id,
    }
}

/// All that is not ours, in words that show it.
fn others(config: &ResponseHeadersPolicyConfig) -> Vec<String> {
    let added = config
        .custom_headers_config()
        .map(|list| list.items())
        .unwrap_or_default();
    let removed = config
        .remove_headers_config()
        .map(|list| list.items())
        .unwrap_or_default();
    let mut others: Vec<String> = added.iter().map(|one| one.header.to_lowercase()).collect();
    others.extend(
        removed
            .iter()
            .map(|one| format!("without {}", one.header.to_lowercase())),
    );
    let cors = config.cors_config().map(|_| "cross-origin rules");
    let timing = config
        .server_timing_headers_config()
        .filter(|timing| timing.enabled);
    let timing = timing.map(|_| "server-timing");
    others.extend(cors.into_iter().chain(timing).map(Into::into));
    if let Some(security) = config.security_headers_config() {
        others.extend(security_headers(security).map(Into::into));
    }
    others.sort();
    others
}

fn security_headers(
    told: &ResponseHeadersPolicySecurityHeadersConfig,
) -> impl Iterator<Item = &'static str> {
    let hsts = told.strict_transport_security();
    let all = [
        (told.xss_protection().is_some(), "x-xss-protection"),
        (told.frame_options().is_some(), "x-frame-options"),
        (told.referrer_policy().is_some(), "referrer-policy"),
        (
            told.content_security_policy().is_some(),
            "content-security-policy",
        ),
        (
            told.content_type_options().is_some(),
            "x-content-type-options",
        ),
        (
            hsts.is_some_and(|hsts| hsts.include_subdomains == Some(true)),
            "HTTPS for subdomains",
        ),
        (
            hsts.is_some_and(|hsts| hsts.preload == Some(true)),
            "HTTPS preloaded",
        ),
    ];
    all.into_iter()
        .filter_map(|(there, name)| there.then_some(name))
}

pub(super) async fn create(cloudfront: &Client, name: &str, wanted: &HeadersPolicy) -> Answer {
    let call = "cloudfront:CreateResponseHeadersPolicy";
    let create = cloudfront.create_response_headers_policy();
    let asked = create
        .response_headers_policy_config(config(call, name, wanted)?)
        .send()
        .await;
    asked.called(call).map(drop)
}

pub(super) async fn update(
    cloudfront: &Client,
    name: &str,
    found: &HeadersPolicy,
    wanted: &HeadersPolicy,
) -> Answer {
    let call = "cloudfront:UpdateResponseHeadersPolicy";
    let update = cloudfront
        .update_response_headers_policy()
        .id(&found.id)
        .if_match(etag(cloudfront, &found.id).await?);
    let asked = update
        .response_headers_policy_config(config(call, name, wanted)?)
        .send()
        .await;
    asked.called(call).map(drop)
}

pub(super) async fn delete(cloudfront: &Client, found: &HeadersPolicy) -> Answer {
    let delete = cloudfront.delete_response_headers_policy().id(&found.id);
    let asked = delete
        .if_match(etag(cloudfront, &found.id).await?)
        .send()
        .await;
    asked
        .called("cloudfront:DeleteResponseHeadersPolicy")
        .map(drop)
}

fn config(
    call: &'static str,
    name: &str,
    wanted: &HeadersPolicy,
) -> Answer<ResponseHeadersPolicyConfig> {
    let hsts = |seconds| {
        let hsts = ResponseHeadersPolicyStrictTransportSecurity::builder();
        let hsts = hsts
            .access_control_max_age_sec(seconds)
            .r#override(wanted.overrides);
        hsts.include_subdomains(false)
            .preload(false)
            .build()
            .called(call)
    };
    let hsts = wanted.hsts_s.map(hsts).transpose()?;
    let security = ResponseHeadersPolicySecurityHeadersConfig::builder();
    let security = security.set_strict_transport_security(hsts).build();
    let config = ResponseHeadersPolicyConfig::builder()
        .name(name)
        .comment(&wanted.remark);
    config
        .security_headers_config(security)
        .build()
        .called(call)
}
