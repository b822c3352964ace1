//! Origin access control: what signs requests to an origin.

use aws_sdk_cloudfront::{
    Client,
    types::{OriginAccessControlConfig, OriginAccessControlSigningProtocols},
};

use super::{Called, found};
use crate::cloud::{Answer, OriginAccess};

/// The one of this name. Only it is told with an ETag, so it is asked for again by its id.
pub(super) async fn read(cloudfront: &Client, name: &str) -> Answer<Option<OriginAccess>> {
    let mut told = cloudfront
        .list_origin_access_controls()
        .into_paginator()
        .items()
        .send();
    while let Some(one) = told.next().await {
        let one = one.called("cloudfront:ListOriginAccessControls")?;
        if one.name == name {
            return found(get(cloudfront, one.id).await);
        }
    }
    Ok(None)
}

async fn get(cloudfront: &Client, id: String) -> Answer<OriginAccess> {
    let asked = cloudfront.get_origin_access_control().id(id).send().await;
    let told = asked.called("cloudfront:GetOriginAccessControl")?;
    let etag = told.e_tag.unwrap_or_default();
    let (id, config) = told
        .origin_access_control
        .map_or_else(Default::default, |control| {
            (control.id, control.origin_access_control_config)
        });
    let config = config.as_ref();
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    Ok(OriginAccess {
        remark: text(config.and_then(|config| config.description())),
        origin_type: text(config.map(|config| config.origin_access_control_origin_type().as_str())),
        signing: text(config.map(|config| config.signing_behavior().as_str())),
        id,
        etag,
    })
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
        .if_match(&found.etag);
    let asked = update
        .origin_access_control_config(config(call, name, wanted)?)
        .send()
        .await;
    asked.called(call).map(drop)
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
