//! A storage that misbehaves: a proxy between services and a real S3 server, which passes requests as they are and spoils
//! some of them, by a plan that a seed decides.
//!
//! - `plan`: which requests are spoiled, and how
//! - `proxy`: connections, and requests on them
//! - `answer`: what is answered in the place of S3

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::Result;
use hyper::{Method, Request, StatusCode, Uri};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::ports::Ports;

pub use plan::{Kind, Plan};

mod answer;
mod plan;
mod proxy;

/// A running proxy; it ends, with all connections, when this is dropped.
#[derive(Debug)]
pub struct Faults {
    address: SocketAddr,
    state: Arc<State>,
    paused: watch::Sender<bool>,
    accepting: JoinHandle<()>,
    _ports: Ports,
}

/// One request that came to the proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Counted from zero, in the order in which they came.
    pub number: u64,
    /// `GET`, `PUT`, ..
    pub method: Method,
    /// Path and query, without what signs it.
    pub path: String,
    /// What was done to it.
    pub injected: Option<Kind>,
    /// What S3 answered, or the proxy in its place; none where there was no answer, or not yet.
    pub status: Option<StatusCode>,
}

/// What all connections of a proxy share.
#[derive(Debug)]
struct State {
    upstream: String,
    plan: Plan,
    /// The share of requests that are spoiled, as bits of an `f64`.
    share: AtomicU64,
    log: Mutex<Vec<Call>>,
}

impl Faults {
    /// Starts one in front of the S3 server at `upstream` (`127.0.0.1:PORT`), and prints its seed.
    ///
    /// # Errors
    /// When it cannot listen.
    pub async fn start(upstream: &str, plan: Plan) -> Result<Self> {
        plan.announce();
        let ports = Ports::free(1)?;
        let address = ports.first();
        let listener = TcpListener::bind(address).await?;
        let state = Arc::new(State {
            upstream: upstream.to_owned(),
            share: AtomicU64::new(plan.share.to_bits()),
            plan,
            log: Mutex::default(),
        });
        let (paused, follows) = watch::channel(false);
        let accepting = tokio::spawn(proxy::accept(listener, state.clone(), follows));
        Ok(Self {
            address,
            state,
            paused,
            accepting,
            _ports: ports,
        })
    }

    /// Where it listens, `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests have come.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.state.calls().len() as u64
    }

    /// How many of them were spoiled.
    #[must_use]
    pub fn injected(&self) -> u64 {
        let calls = self.state.calls();
        calls.iter().filter(|call| call.injected.is_some()).count() as u64
    }

    /// All requests that have come.
    #[must_use]
    pub fn log(&self) -> Vec<Call> {
        self.state.calls().clone()
    }

    /// Whether a request stalls, or has stalled; one that stalls after S3 has done it, once that is so.
    #[must_use]
    pub fn stalls(&self) -> bool {
        let calls = self.state.calls();
        calls.iter().any(|call| match call.injected {
            Some(Kind::Stall) => true,
            Some(Kind::StallAfter) => call.status.is_some(),
            _ => false,
        })
    }

    /// Forgets the requests that have come; numbers, and with them the plan, begin anew.
    pub fn forget(&self) {
        self.state.calls().clear();
    }

    /// From now on this share of the requests is spoiled, from 0 to 1.
    pub fn set_share(&self, share: f64) {
        self.state.share.store(share.to_bits(), Ordering::Relaxed);
    }

    /// From now on the storage is down: all connections break, and none is accepted.
    pub fn pause(&self) {
        self.paused.send_replace(true);
    }

    /// The storage is back.
    pub fn resume(&self) {
        self.paused.send_replace(false);
    }
}

impl Drop for Faults {
    fn drop(&mut self) {
        self.pause();
        self.accepting.abort();
    }
}

impl State {
    fn calls(&self) -> MutexGuard<'_, Vec<Call>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a request, and decides what happens to it.
    fn note<B>(&self, request: &Request<B>) -> (u64, Option<Kind>) {
        let share = f64::from_bits(self.share.load(Ordering::Relaxed));
        let mut calls = self.calls();
        let number = calls.len() as u64;
        let injected = self.plan.choose(number, share, request);
        calls.push(Call {
            number,
            method: request.method().clone(),
            path: unsigned(request.uri()),
            injected,
            status: None,
        });
        (number, injected)
    }

    /// Notes what a request was answered.
    fn note_answer(&self, number: u64, status: StatusCode) {
        if let Some(call) = self.calls().get_mut(number as usize) {
            call.status = Some(status);
        }
    }
}

/// A path and its query without what signs it.
fn unsigned(uri: &Uri) -> String {
    let query = uri.query().unwrap_or_default().split('&');
    let kept: Vec<_> = query
        .filter(|pair| !pair.is_empty() && !pair.starts_with("X-Amz-"))
        .collect();
    match kept.is_empty() {
        true => uri.path().to_owned(),
        false => format!("{}?{}", uri.path(), kept.join("&")),
    }
}
