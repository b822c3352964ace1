//! The real service, or a real sweep, which ends at one point by SIGKILL: see `send_e2e::crash`.
//!
//! `crashing serve` · `crashing sweep MILLISECONDS` · `crashing sweep-for-ever`; the point in `CRASH_AT`, the rest as for the
//! service.

use std::{
    env,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use send_core::{clock::Clock, config::Config, host, sweep::Sweep, telemetry};
use send_e2e::crash::{Crashing, VARIABLE};
use storage::url::Store;

/// Between sweeps without end: short, so that a kill meets one.
const PAUSE: Duration = Duration::from_millis(20);

#[tokio::main]
async fn main() -> Result<()> {
    telemetry::start();
    let listen = ([127, 0, 0, 1], 0).into();
    let config = Config::read(listen, |name| env::var(name).ok())?;
    let store = store(&config)?;
    let mut arguments = env::args().skip(1);
    match arguments.next().as_deref() {
        Some("serve") => {
            let listen = config.listen;
            let app = send_user::app(send_user::State::new(config, store, Clock::System));
            Ok(host::run(app, listen, host::Limits::default()).await?)
        }
        Some("sweep") => {
            let at = arguments.next().context("no time to sweep at")?.parse()?;
            let clock = Clock::Set(Arc::new(AtomicU64::new(at)));
            sweep(&Sweep::new(store.blobs, clock, config.limits)).await
        }
        Some("sweep-for-ever") => {
            let sweep_now = Sweep::new(store.blobs, Clock::System, config.limits);
            loop {
                sweep(&sweep_now).await?;
                tokio::time::sleep(PAUSE).await;
            }
        }
        other => bail!("{other:?} is nothing that this program does"),
    }
}

fn store(config: &Config) -> Result<Store> {
    let point = env::var(VARIABLE).ok();
    let point = point.map(|point| point.parse()).transpose()?;
    let Store { blobs, presign } = config.storage.open()?;
    Ok(Store {
        blobs: Arc::new(Crashing::new(blobs, point)),
        presign,
    })
}

async fn sweep(sweep: &Sweep) -> Result<()> {
    let swept = sweep.all().await?;
    ensure!(swept.failures == 0, "{swept:?}");
    Ok(())
}
