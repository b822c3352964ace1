//! What plays Lambda runs beside whatever a test runs.

use anyhow::Result;
use tokio::runtime::{Builder, Handle, Runtime};

/// A runtime of its own. It ends when this is dropped, without being waited for: a test may run in another, where that is not allowed.
#[derive(Debug)]
pub(super) struct Background {
    handle: Handle,
    /// Taken when this is dropped.
    runtime: Option<Runtime>,
}

impl Background {
    pub(super) fn start(threads: usize) -> Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(threads)
            .enable_all()
            .build()?;
        Ok(Self {
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
        })
    }

    /// What starts tasks in it.
    pub(super) const fn handle(&self) -> &Handle {
        &self.handle
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
