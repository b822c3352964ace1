//! The user service as a function that does not work, in the way that the file `note` beside it says: `ends`, `fails`, `spoils`. The
//! configuration as for the service.

use std::{env, fs, path::Path};

use anyhow::{Result, bail};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::{StatusCode, header::CONTENT_LENGTH},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use send_core::{clock::Clock, config::Config, host, sweep::Sweep, telemetry};
use send_user::State;

#[tokio::main]
async fn main() -> Result<()> {
    telemetry::start();
    let program = env::current_exe()?;
    let how = fs::read_to_string(program.parent().unwrap_or(Path::new("/")).join("note"))?;
    let listen = ([127, 0, 0, 1], 0).into();
    let config = Config::read(listen, |name| env::var(name).ok())?;
    let store = config.storage.open()?;
    let sweep = Sweep::new(store.blobs.clone(), Clock::System, config.limits);
    let app = send_user::app(State::new(config, store, Clock::System));
    Ok(host::lambda::run(broken(app, &how)?, sweep).await?)
}

fn broken(app: Router, how: &str) -> Result<Router> {
    match how {
        "ends" => bail!("as the test wants it"),
        "fails" => Ok(app.layer(middleware::from_fn(fails))),
        "spoils" => Ok(app.layer(middleware::from_fn(spoils))),
        other => bail!("{other} is no way to be broken"),
    }
}

/// Whoever asks for its health is told that it has none.
async fn fails(request: Request, next: Next) -> Response {
    if request.uri().path() == "/info/health" {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    next.run(request).await
}

/// Parts of transfers come back as zeros, as many as they have bytes.
async fn spoils(request: Request, next: Next) -> Response {
    let is_part = request.method() == "GET" && request.uri().path().contains("/parts/");
    let answer = next.run(request).await;
    if !is_part {
        return answer;
    }
    let (head, body) = answer.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let zeros = vec![0; bytes.len()];
    let mut spoilt = Response::from_parts(head, Body::from(zeros));
    spoilt.headers_mut().remove(CONTENT_LENGTH);
    spoilt
}
