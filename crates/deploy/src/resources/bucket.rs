//! Where the services keep everything, and deployments their zips. Both services share it.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use async_trait::async_trait;

use super::{ids, tags};
use crate::{
    cloud::{self, CorsRule, LifecycleRule, PublicAccessBlock, found},
    context::Context,
    names::App,
    policy,
    resource::{Level, Resource, ResourceId},
};

pub(super) struct Bucket {
    at: Context,
    apps: Vec<App>,
    name: String,
}

impl Bucket {
    pub(super) fn of(at: &Context, apps: &[App]) -> Self {
        Self {
            at: at.clone(),
            apps: apps.to_vec(),
            name: at.names.bucket(),
        }
    }

    /// Transfers that outlived their stage's longest life, and uploads that nobody goes on with: the broom behind the services' own.
    fn lifecycle(&self) -> BTreeMap<String, LifecycleRule> {
        let rule = LifecycleRule {
            enabled: true,
            prefix: "transfers/".into(),
            expire_days: Some(self.at.config.max_age_days + 1),
            abort_upload_days: Some(1),
        };
        [("transfers".to_owned(), rule)].into()
    }

    /// What the page needs to send straight to the bucket. Any origin: what may be asked is decided by the signature of each URL, and nothing
    /// that a browser adds by itself counts.
    fn cors(&self) -> Vec<CorsRule> {
        let all = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let rule = CorsRule {
            origins: all(&["*"]),
            methods: all(&["GET", "PUT"]),
            headers: all(&[
                "content-type",
                "if-none-match",
                "range",
                "x-amz-checksum-sha256",
            ]),
            exposed: all(&["ETag"]),
            max_age: Some(3_600),
        };
        if self.at.config.direct == "off" {
            Vec::new()
        } else {
            vec![rule]
        }
    }

    async fn mend(&self, found: &cloud::Bucket, wanted: &cloud::Bucket) -> Result<()> {
        let (buckets, name) = (&self.at.cloud.buckets, &self.name);
        if found.public_access_block != wanted.public_access_block {
            buckets
                .put_public_access_block(name, wanted.public_access_block)
                .await?;
        }
        if found.ownership != wanted.ownership {
            buckets.put_ownership(name, &wanted.ownership).await?;
        }
        if found.encryption != wanted.encryption {
            buckets.put_encryption(name, &wanted.encryption).await?;
        }
        if found.versioning != wanted.versioning {
            buckets.put_versioning(name, wanted.versioning).await?;
        }
        if found.tags != wanted.tags {
            buckets.put_tags(name, &wanted.tags).await?;
        }
        if found.lifecycle != wanted.lifecycle {
            buckets.put_lifecycle(name, &wanted.lifecycle).await?;
        }
        if found.cors != wanted.cors {
            buckets.put_cors(name, &wanted.cors).await?;
        }
        // There is none wanted only where there is none: what was hardened is never opened.
        match &wanted.policy {
            Some(policy) if wanted.policy != found.policy => {
                Ok(buckets.put_bucket_policy(name, policy).await?)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Removes all that is in it, a thousand at a time.
    async fn empty(&self) -> Result<()> {
        let (buckets, name) = (&self.at.cloud.buckets, &self.name);
        for upload in buckets.uploads(name).await? {
            buckets.abort_upload(name, &upload).await?;
        }
        loop {
            let versions = buckets.object_versions(name).await?;
            if versions.is_empty() {
                return Ok(());
            }
            buckets.delete_versions(name, &versions).await?;
        }
    }
}

/// Refuses while the bucket holds what people sent, unless that may go too.
///
/// # Errors
/// When it does.
pub async fn keeps_data(at: &Context) -> Result<()> {
    let name = at.names.bucket();
    if at.with_data {
        return Ok(());
    }
    let objects = found(at.cloud.buckets.objects(&name, "").await)?.unwrap_or_default();
    let count = objects
        .iter()
        .filter(|object| !object.key.starts_with("deploy/"))
        .count();
    ensure!(
        count == 0,
        "{name} holds {count} objects of the services{}: add --with-data to remove them too",
        if objects.len() < 1_000 {
            ""
        } else {
            " or more"
        }
    );
    Ok(())
}

/// A service beside these that still uses the bucket. Its role is the last of it that goes.
///
/// # Errors
/// When its role cannot be looked at.
pub async fn other_user(at: &Context, apps: &[App]) -> Result<Option<App>> {
    for app in App::ALL.into_iter().filter(|app| !apps.contains(app)) {
        if at.cloud.roles.role(&at.names.role(app)).await?.is_some() {
            return Ok(Some(app));
        }
    }
    Ok(None)
}

#[async_trait]
impl Resource for Bucket {
    type Spec = cloud::Bucket;

    fn id(&self) -> ResourceId {
        ids::bucket(&self.at)
    }

    fn needs(&self) -> Vec<ResourceId> {
        Vec::new()
    }

    fn wanted(&self, level: Level) -> Self::Spec {
        let policy = || policy::bucket::policy(&self.at.names, &self.at.config);
        cloud::Bucket {
            public_access_block: PublicAccessBlock::all(true),
            ownership: "BucketOwnerEnforced".into(),
            encryption: "AES256".into(),
            versioning: false,
            lifecycle: self.lifecycle(),
            cors: self.cors(),
            policy: (level == Level::LockedDown).then(policy),
            tags: tags::wanted(&self.at, None),
        }
    }

    async fn observe(&self) -> Result<Option<Self::Spec>> {
        Ok(self.at.cloud.buckets.bucket(&self.name).await?)
    }

    async fn apply(&self, found: Option<&Self::Spec>, wanted: &Self::Spec) -> Result<()> {
        match found {
            // What S3 sets by itself is read before anything is set.
            None => Ok(self
                .at
                .cloud
                .buckets
                .create_bucket(&self.name, &wanted.tags)
                .await?),
            Some(found) => self.mend(found, wanted).await,
        }
    }

    async fn delete(&self, _: &Self::Spec) -> Result<()> {
        keeps_data(&self.at).await?;
        self.empty().await?;
        Ok(self.at.cloud.buckets.delete_bucket(&self.name).await?)
    }

    fn is_ours(&self, found: &Self::Spec) -> bool {
        self.at.names.owns(&found.tags)
    }

    async fn kept(&self) -> Result<Option<String>> {
        let user = other_user(&self.at, &self.apps).await?;
        Ok(user.map(|app| format!("the {app} service still uses it")))
    }
}
