//! The zip of a function in the bucket, named by its SHA-256: what the function is made of, and what another stage can take as it is.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::ids;
use crate::{
    cloud::found,
    context::Context,
    names::App,
    resource::{Level, Resource, ResourceId},
};

pub(super) struct Artifact {
    at: Context,
    app: App,
}

/// What is stored of a function's code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Stored {
    /// The length of the wanted zip, by its key.
    zips: BTreeMap<String, u64>,
    /// Keys of all that are there, older ones too.
    #[serde(skip)]
    keys: Vec<String>,
}

impl Artifact {
    pub(super) fn of(at: &Context, app: App) -> Self {
        Self {
            at: at.clone(),
            app,
        }
    }

    fn key(&self) -> Option<String> {
        let release = self.at.known(self.app).release.as_ref()?;
        Some(self.at.names.artifact(self.app, &release.sha256))
    }
}

#[async_trait]
impl Resource for Artifact {
    type Spec = Stored;

    fn id(&self) -> ResourceId {
        ids::artifact(&self.at, self.app)
    }

    fn needs(&self) -> Vec<ResourceId> {
        vec![ids::bucket(&self.at)]
    }

    fn wanted(&self, _: Level) -> Self::Spec {
        let release = self.at.known(self.app).release.as_ref();
        let zips = self
            .key()
            .zip(release)
            .map(|(key, release)| (key, release.zip.len() as u64));
        Stored {
            zips: zips.into_iter().collect(),
            keys: Vec::new(),
        }
    }

    async fn observe(&self) -> Result<Option<Self::Spec>> {
        let (name, below) = (self.at.names.bucket(), self.at.names.artifacts(self.app));
        let objects = self.at.cloud.buckets.objects(&name, &below).await;
        let objects = found(objects)?.unwrap_or_default();
        if objects.is_empty() {
            return Ok(None);
        }
        let wanted = self.key();
        let found = objects
            .iter()
            .filter(|object| Some(&object.key) == wanted.as_ref());
        Ok(Some(Stored {
            zips: found
                .map(|object| (object.key.clone(), object.size))
                .collect(),
            keys: objects.into_iter().map(|object| object.key).collect(),
        }))
    }

    async fn apply(&self, _: Option<&Self::Spec>, _: &Self::Spec) -> Result<()> {
        let release = self
            .at
            .known(self.app)
            .release
            .as_ref()
            .context("there is no zip to store")?;
        let key = self.at.names.artifact(self.app, &release.sha256);
        Ok(self
            .at
            .cloud
            .buckets
            .put_object(&self.at.names.bucket(), &key, release.zip.clone())
            .await?)
    }

    async fn delete(&self, found: &Self::Spec) -> Result<()> {
        for key in &found.keys {
            self.at
                .cloud
                .buckets
                .delete_object(&self.at.names.bucket(), key)
                .await?;
        }
        Ok(())
    }
}
