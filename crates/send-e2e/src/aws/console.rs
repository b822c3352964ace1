//! What somebody does to AWS who is not us: by AWS's own library for Python, call by call, as in AWS's console.

use std::{
    fmt,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::{s3::peer::installed, tools::ROOT};

/// Somebody with keys, in a region. Clones share one process, which ends with the last of them.
#[derive(Clone, Debug)]
pub struct Console {
    line: Arc<Mutex<Line>>,
    region: String,
    keys: Keys,
}

/// By which AWS knows who asks.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    /// The id of the key; of an owner, the account's number.
    pub id: String,
    /// Signs.
    pub secret: String,
    /// Comes with the keys of a session.
    pub token: Option<String>,
}

/// What AWS refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// AWS's code: `AccessDenied`.
    pub code: String,
    /// Its sentence.
    pub message: String,
}

#[derive(Debug)]
struct Line {
    process: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Console {
    /// Opens one at an endpoint, whose certificate is signed by this authority.
    ///
    /// # Errors
    /// When Python, or the library, is not installed.
    pub fn open(endpoint: &str, authority: &Path, region: &str, keys: Keys) -> Result<Self> {
        let script = Path::new(ROOT).join("crates/send-e2e/aws/console.py");
        let mut command = Command::new(installed("python")?);
        command.arg(script).env_clear();
        command
            .env("PATH", "/usr/bin:/bin")
            .env("AWS_ENDPOINT_URL", endpoint);
        command
            .env("AWS_CA_BUNDLE", authority)
            .env("AWS_EC2_METADATA_DISABLED", "true");
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start Python")?;
        let from = process.stdout.take().context("no standard output")?;
        let line = Line {
            to: process.stdin.take(),
            from: BufReader::new(from),
            process,
        };
        Ok(Self {
            line: Arc::new(Mutex::new(line)),
            region: region.into(),
            keys,
        })
    }

    /// By which AWS knows who asks.
    #[must_use]
    pub const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Somebody else.
    #[must_use]
    pub fn with(&self, keys: Keys) -> Self {
        Self {
            keys,
            ..self.clone()
        }
    }

    /// Somewhere else.
    #[must_use]
    pub fn at(&self, region: &str) -> Self {
        Self {
            region: region.into(),
            ..self.clone()
        }
    }

    /// Asks a service (`s3`, as the library names it) for an operation (`GetObject`), and demands that it does it.
    ///
    /// # Errors
    /// When it refuses.
    pub fn ask(&self, service: &str, operation: &str, parameters: Value) -> Result<Value> {
        Ok(self.attempt(service, operation, parameters)??)
    }

    /// The same, where it may refuse.
    ///
    /// # Errors
    /// When there was no answer, or there is no such operation.
    pub fn attempt(
        &self,
        service: &str,
        operation: &str,
        parameters: Value,
    ) -> Result<Result<Value, Refusal>> {
        let Keys { id, secret, token } = &self.keys;
        let asked = json!({
            "service": service, "operation": operation, "parameters": parameters,
            "region": self.region, "key": id, "secret": secret, "token": token,
        });
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let mut told = line
            .exchange(&asked)
            .with_context(|| format!("{service}:{operation} was not answered"))?;
        Ok(match told["code"].as_str() {
            None => Ok(told["answer"].take()),
            Some(code) => Err(Refusal {
                code: code.into(),
                message: told["message"].as_str().unwrap_or_default().into(),
            }),
        })
    }
}

impl Line {
    fn exchange(&mut self, asked: &Value) -> Result<Value> {
        let to = self.to.as_mut().context("it has ended")?;
        writeln!(to, "{asked}")?;
        let mut told = String::new();
        self.from.read_line(&mut told)?;
        serde_json::from_str(&told).context("it ended, and said why on standard error")
    }
}

/// Closed input ends it.
impl Drop for Line {
    fn drop(&mut self) {
        drop(self.to.take());
        let _ = self.process.wait();
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.id)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Refusal {}
