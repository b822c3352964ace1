//! Where a function's lines go: made before the function, or Lambda would make one that forgets nothing.

use anyhow::Result;
use async_trait::async_trait;

use super::{ids, tags};
use crate::{
    cloud,
    context::Context,
    names::App,
    resource::{Level, Resource, ResourceId},
};

pub(super) struct LogGroup {
    at: Context,
    app: App,
    name: String,
}

impl LogGroup {
    pub(super) fn of(at: &Context, app: App) -> Self {
        Self {
            at: at.clone(),
            app,
            name: at.names.log_group(app),
        }
    }
}

#[async_trait]
impl Resource for LogGroup {
    type Spec = cloud::LogGroup;

    fn id(&self) -> ResourceId {
        ids::log_group(&self.at, self.app)
    }

    fn needs(&self) -> Vec<ResourceId> {
        Vec::new()
    }

    fn wanted(&self, _: Level) -> Self::Spec {
        cloud::LogGroup {
            retention_days: Some(self.at.config.log_retention_days),
            tags: tags::wanted(&self.at, Some(self.app)),
        }
    }

    async fn observe(&self) -> Result<Option<Self::Spec>> {
        Ok(self.at.cloud.logs.log_group(&self.name).await?)
    }

    async fn apply(&self, found: Option<&Self::Spec>, wanted: &Self::Spec) -> Result<()> {
        let logs = &self.at.cloud.logs;
        let arn = self.at.names.log_group_arn(self.app);
        match found {
            None => logs.create_log_group(&self.name, &wanted.tags).await?,
            Some(found) => tags::apply(&**logs, &arn, &found.tags, &wanted.tags).await?,
        }
        if let Some(days) = wanted.retention_days
            && found.and_then(|found| found.retention_days) != Some(days)
        {
            logs.put_retention(&self.name, days).await?;
        }
        Ok(())
    }

    async fn delete(&self, _: &Self::Spec) -> Result<()> {
        Ok(self.at.cloud.logs.delete_log_group(&self.name).await?)
    }

    fn is_ours(&self, found: &Self::Spec) -> bool {
        self.at.names.owns(&found.tags)
    }
}
