//! Has the admin service sweep: a rule, its target, and the grant by which it may invoke.

use std::collections::BTreeMap;

use anyhow::Result;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ids, tags};
use crate::{
    cloud::{Grant, Rule, SCHEDULE_GRANT, Target, found},
    context::Context,
    names::App,
    resource::{Level, Resource, ResourceId},
};

/// The id of the one target.
const TARGET: &str = "sweep";

pub(super) struct Schedule {
    at: Context,
    app: App,
    name: String,
}

/// When, to whom, and that it may.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Sweep {
    #[serde(flatten)]
    rule: Rule,
    /// The statement in the policy of the alias.
    grant: Option<Value>,
}

impl Schedule {
    pub(super) fn of(at: &Context, app: App) -> Self {
        Self {
            at: at.clone(),
            app,
            name: at.names.schedule(),
        }
    }

    fn grant(&self) -> Grant {
        Grant {
            action: "lambda:InvokeFunction".into(),
            principal: "events.amazonaws.com".into(),
            source_arn: Some(self.at.names.schedule_arn()),
            ..Grant::default()
        }
    }

    async fn apply_grant(&self, found: Option<&Value>, wanted: Option<&Value>) -> Result<()> {
        let (functions, function) = (&self.at.cloud.functions, self.at.names.function(self.app));
        if found == wanted {
            return Ok(());
        }
        if found.is_some() {
            functions.remove_grant(&function, SCHEDULE_GRANT).await?;
        }
        if wanted.is_some() {
            functions
                .add_grant(&function, SCHEDULE_GRANT, &self.grant())
                .await?;
        }
        Ok(())
    }

    async fn apply_targets(
        &self,
        found: &BTreeMap<String, Target>,
        wanted: &BTreeMap<String, Target>,
    ) -> Result<()> {
        let schedules = &self.at.cloud.schedules;
        for (id, target) in wanted
            .iter()
            .filter(|(id, target)| found.get(*id) != Some(target))
        {
            schedules.put_target(&self.name, id, target).await?;
        }
        for id in found.keys().filter(|id| !wanted.contains_key(*id)) {
            schedules.remove_target(&self.name, id).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Resource for Schedule {
    type Spec = Sweep;

    fn id(&self) -> ResourceId {
        ids::schedule(&self.at)
    }

    fn needs(&self) -> Vec<ResourceId> {
        vec![ids::function(&self.at, self.app)]
    }

    fn wanted(&self, _: Level) -> Self::Spec {
        let live = self.at.names.live_arn(self.app);
        let rule = Rule {
            expression: self.at.app(self.app).sweep.clone().unwrap_or_default(),
            enabled: true,
            targets: [(
                TARGET.to_owned(),
                Target {
                    arn: live.clone(),
                    input: None,
                },
            )]
            .into(),
            tags: tags::wanted(&self.at, Some(self.app)),
        };
        Sweep {
            rule,
            grant: Some(self.grant().statement(&live)),
        }
    }

    async fn observe(&self) -> Result<Option<Self::Spec>> {
        let Some(rule) = self.at.cloud.schedules.rule(&self.name).await? else {
            return Ok(None);
        };
        let function = self.at.names.function(self.app);
        let policy = found(self.at.cloud.functions.grants(&function).await)?.flatten();
        let grant = policy.and_then(|mut policy| policy.statements.remove(SCHEDULE_GRANT));
        Ok(Some(Sweep { rule, grant }))
    }

    async fn apply(&self, found: Option<&Self::Spec>, wanted: &Self::Spec) -> Result<()> {
        let schedules = &self.at.cloud.schedules;
        let Some(found) = found else {
            // A grant of an earlier rule may still be there: it is seen as soon as this one is.
            return Ok(schedules.put_rule(&self.name, &wanted.rule).await?);
        };
        let arn = self.at.names.schedule_arn();
        tags::apply(&**schedules, &arn, &found.rule.tags, &wanted.rule.tags).await?;
        if (&found.rule.expression, found.rule.enabled)
            != (&wanted.rule.expression, wanted.rule.enabled)
        {
            schedules.put_rule(&self.name, &wanted.rule).await?;
        }
        self.apply_grant(found.grant.as_ref(), wanted.grant.as_ref())
            .await?;
        self.apply_targets(&found.rule.targets, &wanted.rule.targets)
            .await
    }

    async fn delete(&self, found: &Self::Spec) -> Result<()> {
        self.apply_grant(found.grant.as_ref(), None).await?;
        self.apply_targets(&found.rule.targets, &BTreeMap::new())
            .await?;
        Ok(self.at.cloud.schedules.delete_rule(&self.name).await?)
    }

    fn is_ours(&self, found: &Self::Spec) -> bool {
        self.at.names.owns(&found.rule.tags)
    }
}
