//! What is wanted of a distribution, in CloudFront's shapes. All of it, also what we have none of: an update replaces the whole.

use aws_sdk_cloudfront::types::{
    self, Aliases, CacheBehaviors, CustomErrorResponses, DistributionConfig, GeoRestriction,
    GeoRestrictionType, LoggingConfig, OriginGroups, Origins, Restrictions, SslSupportMethod,
    ViewerCertificate,
};

use super::{Called, behaviour, origin};
use crate::cloud::{Answer, Certificate, Distribution, Tags};

pub(super) fn distribution(
    call: &'static str,
    remark: &str,
    reference: &str,
    wanted: &Distribution,
) -> Answer<DistributionConfig> {
    let config = DistributionConfig::builder()
        .caller_reference(reference)
        .comment(remark)
        .enabled(wanted.enabled)
        .aliases(aliases(call, wanted)?)
        .default_root_object(&wanted.root_object)
        .origins(origins(call, wanted)?)
        .default_cache_behavior(behaviour::wanted(call, &wanted.default)?)
        .cache_behaviors(paths(call, wanted)?)
        .price_class(wanted.price_class.as_str().into())
        .viewer_certificate(certificate(&wanted.certificate))
        .web_acl_id(&wanted.web_acl)
        .http_version(wanted.http_version.as_str().into())
        .is_ipv6_enabled(wanted.ipv6)
        .origin_groups(OriginGroups::builder().quantity(0).build().called(call)?)
        .custom_error_responses(
            CustomErrorResponses::builder()
                .quantity(0)
                .build()
                .called(call)?,
        )
        .logging(no_logging())
        .restrictions(no_restrictions(call)?)
        .continuous_deployment_policy_id("")
        .staging(false);
    config.build().called(call)
}

pub(super) fn tags(call: &'static str, tags: &Tags) -> Answer<types::Tags> {
    let list = tags
        .iter()
        .map(|(key, value)| types::Tag::builder().key(key).value(value).build());
    let list = list.collect::<Result<_, _>>().called(call)?;
    Ok(types::Tags::builder().set_items(Some(list)).build())
}

/// How many there are: CloudFront wants every list counted.
pub(super) fn count<T>(list: &[T]) -> i32 {
    list.len().try_into().unwrap_or(i32::MAX)
}

fn aliases(call: &'static str, wanted: &Distribution) -> Answer<Aliases> {
    let aliases = Aliases::builder().quantity(count(&wanted.aliases));
    let listed = (!wanted.aliases.is_empty()).then(|| wanted.aliases.clone());
    aliases.set_items(listed).build().called(call)
}

fn origins(call: &'static str, wanted: &Distribution) -> Answer<Origins> {
    let list = wanted.origins.iter();
    let list = list
        .map(|(id, origin)| origin::wanted(call, id, origin))
        .collect::<Answer<Vec<_>>>()?;
    Origins::builder()
        .quantity(count(&list))
        .set_items(Some(list))
        .build()
        .called(call)
}

fn paths(call: &'static str, wanted: &Distribution) -> Answer<CacheBehaviors> {
    let list = wanted.paths.iter();
    let list = list
        .map(|(path, one)| behaviour::wanted_at(call, path, one))
        .collect::<Answer<Vec<_>>>()?;
    let paths = CacheBehaviors::builder().quantity(count(&list));
    let listed = (!list.is_empty()).then_some(list);
    paths.set_items(listed).build().called(call)
}

/// Own domains are told apart by what browsers say at the beginning of TLS; the other way costs $600 a month.
fn certificate(wanted: &Certificate) -> ViewerCertificate {
    let certificate = ViewerCertificate::builder();
    let Some(arn) = &wanted.arn else {
        return certificate.cloud_front_default_certificate(true).build();
    };
    certificate
        .acm_certificate_arn(arn)
        .ssl_support_method(SslSupportMethod::SniOnly)
        .minimum_protocol_version(wanted.least_tls.as_str().into())
        .build()
}

fn no_logging() -> LoggingConfig {
    let logging = LoggingConfig::builder()
        .enabled(false)
        .include_cookies(false);
    logging.bucket("").prefix("").build()
}

fn no_restrictions(call: &'static str) -> Answer<Restrictions> {
    let nowhere = GeoRestriction::builder().restriction_type(GeoRestrictionType::None);
    let nowhere = nowhere.quantity(0).build().called(call)?;
    Ok(Restrictions::builder().geo_restriction(nowhere).build())
}
