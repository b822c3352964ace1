//! Where a distribution fetches from.

use std::collections::BTreeMap;

use aws_sdk_cloudfront::types::{
    self, CustomHeaders, CustomOriginConfig, OriginCustomHeader, OriginShield, OriginSslProtocols,
};
use sha2::{Digest, Sha256};

use super::{Called, read::sorted, write::count};
use crate::cloud::{Answer, Origin};

/// Seconds that CloudFront waits for an answer by default.
const TIMEOUT: i32 = 30;

/// What CloudFront tells, below the id that its behaviours name.
pub(super) fn spec(told: types::Origin) -> (String, Origin) {
    let headers = told.custom_headers.and_then(|headers| headers.items);
    let headers = headers.unwrap_or_default().into_iter();
    let headers: BTreeMap<_, _> = headers
        .map(|one| (one.header_name.to_lowercase(), one.header_value))
        .collect();
    let custom = told.custom_origin_config;
    let protocol = custom
        .as_ref()
        .map(|custom| custom.origin_protocol_policy.as_str().into());
    let timeout = custom
        .as_ref()
        .and_then(|custom| custom.origin_read_timeout);
    let tls = custom.and_then(|custom| custom.origin_ssl_protocols);
    let tls = tls.map(|tls| tls.items.iter().map(|one| one.as_str().into()).collect());
    let origin = Origin {
        domain: told.domain_name,
        protocol: protocol.unwrap_or_default(),
        tls: sorted(tls),
        timeout_s: timeout.unwrap_or(TIMEOUT),
        access: told.origin_access_control_id.unwrap_or_default(),
        headers_sha256: hashes(&headers),
        headers,
    };
    (told.id, origin)
}

fn hashes(headers: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let hashes = headers.iter();
    hashes
        .map(|(name, value)| (name.clone(), hex::encode(Sha256::digest(value))))
        .collect()
}

pub(super) fn wanted(call: &'static str, id: &str, wanted: &Origin) -> Answer<types::Origin> {
    let origin = types::Origin::builder()
        .id(id)
        .domain_name(&wanted.domain)
        .origin_path("")
        .custom_headers(headers(call, &wanted.headers)?)
        .custom_origin_config(custom(call, wanted)?)
        .connection_attempts(3)
        .connection_timeout(10)
        .origin_shield(
            OriginShield::builder()
                .enabled(false)
                .build()
                .called(call)?,
        )
        .origin_access_control_id(&wanted.access);
    origin.build().called(call)
}

fn custom(call: &'static str, wanted: &Origin) -> Answer<CustomOriginConfig> {
    let tls = wanted
        .tls
        .iter()
        .map(|version| version.as_str().into())
        .collect();
    let tls = OriginSslProtocols::builder()
        .quantity(count(&wanted.tls))
        .set_items(Some(tls));
    let custom = CustomOriginConfig::builder()
        .http_port(80)
        .https_port(443)
        .origin_protocol_policy(wanted.protocol.as_str().into())
        .origin_ssl_protocols(tls.build().called(call)?)
        .origin_read_timeout(wanted.timeout_s)
        .origin_keepalive_timeout(5);
    custom.build().called(call)
}

fn headers(call: &'static str, wanted: &BTreeMap<String, String>) -> Answer<CustomHeaders> {
    let header = |(name, value)| {
        OriginCustomHeader::builder()
            .header_name(name)
            .header_value(value)
            .build()
    };
    let list: Vec<_> = wanted
        .iter()
        .map(header)
        .collect::<Result<_, _>>()
        .called(call)?;
    let headers = CustomHeaders::builder().quantity(count(&list));
    headers
        .set_items((!list.is_empty()).then_some(list))
        .build()
        .called(call)
}
