//! The local host when the process may open no more files. Alone in its process, whose limit it lowers.
#![cfg(unix)]

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use nix::sys::resource::{Resource::RLIMIT_NOFILE, getrlimit, setrlimit};
use send_core::host::{Limits, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

#[tokio::test]
async fn a_server_without_free_descriptors_accepts_again_once_there_are_some() {
    let app = Router::new().route("/", get(async || "ok"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(
        app,
        listener,
        Limits::default(),
        std::future::pending(),
    ));
    let (_, hard) = getrlimit(RLIMIT_NOFILE).unwrap();
    setrlimit(RLIMIT_NOFILE, 64, hard).unwrap();

    let mut clients = Vec::new();
    while let Ok(client) = TcpStream::connect(address).await {
        clients.push(client);
    }
    sleep(Duration::from_millis(100)).await;
    assert!(TcpStream::connect(address).await.is_err(), "none is free");

    drop(clients);
    sleep(Duration::from_millis(100)).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
    let mut reply = String::new();
    let read = timeout(Duration::from_secs(5), client.read_to_string(&mut reply));
    read.await.expect("an answer").unwrap();
    assert!(reply.ends_with("ok"), "{reply}");
}
