//! What the other tests of S3 stand on, servers and proxy, each does what it is there for.

use std::time::Duration;

use anyhow::Result;
use object_store::signer::Method;
use send_e2e::{
    Bucket, Peer, S3Server,
    faults::{Faults, Kind, Plan},
    http,
};
use tokio::time::sleep;

/// A storage behind a proxy that spoils every request in this way.
struct Spoilt {
    bucket: Bucket,
    faults: Faults,
    http: reqwest::Client,
}

impl Spoilt {
    async fn by(kind: Kind) -> Result<Self> {
        let plan = Plan {
            seed: 1,
            share: 1.0,
            kinds: vec![kind],
            only: None,
        };
        let server = S3Server::start(Peer::Ministack).await?;
        let faults = Faults::start(server.address(), plan).await?;
        Ok(Self {
            bucket: server.bucket().await?.behind(&faults),
            faults,
            http: http().build()?,
        })
    }

    async fn put(&self, key: &str, body: Vec<u8>) -> Result<(u16, String)> {
        let put = self.http.put(self.bucket.url(Method::PUT, key).await?);
        let answer = put.header("if-none-match", "*").body(body).send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }

    async fn get(&self, key: &str) -> Result<(u16, Vec<u8>)> {
        let get = self.http.get(self.bucket.url(Method::GET, key).await?);
        let answer = get.send().await?;
        Ok((answer.status().as_u16(), answer.bytes().await?.into()))
    }

    /// How many bytes arrive of an object of `size`, and whether the answer then breaks off.
    async fn get_broken(&self, key: &str, size: usize) -> Result<(usize, bool)> {
        let get = self.http.get(self.bucket.url(Method::GET, key).await?);
        let mut answer = get.send().await?;
        assert_eq!(answer.content_length(), Some(size as u64));
        let mut arrived = 0;
        loop {
            match answer.chunk().await {
                Ok(Some(piece)) => arrived += piece.len(),
                Ok(None) => return Ok((arrived, false)),
                Err(_) => return Ok((arrived, true)),
            }
        }
    }
}

#[tokio::test]
async fn each_server_starts_and_makes_buckets_that_are_empty_and_closed() -> Result<()> {
    for peer in Peer::ALL {
        let server = S3Server::start(peer).await?;
        for _ in 0..2 {
            let bucket = server.bucket().await?;
            bucket.allow_origin("http://127.0.0.1:1").await?;
            assert!(bucket.keys().await?.is_empty());
            assert!(bucket.unfinished_uploads().await?.is_empty());
            let url = format!("{}/{}", server.endpoint(), bucket.name());
            let unsigned = http().build()?.get(url).send().await?;
            assert_eq!(unsigned.status(), 403, "{peer:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_server_ends_with_the_last_of_its_buckets() -> Result<()> {
    for peer in Peer::ALL {
        let server = S3Server::start(peer).await?;
        let (address, bucket) = (server.address().to_owned(), server.bucket().await?);
        drop(server);
        bucket.keys().await?;
        drop(bucket);
        let refused = tokio::net::TcpStream::connect(&address).await.unwrap_err();
        let refused = refused.kind();
        assert_eq!(refused, std::io::ErrorKind::ConnectionRefused, "{peer:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_refusal_of_the_proxy_has_status_and_code_and_s3_sees_nothing() -> Result<()> {
    for (kind, status, code) in [
        (Kind::InternalError, 500, "InternalError"),
        (Kind::SlowDown, 503, "SlowDown"),
        (Kind::Conflict, 409, "ConditionalRequestConflict"),
    ] {
        let spoilt = Spoilt::by(kind).await?;
        let (answered, text) = spoilt.put("a", vec![7; 1 << 20]).await?;
        assert_eq!(answered, status, "{kind:?}");
        assert!(text.contains(&format!("<Code>{code}</Code>")), "{text}");
        assert!(spoilt.bucket.keys().await?.is_empty(), "{kind:?}");
        let log = spoilt.faults.log();
        let status = log[0].status.map(|status| status.as_u16());
        assert_eq!((log[0].injected, status), (Some(kind), Some(answered)));
        assert!(log[0].path.ends_with("/some/prefix/a"), "{}", log[0].path);
        assert_eq!(log.len(), 1);
    }
    Ok(())
}

#[tokio::test]
async fn a_reset_comes_before_or_after_s3_has_stored() -> Result<()> {
    for (kind, stored) in [(Kind::ResetBefore, 0), (Kind::ResetAfter, 1)] {
        let spoilt = Spoilt::by(kind).await?;
        let broken = spoilt.put("a", vec![7; 1 << 20]).await;
        assert!(broken.is_err(), "{kind:?}: {broken:?}");
        assert_eq!(spoilt.bucket.keys().await?.len(), stored, "{kind:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_short_body_has_half_of_its_bytes_and_is_no_success() -> Result<()> {
    let spoilt = Spoilt::by(Kind::ShortBody).await?;
    for size in [1, 10, 5 << 20] {
        let key = size.to_string();
        assert_eq!(spoilt.put(&key, vec![7; size]).await?.0, 200);
        assert_eq!(spoilt.get_broken(&key, size).await?, (size / 2, true));
        spoilt.faults.set_share(0.0);
        assert_eq!(spoilt.get(&key).await?, (200, vec![7; size]));
        spoilt.faults.set_share(1.0);
    }
    Ok(())
}

#[tokio::test]
async fn a_storage_that_is_down_refuses_and_comes_back() -> Result<()> {
    let spoilt = Spoilt::by(Kind::Conflict).await?;
    spoilt.faults.set_share(0.0);
    for round in 0..3 {
        let key = round.to_string();
        assert_eq!(spoilt.put(&key, vec![7; 10]).await?.0, 200);
        spoilt.faults.pause();
        sleep(Duration::from_millis(100)).await;
        let refused = spoilt.put("lost", vec![7; 10]).await.unwrap_err();
        let refused = refused.downcast::<reqwest::Error>()?;
        assert!(refused.is_connect(), "{refused:?}");
        spoilt.faults.resume();
        sleep(Duration::from_millis(100)).await;
        assert_eq!(spoilt.get(&key).await?, (200, vec![7; 10]));
    }
    assert_eq!(spoilt.bucket.keys().await?, ["0", "1", "2"]);
    Ok(())
}

#[tokio::test]
async fn a_seed_decides_which_requests_are_spoiled() -> Result<()> {
    let server = S3Server::start(Peer::Ministack).await?;
    let (bucket, http) = (server.bucket().await?, http().build()?);
    let mut seen = Vec::new();
    for seed in [1, 1, 2] {
        let plan = Plan {
            seed,
            share: 0.2,
            kinds: vec![Kind::InternalError, Kind::SlowDown],
            only: None,
        };
        let faults = Faults::start(server.address(), plan).await?;
        let url = bucket.behind(&faults).url(Method::GET, "nothing").await?;
        for _ in 0..300 {
            http.get(&url).send().await?;
        }
        let (calls, injected) = (faults.calls(), faults.injected());
        assert!(calls == 300 && (30..90).contains(&injected), "{injected}");
        let log = faults.log().into_iter().map(|call| call.injected);
        seen.push(log.collect::<Vec<_>>());
    }
    assert!(seen[0] == seen[1] && seen[1] != seen[2]);
    Ok(())
}
