//! From `$LATEST` to what serves.

use anyhow::Result;

use super::Function;
use crate::{cloud, health};

impl Function {
    /// Makes a version of what is there, asks it, and lets it serve.
    pub(super) async fn release(&self, found: &cloud::Function) -> Result<()> {
        let functions = &self.at.cloud.functions;
        let release = self.zip()?;
        let description = format!("{} {}", release.version, release.commit);
        let version = functions
            .publish_version(&self.name, &release.sha256, &description)
            .await?;
        self.settle().await?;
        health::of_version(&self.at, self.app, &version).await?;
        let Some(live) = &found.live else {
            return Ok(functions.create_alias(&self.name, &version).await?);
        };
        functions
            .update_alias(&self.name, &version, live.revision.as_deref())
            .await?;
        Ok(())
    }
}
