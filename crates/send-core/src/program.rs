//! How a service begins and runs: it reads what the operator set, opens the storage, says both in the log, and serves; and works beside,
//! where its process goes on running between requests.

use std::{env, fmt::Display, io, net::SocketAddr, process::ExitCode, time::Duration};

use axum::Router;
use storage::url::{OpenError, Store, Url};
use tokio::{
    runtime::{Builder, Runtime},
    task::JoinSet,
};

use crate::{
    chores::{self, Chores},
    config::{self, Config, ConfigError},
    host, layers,
    meter::{Host, Meter},
    telemetry,
    version::VERSION,
};

/// How long a stop waits for the storage to take the last figures.
const LAST_WRITE: Duration = Duration::from_secs(5);

/// Why a service does not start.
#[derive(Debug, thiserror::Error)]
pub enum CannotStart {
    /// A variable is not understood.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The storage cannot be opened.
    #[error(transparent)]
    Storage(#[from] OpenError),
}

/// Why a service ended that nobody stopped.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    /// The address cannot be bound, or the signals that stop a service cannot be listened for.
    #[error("cannot listen on {0}")]
    Listen(SocketAddr, #[source] io::Error),
    /// The Runtime API of AWS Lambda does not answer any more.
    #[error("AWS Lambda does not answer")]
    Lambda(#[source] io::Error),
}

/// The main function of a service: starts its log, and runs it to its end.
pub fn main<E: Display>(service: impl Future<Output = Result<(), E>>) -> ExitCode {
    telemetry::start();
    let ended = match runtime() {
        Ok(runtime) => runtime
            .block_on(service)
            .map_err(|error| format!("{error:#}")),
        Err(error) => Err(format!("no threads: {error}")),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// As many threads as there are processors; on AWS Lambda, which sends one event at a time, one: more would only pass it on to each other,
/// which takes longer than most events do.
fn runtime() -> io::Result<Runtime> {
    let mut builder = if config::on_lambda(variable) {
        Builder::new_current_thread()
    } else {
        Builder::new_multi_thread()
    };
    builder.enable_all().build()
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

/// Reads the environment and opens the storage; `listen` is where the service listens unless told otherwise.
///
/// # Errors
/// A configuration that is not understood, a storage that cannot be opened.
pub fn open(title: &str, listen: SocketAddr) -> Result<(Config, Store), CannotStart> {
    let config = Config::read(listen, variable)?;
    for name in
        config::unknown_names(env::vars_os().filter_map(|(name, _)| name.into_string().ok()))
    {
        tracing::warn!(name, "this variable is set, but nothing reads it");
    }
    let store = config.storage.open()?;
    let kept = match config.storage {
        Url::Memory => "gone when this program ends",
        Url::Folder(_) | Url::S3(_) => "kept",
    };
    if config.on_lambda && !matches!(config.storage, Url::S3(_)) {
        tracing::warn!(
            "SEND_STORAGE={} is not shared: each environment of AWS Lambda keeps its own, and loses it when it ends",
            config.storage
        );
    }
    tracing::info!(
        "{title} {VERSION}, uploads {}, storage {} ({kept})",
        config.uploads,
        config.storage
    );
    Ok((config, store))
}

/// Serves until SIGINT or SIGTERM: the only place that chooses the host. On a server, chores are done and figures are written beside;
/// a Lambda stands still between requests, there a schedule asks for chores and requests write figures.
///
/// # Errors
/// [`Ended`].
pub async fn serve(
    app: Router,
    listen: SocketAddr,
    meter: Meter,
    chores: impl Chores,
) -> Result<(), Ended> {
    let mut beside = JoinSet::new();
    let served = match meter.host() {
        Host::Freezes => {
            let meter = meter.clone();
            let served = host::lambda::run(app, Settled { chores, meter }).await;
            served.map_err(Ended::Lambda)
        }
        Host::Runs => {
            beside.spawn(chores::for_ever(chores, chores::PAUSE));
            beside.spawn(meter.clone().for_ever());
            let served = host::run(app, listen, host::Limits::default()).await;
            served.map_err(|error| Ended::Listen(listen, error))
        }
    };
    if tokio::time::timeout(LAST_WRITE, meter.flush())
        .await
        .is_err()
    {
        tracing::warn!("the storage did not take the last figures of usage in time; they are lost");
    }
    served
}

/// Chores after which the process stands still: their figures are written before it does.
struct Settled<C> {
    chores: C,
    meter: Meter,
}

impl<C: Chores> Chores for Settled<C> {
    async fn once(&self, time: Duration) -> Duration {
        let rest = self.chores.once(time).await;
        layers::write_figures(&self.meter).await;
        rest
    }
}
