//! What each operation asks of S3: the table in ARCHITECTURE.md, and what AWS charges for, held to here.

use anyhow::Result;
use send_e2e::{
    Bucket, Claim, Client, Peer, Request, S3Server, Sealed, Server, Shared,
    faults::{Faults, Plan},
};

/// A service, and a proxy that counts what it asks of S3.
struct Counted {
    faults: Faults,
    _bucket: Bucket,
    _server: Server,
    client: Client,
}

impl Counted {
    async fn start() -> Result<Self> {
        let peer = S3Server::start(Peer::Seaweed).await?;
        let faults = Faults::start(peer.address(), Plan::clean()).await?;
        let bucket: Bucket = peer.bucket().await?.behind(&faults);
        let server = bucket.server_with(&[("SEND_DIRECT", "both")])?;
        Ok(Self {
            client: server.client()?,
            faults,
            _bucket: bucket,
            _server: server,
        })
    }

    /// The requests to S3 behind one request to the service, such as `GET meta.json`, in order.
    async fn behind(&self, request: Request, status: u16) -> Result<String> {
        self.faults.forget();
        self.client.demand(request, status).await?;
        let calls = self.faults.log();
        let told: Vec<_> = calls
            .iter()
            .map(|call| told(call.method.as_str(), &call.path))
            .collect();
        Ok(told.join(", "))
    }
}

/// A request without what differs from one transfer to the next.
fn told(method: &str, path: &str) -> String {
    if path.contains("list-type=2") {
        return "LIST".to_owned();
    }
    let folders = ["parts", "slots", "claims", "manifests", "guesses", "index"];
    let folder = folders
        .iter()
        .find(|folder| path.contains(&format!("/{folder}/")));
    let (_, name) = path.rsplit_once('/').unwrap_or_default();
    format!("{method} {}", folder.unwrap_or(&name))
}

/// Name, request, status, and what S3 is asked.
type Operation = (&'static str, Request, u16, &'static str);

fn sending(sealed: &Sealed) -> [Operation; 6] {
    let part = (0, sealed.part_bytes(0));
    [
        (
            "create",
            sealed.create(10),
            201,
            "GET meta.json, PUT index, PUT meta.json",
        ),
        (
            "part urls",
            sealed.urls_to_send(&[part]),
            200,
            "GET meta.json",
        ),
        ("part", sealed.put_part(0), 200, "GET meta.json, PUT parts"),
        (
            "part again",
            sealed.put_part(0),
            200,
            "GET meta.json, PUT parts, GET parts",
        ),
        (
            "manifest",
            sealed.put_manifest(),
            200,
            "GET meta.json, PUT manifests, GET meta.json, PUT meta.json",
        ),
        ("received", sealed.received(), 200, "GET meta.json, LIST"),
    ]
}

fn reading(sealed: &Sealed, claim: &Claim) -> [Operation; 8] {
    [
        (
            "complete",
            sealed.complete(),
            200,
            "GET meta.json, LIST, GET meta.json, PUT meta.json, LIST",
        ),
        ("state", sealed.state(), 200, "GET meta.json, LIST"),
        (
            "read manifest",
            sealed.read_manifest(),
            200,
            "GET meta.json, HEAD guesses, GET manifests",
        ),
        (
            "claim",
            sealed.claim(claim),
            200,
            "GET meta.json, HEAD guesses, GET claims, LIST, PUT slots, PUT claims",
        ),
        (
            "claim again",
            sealed.claim(claim),
            200,
            "GET meta.json, HEAD guesses, GET claims",
        ),
        (
            "read part",
            sealed.part(claim, 0),
            200,
            "GET meta.json, GET claims, GET parts",
        ),
        (
            "part urls",
            sealed.urls_to_read(claim, &[0, 1, 2]),
            200,
            "GET meta.json, GET meta.json, GET claims",
        ),
        (
            "finish",
            sealed.finish(claim),
            204,
            "GET meta.json, GET claims, GET claims, PUT claims",
        ),
    ]
}

#[tokio::test]
async fn each_operation_asks_s3_no_more_than_it_must() -> Result<()> {
    let counted = Counted::start().await?;
    let (sealed, claim) = (Sealed::new(9_000_000)?, Claim::random()?);
    for (name, request, status, expected) in sending(&sealed) {
        assert_eq!(counted.behind(request, status).await?, expected, "{name}");
    }
    for n in 1..sealed.part_count() {
        counted.client.demand(sealed.put_part(n), 200).await?;
    }
    for (name, request, status, expected) in reading(&sealed, &claim) {
        assert_eq!(counted.behind(request, status).await?, expected, "{name}");
    }
    Ok(())
}

#[tokio::test]
async fn none_left_is_told_without_looking_at_the_slots_again() -> Result<()> {
    let counted = Counted::start().await?;
    let sealed = Sealed::new(1_000)?;
    counted.client.upload(&sealed, 3).await?;
    for _ in 0..3 {
        let claim = sealed.claim(&Claim::random()?);
        counted.client.demand(claim, 200).await?;
    }
    let late = sealed.claim(&Claim::random()?);
    assert_eq!(
        counted.behind(late, 410).await?,
        "GET meta.json, HEAD guesses, GET claims"
    );
    Ok(())
}
