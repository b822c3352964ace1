//! CloudFront: the distribution before a service, and the two policies that it uses.

mod access;
mod behaviour;
mod headers;
mod origin;
mod read;
mod write;

use async_trait::async_trait;
use aws_sdk_cloudfront::{
    Client,
    config::{Builder, Region},
    types::{self, DistributionConfigWithTags, DistributionSummary, TagKeys},
};
use futures::try_join;

use super::{
    connection::Connection,
    error::{Called, found, refused},
};
use crate::cloud::{
    Answer, CallError, Cdn, Distribution, HeadersPolicy, OriginAccess, Tagged, Tags,
};

/// CloudFront is everywhere, and asked there: CloudFront's endpoints.
const REGION: Region = Region::from_static("us-east-1");

/// CloudFront.
pub(super) struct CloudFront {
    cloudfront: Client,
}

impl CloudFront {
    pub(super) fn new(connection: &Connection) -> Self {
        let config = Builder::from(&connection.sdk)
            .interceptor(connection.counter.clone())
            .region(REGION);
        Self {
            cloudfront: Client::from_conf(config.build()),
        }
    }

    /// The distribution with this remark: there are no names.
    async fn summary(&self, remark: &str) -> Answer<Option<DistributionSummary>> {
        let pages = self.cloudfront.list_distributions();
        let mut told = pages.into_paginator().items().send();
        while let Some(one) = told.next().await {
            let one = one.called("cloudfront:ListDistributions")?;
            if one.comment == remark {
                return Ok(Some(one));
            }
        }
        Ok(None)
    }

    /// What is configured, and its ETag.
    async fn configuration(&self, id: &str) -> Answer<(types::DistributionConfig, String)> {
        let call = "cloudfront:GetDistributionConfig";
        let asked = self
            .cloudfront
            .get_distribution_config()
            .id(id)
            .send()
            .await;
        let told = asked.called(call)?;
        let etag = told.e_tag.unwrap_or_default();
        let config = told.distribution_config;
        Ok((
            config.ok_or_else(|| refused(call, "no configuration in the answer"))?,
            etag,
        ))
    }

    async fn tags(&self, arn: &str) -> Answer<Tags> {
        let asked = self
            .cloudfront
            .list_tags_for_resource()
            .resource(arn)
            .send()
            .await;
        let told = asked.called("cloudfront:ListTagsForResource")?.tags;
        let list = told.and_then(|tags| tags.items).unwrap_or_default();
        Ok(list
            .into_iter()
            .map(|tag| (tag.key, tag.value.unwrap_or_default()))
            .collect())
    }

    async fn read(&self, told: DistributionSummary) -> Answer<Distribution> {
        let ((config, etag), tags) = try_join!(self.configuration(&told.id), self.tags(&told.arn))?;
        Ok(read::distribution(told, config, etag, tags))
    }
}

#[async_trait]
impl Tagged for CloudFront {
    async fn tag(&self, name: &str, tags: &Tags) -> Answer {
        let call = "cloudfront:TagResource";
        let tag = self.cloudfront.tag_resource().resource(name);
        tag.tags(write::tags(call, tags)?)
            .send()
            .await
            .called(call)
            .map(drop)
    }

    async fn untag(&self, name: &str, keys: &[String]) -> Answer {
        let keys = TagKeys::builder().set_items(Some(keys.to_vec())).build();
        let asked = self
            .cloudfront
            .untag_resource()
            .resource(name)
            .tag_keys(keys)
            .send()
            .await;
        asked.called("cloudfront:UntagResource").map(drop)
    }
}

#[async_trait]
impl Cdn for CloudFront {
    async fn distribution(&self, remark: &str) -> Answer<Option<Distribution>> {
        let Some(summary) = self.summary(remark).await? else {
            return Ok(None);
        };
        found(self.read(summary).await)
    }

    async fn create_distribution(
        &self,
        remark: &str,
        reference: &str,
        wanted: &Distribution,
    ) -> Answer {
        let call = "cloudfront:CreateDistributionWithTags";
        let whole = DistributionConfigWithTags::builder()
            .distribution_config(write::distribution(call, remark, reference, wanted)?)
            .tags(write::tags(call, &wanted.tags)?);
        let create = self.cloudfront.create_distribution_with_tags();
        let create = create.distribution_config_with_tags(whole.build());
        let asked = create.send().await.called(call).map(drop);
        asked.map_err(|error| silence(error, wanted))
    }

    /// CloudFront takes the whole configuration, with the reference that it was made with; that alone is asked for before.
    async fn update_distribution(
        &self,
        remark: &str,
        id: &str,
        etag: &str,
        wanted: &Distribution,
    ) -> Answer {
        let call = "cloudfront:UpdateDistribution";
        let (found, _) = self.configuration(id).await?;
        let config = write::distribution(call, remark, &found.caller_reference, wanted)?;
        let update = self.cloudfront.update_distribution().id(id).if_match(etag);
        let asked = update.distribution_config(config).send().await;
        let asked = asked.called(call).map(drop);
        asked.map_err(|error| silence(error, wanted))
    }

    async fn delete_distribution(&self, id: &str, etag: &str) -> Answer {
        let delete = self.cloudfront.delete_distribution().id(id);
        let asked = delete.if_match(etag).send().await;
        asked.called("cloudfront:DeleteDistribution").map(drop)
    }

    async fn origin_access(&self, name: &str) -> Answer<Option<OriginAccess>> {
        access::read(&self.cloudfront, name).await
    }

    async fn create_origin_access(&self, name: &str, wanted: &OriginAccess) -> Answer {
        access::create(&self.cloudfront, name, wanted).await
    }

    async fn update_origin_access(
        &self,
        name: &str,
        found: &OriginAccess,
        wanted: &OriginAccess,
    ) -> Answer {
        access::update(&self.cloudfront, name, found, wanted).await
    }

    async fn delete_origin_access(&self, found: &OriginAccess) -> Answer {
        access::delete(&self.cloudfront, found).await
    }

    async fn headers_policy(&self, name: &str) -> Answer<Option<HeadersPolicy>> {
        headers::read(&self.cloudfront, name).await
    }

    async fn create_headers_policy(&self, name: &str, wanted: &HeadersPolicy) -> Answer {
        headers::create(&self.cloudfront, name, wanted).await
    }

    async fn update_headers_policy(
        &self,
        name: &str,
        found: &HeadersPolicy,
        wanted: &HeadersPolicy,
    ) -> Answer {
        headers::update(&self.cloudfront, name, found, wanted).await
    }

    async fn delete_headers_policy(&self, found: &HeadersPolicy) -> Answer {
        headers::delete(&self.cloudfront, found).await
    }
}

/// What CloudFront says of a configuration, without the header that opens the door.
fn silence(mut error: CallError, wanted: &Distribution) -> CallError {
    let headers = wanted
        .origins
        .values()
        .flat_map(|origin| origin.headers.values());
    for secret in headers.filter(|secret| !secret.is_empty()) {
        error.message = error.message.replace(secret.as_str(), "(secret)");
    }
    error
}
