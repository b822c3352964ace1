//! CloudWatch Logs.

use async_trait::async_trait;
use deploy::cloud::{self, Answer, LogEvent, LogGroup, Tagged, Tags};

use super::{
    place::Place,
    refusal::{Done, ensure, exists, not_found},
    state::{Region, State},
};

/// Days that lines may be kept: `PutRetentionPolicy`.
const DAYS: [i32; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];

/// So many lines come in one answer.
const PAGE: usize = 3;

impl Region {
    fn group(&mut self, name: &str) -> Done<&mut (LogGroup, Vec<LogEvent>)> {
        let group = self.log_groups.get_mut(name);
        group.ok_or_else(|| not_found("ResourceNotFoundException", &format!("log group {name}")))
    }
}

pub(super) struct Logs(pub(super) Place);

impl Logs {
    async fn change(
        &self,
        call: &'static str,
        name: &str,
        change: impl Fn(&mut LogGroup) + Send + Sync,
    ) -> Answer {
        let work = |state: &mut State| {
            change(&mut self.0.region(state).group(name)?.0);
            Ok(())
        };
        self.0.write(call, name, work).await
    }

    /// The name in an ARN of ours.
    fn named<'a>(&self, arn: &'a str) -> &'a str {
        let start = self.0.arn("logs", "log-group:");
        arn.strip_prefix(&start).unwrap_or("?")
    }
}

#[async_trait]
impl cloud::Logs for Logs {
    async fn log_group(&self, name: &str) -> Answer<Option<LogGroup>> {
        let look = |state: &mut State| {
            Ok(self
                .0
                .region(state)
                .group(name)
                .ok()
                .map(|group| group.0.clone()))
        };
        let group = self.0.read("logs:DescribeLogGroups", name, look).await?;
        if group.is_some() {
            self.0.also(&["logs:ListTagsForResource"], name).await?;
        }
        Ok(group)
    }

    async fn create_log_group(&self, name: &str, tags: &Tags) -> Answer {
        let make = |state: &mut State| {
            let groups = &mut self.0.region(state).log_groups;
            if groups.contains_key(name) {
                return Err(exists(
                    "ResourceAlreadyExistsException",
                    &format!("log group {name}"),
                ));
            }
            let group = LogGroup {
                retention_days: None,
                tags: tags.clone(),
            };
            groups.insert(name.into(), (group, Vec::new()));
            Ok(())
        };
        self.0.write("logs:CreateLogGroup", name, make).await
    }

    async fn put_retention(&self, name: &str, days: i32) -> Answer {
        let set = |state: &mut State| {
            let group = self.0.region(state).group(name)?;
            ensure(
                DAYS.contains(&days),
                "InvalidParameterException",
                "not a number of days that CloudWatch knows",
            )?;
            group.0.retention_days = Some(days);
            Ok(())
        };
        self.0.write("logs:PutRetentionPolicy", name, set).await
    }

    async fn delete_log_group(&self, name: &str) -> Answer {
        let remove = |state: &mut State| {
            let region = self.0.region(state);
            region.group(name)?;
            region.log_groups.remove(name);
            Ok(())
        };
        self.0.write("logs:DeleteLogGroup", name, remove).await
    }

    async fn log_events(
        &self,
        name: &str,
        since: i64,
        next: Option<String>,
    ) -> Answer<(Vec<LogEvent>, Option<String>)> {
        // The first answer is empty, as AWS's may be while it is still searching.
        let Some(from) = next else {
            let look = |state: &mut State| {
                self.0
                    .region(state)
                    .group(name)
                    .map(|_| (Vec::new(), Some("0".into())))
            };
            return self.0.read("logs:FilterLogEvents", name, look).await;
        };
        let from: usize = from.parse().unwrap_or_default();
        let look = |state: &mut State| {
            let lines = self.0.region(state).group(name)?.1.iter();
            let mut rest = lines.filter(|line| line.time >= since).skip(from).cloned();
            let page: Vec<_> = rest.by_ref().take(PAGE).collect();
            let more = rest.next().map(|_| (from + PAGE).to_string());
            Ok((page, more))
        };
        self.0.read("logs:FilterLogEvents", name, look).await
    }
}

#[async_trait]
impl Tagged for Logs {
    async fn tag(&self, arn: &str, tags: &Tags) -> Answer {
        self.change("logs:TagResource", self.named(arn), |group| {
            group.tags.extend(tags.clone())
        })
        .await
    }

    async fn untag(&self, arn: &str, keys: &[String]) -> Answer {
        self.change("logs:UntagResource", self.named(arn), |group| {
            group.tags.retain(|key, _| !keys.contains(key));
        })
        .await
    }
}
