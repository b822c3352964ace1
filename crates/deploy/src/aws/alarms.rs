//! CloudWatch: alarms.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_cloudwatch::{
    Client,
    config::Builder,
    types::{self, AlarmType, Dimension, MetricAlarm, Statistic},
};

use super::{connection::Connection, error::Called};
use crate::cloud::{Alarm, Alarms, Answer, Tags};

/// Where Lambda's figures are.
const NAMESPACE: &str = "AWS/Lambda";
/// What tells them apart.
const DIMENSION: &str = "FunctionName";

/// CloudWatch in a region.
pub(super) struct CloudWatch {
    cloudwatch: Client,
}

impl CloudWatch {
    pub(super) fn new(connection: &Connection) -> Self {
        let config = Builder::from(&connection.sdk).interceptor(connection.counter.clone());
        Self {
            cloudwatch: Client::from_conf(config.build()),
        }
    }
}

#[async_trait]
impl Alarms for CloudWatch {
    async fn alarms(&self, names: &[String]) -> Answer<BTreeMap<String, Alarm>> {
        // Asked for none, CloudWatch tells of all.
        if names.is_empty() {
            return Ok(BTreeMap::new());
        }
        let describe = self
            .cloudwatch
            .describe_alarms()
            .set_alarm_names(Some(names.to_vec()));
        let asked = describe.alarm_types(AlarmType::MetricAlarm).send().await;
        let told = asked.called("cloudwatch:DescribeAlarms")?;
        let alarms = told.metric_alarms.unwrap_or_default();
        Ok(alarms.into_iter().map(spec).collect())
    }

    async fn put_alarm(&self, name: &str, alarm: &Alarm) -> Answer {
        let function = Dimension::builder().name(DIMENSION).value(&alarm.function);
        let put = self
            .cloudwatch
            .put_metric_alarm()
            .alarm_name(name)
            .alarm_description(&alarm.remark)
            .namespace(NAMESPACE)
            .metric_name(&alarm.metric)
            .dimensions(function.build())
            .period(alarm.period_s)
            .evaluation_periods(alarm.periods)
            .threshold(alarm.threshold)
            .comparison_operator(alarm.comparison.as_str().into())
            .treat_missing_data(&alarm.without_figures)
            .set_alarm_actions(Some(alarm.actions.clone()))
            .actions_enabled(alarm.enabled)
            .set_tags(Some(list(&alarm.tags)));
        // Percentiles go by another parameter.
        let put = match Statistic::try_parse(&alarm.statistic) {
            Ok(statistic) => put.statistic(statistic),
            Err(_) => put.extended_statistic(&alarm.statistic),
        };
        put.send()
            .await
            .called("cloudwatch:PutMetricAlarm")
            .map(drop)
    }

    async fn delete_alarms(&self, names: &[String]) -> Answer {
        let delete = self.cloudwatch.delete_alarms();
        let asked = delete.set_alarm_names(Some(names.to_vec())).send().await;
        asked.called("cloudwatch:DeleteAlarms").map(drop)
    }
}

fn spec(told: MetricAlarm) -> (String, Alarm) {
    // An emulator says both: the percentile is what was asked for.
    let statistic = told.statistic.map(|statistic| statistic.as_str().into());
    let comparison = told.comparison_operator;
    let dimensions = told.dimensions.unwrap_or_default().into_iter();
    let mut functions = dimensions.filter(|one| one.name() == Some(DIMENSION));
    let alarm = Alarm {
        remark: told.alarm_description.unwrap_or_default(),
        metric: told.metric_name.unwrap_or_default(),
        function: functions
            .next()
            .and_then(|one| one.value)
            .unwrap_or_default(),
        statistic: told.extended_statistic.or(statistic).unwrap_or_default(),
        period_s: told.period.unwrap_or_default(),
        periods: told.evaluation_periods.unwrap_or_default(),
        threshold: told.threshold.unwrap_or_default(),
        comparison: comparison.map_or(String::new(), |by| by.as_str().into()),
        without_figures: told.treat_missing_data.unwrap_or_else(|| "missing".into()),
        actions: told.alarm_actions.unwrap_or_default(),
        enabled: told.actions_enabled.unwrap_or(true),
        tags: Tags::new(),
    };
    (told.alarm_name.unwrap_or_default(), alarm)
}

fn list(tags: &Tags) -> Vec<types::Tag> {
    let tags = tags
        .iter()
        .map(|(key, value)| types::Tag::builder().key(key).value(value).build());
    tags.collect()
}
