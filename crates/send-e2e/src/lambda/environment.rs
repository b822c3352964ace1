//! One environment: a process, with what Lambda sets around it.

use std::{
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Result, bail, ensure};
use tokio::{runtime::Handle, time::sleep};

use super::{function::Function, runtime_api::RuntimeApi};
use crate::process::{Log, Process};

/// How long a process may take until it asks for its first event: "Lambda runtime environment lifecycle", Init phase.
const INIT: Duration = Duration::from_secs(10);
/// How often it is looked whether a process has ended.
const LOOK: Duration = Duration::from_millis(20);

/// The function's name, its version and what of it is asked, as Lambda tells the process.
pub(super) const NAME: &str = "send-tests";
pub(super) const VERSION: &str = "1";
pub(super) const HANDLER: &str = "bootstrap";

/// A process that is asked for answers.
#[derive(Debug)]
pub(super) struct Environment {
    api: Arc<RuntimeApi>,
    process: Arc<Process>,
    started_in: Duration,
}

impl Environment {
    /// Starts one, and waits until it asks for its first event, with all extensions in it: "Lambda execution environment lifecycle", Init phase.
    pub(super) fn start(
        runtime: &Handle,
        function: &Arc<Function>,
        mut command: Command,
        variables: &[(&str, &str)],
        log: Log,
    ) -> Result<Self> {
        let (api, address) = RuntimeApi::open(runtime, function.clone())?;
        surround(&mut command, &address.to_string(), variables);
        let since = Instant::now();
        let process = Arc::new(Process::start(&mut command, log, |_| false)?);
        function.joined();
        runtime.spawn(watch(process.clone(), api.clone()));
        while !api.ready() {
            if let Some(status) = process.ended()? {
                bail!("the bootstrap ended before it asked for an event: {status}");
            }
            if since.elapsed() > INIT {
                bail!("the bootstrap did not ask for an event");
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        Ok(Self {
            api,
            process,
            started_in: since.elapsed(),
        })
    }

    pub(super) fn process(&self) -> &Process {
        &self.process
    }

    /// Asks the process to end (SIGTERM), before it is ended: "Lambda execution environment lifecycle", Shutdown phase.
    pub(super) fn terminate(&self) -> Result<()> {
        ensure!(
            self.api.is_extended(),
            "no extension is registered: Lambda would end the process without a word"
        );
        self.process.terminate()
    }

    pub(super) const fn started_in(&self) -> Duration {
        self.started_in
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        // Others may still look whether it has ended.
        let _ = self.process.kill();
    }
}

/// Sees the process end.
async fn watch(process: Arc<Process>, api: Arc<RuntimeApi>) {
    while let Ok(None) = process.ended() {
        sleep(LOOK).await;
    }
    api.lost().await;
}

/// Nothing of this machine's environment, but what Lambda sets: "Defined runtime environment variables", AWS Lambda Developer Guide.
pub(super) fn surround(command: &mut Command, runtime_api: &str, variables: &[(&str, &str)]) {
    command
        .env_clear()
        .envs([
            ("_HANDLER", HANDLER),
            ("AWS_REGION", "eu-west-2"),
            ("AWS_DEFAULT_REGION", "eu-west-2"),
            ("AWS_LAMBDA_FUNCTION_NAME", NAME),
            ("AWS_LAMBDA_FUNCTION_VERSION", VERSION),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/send-tests"),
            (
                "AWS_LAMBDA_LOG_STREAM_NAME",
                "2026/01/01/[1]0123456789abcdef0123456789abcdef",
            ),
            ("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR"),
            ("AWS_XRAY_DAEMON_ADDRESS", "169.254.79.129:2000"),
            ("LAMBDA_TASK_ROOT", "/var/task"),
            ("LAMBDA_RUNTIME_DIR", "/var/runtime"),
            ("LANG", "en_US.UTF-8"),
            (
                "LD_LIBRARY_PATH",
                "/lib64:/usr/lib64:/var/runtime:/var/task:/opt/lib",
            ),
            ("PATH", "/usr/local/bin:/usr/bin/:/bin:/opt/bin"),
            ("TZ", ":UTC"),
        ])
        .env("AWS_LAMBDA_RUNTIME_API", runtime_api)
        .envs(variables.iter().copied())
        .stdout(Stdio::null());
}
