//! The real `deploy` as a process: what people start, with the environment that they have.

use std::{
    env,
    ffi::OsString,
    fs::{self, File},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use tokio::task::spawn_blocking;

use super::{ACCOUNT, ARCHITECTURE, Aws, REGIONS, Ran, zips};
use crate::server::binary;

/// How long a run may take.
const PATIENCE: Duration = Duration::from_secs(300);
/// How often it is looked whether it has ended.
const LOOK: Duration = Duration::from_millis(5);
/// The key of the admin service, unless a test says otherwise.
pub const ADMIN_KEY: &str = "the key of the tests";

/// The actions that take no zips.
const WITHOUT_ZIPS: [&str; 9] = [
    "status", "smoke", "rollback", "logs", "down", "cost", "policy", "build", "fetch",
];

/// Who deploys, by what variables, and whereof.
#[derive(Clone, Debug)]
pub struct Deployer {
    program: PathBuf,
    zips: PathBuf,
    variables: Vec<(String, OsString)>,
}

/// A run that goes on. It ends when this is dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    since: Instant,
    said: TempDir,
}

impl Deployer {
    /// The owner of [`ACCOUNT`], in the first of [`REGIONS`], with the programs as they are built now.
    pub(super) fn on(aws: &Aws) -> Result<Self> {
        let path = env::var("PATH").unwrap_or_default();
        let variables = [
            ("PATH", path.as_str()),
            // Nothing is found there: no profile, no credentials.
            ("HOME", "/nonexistent"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_ENDPOINT_URL", aws.secure_endpoint()),
            ("AWS_ACCESS_KEY_ID", ACCOUNT),
            ("AWS_SECRET_ACCESS_KEY", aws.secret()),
            ("AWS_REGION", REGIONS[0]),
            ("SEND_ADMIN_KEY", ADMIN_KEY),
        ];
        let deployer = Self {
            program: binary("deploy")?,
            zips: zips()?,
            variables: variables
                .map(|(name, value)| (name.to_owned(), value.into()))
                .into(),
        };
        Ok(deployer.with("SSL_CERT_FILE", aws.authority()))
    }

    /// With a variable set.
    #[must_use]
    pub fn with(self, name: &str, value: impl Into<OsString>) -> Self {
        let mut without = self.without(name);
        without.variables.push((name.to_owned(), value.into()));
        without
    }

    /// Without a variable.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.variables.retain(|(own, _)| own != name);
        self
    }

    /// As the owner of another account.
    #[must_use]
    pub fn of_account(self, number: &str) -> Self {
        self.with("AWS_ACCESS_KEY_ID", number)
    }

    /// Whose calls take another way to the emulator than those of the functions: to a proxy at this base, which needs no TLS.
    #[must_use]
    pub fn by_way_of(self, base: &str) -> Self {
        let services = [
            "STS",
            "IAM",
            "S3",
            "LAMBDA",
            "CLOUDWATCH_LOGS",
            "CLOUDFRONT",
            "EVENTBRIDGE",
            "CLOUDWATCH",
        ];
        services.iter().fold(self, |deployer, service| {
            deployer.with(&format!("AWS_ENDPOINT_URL_{service}"), base)
        })
    }

    /// With other zips.
    #[must_use]
    pub fn of_zips(mut self, folder: impl Into<PathBuf>) -> Self {
        self.zips = folder.into();
        self
    }

    /// The folder with its zips.
    #[must_use]
    pub const fn zips(&self) -> &PathBuf {
        &self.zips
    }

    /// Runs `deploy` with these arguments, blanks between them, with its zips and for this machine's processor where the action takes them.
    ///
    /// # Errors
    /// When it cannot be started, or goes on for too long.
    pub async fn run(&self, arguments: &str) -> Result<Ran> {
        let running = self.start(arguments)?;
        spawn_blocking(move || running.wait()).await?
    }

    /// Runs it as [`Self::run`] does, with `--json`.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn json(&self, arguments: &str) -> Result<Ran> {
        self.run(&format!("{arguments} --json")).await
    }

    /// Runs it as [`Self::json`] does; it must end well.
    ///
    /// # Errors
    /// As [`Self::run`], and when it does not.
    pub async fn must(&self, arguments: &str) -> Result<Ran> {
        let ran = self.json(arguments).await?;
        if ran.code != Some(0) {
            bail!("deploy {arguments}: {ran}");
        }
        Ok(ran)
    }

    /// Starts it as [`Self::run`] does.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(&self, arguments: &str) -> Result<Running> {
        let mut arguments: Vec<OsString> = arguments.split(' ').map(Into::into).collect();
        let without = |word: &OsString| WITHOUT_ZIPS.iter().any(|action| word == action);
        if !arguments.iter().any(without) {
            arguments.extend(["--arch", ARCHITECTURE, "--zips"].map(Into::into));
            arguments.push(self.zips.clone().into());
        }
        self.start_as_it_is(&arguments)
    }

    /// Starts it with these arguments and no others.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start_as_it_is(&self, arguments: &[OsString]) -> Result<Running> {
        let said = tempfile::tempdir()?;
        let file = |name| File::create(said.path().join(name));
        let child = Command::new(&self.program)
            .args(arguments)
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(file("out")?)
            .stderr(file("err")?)
            .spawn()
            .context("cannot start deploy")?;
        Ok(Running {
            child,
            since: Instant::now(),
            said,
        })
    }
}

impl Running {
    /// The operating system's id of it.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn ended(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Ends it at once (SIGKILL).
    ///
    /// # Errors
    /// When it cannot be signalled.
    pub fn kill(&mut self) -> Result<()> {
        Ok(self.child.kill()?)
    }

    /// Waits until it has ended.
    ///
    /// # Errors
    /// When it goes on for too long; it is ended then.
    pub fn wait(mut self) -> Result<Ran> {
        loop {
            if let Some(status) = self.child.try_wait()? {
                let took = self.since.elapsed();
                return self.ran(status.code(), took);
            }
            if self.since.elapsed() > PATIENCE {
                self.kill()?;
                bail!(
                    "deploy goes on after {PATIENCE:?}: {}",
                    self.ran(None, PATIENCE)?
                );
            }
            sleep(LOOK);
        }
    }

    fn ran(&self, code: Option<i32>, took: Duration) -> Result<Ran> {
        let said = |name| fs::read_to_string(self.said.path().join(name));
        Ok(Ran {
            code,
            stdout: said("out")?,
            stderr: said("err")?,
            took,
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
