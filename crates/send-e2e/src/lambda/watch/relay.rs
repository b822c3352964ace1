//! Between a function and the Runtime API of `cargo lambda watch`, which says that it has got an answer before it reads it, and then may
//! never read the rest: of answers that are as large as a part it loses some of a hundred. On a connection of its own, which is written
//! to its end before anything is read from it, each arrives.

use std::net::SocketAddr;

use anyhow::{Result, ensure};
use axum::{
    Router,
    body::Body,
    extract::State,
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::Handle,
};

use super::super::runtime_api::listen;
use crate::Request;

/// Opens one on a free port, before the host at this address.
pub(super) fn open(runtime: &Handle, host: SocketAddr) -> Result<SocketAddr> {
    listen(runtime, Router::new().fallback(pass_on).with_state(host))
}

/// One request of the function: with an answer, or another.
async fn pass_on(
    State(host): State<SocketAddr>,
    request: axum::extract::Request,
) -> Result<Response, (StatusCode, String)> {
    let answers = request.method() == Method::POST && request.uri().path().contains("/invocation/");
    let passed = if answers {
        tell(host, request).await
    } else {
        ask(host, request).await
    };
    passed.map_err(|error| (StatusCode::BAD_GATEWAY, format!("{error:#}")))
}

/// Events come as the host sends them, and what an extension is told.
async fn ask(host: SocketAddr, request: axum::extract::Request) -> Result<Response> {
    let stream = TokioIo::new(TcpStream::connect(host).await?);
    let (mut sender, connection) = http1::handshake(stream).await?;
    tokio::spawn(connection);
    let (head, event) = sender.send_request(request).await?.into_parts();
    let event = event.collect().await?.to_bytes();
    Ok(Response::from_parts(head, Body::from(event)))
}

/// Byte by byte: an HTTP client would look for an answer while it writes.
async fn tell(host: SocketAddr, request: axum::extract::Request) -> Result<Response> {
    let (head, body) = request.into_parts();
    let mut told = Request::new("POST", head.uri.path())
        .with_header("content-type", "application/json")
        .with_header("connection", "close");
    told.body = body.collect().await?.to_bytes();
    let mut stream = TcpStream::connect(host).await?;
    stream.write_all(&told.bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    ensure!(
        answer.starts_with(b"HTTP/1.1 200 "),
        "cargo lambda watch answers {}",
        String::from_utf8_lossy(&answer)
    );
    Ok(StatusCode::ACCEPTED.into_response())
}
