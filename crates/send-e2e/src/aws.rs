//! AWS, as far as an emulator goes: many of its services in one process, which runs functions as processes of their own.

use std::{process::Command, time::Duration};

use anyhow::{Result, bail};
use tokio::time::{Instant, sleep};

use crate::{
    http,
    ports::Ports,
    s3::{peer::installed, process::Process},
};

/// How long it may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);
/// Signs for the owner of an account, whose number is the id of the key.
const SECRET: &str = "secret";

/// A running emulator. It ends, with all that was made on it, when this is dropped, or when the process that started it ends.
#[derive(Debug)]
pub struct Aws {
    process: Process,
    endpoint: String,
    /// Given back after the process has ended.
    _ports: Ports,
}

impl Aws {
    /// Starts it on a free port of 127.0.0.1, and waits until it answers. It asks who may do what, as IAM does.
    ///
    /// # Errors
    /// When it is not installed, which says how to, or does not answer in time, which shows what it logged.
    pub async fn start() -> Result<Self> {
        let ports = Ports::free(1)?;
        let endpoint = format!("http://{}", ports.first());
        let mut command = Command::new(installed("ministack")?);
        command.env_clear().envs([
            ("PATH", "/usr/bin:/bin"),
            ("BIND_HOST", "127.0.0.1"),
            ("GATEWAY_PORT", &ports.first().port().to_string()),
            ("AUTH", "true"),
            ("AWS_ACCESS_KEY_ID", "000000000000"),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
            // Functions find AWS by this.
            ("AWS_ENDPOINT_URL", &endpoint),
            // It would listen on every address.
            ("IOT_MTLS_ENABLED", "0"),
            ("LAMBDA_ACCOUNT_CONCURRENCY", "1000"),
            ("LOG_LEVEL", "WARNING"),
        ]);
        let aws = Self {
            process: Process::start(command, tempfile::tempdir()?, &[])?,
            endpoint,
            _ports: ports,
        };
        aws.wait().await?;
        Ok(aws)
    }

    /// Where all services answer: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The secret of the key of an account's owner; the id of that key is the account's number.
    #[must_use]
    pub const fn secret(&self) -> &'static str {
        SECRET
    }

    async fn wait(&self) -> Result<()> {
        let since = Instant::now();
        let (health, http) = (
            format!("{}/_ministack/health", self.endpoint),
            http().build()?,
        );
        while since.elapsed() < PATIENCE {
            let answer = http.get(&health).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            sleep(Duration::from_millis(50)).await;
        }
        bail!("the emulator does not answer: {}", self.process.log())
    }
}
