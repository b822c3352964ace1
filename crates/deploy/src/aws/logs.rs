//! CloudWatch Logs.

use async_trait::async_trait;
use aws_sdk_cloudwatchlogs::{Client, config::Builder, types};

use super::{
    connection::Connection,
    error::{Called, found},
};
use crate::cloud::{Answer, LogEvent, LogGroup, Logs, Tagged, Tags};

/// CloudWatch Logs in a region.
pub(super) struct CloudWatchLogs {
    logs: Client,
}

impl CloudWatchLogs {
    pub(super) fn new(connection: &Connection) -> Self {
        let config = Builder::from(&connection.sdk).interceptor(connection.counter.clone());
        Self {
            logs: Client::from_conf(config.build()),
        }
    }

    /// The group of exactly this name. Groups come in the order of their names, so of those that begin with it, it is the first.
    async fn group(&self, name: &str) -> Answer<Option<types::LogGroup>> {
        let asked = self
            .logs
            .describe_log_groups()
            .log_group_name_prefix(name)
            .send()
            .await;
        let told = asked.called("logs:DescribeLogGroups")?.log_groups;
        let mut groups = told.unwrap_or_default().into_iter();
        Ok(groups.find(|group| group.log_group_name() == Some(name)))
    }

    async fn tags(&self, arn: &str) -> Answer<Tags> {
        let asked = self
            .logs
            .list_tags_for_resource()
            .resource_arn(arn)
            .send()
            .await;
        let told = asked.called("logs:ListTagsForResource")?;
        Ok(told.tags.unwrap_or_default().into_iter().collect())
    }
}

#[async_trait]
impl Tagged for CloudWatchLogs {
    async fn tag(&self, name: &str, tags: &Tags) -> Answer {
        let tags = Some(tags.clone().into_iter().collect());
        let asked = self
            .logs
            .tag_resource()
            .resource_arn(name)
            .set_tags(tags)
            .send()
            .await;
        asked.called("logs:TagResource").map(drop)
    }

    async fn untag(&self, name: &str, keys: &[String]) -> Answer {
        let keys = Some(keys.to_vec());
        let asked = self
            .logs
            .untag_resource()
            .resource_arn(name)
            .set_tag_keys(keys)
            .send()
            .await;
        asked.called("logs:UntagResource").map(drop)
    }
}

#[async_trait]
impl Logs for CloudWatchLogs {
    async fn log_group(&self, name: &str) -> Answer<Option<LogGroup>> {
        let Some(group) = self.group(name).await? else {
            return Ok(None);
        };
        let tags = found(self.tags(arn(&group)).await)?;
        Ok(tags.map(|tags| LogGroup {
            retention_days: group.retention_in_days,
            tags,
        }))
    }

    async fn create_log_group(&self, name: &str, tags: &Tags) -> Answer {
        let tags = Some(tags.clone().into_iter().collect());
        let asked = self
            .logs
            .create_log_group()
            .log_group_name(name)
            .set_tags(tags)
            .send()
            .await;
        asked.called("logs:CreateLogGroup").map(drop)
    }

    async fn put_retention(&self, name: &str, days: i32) -> Answer {
        let put = self.logs.put_retention_policy().log_group_name(name);
        let asked = put.retention_in_days(days).send().await;
        asked.called("logs:PutRetentionPolicy").map(drop)
    }

    async fn delete_log_group(&self, name: &str) -> Answer {
        let asked = self
            .logs
            .delete_log_group()
            .log_group_name(name)
            .send()
            .await;
        asked.called("logs:DeleteLogGroup").map(drop)
    }

    async fn log_events(
        &self,
        name: &str,
        since: i64,
        next: Option<String>,
    ) -> Answer<(Vec<LogEvent>, Option<String>)> {
        let filter = self.logs.filter_log_events().log_group_name(name);
        let asked = filter.start_time(since).set_next_token(next).send().await;
        let told = asked.called("logs:FilterLogEvents")?;
        let mut events: Vec<_> = told
            .events
            .unwrap_or_default()
            .into_iter()
            .map(event)
            .collect();
        events.sort_by_key(|event| event.time);
        Ok((events, told.next_token))
    }
}

/// Tags go by the ARN without the `:*` that policies want at its end.
fn arn(group: &types::LogGroup) -> &str {
    let arn = group.log_group_arn().or_else(|| group.arn());
    arn.unwrap_or_default().trim_end_matches(":*")
}

fn event(told: types::FilteredLogEvent) -> LogEvent {
    LogEvent {
        id: told.event_id.unwrap_or_default(),
        time: told.timestamp.unwrap_or_default(),
        message: told.message.unwrap_or_default(),
    }
}
