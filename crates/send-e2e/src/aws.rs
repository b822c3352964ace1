//! AWS, as far as an emulator goes: many of its services in one process, which runs functions as processes of their own.
//!
//! - [`Aws`]: the emulator
//! - [`Deployer`]: the real `deploy` as a process, on it · [`Ran`]: what that came to · `zips`: what it deploys
//! - [`Console`]: what others do to it
//! - [`Moto`]: another emulator, for a second opinion
//! - [`Troubles`]: what goes wrong with AWS itself
//! - [`Listing`]: all that is in an account and region, as somebody else's client sees it

mod console;
mod deployer;
mod listing;
mod moto;
mod ran;
mod troubles;
mod zips;

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use reqwest::Url;
use tokio::time::{Instant, sleep};

use crate::{
    Client,
    certificate::Certificate,
    http,
    ports::Ports,
    s3::{peer::installed, process::Process},
};

pub use console::{Console, Keys, Refusal};
pub use deployer::{ADMIN_KEY, Deployer, Running};
pub use listing::Listing;
pub use moto::Moto;
pub use ran::Ran;
pub use troubles::{Trouble, Troubles, What};
pub use zips::{ARCHITECTURE, other_zips, zip_of, zips, zips_with};

/// How long it may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);
/// Signs for the owner of an account, whose number is the id of the key.
const SECRET: &str = "secret";
/// Where functions can be reached by their URLs: the certificate names them.
pub const REGIONS: [&str; 4] = ["eu-west-1", "us-east-1", "eu-central-1", "us-west-2"];
/// The account whose distributions can be reached: the emulator finds no other's.
pub const ACCOUNT: &str = "000000000000";

/// A running emulator. It ends, with all that was made on it, when this is dropped, or when the process that started it ends.
#[derive(Debug)]
pub struct Aws {
    process: Process,
    authority: PathBuf,
    secure: String,
    plain: String,
    /// Given back after the process has ended.
    _ports: Ports,
}

impl Aws {
    /// Starts it on free ports of 127.0.0.1, and waits until it answers. It asks who may do what, as IAM does.
    ///
    /// # Errors
    /// When it is not installed, which says how to, or does not answer in time, which shows what it logged.
    pub async fn start() -> Result<Self> {
        Self::start_with(&[]).await
    }

