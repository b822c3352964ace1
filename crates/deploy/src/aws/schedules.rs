//! EventBridge: rules on the bus `default`.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_eventbridge::{
    Client,
    config::Builder,
    operation::describe_rule::DescribeRuleOutput,
    types::{self, RuleState},
};
use futures::try_join;

use super::{
    connection::Connection,
    error::{Called, found, told},
};
use crate::cloud::{Answer, Rule, Schedules, Tagged, Tags, Target};

/// EventBridge in a region.
pub(super) struct EventBridge {
    events: Client,
}

impl EventBridge {
    pub(super) fn new(connection: &Connection) -> Self {
        let config = Builder::from(&connection.sdk).interceptor(connection.counter.clone());
        Self {
            events: Client::from_conf(config.build()),
        }
    }

    async fn read(&self, name: &str) -> Answer<Rule> {
        let asked = self.events.describe_rule().name(name).send().await;
        let rule = asked.called("events:DescribeRule")?;
        let (targets, tags) = try_join!(self.targets(name), self.tags(rule.arn()))?;
        Ok(spec(rule, targets, tags))
    }

    /// To whom it sends. A rule has five targets at most: EventBridge quotas.
    async fn targets(&self, name: &str) -> Answer<Vec<types::Target>> {
        let asked = self.events.list_targets_by_rule().rule(name).send().await;
        let told = asked.called("events:ListTargetsByRule")?;
        Ok(told.targets.unwrap_or_default())
    }

    async fn tags(&self, arn: Option<&str>) -> Answer<Vec<types::Tag>> {
        let arn = arn.unwrap_or_default();
        let asked = self
            .events
            .list_tags_for_resource()
            .resource_arn(arn)
            .send()
            .await;
        let told = asked.called("events:ListTagsForResource")?;
        Ok(told.tags.unwrap_or_default())
    }
}

#[async_trait]
impl Tagged for EventBridge {
    async fn tag(&self, name: &str, tags: &Tags) -> Answer {
        let list = list("events:TagResource", tags)?;
        let asked = self
            .events
            .tag_resource()
            .resource_arn(name)
            .set_tags(Some(list))
            .send()
            .await;
        asked.called("events:TagResource").map(drop)
    }

    async fn untag(&self, name: &str, keys: &[String]) -> Answer {
        let keys = Some(keys.to_vec());
        let asked = self
            .events
            .untag_resource()
            .resource_arn(name)
            .set_tag_keys(keys)
            .send()
            .await;
        asked.called("events:UntagResource").map(drop)
    }
}

#[async_trait]
impl Schedules for EventBridge {
    async fn rule(&self, name: &str) -> Answer<Option<Rule>> {
        found(self.read(name).await)
    }

    async fn put_rule(&self, name: &str, rule: &Rule) -> Answer {
        let state = match rule.enabled {
            true => RuleState::Enabled,
            false => RuleState::Disabled,
        };
        let put = self.events.put_rule().name(name).state(state);
        let put = put.schedule_expression(&rule.expression);
        let tags = list("events:PutRule", &rule.tags)?;
        let asked = put.set_tags(Some(tags)).send().await;
        asked.called("events:PutRule").map(drop)
    }

    async fn put_target(&self, name: &str, id: &str, target: &Target) -> Answer {
        let built = types::Target::builder().id(id).arn(&target.arn);
        let built = built.set_input(target.input.clone()).build();
        let built = built.called("events:PutTargets")?;
        let asked = self
            .events
            .put_targets()
            .rule(name)
            .targets(built)
            .send()
            .await;
        let failed = asked.called("events:PutTargets")?.failed_entries;
        let failed = failed.unwrap_or_default().into_iter();
        each(
            "events:PutTargets",
            failed.map(|entry| (entry.error_code, entry.error_message)),
        )
    }

    async fn remove_target(&self, name: &str, id: &str) -> Answer {
        let asked = self.events.remove_targets().rule(name).ids(id).send().await;
        let failed = asked.called("events:RemoveTargets")?.failed_entries;
        let failed = failed.unwrap_or_default().into_iter();
        each(
            "events:RemoveTargets",
            failed.map(|entry| (entry.error_code, entry.error_message)),
        )
    }

    async fn delete_rule(&self, name: &str) -> Answer {
        let asked = self.events.delete_rule().name(name).send().await;
        asked.called("events:DeleteRule").map(drop)
    }
}

/// The first of several that failed, though the call as a whole did not.
fn each(
    call: &'static str,
    mut failed: impl Iterator<Item = (Option<String>, Option<String>)>,
) -> Answer {
    failed.next().map_or(Ok(()), |(code, message)| {
        let code = code.unwrap_or_default();
        Err(told(call, &code, message.unwrap_or_default()))
    })
}

fn spec(rule: DescribeRuleOutput, targets: Vec<types::Target>, tags: Vec<types::Tag>) -> Rule {
    Rule {
        enabled: rule.state == Some(RuleState::Enabled),
        expression: rule.schedule_expression.unwrap_or_default(),
        targets: targets.into_iter().map(target).collect::<BTreeMap<_, _>>(),
        tags: tags.into_iter().map(|tag| (tag.key, tag.value)).collect(),
    }
}

/// A part of the event, or a text made of parts, would be sent in its place too.
fn target(told: types::Target) -> (String, Target) {
    let made = told.input_transformer.map(|made| made.input_template);
    let input = told.input.or(told.input_path).or(made);
    let target = Target {
        arn: told.arn,
        input,
    };
    (told.id, target)
}

fn list(call: &'static str, tags: &Tags) -> Answer<Vec<types::Tag>> {
    let tags = tags
        .iter()
        .map(|(key, value)| types::Tag::builder().key(key).value(value).build());
    tags.collect::<Result<_, _>>().called(call)
}
