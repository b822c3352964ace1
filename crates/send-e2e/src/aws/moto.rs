//! A second emulator of AWS, by other people: what both agree on is more likely to be AWS than what one says. It runs no functions.

use std::process::Command;

use anyhow::Result;
use serde_json::json;

use super::answers;
use crate::{
    http,
    ports::Ports,
    s3::{peer::installed, process::Process},
};

/// A running emulator. It ends, with all that was made on it, when this is dropped, or when the process that started it ends.
#[derive(Debug)]
pub struct Moto {
    _process: Process,
    endpoint: String,
    /// Given back after the process has ended.
    _ports: Ports,
}

impl Moto {
    /// Starts it on a free port of 127.0.0.1, and waits until it answers. It asks nobody who he is: sessions have accounts of their own.
    ///
    /// # Errors
    /// When it is not installed, which says how to, or does not answer in time, which shows what it logged.
    pub async fn start() -> Result<Self> {
        let (folder, ports) = (tempfile::tempdir()?, Ports::free(1)?);
        let port = ports.first().port();
        let mut command = Command::new(installed("moto_server")?);
        command.env_clear().env("PATH", "/usr/bin:/bin");
        command.args(["--host", "127.0.0.1", "--port", &port.to_string()]);
        let endpoint = format!("http://127.0.0.1:{port}");
        let process = Process::start(command, folder, &[])?;
        answers(&format!("{endpoint}/moto-api/data.json"), &process).await?;
        let moto = Self {
            _process: process,
            endpoint,
            _ports: ports,
        };
        moto.run_nothing().await?;
        Ok(moto)
    }

    /// It would look for Docker, in vain or not: functions answer what they are asked.
    async fn run_nothing(&self) -> Result<()> {
        let settings = json!({ "lambda": { "use_docker": false } });
        let set = http()
            .build()?
            .post(format!("{}/moto-api/config", self.endpoint));
        set.json(&settings).send().await?.error_for_status()?;
        Ok(())
    }

    /// Where all services answer: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }
}
