//! A transfer that may be downloaded N times is downloaded exactly N times, when its storage is S3, and when S3 misbehaves.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use futures::future::try_join_all;
use send_e2e::{
    Answer, Bucket, Claim, Client, Peer, S3Server, Sealed, Server, Shared,
    faults::{Faults, Kind, Plan},
};
use tokio::time::sleep;

/// How many ask at once.
const CROWD: usize = 1_000;
/// How many service processes there are.
const PROCESSES: usize = 4;
/// The share of requests to S3 that fail, where some do.
const FAILING: f64 = 0.05;
/// How often a client asks with the same claim before it gives up.
const TRIES: u32 = 20;

/// Service processes on one bucket.
struct Services {
    clients: Vec<Client>,
    _servers: Vec<Server>,
}

impl Services {
    fn on(bucket: &Bucket) -> Result<Self> {
        let servers: Vec<_> = (0..PROCESSES)
            .map(|_| bucket.server())
            .collect::<Result<_>>()?;
        let clients = servers.iter().map(Server::client).collect::<Result<_>>()?;
        Ok(Self {
            clients,
            _servers: servers,
        })
    }

    /// A transfer that is ready to be claimed.
    async fn sent(&self, downloads: usize) -> Result<Sealed> {
        let sealed = Sealed::new(1)?;
        self.clients[0].upload(&sealed, downloads as u64).await?;
        Ok(sealed)
    }

    /// Asks for many downloads at once, in turn of each process, each with a claim of its own.
    async fn claim_all(
        &self,
        ask: impl AsyncFn(&Client, &Claim) -> Result<Answer>,
    ) -> Result<Vec<(Claim, Answer)>> {
        let ask = &ask;
        let crowd = self.clients.iter().cycle().take(CROWD);
        let asked = crowd.map(|client| async move {
            let claim = Claim::random()?;
            let answer = ask(client, &claim).await?;
            anyhow::Ok((claim, answer))
        });
        try_join_all(asked).await
    }

    /// All processes say that the last download is given.
    async fn expect_none_left(&self, sealed: &Sealed) -> Result<()> {
        for client in &self.clients {
            let left = client.downloads_left(sealed).await?;
            ensure!(left == Some(0), "{left:?} downloads are left");
        }
        Ok(())
    }
}

/// How often each answer came.
fn tally(answers: &[(Claim, Answer)]) -> BTreeMap<(u16, String), usize> {
    let mut tally = BTreeMap::new();
    for (_, answer) in answers {
        *tally.entry((answer.status, answer.detail())).or_default() += 1;
    }
    tally
}

/// `n` succeeded, and all others were told that none is left.
fn exactly(n: usize) -> BTreeMap<(u16, String), usize> {
    [
        ((200, String::new()), n),
        ((410, "exhausted".into()), CROWD - n),
    ]
    .into()
}

/// All who were told that they may read can, at another process than they have asked.
async fn winners_can_read(
    services: &Services,
    sealed: &Sealed,
    answers: &[(Claim, Answer)],
) -> Result<()> {
    let winners = answers.iter().filter(|(_, answer)| answer.status == 200);
    let others = services.clients.iter().cycle().skip(1);
    try_join_all(
        winners
            .zip(others)
            .map(|((claim, _), client)| client.download(sealed, claim)),
    )
    .await?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "figures of the run")]
async fn crowds_get_exactly(peer: Peer, limits: &[usize]) -> Result<()> {
    let bucket = S3Server::start(peer).await?.bucket().await?;
    let services = Services::on(&bucket)?;
    for n in limits {
        let since = Instant::now();
        let sealed = services.sent(*n).await?;
        let ask = async |client: &Client, claim: &Claim| client.send(sealed.claim(claim)).await;
        let answers = services.claim_all(ask).await?;
        println!("{peer:?}: {n} of {CROWD} in {:?}", since.elapsed());
        services.expect_none_left(&sealed).await?;
        assert_eq!(tally(&answers), exactly(*n), "{n}");
        winners_can_read(&services, &sealed, &answers).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn ministack_gives_a_thousand_exactly_one_ten_and_a_hundred() -> Result<()> {
    crowds_get_exactly(Peer::Ministack, &[1, 10, 100]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn seaweed_gives_a_thousand_exactly_one_ten_and_a_hundred() -> Result<()> {
    crowds_get_exactly(Peer::Seaweed, &[1, 10, 100]).await
}

/// Asks until there is an answer that says yes or no, as the pages do.
async fn ask_until_answered(client: &Client, sealed: &Sealed, claim: &Claim) -> Result<Answer> {
    let mut pause = Duration::from_millis(200);
    for _ in 0..TRIES {
        match client.send(sealed.claim(claim)).await {
            Ok(answer) if answer.status != 503 => return Ok(answer),
            _ => sleep(pause).await,
        }
        pause = (pause * 2).min(Duration::from_secs(3));
    }
    anyhow::bail!("no answer in {TRIES} tries")
}

#[expect(clippy::print_stdout, reason = "figures of the run")]
async fn crowds_get_exactly_while_requests_fail(limits: &[usize]) -> Result<()> {
    let server = S3Server::start(Peer::Ministack).await?;
    let faults = Faults::start(server.address(), Plan::random(FAILING, &Kind::QUICK)?).await?;
    let bucket = server.bucket().await?.behind(&faults);
    let services = Services::on(&bucket)?;
    for n in limits {
        let since = Instant::now();
        faults.set_share(0.0);
        let sealed = services.sent(*n).await?;
        faults.set_share(FAILING);
        let ask =
            async |client: &Client, claim: &Claim| ask_until_answered(client, &sealed, claim).await;
        let answers = services.claim_all(ask).await?;
        faults.set_share(0.0);
        println!(
            "{n} of {CROWD} in {:?}, {} of {} calls spoiled",
            since.elapsed(),
            faults.injected(),
            faults.calls()
        );
        services.expect_none_left(&sealed).await?;
        assert_eq!(tally(&answers), exactly(*n), "{n}");
        winners_can_read(&services, &sealed, &answers).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storage_that_fails_one_request_in_twenty_gives_exactly_one_ten_and_a_hundred()
-> Result<()> {
    crowds_get_exactly_while_requests_fail(&[1, 10, 100]).await
}
