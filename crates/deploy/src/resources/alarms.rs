//! Tells people when a service fails, is refused its share of processors, or becomes slow.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use async_trait::async_trait;

use super::{ids, tags};
use crate::{
    cloud::{Alarm, Tags},
    context::Context,
    names::App,
    resource::{Foreign, Level, Resource, ResourceId},
};

pub(super) struct Alarms {
    at: Context,
    app: App,
}

/// A figure that is watched: its name in ours and in AWS's words, how it is summed up, and from which value on it is too high.
struct Figure {
    name: &'static str,
    metric: &'static str,
    statistic: &'static str,
    threshold: f64,
}

impl Alarms {
    pub(super) fn of(at: &Context, app: App) -> Self {
        Self {
            at: at.clone(),
            app,
        }
    }

    fn figures(&self) -> [Figure; 3] {
        // Nine tenths of what one request may take, in milliseconds.
        let slow = f64::from(self.at.app(self.app).timeout_s) * 900.0;
        [
            Figure {
                name: "errors",
                metric: "Errors",
                statistic: "Sum",
                threshold: 1.0,
            },
            Figure {
                name: "throttles",
                metric: "Throttles",
                statistic: "Sum",
                threshold: 1.0,
            },
            Figure {
                name: "duration",
                metric: "Duration",
                statistic: "Maximum",
                threshold: slow,
            },
        ]
    }

    fn alarm(&self, figure: &Figure) -> Alarm {
        Alarm {
            remark: self.at.names.remark(self.app),
            metric: figure.metric.into(),
            function: self.at.names.function(self.app),
            statistic: figure.statistic.into(),
            period_s: 300,
            periods: 1,
            threshold: figure.threshold,
            comparison: "GreaterThanOrEqualToThreshold".into(),
            without_figures: "notBreaching".into(),
            actions: self.at.config.alarm_topic.iter().cloned().collect(),
            enabled: true,
            tags: Tags::new(),
        }
    }

    fn names(&self) -> Vec<String> {
        self.figures()
            .iter()
            .map(|figure| self.at.names.alarm(self.app, figure.name))
            .collect()
    }
}

#[async_trait]
impl Resource for Alarms {
    type Spec = BTreeMap<String, Alarm>;

    fn id(&self) -> ResourceId {
        ids::alarms(&self.at, self.app)
    }

    fn needs(&self) -> Vec<ResourceId> {
        vec![ids::function(&self.at, self.app)]
    }

    fn wanted(&self, _: Level) -> Self::Spec {
        let all = self.figures();
        all.iter()
            .map(|figure| {
                (
                    self.at.names.alarm(self.app, figure.name),
                    self.alarm(figure),
                )
            })
            .collect()
    }

    async fn observe(&self) -> Result<Option<Self::Spec>> {
        let found = self.at.cloud.alarms.alarms(&self.names()).await?;
        let remark = self.at.names.remark(self.app);
        if let Some((name, _)) = found.iter().find(|(_, alarm)| alarm.remark != remark) {
            bail!(Foreign(vec![ResourceId {
                kind: "alarm",
                name: name.clone()
            }]));
        }
        Ok((!found.is_empty()).then_some(found))
    }

    async fn apply(&self, found: Option<&Self::Spec>, wanted: &Self::Spec) -> Result<()> {
        let alarms = &self.at.cloud.alarms;
        for (name, alarm) in wanted {
            let there = found.and_then(|found| found.get(name));
            let as_wanted = there.is_some_and(|there| {
                Alarm {
                    tags: alarm.tags.clone(),
                    ..there.clone()
                } == *alarm
            });
            if !as_wanted {
                let tagged = Alarm {
                    tags: tags::wanted(&self.at, Some(self.app)),
                    ..alarm.clone()
                };
                alarms.put_alarm(name, &tagged).await?;
            }
        }
        Ok(())
    }

    async fn delete(&self, found: &Self::Spec) -> Result<()> {
        let names: Vec<_> = found.keys().cloned().collect();
        Ok(self.at.cloud.alarms.delete_alarms(&names).await?)
    }
}
