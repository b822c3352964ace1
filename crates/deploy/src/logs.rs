//! What the services write to their logs, in the order of time, each line with its service.

use std::{
    collections::BTreeMap,
    fmt,
    io::{self, Write},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Result, bail};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{
    cloud::{Answer, Kind, LogEvent},
    context::Context,
    names::App,
};

/// How often a followed log is looked at: FilterLogEvents allows 10 requests a second in the larger regions, 5 in others.
const PAUSE: Duration = Duration::from_secs(2);
/// How much later than it was written, in milliseconds, a line may be seen: CloudWatch takes seconds to take it in.
const LATE: i64 = 30_000;

/// Where somebody who reads the logs stands.
#[derive(Clone, Debug)]
pub struct Tail {
    since: i64,
    /// When each line was written that was shown and could be seen again, by service and id.
    shown: BTreeMap<(App, String), i64>,
}

/// How lines are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Plain,
    /// For programs: a JSON object a line.
    Json,
}

/// A line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Who wrote it.
    pub app: App,
    /// When, and what it says.
    pub event: LogEvent,
}

/// Shows what was written `since` so long ago, and with `follow` what is being written, until the process ends.
///
/// # Errors
/// When there are no logs, or they cannot be read.
pub async fn tail(
    at: &Context,
    apps: &[App],
    since: Duration,
    follow: bool,
    form: Form,
) -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let mut tail = Tail::since(i64::try_from(now.saturating_sub(since).as_millis())?);
    loop {
        let lines = tail.read(at, apps).await?;
        if show(&lines, form).is_err() || !follow {
            // Who reads no more, as `head` after ten lines, has seen enough.
            return Ok(());
        }
        sleep(PAUSE).await;
    }
}

fn show(lines: &[Line], form: Form) -> io::Result<()> {
    let mut out = io::stdout().lock();
    lines.iter().try_for_each(|line| match form {
        Form::Plain => writeln!(out, "{line}"),
        Form::Json => writeln!(out, "{}", line.json()),
    })?;
    out.flush()
}

impl Tail {
    /// From a time on, in milliseconds since 1970.
    #[must_use]
    pub const fn since(since: i64) -> Self {
        Self {
            since,
            shown: BTreeMap::new(),
        }
    }

    /// What was written since, and was not read before.
    ///
    /// # Errors
    /// When none of the services has a log, or one cannot be read.
    pub async fn read(&mut self, at: &Context, apps: &[App]) -> Result<Vec<Line>> {
        let mut lines = Vec::new();
        let mut missing = Vec::new();
        for &app in apps {
            match events(at, app, self.since).await {
                Ok(events) => lines.extend(events.into_iter().map(|event| Line { app, event })),
                Err(error) if error.kind == Kind::NotFound => missing.push(at.names.log_group(app)),
                Err(error) => return Err(error.into()),
            }
        }
        if missing.len() == apps.len() {
            bail!("there is no log {}: `up` makes it", missing.join(", nor "));
        }
        Ok(self.news(lines))
    }

    /// Lines that were not shown yet, in order. What comes late is looked for again.
    fn news(&mut self, mut lines: Vec<Line>) -> Vec<Line> {
        lines.sort_by_key(|line| line.event.time);
        lines.retain(|line| {
            let key = (line.app, line.event.id.clone());
            self.shown.insert(key, line.event.time).is_none()
        });
        if let Some(newest) = self.shown.values().max() {
            self.since = self.since.max(newest - LATE);
        }
        self.shown.retain(|_, time| *time >= self.since);
        lines
    }
}

/// All of them, whatever number of answers they come in.
async fn events(at: &Context, app: App, since: i64) -> Answer<Vec<LogEvent>> {
    let (logs, name) = (&at.cloud.logs, at.names.log_group(app));
    let (mut all, mut next) = logs.log_events(&name, since, None).await?;
    while let Some(from) = next {
        let (more, after) = logs.log_events(&name, since, Some(from)).await?;
        all.extend(more);
        next = after;
    }
    Ok(all)
}

impl Line {
    /// What the service wrote is JSON of its own, and is kept so.
    fn json(&self) -> Value {
        let LogEvent { time, message, .. } = &self.event;
        let message = message.trim_end();
        let message = serde_json::from_str(message).unwrap_or_else(|_| json!(message));
        json!({ "app": self.app.name(), "time_ms": time, "message": message })
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LogEvent { time, message, .. } = &self.event;
        let app = self.app.name();
        match Timestamp::from_millisecond(*time) {
            Ok(time) => write!(f, "{time:.3} {app:<5} {}", message.trim_end()),
            Err(_) => write!(f, "{time} {app:<5} {}", message.trim_end()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(app: App, id: &str, time: i64) -> Line {
        let (id, message) = (id.to_owned(), format!("{{\"message\":\"{id}\"}}\n"));
        Line {
            app,
            event: LogEvent { id, time, message },
        }
    }

    fn shown(lines: &[Line]) -> String {
        let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
        lines.join("\n")
    }

    #[test]
    fn lines_of_both_services_are_in_order() {
        let start = 1_767_225_600_000;
        let lines = Tail::since(start).news(vec![
            line(App::User, "a", start + 7),
            line(App::User, "c", start + 60_000),
            line(App::Admin, "b", start + 8),
        ]);
        insta::assert_snapshot!(shown(&lines), @r#"
        2026-01-01T00:00:00.007Z user  {"message":"a"}
        2026-01-01T00:00:00.008Z admin {"message":"b"}
        2026-01-01T00:01:00.000Z user  {"message":"c"}
        "#);
    }

    #[test]
    fn for_programs_a_line_is_an_object_and_so_is_what_it_says() {
        let mut plain = line(App::Admin, "b", 2);
        plain.event.message = "START\n".into();
        insta::assert_snapshot!(line(App::User, "a", 1).json(), @r#"{"app":"user","message":{"message":"a"},"time_ms":1}"#);
        insta::assert_snapshot!(plain.json(), @r#"{"app":"admin","message":"START","time_ms":2}"#);
    }

    #[test]
    fn a_line_is_shown_once_and_a_late_one_still() {
        let mut tail = Tail::since(0);
        let early = line(App::User, "early", 100_000);
        assert_eq!(tail.news(vec![early.clone()]).len(), 1);
        assert_eq!(tail.since, 70_000);
        let late = line(App::User, "late", 90_000);
        assert_eq!(tail.news(vec![late.clone(), early]), [late]);
        let others = line(App::Admin, "early", 100_000);
        assert_eq!(
            tail.news(vec![others.clone()]),
            [others],
            "ids are a service's own"
        );
        assert!(tail.news(Vec::new()).is_empty());
        assert_eq!(tail.since, 70_000);
    }

    #[test]
    fn what_can_not_come_again_is_forgotten() {
        let mut tail = Tail::since(0);
        for n in 0..100 {
            tail.news(vec![line(App::User, &n.to_string(), n * 10_000)]);
        }
        assert_eq!(tail.shown.len(), 4, "{:?}", tail.shown);
    }
}
