//! What a function runs as.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use async_trait::async_trait;

use super::{ids, tags};
use crate::{
    cloud::{self, Document},
    context::Context,
    names::App,
    policy::runtime,
    resource::{Level, Resource, ResourceId},
};

/// The name of the one policy that it has.
const POLICY: &str = "runtime";

pub(super) struct Role {
    at: Context,
    app: App,
    name: String,
}

impl Role {
    pub(super) fn of(at: &Context, app: App) -> Self {
        Self {
            at: at.clone(),
            app,
            name: at.names.role(app),
        }
    }

    async fn apply_policies(
        &self,
        found: &BTreeMap<String, Document>,
        wanted: &BTreeMap<String, Document>,
    ) -> Result<()> {
        let roles = &self.at.cloud.roles;
        for (policy, document) in wanted
            .iter()
            .filter(|(name, new)| found.get(*name) != Some(new))
        {
            roles.put_policy(&self.name, policy, document).await?;
        }
        for policy in found.keys().filter(|policy| !wanted.contains_key(*policy)) {
            roles.delete_policy(&self.name, policy).await?;
        }
        Ok(())
    }

    async fn detach(&self, attached: &BTreeSet<String>) -> Result<()> {
        for arn in attached {
            self.at.cloud.roles.detach_policy(&self.name, arn).await?;
        }
        Ok(())
    }

    async fn mend(&self, found: &cloud::Role, wanted: &cloud::Role) -> Result<()> {
        let roles = &self.at.cloud.roles;
        tags::apply(&**roles, &self.name, &found.tags, &wanted.tags).await?;
        if found.trust != wanted.trust {
            roles.put_trust(&self.name, &wanted.trust).await?;
        }
        match &wanted.boundary {
            boundary if *boundary == found.boundary => {}
            Some(arn) => roles.put_boundary(&self.name, arn).await?,
            None => roles.delete_boundary(&self.name).await?,
        }
        self.detach(&found.attached).await?;
        self.apply_policies(&found.policies, &wanted.policies).await
    }
}

#[async_trait]
impl Resource for Role {
    type Spec = cloud::Role;

    fn id(&self) -> ResourceId {
        ids::role(&self.at, self.app)
    }

    /// It could be made first; but it must go before the bucket does, which stays while a role is there ([`super::bucket`]): of two services that
    /// go at once each would leave the bucket to the other.
    fn needs(&self) -> Vec<ResourceId> {
        vec![ids::bucket(&self.at)]
    }

    fn wanted(&self, level: Level) -> Self::Spec {
        let policy = runtime::policy(&self.at.names, self.app, level);
        cloud::Role {
            trust: runtime::trust(),
            policies: [(POLICY.to_owned(), policy)].into(),
            attached: BTreeSet::new(),
            boundary: self.at.config.permissions_boundary.clone(),
            tags: tags::wanted(&self.at, Some(self.app)),
        }
    }

    async fn observe(&self) -> Result<Option<Self::Spec>> {
        Ok(self.at.cloud.roles.role(&self.name).await?)
    }

    async fn apply(&self, found: Option<&Self::Spec>, wanted: &Self::Spec) -> Result<()> {
        if let Some(found) = found {
            return self.mend(found, wanted).await;
        }
        self.at.cloud.roles.create_role(&self.name, wanted).await?;
        self.apply_policies(&BTreeMap::new(), &wanted.policies)
            .await
    }

    async fn delete(&self, found: &Self::Spec) -> Result<()> {
        self.detach(&found.attached).await?;
        self.apply_policies(&found.policies, &BTreeMap::new())
            .await?;
        Ok(self.at.cloud.roles.delete_role(&self.name).await?)
    }

    fn is_ours(&self, found: &Self::Spec) -> bool {
        self.at.names.owns(&found.tags)
    }
}
