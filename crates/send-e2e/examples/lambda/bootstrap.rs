//! A process that asks a Runtime API for events.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Result;
use nix::{
    sched::{CpuSet, sched_setaffinity},
    unistd::Pid,
};
use send_e2e::{Memory, server::binary};

use crate::runtime_api::RuntimeApi;

/// What is started, and with which variables.
pub(crate) struct Program {
    path: PathBuf,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
}

impl Program {
    /// A program of this workspace.
    pub(crate) fn ours(name: &str, variables: &[(&str, &str)]) -> Result<Self> {
        Ok(Self {
            path: binary(name)?,
            arguments: Vec::new(),
            variables: owned(variables),
        })
    }

    /// The original as AWS's own runtime client for Python runs it. Without `AWS_REGION` it takes its dependencies from where they are
    /// installed; with it, it would first fetch them from S3.
    pub(crate) fn original(python: &Path) -> Self {
        let handler = "sgraph_ai_app_send.lambda__user.lambda_function.lambda_handler__user.run";
        Self {
            path: python.to_owned(),
            arguments: ["-m", "awslambdaric", handler].map(str::to_owned).into(),
            variables: owned(&[("LAMBDA_TASK_ROOT", "/"), ("HOME", "/nonexistent")]),
        }
    }

    /// Starts it, with a Runtime API of its own.
    pub(crate) fn start(&self) -> Result<Bootstrap> {
        let api = RuntimeApi::open()?;
        let mut command = Command::new(&self.path);
        command.args(&self.arguments).env_clear();
        command.envs([
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("AWS_LAMBDA_FUNCTION_NAME", "send"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            ("AWS_LAMBDA_RUNTIME_API", &api.address.to_string()),
        ]);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let started = Instant::now();
        let child = command.spawn()?;
        Ok(Bootstrap {
            api,
            started,
            child,
        })
    }
}

fn owned(variables: &[(&str, &str)]) -> Vec<(String, String)> {
    let variables = variables.iter();
    variables
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// A running one; it ends when this is dropped.
pub(crate) struct Bootstrap {
    pub(crate) api: RuntimeApi,
    pub(crate) started: Instant,
    child: Child,
}

impl Bootstrap {
    pub(crate) fn memory(&self) -> Result<Memory> {
        Memory::of(self.child.id())
    }

    /// How much processor time its threads have had so far, those that ended left out.
    pub(crate) fn processor_time(&self) -> Result<Duration> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id()))?;
        let nanos = tasks.filter_map(|task| nanos_of(&task.ok()?.path()));
        Ok(Duration::from_nanos(nanos.sum()))
    }

    /// Sends it one event, and reads the answer.
    pub(crate) fn ask(&self, event: &Arc<Vec<u8>>) -> Result<Vec<u8>> {
        self.api.offer(event)?;
        Ok(self.api.answered()?.0)
    }

    /// Leaves it one processor, which nothing else here uses afterwards.
    pub(crate) fn alone(&self) -> Result<()> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id()))?;
        for task in tasks {
            pin(task?.file_name().as_ref(), 1)?;
        }
        Ok(())
    }
}

impl Drop for Bootstrap {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Nanoseconds on a processor: the first word of `schedstat` (Linux, "Scheduler Statistics"). None of a thread that has ended.
fn nanos_of(task: &Path) -> Option<u64> {
    let text = fs::read_to_string(task.join("schedstat")).ok()?;
    text.split_whitespace().next()?.parse().ok()
}

/// Keeps a thread, by its id, on one processor; `0` is this one.
pub(crate) fn pin(thread: &OsStr, processor: usize) -> Result<()> {
    let id = thread.to_string_lossy().parse()?;
    let mut set = CpuSet::new();
    set.set(processor)?;
    Ok(sched_setaffinity(Pid::from_raw(id), &set)?)
}
