//! One connection from accept to close.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, Response, header};
use axum::response::IntoResponse;
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep_until};
use tower::ServiceExt;

use super::limits::Limits;
use super::refusal::{Refusal, check_host};
use super::socket::Socket;
use super::wire::{Flight, Lapse, Wire};

/// Serves the requests of one connection until it ends, by itself or because something took too long. After `stopped`
/// names a deadline it takes no further request and ends by then.
pub(super) async fn run(
    stream: TcpStream,
    peer: SocketAddr,
    app: Router,
    limits: Limits,
    mut stopped: watch::Receiver<Option<Instant>>,
) {
    tune(&stream, &limits);
    let wire = Arc::new(Wire::new(limits, Instant::now()));
    let socket = TokioIo::new(Socket::new(stream, Arc::clone(&wire)));
    let service = service_fn(|request| {
        // Begun here and not in the future, which hyper first polls after it has looked for the body.
        let (flight, judged) = wire.begin();
        answer(request, judged, flight, app.clone(), peer)
    });
    let mut http = pin!(http(&limits).serve_connection(socket, service));
    let mut watch = pin!(sleep_until(Instant::now() + limits.head_timeout));
    let mut stop = pin!(deadline(&mut stopped));
    let mut stopping = false;
    poll_fn(|cx| {
        loop {
            if !stopping && let Poll::Ready(at) = stop.as_mut().poll(cx) {
                stopping = true;
                wire.stop_at(at);
                http.as_mut().graceful_shutdown();
            }
            // How a connection ended concerns its client alone: answered, gone, or not speaking HTTP.
            if http.as_mut().poll(cx).is_ready() {
                return Poll::Ready(());
            }
            match poll_lapse(watch.as_mut(), &wire, cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Lapse::Body) => wire.fail_body(),
                Poll::Ready(lapse) => {
                    tracing::debug!(?lapse, "connection closed");
                    return Poll::Ready(());
                }
            }
        }
    })
    .await;
}

/// Sets what the system does with what is written. If it refuses, answers are later or memory larger, but not wrong.
fn tune(stream: &TcpStream, limits: &Limits) {
    // Answers are written whole; waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    // Otherwise Linux queues up to 4 MiB for a slow reader, and reports no room before a third of that has gone: seen
    // from here, a client that reads 70 KB/s stands still for 30 s.
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(stream).set_tcp_notsent_lowat(limits.unsent_bytes);
    #[cfg(not(target_os = "linux"))]
    let _ = limits.unsent_bytes;
}

/// hyper as it is used here. Time is ours to watch, so it gets no timer.
fn http(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.header_read_timeout(None)
        .max_header_size(limits.head_bytes)
        .max_buf_size(limits.buffer_bytes);
    http
}

/// The moment by which everything has to end, once it is known.
async fn deadline(stopped: &mut watch::Receiver<Option<Instant>>) -> Instant {
    match stopped.wait_for(Option::is_some).await {
        Ok(at) => at.unwrap_or_else(Instant::now),
        // The server was dropped without a stop signal: there is nobody left to serve for.
        Err(_) => Instant::now(),
    }
}

/// Ready when something has lasted too long. The timer is only moved to an earlier moment at once; a later one is
/// looked up when it fires, so that a busy connection does not pay for it.
fn poll_lapse(mut watch: Pin<&mut Sleep>, wire: &Wire, cx: &mut Context<'_>) -> Poll<Lapse> {
    while let Some((at, lapse)) = wire.next_lapse() {
        if at < watch.deadline() {
            watch.as_mut().reset(at);
        }
        if watch.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        if at <= Instant::now() {
            return Poll::Ready(lapse);
        }
        watch.as_mut().reset(at);
    }
    Poll::Pending
}

/// Passes a request to the app, unless it is one that the host refuses.
async fn answer(
    mut request: Request<Incoming>,
    judged: Result<(), Refusal>,
    flight: Flight,
    app: Router,
    peer: SocketAddr,
) -> Result<Response<Flying>, Infallible> {
    let response = match judged.and_then(|()| check_host(&request)) {
        Err(refusal) => refusal.into_response(),
        Ok(()) => {
            request.extensions_mut().insert(ConnectInfo(peer));
            let read = Arc::new(AtomicBool::new(request.body().is_end_stream()));
            let coming = |body| {
                Body::new(Coming {
                    body,
                    read: Arc::clone(&read),
                })
            };
            let Ok(mut response) = app.oneshot(request.map(coming)).await;
            // hyper closes a connection on which a body was left unread; the client must hear of it before it sends
            // its next request there (RFC 9112, 9.6).
            if !read.load(Ordering::Relaxed) {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(header::CONNECTION, close);
            }
            // The app saw a body that broke off; the client is told why.
            if flight.is_too_slow() {
                Refusal::SlowBody.into_response()
            } else {
                response
            }
        }
    };
    Ok(response.map(|body| Flying {
        body,
        _flight: flight,
    }))
}

/// A request body that tells whether it was read to its end.
struct Coming {
    body: Incoming,
    read: Arc<AtomicBool>,
}

impl http_body::Body for Coming {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if matches!(frame, Poll::Ready(None)) || self.body.is_end_stream() {
            self.read.store(true, Ordering::Relaxed);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A response body, in flight for as long as it is not produced to the end.
struct Flying {
    body: Body,
    _flight: Flight,
}

impl http_body::Body for Flying {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
