//! EventBridge.

use std::collections::BTreeMap;

use async_trait::async_trait;
use deploy::cloud::{self, Answer, Rule, Tagged, Tags, Target};

use super::{
    place::Place,
    refusal::{Done, ensure, not_found},
    state::{Region, State},
};

const INVALID: &str = "ValidationException";

impl Region {
    fn rule(&mut self, name: &str) -> Done<&mut Rule> {
        let rule = self.rules.get_mut(name);
        rule.ok_or_else(|| not_found("ResourceNotFoundException", &format!("rule {name}")))
    }
}

/// `rate(1 minute)`, but `rate(2 minutes)`; other expressions are taken as they come.
fn well_put(expression: &str) -> bool {
    let Some(rate) = expression
        .strip_prefix("rate(")
        .and_then(|rest| rest.strip_suffix(')'))
    else {
        return expression.starts_with("cron(");
    };
    let Some((number, unit)) = rate.split_once(' ') else {
        return false;
    };
    let one = ["minute", "hour", "day"].contains(&unit);
    let several = ["minutes", "hours", "days"].contains(&unit);
    match number.parse::<u32>() {
        Ok(0) | Err(_) => false,
        Ok(1) => one,
        Ok(_) => several,
    }
}

pub(super) struct Schedules(pub(super) Place);

impl Schedules {
    async fn change(
        &self,
        call: &'static str,
        name: &str,
        change: impl Fn(&mut Rule) + Send + Sync,
    ) -> Answer {
        let work = |state: &mut State| {
            change(self.0.region(state).rule(name)?);
            Ok(())
        };
        self.0.write(call, name, work).await
    }

    /// The name in an ARN of ours.
    fn named<'a>(&self, arn: &'a str) -> &'a str {
        let start = self.0.arn("events", "rule/");
        arn.strip_prefix(&start).unwrap_or("?")
    }
}

#[async_trait]
impl cloud::Schedules for Schedules {
    async fn rule(&self, name: &str) -> Answer<Option<Rule>> {
        let look = |state: &mut State| Ok(self.0.region(state).rules.get(name).cloned());
        let rule = self.0.read("events:DescribeRule", name, look).await?;
        if rule.is_some() {
            self.0
                .also(
                    &["events:ListTargetsByRule", "events:ListTagsForResource"],
                    name,
                )
                .await?;
        }
        Ok(rule)
    }

    async fn put_rule(&self, name: &str, rule: &Rule) -> Answer {
        let put = |state: &mut State| {
            ensure(
                well_put(&rule.expression),
                INVALID,
                "Parameter ScheduleExpression is not valid.",
            )?;
            let rules = &mut self.0.region(state).rules;
            let there = rules.entry(name.into()).or_insert_with(|| Rule {
                targets: BTreeMap::new(),
                ..rule.clone()
            });
            (there.expression, there.enabled) = (rule.expression.clone(), rule.enabled);
            Ok(())
        };
        self.0.write("events:PutRule", name, put).await
    }

    async fn put_target(&self, name: &str, id: &str, target: &Target) -> Answer {
        self.change("events:PutTargets", name, |rule| {
            rule.targets.insert(id.into(), target.clone());
        })
        .await
    }

    async fn remove_target(&self, name: &str, id: &str) -> Answer {
        self.change("events:RemoveTargets", name, |rule| {
            rule.targets.remove(id);
        })
        .await
    }

    async fn delete_rule(&self, name: &str) -> Answer {
        let remove = |state: &mut State| {
            let rules = &mut self.0.region(state).rules;
            let free = rules.get(name).is_none_or(|rule| rule.targets.is_empty());
            ensure(free, INVALID, "Rule can't be deleted since it has targets.")?;
            rules.remove(name);
            Ok(())
        };
        self.0.write("events:DeleteRule", name, remove).await
    }
}

#[async_trait]
impl Tagged for Schedules {
    async fn tag(&self, arn: &str, tags: &Tags) -> Answer {
        self.change("events:TagResource", self.named(arn), |rule| {
            rule.tags.extend(tags.clone())
        })
        .await
    }

    async fn untag(&self, arn: &str, keys: &[String]) -> Answer {
        self.change("events:UntagResource", self.named(arn), |rule| {
            rule.tags.retain(|key, _| !keys.contains(key));
        })
        .await
    }
}
