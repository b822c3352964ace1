//! CloudWatch's alarms.

use std::collections::BTreeMap;

use async_trait::async_trait;
use deploy::cloud::{self, Alarm, Answer, Tagged, Tags};

use super::{
    place::Place,
    refusal::{ensure, not_found},
    state::State,
};

const INVALID: &str = "InvalidParameterValue";

pub(super) struct Alarms(pub(super) Place);

impl Alarms {
    async fn change(
        &self,
        call: &'static str,
        arn: &str,
        change: impl Fn(&mut Alarm) + Send + Sync,
    ) -> Answer {
        let start = self.0.arn("cloudwatch", "alarm:");
        let name = arn.strip_prefix(&start).unwrap_or("?");
        let work =
            |state: &mut State| {
                let alarm = self.0.region(state).alarms.get_mut(name);
                change(alarm.ok_or_else(|| {
                    not_found("ResourceNotFoundException", &format!("alarm {name}"))
                })?);
                Ok(())
            };
        self.0.write(call, name, work).await
    }
}

#[async_trait]
impl cloud::Alarms for Alarms {
    async fn alarms(&self, names: &[String]) -> Answer<BTreeMap<String, Alarm>> {
        let subject = names.join(" ");
        let look = |state: &mut State| {
            let mut alarms = self.0.region(state).alarms.clone();
            alarms.retain(|name, _| names.contains(name));
            Ok(alarms)
        };
        let alarms = self
            .0
            .read("cloudwatch:DescribeAlarms", &subject, look)
            .await?;
        for name in alarms.keys() {
            self.0
                .also(&["cloudwatch:ListTagsForResource"], name)
                .await?;
        }
        Ok(alarms)
    }

    async fn put_alarm(&self, name: &str, alarm: &Alarm) -> Answer {
        let put = |state: &mut State| {
            let period = alarm.period_s;
            ensure(
                period == 10 || period == 30 || (period > 0 && period % 60 == 0),
                INVALID,
                "Period must be 10, 30 or a multiple of 60",
            )?;
            let alarms = &mut self.0.region(state).alarms;
            let tags = alarms
                .get(name)
                .map_or(&alarm.tags, |there| &there.tags)
                .clone();
            alarms.insert(
                name.into(),
                Alarm {
                    tags,
                    ..alarm.clone()
                },
            );
            Ok(())
        };
        self.0.write("cloudwatch:PutMetricAlarm", name, put).await
    }

    async fn delete_alarms(&self, names: &[String]) -> Answer {
        let remove = |state: &mut State| {
            self.0
                .region(state)
                .alarms
                .retain(|name, _| !names.contains(name));
            Ok(())
        };
        self.0
            .write("cloudwatch:DeleteAlarms", &names.join(" "), remove)
            .await
    }
}

#[async_trait]
impl Tagged for Alarms {
    async fn tag(&self, arn: &str, tags: &Tags) -> Answer {
        self.change("cloudwatch:TagResource", arn, |alarm| {
            alarm.tags.extend(tags.clone())
        })
        .await
    }

    async fn untag(&self, arn: &str, keys: &[String]) -> Answer {
        self.change("cloudwatch:UntagResource", arn, |alarm| {
            alarm.tags.retain(|key, _| !keys.contains(key));
        })
        .await
    }
}
