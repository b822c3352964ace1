//! CloudWatch's alarms.

use std::collections::BTreeMap;

use async_trait::async_trait;
use deploy::cloud::{self, Alarm, Answer};

use super::{place::Place, refusal::ensure, state::State};

const INVALID: &str = "InvalidParameterValue";

pub(super) struct Alarms(pub(super) Place);

#[async_trait]
impl cloud::Alarms for Alarms {
    async fn alarms(&self, names: &[String]) -> Answer<BTreeMap<String, Alarm>> {
        let subject = names.join(" ");
        let look = |state: &mut State| {
            let mut alarms = self.0.region(state).alarms.clone();
            alarms.retain(|name, _| names.contains(name));
            Ok(alarms)
        };
        self.0
            .read("cloudwatch:DescribeAlarms", &subject, look)
            .await
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
