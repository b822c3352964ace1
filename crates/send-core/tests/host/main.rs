//! The local host as its clients meet it: raw bytes over TCP, with limits short enough to wait for.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod ambiguous;
mod life;
mod slow;

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use futures::{StreamExt, stream};
use send_core::host::{Limits, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// The size of `/big`: more than the buffers of both ends hold.
const BIG: usize = 32 * 1024 * 1024;

const GET: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const LAST: &str = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

/// Limits that lapse within a second.
fn limits() -> Limits {
    Limits {
        head_timeout: millis(300),
        idle_timeout: millis(700),
        body_grace: millis(300),
        body_rate: 200,
        stall_timeout: millis(500),
        linger: millis(300),
        stop_grace: millis(500),
        ..Limits::default()
    }
}

fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}

fn app() -> Router {
    Router::new()
        .route("/", get(async || "ok"))
        .route("/peer", get(peer))
        .route("/upload", post(async |body: Bytes| body.len().to_string()))
        .route("/unread", post(async || "unread"))
        .route("/late", post(late))
        .route("/nap", get(async || nap(300).await))
        .route("/sleep", get(async || nap(60_000).await))
        .route("/drip", get(drip))
        .route("/big", get(async || Bytes::from(vec![b'7'; BIG])))
        .route("/panic", get(panics))
}

async fn peer(ConnectInfo(peer): ConnectInfo<SocketAddr>) -> String {
    peer.to_string()
}

async fn nap(time: u64) -> &'static str {
    sleep(millis(time)).await;
    "rested"
}

/// Reads its body only after longer than every limit on bodies.
async fn late(body: Body) -> String {
    sleep(millis(900)).await;
    let read = axum::body::to_bytes(body, usize::MAX).await;
    read.map_or_else(|error| error.to_string(), |bytes| bytes.len().to_string())
}

/// A response whose parts come 400 ms apart.
async fn drip() -> Body {
    let parts = stream::iter(["one ", "two ", "three ", "four"]);
    Body::from_stream(parts.then(async |part| {
        sleep(millis(400)).await;
        Ok::<_, std::io::Error>(part)
    }))
}

async fn panics() {
    panic!("this handler always does");
}

/// A running server.
struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<std::io::Result<()>>,
}

impl Server {
    async fn start(limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let until = async {
            let _ = stopped.await;
        };
        let ended = tokio::spawn(serve(app(), listener, limits, until));
        Self {
            address,
            stop,
            ended,
        }
    }

    async fn connect(&self) -> Client {
        Client(TcpStream::connect(self.address).await.unwrap())
    }

    /// Everything that is answered to `bytes` until the server closes.
    async fn ask(&self, bytes: &str) -> String {
        let mut client = self.connect().await;
        client.send(bytes).await;
        client.rest().await
    }
}

/// A client that sends what it is told to.
struct Client(TcpStream);

impl Client {
    async fn send(&mut self, bytes: &str) {
        self.0.write_all(bytes.as_bytes()).await.unwrap();
    }

    /// What comes until `end` has come.
    async fn until(&mut self, end: &str) -> String {
        let mut seen = String::new();
        while !seen.contains(end) {
            let mut bytes = [0; 4096];
            let read = timeout(millis(5000), self.0.read(&mut bytes)).await;
            let count = read.expect("an answer").unwrap();
            assert!(count > 0, "closed after {seen:?}");
            seen.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
        }
        seen
    }

    /// What comes until the server closes.
    async fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        let read = timeout(millis(5000), self.0.read_to_end(&mut bytes)).await;
        read.expect("the server closes").unwrap();
        String::from_utf8(bytes).unwrap()
    }
}

/// The status of a reply as it stands in its first line.
fn status(reply: &str) -> &str {
    reply.get(9..12).unwrap_or("none")
}

/// The head of an upload of `length` bytes.
fn upload(path: &str, length: usize) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n")
}