    /// The same with more variables: its own settings, and what all its functions get.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_with(more: &[(&str, &str)]) -> Result<Self> {
        let (folder, ports) = (tempfile::tempdir()?, Ports::free(2)?);
        let certificate = Certificate::write(folder.path())?;
        let port = ports.first().port();
        let secure = format!("https://127.0.0.1:{port}");
        let mut command = Command::new(installed("hypercorn")?);
        listen(&mut command, port, &certificate);
        surround(&mut command, port, &secure, &certificate.authority);
        command.envs(more.iter().copied());
        let aws = Self {
            process: Process::start(command, folder, &[])?,
            authority: certificate.authority,
            secure,
            plain: format!("http://127.0.0.1:{}", port + 1),
            _ports: ports,
        };
        answers(&format!("{}/_ministack/health", aws.plain), &aws.process).await?;
        Ok(aws)
    }

    /// Where all services answer without TLS, as a bucket that is locked down does not: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.plain
    }

    /// Where all services answer by TLS: `https://127.0.0.1:PORT`.
    #[must_use]
    pub fn secure_endpoint(&self) -> &str {
        &self.secure
    }

    /// The file with the authority that its clients have to trust: `SSL_CERT_FILE`.
    #[must_use]
    pub fn authority(&self) -> &Path {
        &self.authority
    }

    /// The secret of the key of an account's owner; the id of that key is the account's number.
    #[must_use]
    pub const fn secret(&self) -> &'static str {
        SECRET
    }

    /// The end of what it logged.
    #[must_use]
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// Who deploys as the owner of [`ACCOUNT`], into the first of [`REGIONS`].
    ///
    /// # Errors
    /// When it is not built, which says how to, or its zips cannot be packed.
    pub fn deployer(&self) -> Result<Deployer> {
        Deployer::on(self)
    }

    /// What the owner of [`ACCOUNT`] does by hand, in the first of [`REGIONS`].
    ///
    /// # Errors
    /// When the library for it is not installed.
    pub fn console(&self) -> Result<Console> {
        let keys = Keys {
            id: ACCOUNT.into(),
            secret: SECRET.into(),
            token: None,
        };
        Console::open(&self.secure, &self.authority, REGIONS[0], keys)
    }

    /// A client of a service at the URL by which `deploy` tells it, with these headers in every request.
    ///
    /// # Errors
    /// When that is no URL, or one is no header.
    pub fn client(&self, url: &str, headers: &[(&str, &str)]) -> Result<Client> {
        let url: Url = url.parse()?;
        let host = url.host_str().context("no host")?;
        // What ends in `localhost` is found by browsers alone; by its name the emulator knows it at any address.
        let named = [("host", host), ("x-forwarded-proto", "https")];
        Client::with_headers(&self.plain, &[&named, headers].concat())
    }

    /// All that is in an account and region.
    ///
    /// # Errors
    /// When the emulator does not tell.
    pub async fn listing(&self, account: &str, region: &str) -> Result<Listing> {
        listing::of(self, account, region).await
    }

    /// Makes things of every kind in an account and region that are somebody else's, with names beside ours.
    ///
    /// # Errors
    /// When the emulator refuses.
    pub async fn foreign(&self, account: &str, region: &str) -> Result<()> {
        let words = ["foreign.py", "beside", account];
        listing::script(self, &words, account, region)
            .await
            .map(drop)
    }

    /// Makes things of every kind in an account and region that bear our very names, and are not ours.
    ///
    /// # Errors
    /// When the emulator refuses.
    pub async fn namesakes(&self, account: &str, region: &str) -> Result<()> {
        let words = ["foreign.py", "namesake", account];
        listing::script(self, &words, account, region)
            .await
            .map(drop)
    }

    /// Makes the bucket of an account in this region, in another account.
    ///
    /// # Errors
    /// When the emulator refuses.
    pub async fn squatted(&self, account: &str, region: &str) -> Result<()> {
        let words = ["foreign.py", "bucket", account];
        listing::script(self, &words, "666666666666", region)
            .await
            .map(drop)
    }
}

/// Waits until an emulator answers there.
async fn answers(health: &str, emulator: &Process) -> Result<()> {
    let (since, http) = (Instant::now(), http().build()?);
    while since.elapsed() < PATIENCE {
        let answer = http.get(health).send().await;
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            return Ok(());
        }
        sleep(Duration::from_millis(50)).await;
    }
    bail!("the emulator does not answer: {}", emulator.log())
}

/// Started as what it is, an application of a web server: its own command would listen on port 443 too, where it may, and not without TLS beside.
fn listen(command: &mut Command, port: u16, certificate: &Certificate) {
    command
        .args(["ministack.app:app", "--workers", "0", "--keep-alive", "75"])
        .args(["--log-level", "WARNING"])
        .args(["--bind", &format!("127.0.0.1:{port}")])
        .args(["--insecure-bind", &format!("127.0.0.1:{}", port + 1)])
        .arg("--certfile")
        .arg(&certificate.certificate)
        .arg("--keyfile")
        .arg(&certificate.key);
}

/// Nothing of this machine's environment: functions inherit what it has.
fn surround(command: &mut Command, port: u16, secure: &str, authority: &Path) {
    command
        .env_clear()
        .envs([
            ("PATH", "/usr/bin:/bin"),
            ("BIND_HOST", "127.0.0.1"),
            ("GATEWAY_PORT", &port.to_string()),
            ("USE_SSL", "1"),
            ("AUTH", "true"),
            ("AWS_ACCESS_KEY_ID", ACCOUNT),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
            ("MINISTACK_REGION", REGIONS[0]),
            // Functions find AWS by this, and trust it by the next.
            ("AWS_ENDPOINT_URL", secure),
            // It would listen on every address.
            ("IOT_MTLS_ENABLED", "0"),
            // Not what this machine's memory allows.
            ("LAMBDA_ACCOUNT_CONCURRENCY", "1000"),
            ("LOG_LEVEL", "WARNING"),
        ])
        .env("SSL_CERT_FILE", authority);
}
