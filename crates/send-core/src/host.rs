//! Where the app runs: on a socket, by an accept loop of our own on hyper, because `axum::serve` never closes a client that is slow; or
//! on AWS Lambda.
//!
//! | file | what it knows |
//! |---|---|
//! | `lambda` | the Runtime API of AWS Lambda; what follows is of the socket |
//! | `limits` | how long a client may take and how much it may send |
//! | `connection` | one connection from accept to close |
//! | `wire` | what a connection waits for, since when, and when that is too long |
//! | `socket` | the TCP stream, telling the wire what happens on it |
//! | `framing` | where each request begins, and what is ambiguous about its head |
//! | `refusal` | the answers the host gives in place of the app |
//!
//! A program is a value here: socket, limits and stop signal come from the caller.

mod connection;
mod framing;
pub mod lambda;
mod limits;
mod refusal;
mod socket;
mod wire;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep, timeout};

pub use limits::Limits;
use refusal::Refusal;

/// Runs `app` on a TCP socket at `listen`, until SIGINT or SIGTERM.
///
/// # Errors
///
/// When the address cannot be bound, or the signals cannot be listened for.
pub async fn run(app: Router, listen: impl ToSocketAddrs, limits: Limits) -> io::Result<()> {
    let stop = stop_signal()?;
    raise_open_files();
    let listener = TcpListener::bind(listen).await?;
    tracing::info!("listening on http://{}", listener.local_addr()?);
    serve(app, listener, limits, stop).await
}

/// Serves `app` on `listener` until `stop` is ready, then lets running requests finish within [`Limits::stop_grace`].
///
/// Each request carries the address of its peer as axum's `ConnectInfo<SocketAddr>`. Slow, silent and stalled clients
/// are closed as [`Limits`] says; ambiguous requests are answered 400 and never reach `app`.
///
/// # Errors
///
/// None at present: a failed accept is logged and tried again, since the next one may well succeed.
pub async fn serve(
    app: Router,
    listener: TcpListener,
    limits: Limits,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let (stopping, stopped) = watch::channel(None);
    let house = House::new(app, limits, stopped);
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => house.welcome(stream, peer),
                Err(error) => pause_after(&error).await,
            },
        }
    }
    drop(listener);
    stopping.send_replace(Some(Instant::now() + limits.stop_grace));
    house.empty().await;
    Ok(())
}

/// The open connections and the room there is for more.
struct House {
    app: Router,
    /// What a connection beyond the limit meets instead of the app.
    full: Router,
    limits: Limits,
    slots: Arc<Semaphore>,
    refusals: Arc<Semaphore>,
    stopped: watch::Receiver<Option<Instant>>,
}

impl House {
    fn new(app: Router, limits: Limits, stopped: watch::Receiver<Option<Instant>>) -> Self {
        Self {
            app,
            full: Router::new().fallback(async || Refusal::Crowded),
            limits,
            slots: Arc::new(Semaphore::new(limits.connections)),
            refusals: Arc::new(Semaphore::new(limits.refusals)),
            stopped,
        }
    }

    /// Serves a new connection in a task of its own.
    ///
    /// Beyond the limit it is told 503 with `Retry-After` rather than left in the backlog: a client or a balancer then
    /// knows at once that it should try later or elsewhere, where the backlog would look like a dead server. Few of
    /// these are answered at a time; the rest are closed without a word, so that refusing stays cheap.
    fn welcome(&self, stream: TcpStream, peer: SocketAddr) {
        let (app, limits, slot) = if let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned() {
            (self.app.clone(), self.limits, slot)
        } else if let Ok(slot) = Arc::clone(&self.refusals).try_acquire_owned() {
            (self.full.clone(), self.limits.hurried(), slot)
        } else {
            return;
        };
        let stopped = self.stopped.clone();
        tokio::spawn(async move {
            connection::run(stream, peer, app, limits, stopped).await;
            drop(slot);
        });
    }

    /// Waits until every connection has gone. Each one cuts itself when the grace is over; the time beyond covers a
    /// handler that blocks its thread and so cannot be cut.
    async fn empty(&self) {
        let all = u32::try_from(self.limits.connections).unwrap_or(u32::MAX);
        let patience = self.limits.stop_grace + self.limits.linger;
        if timeout(patience, self.slots.acquire_many(all))
            .await
            .is_err()
        {
            tracing::warn!("some connections did not end and are abandoned");
        }
    }
}

/// Waits as long as a failed accept asks for: not at all when the client was gone already, else (no more file
/// descriptors, no memory) long enough for some to be freed instead of spinning.
async fn pause_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    if matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted
    ) {
        return;
    }
    tracing::warn!(%error, "no connection can be accepted for now");
    sleep(Duration::from_millis(250)).await;
}

/// Lets this process open as many files and sockets as the system allows it. The usual soft limit of 1,024 is less than
/// the default number of connections with a file each.
#[cfg(unix)]
fn raise_open_files() {
    use nix::sys::resource::{Resource::RLIMIT_NOFILE, getrlimit, setrlimit};
    let raised =
        getrlimit(RLIMIT_NOFILE).and_then(|(_, hard)| setrlimit(RLIMIT_NOFILE, hard, hard));
    if let Err(error) = raised {
        tracing::warn!(%error, "the limit of open files stays as it was");
    }
}

/// Elsewhere there is no such limit.
#[cfg(not(unix))]
fn raise_open_files() {}

/// Ready at the first SIGINT or SIGTERM.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
    })
}

/// Ready at the first Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::warn!(%error, "Ctrl-C cannot be listened for");
            std::future::pending::<()>().await;
        }
    })
}
