//! Origin access control: what signs requests to an origin.

use aws_sdk_cloudfront::{
    Client,
    types::{OriginAccessControlConfig, OriginAccessControlSigningProtocols},
};

use super::Called;
use crate::cloud::{Answer, OriginAccess};

/// The one of this name. Lists tell all but the ETag, which only a change needs.
pub(super) async fn read(cloudfront: &Client, name: &str) -> Answer<Option<OriginAccess>> {
    let mut told = cloudfront
        .list_origin_access_controls()
        .into_paginator()
        .items()
        .send();
    while let Some(one) = told.next().await {
        let one = one.called("cloudfront:ListOriginAccessControls")?;
        if one.name == name {
            return Ok(Some(OriginAccess {
                origin_type: one.origin_access_control_origin_type().as_str().into(),
                signing: one.signing_behavior().as_str().into(),
                remark: one.description,
                id: one.id,
            }));
        }
    }
    Ok(None)
}

async fn etag(cloudfront: &Client, id: &str) -> Answer<String> {
    let asked = cloudfront.get_origin_access_control().id(id).send().await;
    let told = asked.called("cloudfront:GetOriginAccessControl")?;
    Ok(told.e_tag.unwrap_or_default())
}

pub(super) async fn create(cloudfront: &Client, name: &str, wanted: &OriginAccess) -> Answer {
    let call = "cloudfront:CreateOriginAccessControl";
    let create = cloudfront.create_origin_access_control();
    let asked = create
        .origin_access_control_config(config(call, name, wanted)?)
        .send()
        .await;
    asked.called(call).map(drop)
}

pub(super) async fn update(
    cloudfront: &Client,
    name: &str,
    found: &OriginAccess,
    wanted: &OriginAccess,
) -> Answer {
    let call = "cloudfront:UpdateOriginAccessControl";
    let update = cloudfront
        .update_origin_access_control()
        .id(&found.id)
        .if_match(etag(cloudfront, &found.id).await?);
    let asked = update
        .origin_access_control_config(config(call, name, wanted)?)
        .send()
        .await;
    asked.called(call).map(drop)
}

pub(super) async fn delete(cloudfront: &Client, found: &OriginAccess) -> Answer {
    let delete = cloudfront.delete_origin_access_control().id(&found.id);
    let asked = delete
        .if_match(etag(cloudfront, &found.id).await?)
        .send()
        .await;
    asked
        .called("cloudfront:DeleteOriginAccessControl")
        .map(drop)
}

fn config(
    call: &'static str,
    name: &str,
    wanted: &OriginAccess,
) -> Answer<OriginAccessControlConfig> {
    let config = OriginAccessControlConfig::builder()
        .name(name)
        .description(&wanted.remark)
        .signing_protocol(OriginAccessControlSigningProtocols::Sigv4)
        .signing_behavior(wanted.signing.as_str().into())
        .origin_access_control_origin_type(wanted.origin_type.as_str().into());
    config.build().called(call)
}
