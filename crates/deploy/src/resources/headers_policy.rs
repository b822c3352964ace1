//! What CloudFront adds to answers: that browsers ask by HTTPS only. The services cannot know that they are behind TLS.

use anyhow::Result;
use async_trait::async_trait;

use super::ids;
use crate::{
    cloud,
    context::Context,
    names::App,
    resource::{Level, Resource, ResourceId},
};

pub(super) struct HeadersPolicy {
    at: Context,
    app: App,
    name: String,
}

impl HeadersPolicy {
    pub(super) fn of(at: &Context, app: App) -> Self {
        Self {
            at: at.clone(),
            app,
            name: at.names.edge(app),
        }
    }
}

#[async_trait]
impl Resource for HeadersPolicy {
    type Spec = cloud::HeadersPolicy;

    fn id(&self) -> ResourceId {
        ids::headers_policy(&self.at, self.app)
    }

    fn needs(&self) -> Vec<ResourceId> {
        Vec::new()
    }

    fn wanted(&self, _: Level) -> Self::Spec {
        cloud::HeadersPolicy {
            remark: self.at.names.remark(self.app),
            hsts_s: self.at.distribution(self.app).map(|config| config.hsts_s),
            overrides: false,
            others: Vec::new(),
            id: String::new(),
        }
    }

    async fn observe(&self) -> Result<Option<Self::Spec>> {
        let found = self.at.cloud.cdn.headers_policy(&self.name).await?;
        self.at
            .known(self.app)
            .headers_policy
            .set(found.as_ref().map(|found| found.id.clone()));
        Ok(found)
    }

    async fn apply(&self, found: Option<&Self::Spec>, wanted: &Self::Spec) -> Result<()> {
        let cdn = &self.at.cloud.cdn;
        match found {
            None => cdn.create_headers_policy(&self.name, wanted).await?,
            Some(found) => cdn.update_headers_policy(&self.name, found, wanted).await?,
        }
        Ok(())
    }

    async fn delete(&self, found: &Self::Spec) -> Result<()> {
        Ok(self.at.cloud.cdn.delete_headers_policy(found).await?)
    }
    fn is_ours(&self, found: &Self::Spec) -> bool {
        found.remark == self.at.names.remark(self.app)
    }
}
