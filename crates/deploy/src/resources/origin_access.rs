//! Signs what a distribution asks of its function, where the door wants that.

use anyhow::Result;
use async_trait::async_trait;

use super::ids;
use crate::{
    cloud,
    context::Context,
    names::App,
    resource::{Level, Resource, ResourceId},
};

pub(super) struct OriginAccess {
    at: Context,
    app: App,
    name: String,
}

impl OriginAccess {
    pub(super) fn of(at: &Context, app: App) -> Self {
        Self {
            at: at.clone(),
            app,
            name: at.names.edge(app),
        }
    }
}

#[async_trait]
impl Resource for OriginAccess {
    type Spec = cloud::OriginAccess;

    fn id(&self) -> ResourceId {
        ids::origin_access(&self.at, self.app)
    }

    fn needs(&self) -> Vec<ResourceId> {
        Vec::new()
    }

    fn wanted(&self, _: Level) -> Self::Spec {
        cloud::OriginAccess {
            remark: self.at.names.remark(self.app),
            origin_type: "lambda".into(),
            signing: "always".into(),
            id: String::new(),
        }
    }

    async fn observe(&self) -> Result<Option<Self::Spec>> {
        let found = self.at.cloud.cdn.origin_access(&self.name).await?;
        self.at
            .known(self.app)
            .origin_access
            .set(found.as_ref().map(|found| found.id.clone()));
        Ok(found)
    }

    async fn apply(&self, found: Option<&Self::Spec>, wanted: &Self::Spec) -> Result<()> {
        let cdn = &self.at.cloud.cdn;
        match found {
            None => cdn.create_origin_access(&self.name, wanted).await?,
            Some(found) => cdn.update_origin_access(&self.name, found, wanted).await?,
        }
        Ok(())
    }

    async fn delete(&self, found: &Self::Spec) -> Result<()> {
        Ok(self.at.cloud.cdn.delete_origin_access(found).await?)
    }
    fn is_ours(&self, found: &Self::Spec) -> bool {
        found.remark == self.at.names.remark(self.app)
    }
}
