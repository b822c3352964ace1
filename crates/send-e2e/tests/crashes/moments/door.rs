//! How a client asks while services come and go.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use send_e2e::{Answer, Client, Request};
use tokio::{sync::watch, time::sleep};

/// Before a client asks again.
const PAUSE: Duration = Duration::from_millis(5);
/// How long a client asks.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the services are put, one after the other.
pub(super) struct Front(watch::Sender<Client>);

/// Where clients find the service of the moment.
#[derive(Clone)]
pub(super) struct Door {
    now: watch::Receiver<Client>,
    cut: Arc<Mutex<BTreeMap<&'static str, u32>>>,
}

impl Front {
    /// With its first service.
    pub(super) fn open(client: Client) -> (Self, Door) {
        let (front, now) = watch::channel(client);
        let cut = Arc::default();
        (Self(front), Door { now, cut })
    }

    /// Another service is there.
    pub(super) fn turn_to(&self, client: Client) {
        self.0.send_replace(client);
    }
}

impl Door {
    /// Asks until there is an answer; what fails then is the service's fault.
    pub(super) async fn ask(&self, what: &'static str, request: Request) -> Result<Answer> {
        self.ask_counting(what, request, || ()).await
    }

    /// The same; `count` is told before each try.
    pub(super) async fn ask_counting(
        &self,
        what: &'static str,
        request: Request,
        mut count: impl FnMut(),
    ) -> Result<Answer> {
        let since = Instant::now();
        while since.elapsed() < PATIENCE {
            let client = self.now.borrow().clone();
            count();
            match client.send(request.clone()).await {
                Ok(answer) => {
                    let detail = answer.detail();
                    ensure!(answer.status < 500, "{what}: {} {detail}", answer.status);
                    return Ok(answer);
                }
                Err(error) => self.note(what, &error),
            }
            sleep(PAUSE).await;
        }
        anyhow::bail!("{what}: no answer")
    }

    /// Asks until this is the answer; any other is a failure.
    pub(super) async fn demand(
        &self,
        what: &'static str,
        request: Request,
        expected: &[u16],
    ) -> Result<Answer> {
        let answer = self.ask(what, request).await?;
        let (status, detail) = (answer.status, answer.detail());
        ensure!(expected.contains(&status), "{what}: {status} {detail}");
        Ok(answer)
    }

    /// Requests that were under way when their service was killed.
    pub(super) fn cut(&self) -> BTreeMap<&'static str, u32> {
        self.cut.lock().unwrap().clone()
    }

    /// A connection that was never made cut nothing.
    fn note(&self, what: &'static str, error: &anyhow::Error) {
        let reason = error.downcast_ref::<reqwest::Error>();
        if reason.is_some_and(|reason| !reason.is_connect()) {
            *self.cut.lock().unwrap().entry(what).or_default() += 1;
        }
    }
}

/// A status that a client is told, as it is said in a failure.
pub(super) fn expect(answer: &Answer, is_right: bool, what: &str) -> Result<()> {
    let said = || format!("{what}: {} {}", answer.status, answer.detail());
    is_right.then_some(()).with_context(said)
}
