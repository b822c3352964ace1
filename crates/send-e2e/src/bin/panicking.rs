//! The user service with two routes that panic, `/panics` within the layers that all routes have, `/panics-outside` before any of them:
//! for what a host makes of that. The configuration as for the service.

use std::{env, sync::Arc};

use anyhow::Result;
use axum::{Router, routing::get};
use send_core::{
    clock::Clock, config::Config, host, layers, sweep::Sweep, telemetry, watch::Watch,
};
use send_user::State;

#[tokio::main]
async fn main() -> Result<()> {
    telemetry::start();
    let listen = ([127, 0, 0, 1], 0).into();
    let config = Config::read(listen, |name| env::var(name).ok())?;
    let store = config.storage.open()?;
    let (blobs, limits) = (store.blobs.clone(), config.limits);
    let panics = Router::new().route("/panics", get(panic));
    let watch = Arc::new(Watch::new(blobs.clone()));
    let state = State::new(config.clone(), store, Clock::System);
    let meter = state.meter().clone();
    let app = send_user::app(state)
        .merge(layers::apply(panics, &config, Clock::System, watch, meter))
        .route("/panics-outside", get(panic));
    let sweep = Sweep::new(blobs, Clock::System, limits);
    Ok(host::lambda::run(app, sweep).await?)
}

async fn panic() -> String {
    panic!("as the test wants it")
}
