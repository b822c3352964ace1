//! What a run leaves alone: it is looked at, since others may need to know of it, and neither changed nor removed.

use std::time::Duration;

use anyhow::Result;
use async_trait::async_trait;

use crate::{
    drift::Drift,
    resource::{Level, Lifecycle, ResourceId},
};

pub(super) struct LeftAlone(pub(super) Box<dyn Lifecycle>);

#[async_trait]
impl Lifecycle for LeftAlone {
    fn id(&self) -> ResourceId {
        self.0.id()
    }

    fn needs(&self) -> Vec<ResourceId> {
        self.0.needs()
    }

    fn patience(&self) -> Duration {
        self.0.patience()
    }

    async fn observe(&self) -> Result<()> {
        self.0.observe().await
    }

    fn exists(&self) -> bool {
        false
    }

    fn drift(&self, _: Level) -> Result<Vec<Drift>> {
        Ok(Vec::new())
    }

    async fn apply(&self, _: Level) -> Result<()> {
        Ok(())
    }

    async fn delete(&self) -> Result<()> {
        Ok(())
    }

    async fn kept(&self) -> Result<Option<String>> {
        Ok(None)
    }
}
