//! The Function URL: HTTP in, an event, an answer, HTTP out.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Result;
use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    response::Response,
};
use tokio::runtime::Handle;

use super::{
    answer, event,
    function::{Function, Invocation},
    limits::{self, MESSAGE},
    runtime_api::listen,
};

/// Opens it on a free port.
pub(super) fn open(runtime: &Handle, function: Arc<Function>) -> Result<SocketAddr> {
    listen(runtime, Router::new().fallback(front).with_state(function))
}

/// One request, from whoever asks to the function and back.
async fn front(
    State(function): State<Arc<Function>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = limits::read(body).await else {
        // Nobody is left to read this.
        return answer::none();
    };
    let event = body.map(|body| event::of(&head, &body, from).to_string());
    let Some(event) = event.filter(|event| event.len() <= MESSAGE) else {
        function.refuse();
        return answer::too_large();
    };
    let Invocation::Answered(answered) = function.invoke(event.into()).await else {
        return answer::none();
    };
    answer::response(&answered).unwrap_or_else(|| {
        function.refuse();
        answer::none()
    })
}
