//! What CloudFront tells of a distribution, in our words. What it leaves out is as CloudFront has it by default.

use aws_sdk_cloudfront::types::{
    DistributionConfig, DistributionSummary, MinimumProtocolVersion, PriceClass, ViewerCertificate,
};

use super::{behaviour, origin};
use crate::cloud::{Certificate, Distribution, MadeDistribution, Tags};

/// A distribution whose configuration is in force everywhere.
const DEPLOYED: &str = "Deployed";
/// What CloudFront's own certificate comes with.
const OWN_TLS: &str = "TLSv1";

pub(super) fn distribution(
    told: DistributionSummary,
    config: DistributionConfig,
    etag: String,
    tags: Tags,
) -> Distribution {
    let origins = config
        .origins
        .map(|origins| origins.items)
        .unwrap_or_default();
    let paths = config.cache_behaviors.and_then(|paths| paths.items);
    let default = config.default_cache_behavior;
    Distribution {
        enabled: config.enabled,
        aliases: sorted(config.aliases.and_then(|aliases| aliases.items)),
        certificate: config.viewer_certificate.map_or_else(own, certificate),
        http_version: config
            .http_version
            .map_or("http2".into(), |version| version.as_str().to_lowercase()),
        ipv6: config.is_ipv6_enabled.unwrap_or_default(),
        price_class: config
            .price_class
            .unwrap_or(PriceClass::PriceClassAll)
            .as_str()
            .into(),
        origins: origins.into_iter().map(origin::spec).collect(),
        default: behaviour::default(default),
        paths: paths
            .unwrap_or_default()
            .into_iter()
            .map(behaviour::path)
            .collect(),
        root_object: config.default_root_object.unwrap_or_default(),
        web_acl: config.web_acl_id.unwrap_or_default(),
        tags,
        deployed: told.status == DEPLOYED,
        made: MadeDistribution {
            id: told.id,
            arn: told.arn,
            domain: told.domain_name,
        },
        etag,
    }
}

fn certificate(told: ViewerCertificate) -> Certificate {
    let least = told.minimum_protocol_version;
    let arns = [told.acm_certificate_arn, told.iam_certificate_id];
    Certificate {
        least_tls: least
            .as_ref()
            .map_or(OWN_TLS, MinimumProtocolVersion::as_str)
            .into(),
        // An empty one is none.
        arn: arns.into_iter().flatten().find(|arn| !arn.is_empty()),
    }
}

fn own() -> Certificate {
    Certificate {
        arn: None,
        least_tls: OWN_TLS.into(),
    }
}

/// CloudFront tells lists whose order means nothing in an order of its own.
pub(super) fn sorted(list: Option<Vec<String>>) -> Vec<String> {
    let mut list = list.unwrap_or_default();
    list.sort();
    list
}
