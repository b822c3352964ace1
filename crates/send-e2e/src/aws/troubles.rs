//! The troubles that AWS has, in front of the emulator: `microburst`, a proxy that answers some calls as AWS does when it is busy, slow or torn apart.

use std::{
    collections::BTreeMap,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Result, bail, ensure};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::Aws;
use crate::{
    http,
    ports::Ports,
    s3::{peer::installed, process::Process},
};

/// How long it may take until it answers.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running proxy; it ends when this is dropped.
#[derive(Debug)]
pub struct Troubles {
    process: Process,
    base: String,
    _ports: Ports,
}

/// What goes wrong with some calls of an operation, the first ones.
#[derive(Clone, Copy, Debug)]
pub struct Trouble {
    /// As AWS's libraries for Python name it: `lambda`, `logs`, `events`.
    pub service: &'static str,
    /// `CreateFunction`.
    pub operation: &'static str,
    /// How many calls.
    pub times: u64,
    /// What happens to them.
    pub what: What,
}

/// What happens to a call.
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// It is refused, with this status, code and message.
    Refused(u16, &'static str, &'static str),
    /// The connection is reset before AWS sees the call.
    Unheard,
    /// AWS does what it is asked, and the connection breaks before that is told.
    Untold,
}

impl Troubles {
    /// Starts it in front of an emulator.
    ///
    /// # Errors
    /// When it is not installed, which says how to, or does not answer in time.
    pub async fn before(aws: &Aws) -> Result<Self> {
        let ports = Ports::free(1)?;
        let port = ports.first().port().to_string();
        let mut command = Command::new(installed("microburst")?);
        command.args([
            "--host",
            "127.0.0.1",
            "--port",
            &port,
            "--upstream",
            aws.endpoint(),
            "--no-resign",
        ]);
        command.env_clear().env("PATH", "/usr/bin:/bin");
        let troubles = Self {
            process: Process::start(command, tempfile::tempdir()?, &[])?,
            base: format!("http://{}", ports.first()),
            _ports: ports,
        };
        troubles.wait().await?;
        Ok(troubles)
    }

    /// Where it listens.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// From now on these, and no others.
    ///
    /// # Errors
    /// When it does not understand one.
    pub async fn are(&self, troubles: &[Trouble]) -> Result<()> {
        let rules: Vec<_> = troubles.iter().map(Trouble::rule).collect();
        let put = http()
            .build()?
            .post(self.control("rules"))
            .json(&rules)
            .send()
            .await?;
        ensure!(put.status().is_success(), "{}", put.text().await?);
        let forget = http().build()?.delete(self.control("fired")).send().await?;
        ensure!(forget.status().is_success(), "{}", forget.text().await?);
        Ok(())
    }

    /// How often each happened since they were set: `lambda:CreateFunction`.
    ///
    /// # Errors
    /// When it does not tell.
    pub async fn happened(&self) -> Result<BTreeMap<String, u64>> {
        let told = http()
            .build()?
            .get(self.control("fired?limit=10000"))
            .send()
            .await?;
        let told: Value = told.json().await?;
        let mut happened = BTreeMap::new();
        for one in told
            .as_array()
            .or(told["fired"].as_array())
            .into_iter()
            .flatten()
        {
            let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
            *happened
                .entry(format!("{}:{}", text("service"), text("operation")))
                .or_default() += 1;
        }
        Ok(happened)
    }

    fn control(&self, path: &str) -> String {
        format!("{}/_microburst/{path}", self.base)
    }

    async fn wait(&self) -> Result<()> {
        let since = Instant::now();
        let http = http().build()?;
        while since.elapsed() < PATIENCE {
            let answer = http.get(self.control("health")).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            sleep(Duration::from_millis(50)).await;
        }
        bail!("microburst does not answer: {}", self.process.log())
    }
}

impl Trouble {
    fn rule(&self) -> Value {
        let mut rule =
            json!({ "service": self.service, "operation": self.operation, "times": self.times });
        match self.what {
            What::Refused(status, code, message) => {
                rule["error"] = json!({ "status": status, "code": code, "message": message });
            }
            What::Unheard => rule["reset"] = json!(true),
            What::Untold => rule["response"] = json!({ "abort_bytes": 0 }),
        }
        rule
    }
}
